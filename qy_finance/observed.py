"""A printed figure and where it is printed: of a table of the form, of the prose, of another table."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from numbers import Integral
from typing import TYPE_CHECKING, Final

from qy_finance.cards import Card, Picture, Quote
from qy_finance.contract import LISTS
from qy_finance.errors import UnknownObservationError
from qy_finance.facts import Fact
from qy_finance.numbers import Number
from qy_finance.other_tables import other_tables
from qy_finance.palette import ALERT
from qy_finance.passages import absence, around
from qy_finance.pictures import encoded
from qy_finance.readers import Box, Document
from qy_finance.readers.document import Inset
from qy_finance.reading import Reading

if TYPE_CHECKING:
    import pandas as pd
    from PIL import Image

_LONGEST: Final = 150  # characters that are quoted before and after a figure
_SCALE: Final = 2  # pixels to the point
_MARGIN: Final = 40.0  # points of the page above and below a figure
_GAP: Final = 2.5  # points between a figure and the box around it
_LINE: Final = 3  # pixels
_KIND: Final = re.compile(r"(?:其他)?(\w+)")


class _Shown(ABC):
    """What a printed figure or cell shows of itself."""

    reading: Reading
    data: pd.Series
    name: str
    place: str

    @property
    @abstractmethod
    def passage(self) -> tuple[str, str, str]:
        """What is printed before it, itself, what after it."""

    @property
    @abstractmethod
    def card(self) -> Card:
        """What is shown of it."""

    @cached_property
    def picture(self) -> bytes | None:
        """PNG of the page or picture around it, with a box; None where there is none, or it is not there any more."""
        document, inset = self._document, self._inset
        if absence(document, inset) is not None:
            return None
        return _cut_out(document, inset, self.data) if inset else _drawn(document, self.data)

    @property
    def _document(self) -> Document:
        return self.reading.document.part(int(self.data["start"])).document

    @property
    def _inset(self) -> Inset | None:
        """The picture in the text of the document on which it was recognised."""
        start = int(self.data["start"])
        part = self.reading.document.part(start)
        return part.document.inset(start - part.start)

    @property
    def citation(self) -> str:
        """How a paper cites it: whose account, where, what is printed, the file's digest, and what has read it."""
        who, data = self.reading.identity, self.data
        file = self.reading.document.file_of(int(data["start"]))
        where = " ".join(filter(None, (file, self.place)))
        digest = self._document.sha256
        facts = (
            f"SHA-256 {digest}" if digest else "",
            f"figure {data['figure']}",
            f"qy_finance {version('qy_finance')}",
        )
        return (
            f"{who.unit}，{who.year}年度决算（{who.scope}），{where}，{self.name}：{self._printed}"
            f"（{'，'.join(filter(None, facts))}）"
        )

    @property
    @abstractmethod
    def _printed(self) -> str:
        """What is printed, with its unit."""

    def _card(self, kind: str, numbers: list[tuple[str, str]], what: str) -> Card:
        picture = self.picture and Picture(self.picture, f"{self.place}上印着这个{what}的地方")
        where = "，".join(dict.fromkeys((self.place, f"第{self.data['line']}行")))
        said, quote = absence(self._document, self._inset) or "", Quote(f"{where}：", self.passage)
        if decision := self.reading.decisions.get(str(self.data["figure"])):
            said = decision.told + said
        folded = [("引用", [self.citation])]
        return Card(kind, self.name, said, None, numbers, [quote], folded, picture or None)

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    def __str__(self) -> str:
        return str(self.card)


@dataclass(frozen=True, eq=False)
class Observation(_Shown):
    """A printed figure; made by :meth:`qy_finance.report.Report.observation`.

    Attributes
    ----------
    reading, fact : Reading, Fact
        What was read of the report, and what is known of the figure.
    row, data : int, Series
        Its row in ``Report.observations``.
    value : Number
        The exact number, with the sign that is meant, in the printed unit.
    name : str
        Table, side, row and column; of a figure of the prose section, item and what it is measured against.
    place : str
        第12页 where the source has pages, otherwise 第702行.
    """

    reading: Reading
    fact: Fact
    row: int
    data: pd.Series
    value: Number
    name: str
    place: str

    @cached_property
    def passage(self) -> tuple[str, str, str]:
        """The paragraph, or the line of a table, in which it is printed: before it, the figure, after it."""
        figure = self.fact.figure
        before, after = around(self.reading, figure.start, figure.end, figure.table is None)
        return _quoted(before), self.fact.printed, _quoted(after, from_end=False)

    @property
    def card(self) -> Card:
        """What is shown of it."""
        known = _KIND.match(LISTS["measure"][self.fact.measure])
        unit = "%" if self.value.unit == "%" else f" {self.value.unit}"
        numbers = [(known[1] if known else "数", f"{self.value:,f}{unit}")]
        if self.fact.year != self.reading.identity.year:
            numbers.append(("年度", str(self.fact.year)))
        return self._card(f"observations {self.row}", numbers, "数")

    @property
    def _printed(self) -> str:
        return f"{self.fact.printed}{self.fact.figure.unit_of_measure}"

    def __repr__(self) -> str:
        return f"<Observation {self.row}: {self.name} {self.fact.with_unit}, {self.place}>"


@dataclass(frozen=True, eq=False)
class PrintedCell(_Shown):
    """A cell of a table beyond those of the form; made by :meth:`qy_finance.report.Report.observation`.

    Attributes
    ----------
    reading : Reading
        What was read of the report.
    data : Series
        Its row in ``Report.other_tables.cells``.
    value : Number or None
        The exact number, where the cell is one, in the printed unit.
    name : str
        The table's title, and the first cell of its row.
    place : str
        第12页 where the source has pages, otherwise 第702行.
    """

    reading: Reading
    data: pd.Series
    value: Number | None
    name: str
    place: str

    @cached_property
    def passage(self) -> tuple[str, str, str]:
        """The line in which it is printed: before it, the cell, after it."""
        before, after = around(self.reading, int(self.data["start"]), int(self.data["end"]), False)
        return _quoted(before), str(self.data["printed"]), _quoted(after, from_end=False)

    @property
    def card(self) -> Card:
        """What is shown of it."""
        numbers = (
            [] if self.value is None else [("数", f"{self.value:,f} {self.value.unit}".rstrip())]
        )
        return self._card(f"other_tables {self.data['number']}", numbers, "单元格")

    @property
    def _printed(self) -> str:
        return str(self.data["printed"])

    def __repr__(self) -> str:
        return f"<PrintedCell: {self.name} {self.data['printed']}, {self.place}>"


def observation(
    reading: Reading, observations: pd.DataFrame, row: int | str
) -> Observation | PrintedCell:
    """The figure of a row or id; see :meth:`qy_finance.report.Report.observation`."""
    facts = reading.facts
    if isinstance(row, Integral) and not isinstance(row, bool) and 0 <= row < len(facts):
        fact = facts[int(row)]
    elif named := [fact for fact in facts if fact.id == row]:
        fact = named[0]
    elif isinstance(row, str) and (cell := _cell(reading, row)):
        return cell
    else:
        expected = f"a row from 0 to {len(facts) - 1}" if facts else "a row, and there is none"
        raise UnknownObservationError(reading.file, "observations", expected, repr(row))
    data = observations.iloc[fact.row]
    return Observation(reading, fact, fact.row, data, fact.number, fact.path, fact.place)


def _cell(reading: Reading, id: str) -> PrintedCell | None:
    """The cell of that id in a table beyond those of the form."""
    for table in other_tables(reading):
        found = table.cells[table.cells["figure"] == id]
        if len(found):
            data = found.iloc[0]
            row = table.frame.iloc[int(data["row"])].dropna()
            first = "" if data["column"] == row.index[0] else row.iloc[0]
            name = " · ".join(filter(None, (table.title, first)))
            place = reading.document.where(int(data["start"]))
            return PrintedCell(reading, data, table.number_of(data), name, place)
    return None


def _quoted(text: str, from_end: bool = True) -> str:
    """As much of a text as is quoted, of its end or of its beginning."""
    if len(text) <= _LONGEST:
        return text
    return f"…{text[-_LONGEST:]}" if from_end else f"{text[:_LONGEST]}…"


def _drawn(document: Document, figure: pd.Series) -> bytes:
    """The strip of the page, from edge to edge, in which the figure's row stands, with a box around the figure."""
    from PIL import Image

    from qy_finance.readers.pdf import picture

    assert document.layout is not None
    number, box = int(figure["page"]), Box(*(float(figure[edge]) for edge in Box._fields))
    page = document.layout.pages[number]
    across, down = page.width, min(box.bottom + _MARGIN, page.height)
    part = Box(0, max(box.top - _MARGIN, 0), across, down)
    if page.turned in (90, 270):  # the row runs up or down the page
        part = Box(max(box.x0 - _MARGIN, 0), 0, min(box.x1 + _MARGIN, page.height), across)
    image = Image.fromarray(picture(document.path, number, part, _SCALE))
    return _marked(image, box, part, page.turned, _SCALE)


def _cut_out(document: Document, inset: Inset, figure: pd.Series) -> bytes:
    """The strip of a picture in the text of a document in which the figure's row stands, likewise."""
    from qy_finance.readers.pasted import again

    image = again(document.path, inset.source)
    box = Box(*(float(figure[edge]) for edge in Box._fields))
    margin, turned = _MARGIN * inset.scale, inset.turned
    part = Box(0, max(box.top - margin, 0), image.width, min(box.bottom + margin, image.height))
    if turned in (90, 270):
        part = Box(max(box.x0 - margin, 0), 0, min(box.x1 + margin, image.width), image.height)
    return _marked(
        image.crop((int(part.x0), int(part.top), int(part.x1), int(part.bottom))),
        box,
        part,
        turned,
        1,
    )


def _marked(image: Image.Image, box: Box, part: Box, turned: int, scale: float) -> bytes:
    """PNG of a part of a page or picture, turned upright, with a box in it."""
    from PIL import ImageDraw

    corners = (box.x0 - _GAP, box.top - _GAP), (box.x1 + _GAP, box.bottom + _GAP)
    marked = [(round((x - part.x0) * scale), round((y - part.top) * scale)) for x, y in corners]
    ImageDraw.Draw(image).rectangle(marked, outline=ALERT, width=_LINE)
    return encoded(image.rotate(turned, expand=True), "PNG")
