"""One printed figure and its source: what it is, the text around it, and for a PDF the place on its page."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Final

from qy_finance.cards import Card, Picture, Quote
from qy_finance.charts import theme
from qy_finance.errors import UnknownObservationError
from qy_finance.figures import MEASURES
from qy_finance.files import sha256_of
from qy_finance.readers import Box
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_LONGEST: Final = 150  # characters that are quoted before and after a figure
_SCALE: Final = 2.0  # pixels to the point
_MARGIN: Final = 40.0  # points of the page above and below a figure
_GAP: Final = 2.5  # points between a figure and the box around it
_LINE: Final = 3  # pixels
_CHINESE: Final = re.compile(r"\((\w+)\)")


@dataclass(frozen=True)
class Observation:
    """A printed figure; made by :meth:`qy_finance.report.Report.observation`.

    Attributes
    ----------
    report : Report
        Where it is printed.
    row : int
        Its row in ``report.observations``.
    data : Series
        That row.
    value : Sourced
        The exact number, with the sign that is meant, in ``data["unit_of_measure"]``.
    """

    report: Report
    row: int
    data: pd.Series
    value: Sourced

    @property
    def name(self) -> str:
        """Table, side, row and column; of a figure of the prose section, item and what it is measured against."""
        return self.value.sources[0].name

    @property
    def place(self) -> str:
        """第 12 页 where the source has pages, otherwise 第 702 行."""
        return self.value.sources[0].place

    @cached_property
    def passage(self) -> tuple[str, str, str]:
        """The paragraph, or the line of a table, in which it is printed: before it, the figure, after it."""
        start, end = int(self.data["start"]), int(self.data["end"])
        if self.data.isna()["table"]:
            before, after = _paragraph(self.report, start, end)
        else:
            line = self.report._document.line_at(start)
            before = f"{' '.join(self.report.text[line.start : start].split())} ".lstrip()
            after = f" {' '.join(self.report.text[end : line.end].split())}".rstrip()
        if len(before) > _LONGEST:
            before = f"…{before[-_LONGEST:]}"
        if len(after) > _LONGEST:
            after = f"{after[:_LONGEST]}…"
        return before, str(self.data["printed"]), after

    @cached_property
    def picture(self) -> bytes | None:
        """PNG of the page around it, with a box; None where there are no pages, or they are not there any more."""
        if self._absence or not self.report._document.sha256:
            return None
        return _drawn(self.report, self.data)

    @cached_property
    def _absence(self) -> str:
        """Why the page can't be shown."""
        document = self.report._document
        if not document.sha256:
            return ""
        if not document.path.is_file():
            return f"文件 {document.path.name} 已经不在读它的地方，只能给出当时读到的文字。"
        if sha256_of(document.path) != document.sha256:
            return f"文件 {document.path.name} 在读过以后改动了，只能给出当时读到的文字。"
        return ""

    @property
    def card(self) -> Card:
        """What is shown of it."""
        unit = str(self.data["unit_of_measure"])
        kind = _CHINESE.search(MEASURES[str(self.data["measure"])])
        numbers = [
            (kind[1] if kind else "数", f"{self.value:,f}{'' if unit == '%' else ' '}{unit}")
        ]
        if self.data["year"] != self.report.meta["year"]:
            numbers.append(("年度", str(self.data["year"])))
        page = f"{self.place}，" if "页" in self.place else ""
        picture = self.picture
        return Card(
            f"observations {self.row}",
            self.name,
            self._absence,
            None,
            numbers,
            [Quote(f"{page}第 {self.data['line']} 行：", self.passage)],
            picture=Picture(picture, f"{self.place}上印着这个数的地方") if picture else None,
        )

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    def __repr__(self) -> str:
        source = self.value.sources[0]
        return f"<Observation {self.row}: {source.name} {source.printed}, {source.place}>"

    def __str__(self) -> str:
        return str(self.card)


def observation(report: Report, row: int) -> Observation:
    """The figure of a row; see :meth:`qy_finance.report.Report.observation`."""
    frame = report.observations
    if not isinstance(row, Integral) or isinstance(row, bool) or not 0 <= row < len(frame):
        last = f"a row from 0 to {len(frame) - 1}" if len(frame) else "a row, and there is none"
        raise UnknownObservationError(str(report.meta["file"]), "observations", last, repr(row))
    return Observation(report, int(row), frame.iloc[row], figures(report)[row])


def _paragraph(report: Report, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure of the prose in its paragraph, as the prose was read."""
    all_of_them = [paragraph for paragraph, _ in report._narrative.paragraphs if paragraph.text]
    at = bisect_right(all_of_them, start, key=lambda paragraph: paragraph.pieces[0][1]) - 1
    paragraph = all_of_them[at]
    piece = bisect_right(paragraph.pieces, start, key=lambda piece: piece[1]) - 1
    position, place = paragraph.pieces[piece]
    first = position + start - place
    last = first + len("".join(report.text[start:end].split()))
    return paragraph.text[:first], paragraph.text[last:]


def _drawn(report: Report, figure: pd.Series) -> bytes:
    """The strip of the page, from edge to edge, in which the figure's row stands, with a box around the figure."""
    from matplotlib.image import imsave
    from numpy import rot90

    from qy_finance.readers.pdf import picture

    document = report._document
    assert document.layout is not None
    number = int(figure["page"])
    page = document.layout.pages[number]
    box = Box(*(float(figure[edge]) for edge in Box._fields))
    aside = page.turned in (90, 270)  # the row runs up or down the page
    width, height = (page.height, page.width) if aside else (page.width, page.height)
    if aside:
        part = Box(max(box.x0 - _MARGIN, 0), 0, min(box.x1 + _MARGIN, width), height)
    else:
        part = Box(0, max(box.top - _MARGIN, 0), width, min(box.bottom + _MARGIN, height))
    pixels = picture(document.path, number, part, _SCALE)
    _frame(pixels, part, box)
    file = io.BytesIO()
    upright = rot90(pixels, page.turned // 90).copy()
    imsave(file, upright, format="png", metadata={"Software": None})  # type: ignore[dict-item]
    return file.getvalue()


def _frame(pixels: NDArray[np.uint8], part: Box, box: Box) -> None:
    """Draw a box around a figure."""
    left, right = (round((x - part.x0) * _SCALE) for x in (box.x0 - _GAP, box.x1 + _GAP))
    top, bottom = (round((y - part.top) * _SCALE) for y in (box.top - _GAP, box.bottom + _GAP))
    colour = [int(theme.ALERT[at : at + 2], 16) for at in (1, 3, 5)]
    left, top = max(left, 0), max(top, 0)
    pixels[top : top + _LINE, left:right] = colour
    pixels[bottom - _LINE : bottom, left:right] = colour
    pixels[top:bottom, left : left + _LINE] = colour
    pixels[top:bottom, right - _LINE : right] = colour
