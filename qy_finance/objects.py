"""What Jupyter shows of the objects of this package, each as a card (:mod:`qy_finance.cards`).

A report at a glance, a printed figure with its place on the page, and the contradictions of a report.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import UserList
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Final

from qy_finance.analysis.accounts import RECEIVED, SPENT, total
from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.findings import Break, breaks
from qy_finance.cards import Card, Picture, Quote, as_html, as_text
from qy_finance.checks import CheckSet
from qy_finance.contract import LISTS
from qy_finance.display import decimals
from qy_finance.errors import UnknownObservationError
from qy_finance.facts import Fact
from qy_finance.figures import Figure
from qy_finance.files import sha256_of
from qy_finance.frames import Tables
from qy_finance.numbers import Number
from qy_finance.palette import ALERT
from qy_finance.pictures import encoded
from qy_finance.readers import Box, Document, squeeze
from qy_finance.reading import Reading
from qy_finance.text.reconciliation import cards, none_broken

if TYPE_CHECKING:
    import pandas as pd

_SUMS: Final = {"本年收入": ("收入", RECEIVED), "本年支出": ("支出", SPENT)}
_NEXT: Final = (
    ("observations", "每个印出的数一行，带出处"),
    ('tables["{table}"]', "一张表，每个科目一行"),
    ("facts", "文字里的数：说的是什么、哪一年、和什么比"),
    ("kpis", "绩效指标：目标、实际、是否完成"),
    ("other_tables", "标准表以外的表，照印，每个单元格带出处"),
    ("observation(0)", "observations 里这一行的数印在哪里"),
    ("check()", "全部勾稽关系"),
    ("findings()", "其中对不上的，连同出处"),
    ("coverage()", "核对了多少、读懂了多少"),
    ("disclosures()", "应公开的内容公开了没有，在哪里"),
    ("unclaimed()", "不是数据的数字，和为什么不是"),
)
"""What can be asked of a report."""


def summary(reading: Reading, tables: Tables, unclaimed: pd.DataFrame) -> Card:
    """The card of a report. Nothing is checked for it: that takes longer than reading."""
    identity, form, present = reading.identity, reading.form, reading.tables
    lacks = f"，缺{'、'.join(map(form.name, reading.missing))}" if reading.missing else ""
    unknown = int((unclaimed["reason"] == "unknown").sum())
    others = f"标准表以外的表 {len(reading.others):,} 张，" if reading.others else ""
    sentence = (
        f"读到 {len(present)} 张表{lacks}。表里的数 {len(reading.facts) - len(reading.prose):,} 个，"
        f"文字里的数 {len(reading.prose):,} 个，绩效指标 {len(reading.indicators) + len(reading.evaluations):,} 个，"
        f"{others}"
        f"没有认出的数字 {unknown:,} 个。表内金额单位：{identity.money_unit}。文件：{reading.file}。"
    )
    numbers = [
        (name, f"{decimals(fact.number, fact.number.places)} {fact.unit_of_measure}")
        for name, place in _SUMS.items()
        if (fact := total(reading, *place))
    ]
    sizes = [f"{table}：{form.name(table)}，{len(tables[table]):,} 行" for table in present]
    asked = [
        Quote(f"report.{call.format(table=next(iter(present), ''))}", (answer,))
        for call, answer in _NEXT
        if present or "{table}" not in call
    ]
    heading = f"{identity.unit} · {identity.year} 年度 · {identity.scope}"
    folded = [("各表的标识和行数", sizes)] if sizes else []
    return Card("部门决算", heading, sentence, None, numbers, asked, folded)


_LONGEST: Final = 150  # characters that are quoted before and after a figure
_SCALE: Final = 2  # pixels to the point
_MARGIN: Final = 40.0  # points of the page above and below a figure
_GAP: Final = 2.5  # points between a figure and the box around it
_LINE: Final = 3  # pixels
_KIND: Final = re.compile(r"(?:其他)?(\w+)")


@dataclass(frozen=True, eq=False)
class Observation:
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
        around = _paragraph if self.fact.figure.table is None else _line
        before, after = around(self.reading, self.fact.figure)
        before = before if len(before) <= _LONGEST else f"…{before[-_LONGEST:]}"
        after = after if len(after) <= _LONGEST else f"{after[:_LONGEST]}…"
        return before, self.fact.printed, after

    @cached_property
    def picture(self) -> bytes | None:
        """PNG of the page around it, with a box; None where there are no pages, or they are not there any more."""
        document = self.reading.document
        return _drawn(document, self.data) if _absence(document) is None else None

    @property
    def card(self) -> Card:
        """What is shown of it."""
        known = _KIND.match(LISTS["measure"][self.fact.measure])
        unit = "%" if self.value.unit == "%" else f" {self.value.unit}"
        numbers = [(known[1] if known else "数", f"{self.value:,f}{unit}")]
        if self.fact.year != self.reading.identity.year:
            numbers.append(("年度", str(self.fact.year)))
        where = "，".join(dict.fromkeys((self.place, f"第{self.fact.line}行")))
        picture = self.picture and Picture(self.picture, f"{self.place}上印着这个数的地方")
        said, quote = _absence(self.reading.document) or "", Quote(f"{where}：", self.passage)
        kind = f"observations {self.row}"
        return Card(kind, self.name, said, None, numbers, [quote], (), picture or None)

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    def __repr__(self) -> str:
        return f"<Observation {self.row}: {self.name} {self.fact.with_unit}, {self.place}>"

    def __str__(self) -> str:
        return str(self.card)


def observation(reading: Reading, observations: pd.DataFrame, row: int | str) -> Observation:
    """The figure of a row or id; see :meth:`qy_finance.report.Report.observation`."""
    facts = reading.facts
    if isinstance(row, Integral) and not isinstance(row, bool) and 0 <= row < len(facts):
        fact = facts[int(row)]
    elif named := [fact for fact in facts if fact.id == row]:
        fact = named[0]
    else:
        expected = f"a row from 0 to {len(facts) - 1}" if facts else "a row, and there is none"
        raise UnknownObservationError(reading.file, "observations", expected, repr(row))
    data = observations.iloc[fact.row]
    return Observation(reading, fact, fact.row, data, fact.number, fact.path, fact.place)


def _absence(document: Document) -> str | None:
    """Why the page can't be shown: nothing to say of a source without pages, None where it can."""
    if not document.sha256 or document.layout is None:
        return ""
    if not document.path.is_file():
        return f"文件 {document.path.name} 已经不在读它的地方，只能给出当时读到的文字。"
    if sha256_of(document.path) != document.sha256:
        return f"文件 {document.path.name} 在读过以后改动了，只能给出当时读到的文字。"
    return None


def _line(reading: Reading, figure: Figure) -> tuple[str, str]:
    """What stands before and after a figure in its line of a table."""
    line = reading.document.line_at(figure.start)
    before = " ".join(reading.text[line.start : figure.start].split())
    after = " ".join(reading.text[figure.end : line.end].split())
    return f"{before} ".lstrip(), f" {after}".rstrip()


def _paragraph(reading: Reading, figure: Figure) -> tuple[str, str]:
    """What stands before and after a figure of the prose in its paragraph, as the prose was read."""
    paragraphs = [paragraph for paragraph, _ in reading.paragraphs if paragraph.text]
    at = bisect_right(paragraphs, figure.start, key=lambda paragraph: paragraph.pieces[0][1]) - 1
    first = paragraphs[at].position(figure.start)
    last = first + len(squeeze(reading.text[figure.start : figure.end]))
    return paragraphs[at].text[:first], paragraphs[at].text[last:]


def _drawn(document: Document, figure: pd.Series) -> bytes:
    """The strip of the page, from edge to edge, in which the figure's row stands, with a box around the figure."""
    from PIL import Image, ImageDraw

    from qy_finance.readers.pdf import picture

    assert document.layout is not None
    number, box = int(figure["page"]), Box(*(float(figure[edge]) for edge in Box._fields))
    page = document.layout.pages[number]
    across, down = page.width, min(box.bottom + _MARGIN, page.height)
    part = Box(0, max(box.top - _MARGIN, 0), across, down)
    if page.turned in (90, 270):  # the row runs up or down the page
        part = Box(max(box.x0 - _MARGIN, 0), 0, min(box.x1 + _MARGIN, page.height), across)
    image = Image.fromarray(picture(document.path, number, part, _SCALE))
    corners = (box.x0 - _GAP, box.top - _GAP), (box.x1 + _GAP, box.bottom + _GAP)
    marked = [(round((x - part.x0) * _SCALE), round((y - part.top) * _SCALE)) for x, y in corners]
    ImageDraw.Draw(image).rectangle(marked, outline=ALERT, width=_LINE)
    return encoded(image.rotate(page.turned, expand=True), "PNG")


_NONE: Final = "没有一处不符。"


class Contradiction(Break):
    """A contradiction that shows itself as a card."""

    def _repr_html_(self) -> str:
        return as_html(cards([self]))

    def __str__(self) -> str:
        return as_text(cards([self]))


class Findings(UserList[Contradiction]):
    """The contradictions of a report; made by :meth:`qy_finance.report.Report.findings`.

    The gravest first: figures that contradict each other, then words, then the report of the year before. An item
    is a :class:`~qy_finance.analysis.findings.Break`, a slice is of its own kind. ``none`` is said
    where there are none.
    """

    none: str = _NONE

    def _repr_html_(self) -> str:
        return as_html(cards(self)) or f"<p>{self.none}</p>"

    def __repr__(self) -> str:
        return f"<Findings: {len(self)}>"

    def __str__(self) -> str:
        return as_text(cards(self)) or self.none


def findings(checks: CheckSet) -> Findings:
    """The contradictions of a report; see :meth:`qy_finance.report.Report.findings`."""
    found = Findings(Contradiction(**vars(one)) for one in breaks(checks))
    if not found:
        found.none = f"{none_broken(coverage(checks))}。"
    return found
