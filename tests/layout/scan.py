"""Pages of a PDF as a scanner gives them: pictures, tilted, noisy and compressed."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

DPI = 200
POINTS = 72


def scan(
    source: Path, target: Path, pages: Collection[int], tilt: float = 0, noise: float = 0
) -> None:
    """Copy a PDF; of the pages whose numbers are in ``pages``, only a picture is left.

    ``tilt`` is in degrees, ``noise`` the standard deviation of the grey of each pixel, of 256.
    """
    document = pdfium.PdfDocument(source)
    for number in sorted(pages):
        page = document[number - 1]
        width, height = page.get_size()
        picture = pdfium.PdfImage.new(document)
        picture.load_jpeg(photographed(page, tilt, noise), inline=True)
        picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
        document.del_page(number - 1)
        copy = document.new_page(width, height, index=number - 1)
        copy.insert_obj(picture)
        copy.gen_content()
    document.save(target)
    document.close()


def photographed(page: pdfium.PdfPage, tilt: float = 0, noise: float = 0) -> io.BytesIO:
    """A page as a JPEG file, 200 dots to the inch."""
    image = page.render(scale=DPI / POINTS).to_pil().convert("L")
    image = image.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grey = np.asarray(image).astype(float)
    grey += np.random.default_rng(0).normal(0, noise, grey.shape)
    data = io.BytesIO()
    Image.fromarray(grey.clip(0, 255).astype("uint8")).save(data, "JPEG", quality=60)
    data.seek(0)
    return data
