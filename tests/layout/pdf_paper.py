"""Sheets of paper that text, lines and rectangles are drawn on, measured from the top left corner."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import qy_finance

from .pdf_options import PdfOptions

CHINESE = "NotoSansSC"
SHORT, LONG = 595.0, 842.0  # the sides of a sheet of A4
MARGIN = 50.0


@dataclass(frozen=True)
class Place:
    """Where something is printed: the page from 1, and a box in points from its top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass
class Sheet:
    """A page as it is shown, and what is drawn on it."""

    width: float
    height: float
    rotation: int
    draws: list[Callable[[Canvas], None]] = field(default_factory=list)


@cache
def _register() -> None:
    font = Path(qy_finance.__file__).parent / "fonts/NotoSansSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont(CHINESE, font))


class Paper:
    """A PDF that grows from the top of its first page to the foot of its last."""

    def __init__(self, options: PdfOptions, head: str) -> None:
        _register()
        self.options = options
        self.random = random.Random(options.seed)
        self.head = head
        self.sheets: list[Sheet] = []
        self.y = 0.0  # how far down the sheet is filled

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    @property
    def page(self) -> int:
        return len(self.sheets)

    @property
    def left(self) -> float:
        """How much of the sheet's height is left."""
        return self.sheet.height - MARGIN - self.y

    def new_page(self, *, landscape: bool = False, rotation: int = 0) -> None:
        width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
        self.sheets.append(Sheet(width, height, rotation))
        self.y = MARGIN
        if self.options.running_head:
            self.text(MARGIN, MARGIN - 14, self.head, 8)

    # ------------------------------------------------------------------------------ type

    def _runs(self, text: str) -> Iterator[tuple[str, bool]]:
        """Stretches of one font, each with whether it is of digits and letters."""
        for ascii_only, run in groupby(text, str.isascii):
            yield "".join(run), ascii_only

    def _font(self, ascii_only: bool) -> str:
        return self.options.digits if ascii_only and self.options.digits else CHINESE

    def width(self, text: str, size: float, space: float = 0.0) -> float:
        """The width of a line, ``space`` added behind each Chinese character and each number."""
        natural = sum(
            pdfmetrics.stringWidth(run, self._font(ascii_only), size)
            for run, ascii_only in self._runs(text)
        )
        return natural + space * self.gaps(text)

    def gaps(self, text: str) -> int:
        """How many places of a line are stretched where it is justified: not within a number."""
        return sum(1 if ascii_only else len(run) for run, ascii_only in self._runs(text))

    def text(
        self, x: float, baseline: float, text: str, size: float, *, space: float = 0.0
    ) -> Place:
        """Draw a line of text in as many pieces as the options say."""
        start, top, bottom = x, baseline - 0.6 * size, baseline
        most = size / 5  # what small type allows
        drop = max(-most, min(self.options.drop, most))
        for run, ascii_only in self._runs(text):
            font = self._font(ascii_only)
            y = baseline + (drop if ascii_only else 0.0)
            top, bottom = min(top, y - 0.6 * size), max(bottom, y)
            inner = 0.0 if ascii_only else space
            for piece in self._pieces(run):
                if piece.strip():
                    self._piece(x, y, piece, font, size, inner)
                x += pdfmetrics.stringWidth(piece, font, size) + inner * len(piece)
            x += space - inner
        return Place(self.page, start, top, x, bottom)

    def _pieces(self, run: str) -> list[str]:
        if self.options.pieces == "lines":
            return [run]
        if self.options.pieces == "characters":
            return list(run)
        ends = [at for at in range(1, len(run)) if self.random.random() < 0.2]
        return [run[a:b] for a, b in zip([0, *ends], [*ends, len(run)], strict=True)]

    def _piece(self, x: float, y: float, text: str, font: str, size: float, space: float) -> None:
        up = self.sheet.height - y

        def draw(canvas: Canvas) -> None:
            line = canvas.beginText(x, up)
            line.setFont(font, size)
            line.setCharSpace(space)
            line.textOut(text)
            canvas.drawText(line)

        self.sheet.draws.append(draw)

    def centred(self, text: str, size: float, *, bold: bool = False) -> None:
        """A line in the middle of the sheet, below what is there; ``bold`` may be drawn twice."""
        self.y += 1.6 * size
        x = (self.sheet.width - self.width(text, size)) / 2
        for at in (0.0, 0.2) if bold and self.options.doubled else (0.0,):
            self.text(x + at, self.y, text, size)

    # ---------------------------------------------------------------------------- shapes

    def line(self, x0: float, top: float, x1: float, bottom: float) -> None:
        height = self.sheet.height
        self.sheet.draws.append(lambda c: c.line(x0, height - top, x1, height - bottom))

    def rectangle(
        self, x0: float, top: float, x1: float, bottom: float, *, grey: float | None = None
    ) -> None:
        """A stroked rectangle, or one filled with a shade of ``grey`` (0 is black)."""
        height = self.sheet.height

        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            if grey is not None:
                canvas.setFillGray(grey)
            filled = grey is not None
            canvas.rect(x0, height - bottom, x1 - x0, bottom - top, int(not filled), int(filled))
            canvas.restoreState()

        self.sheet.draws.append(draw)

    # ------------------------------------------------------------------------------ file

    def save(self, path: Path) -> None:
        canvas = Canvas(str(path), pageCompression=0, invariant=1)
        for number, sheet in enumerate(self.sheets, start=1):
            canvas.setPageSize((sheet.width, sheet.height))  # as shown: reportlab turns it itself
            canvas.setPageRotation(sheet.rotation)
            if sheet.rotation == 90:
                canvas.transform(0, 1, -1, 0, sheet.height, 0)
            elif sheet.rotation == 270:
                canvas.transform(0, -1, 1, 0, 0, sheet.width)
            canvas.setLineWidth(0.5)
            for draw in sheet.draws:
                draw(canvas)
            if self.options.page_numbers:
                canvas.setFont(CHINESE, 9)
                text = self.options.page_numbers.format(number, total=len(self.sheets))
                canvas.drawCentredString(sheet.width / 2, 25, text)
            canvas.showPage()
        canvas.save()
