"""Pictures as files and addresses; the same pixels always give the same bytes."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLOURS: Final = 64  # of a palette


def png(pixels: NDArray[np.uint8]) -> bytes:
    """PNG of pixels: height, width and red, green, blue (and opacity)."""
    return _encoded(pixels, "PNG")


def png_with_palette(pixels: NDArray[np.uint8]) -> bytes:
    """PNG of 64 colours, the frequent and the extreme ones as they are; a quarter of the bytes."""
    return _encoded(pixels, "PNG", _COLOURS, optimize=True)


def webp(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """WebP of a quality from 0 to 100."""
    return _encoded(pixels, "WEBP", quality=quality, method=3)


def address(data: bytes, kind: str = "image/png") -> str:
    """The address by which a page names a picture that it holds itself."""
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"


def _encoded(pixels: NDArray[np.uint8], kind: str, colours: int = 0, **options: object) -> bytes:
    from PIL import Image

    image, file = Image.fromarray(pixels), BytesIO()
    if colours:
        image = image.convert("RGB").quantize(colours, method=Image.Quantize.MAXCOVERAGE)
    image.save(file, kind, **options)
    return file.getvalue()
