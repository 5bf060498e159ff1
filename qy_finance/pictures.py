"""Pictures as files and addresses; the same pixels always give the same bytes."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_COLOURS: Final = 64  # of a palette


def png_with_palette(pixels: NDArray[np.uint8]) -> bytes:
    """PNG of 64 colours, the frequent and the extreme ones as they are; a quarter of the bytes.

    To compress it as far as can be takes ten times as long, for a twentieth of the bytes.
    """
    from PIL import Image

    image = Image.fromarray(pixels).convert("RGB")
    return encoded(image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE), "PNG")


def encoded(image: Image, kind: str, **options: object) -> bytes:
    """The bytes of a file of this kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def address(data: bytes, kind: str = "image/png") -> str:
    """The address by which a page names a picture that it holds itself."""
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"
