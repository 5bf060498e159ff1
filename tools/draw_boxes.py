"""Draw the boxes of a report's observations on a page of its PDF, to look at.

python tools/draw_boxes.py REPORT.pdf PAGE PICTURE.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2 as pdfium
from PIL import ImageDraw

from qy_finance import read_report

SCALE = 2  # pixels to a point
TABLE, PROSE, DOUBTED = "#1b7a6b", "#0b5fa5", "#c0392b"


def draw(report: Path, number: int, picture: Path) -> None:
    """Figures of tables are green, those of the prose blue, those to review red."""
    read = read_report(report)
    with pdfium.PdfDocument(report) as document:
        image = document[number - 1].render(scale=SCALE).to_pil().convert("RGB")
    canvas = ImageDraw.Draw(image)
    doubted = set(read.review().index)
    for index, row in read.observations.query("page == @number").iterrows():
        box = [SCALE * float(row[edge]) for edge in ("x0", "top", "x1", "bottom")]
        kind = PROSE if row.isna()["table"] else TABLE
        canvas.rectangle(box, outline=DOUBTED if index in doubted else kind, width=2)
    image.save(picture)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
