"""Pictures as files and addresses; the same pixels always give the same bytes."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def encoded(image: Image, kind: str, **options: object) -> bytes:
    """The bytes of a file of this kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def address(data: bytes, kind: str = "image/png") -> str:
    """The address by which a page names a picture that it holds itself."""
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"
