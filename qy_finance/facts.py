"""A figure in its report: its exact number, where it is printed, and what to call it.

Facts are made once for a report, of everything that was read, and are what checks compare, analyses compute with
and pages link to.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from qy_finance.figures import Figure
from qy_finance.narrative.flow import LEVELS, Paragraph
from qy_finance.numbers import MONEY, Number, Span, around, plain_unit
from qy_finance.precision import halves, is_money

if TYPE_CHECKING:
    from qy_finance.form import Form, TableSpec
    from qy_finance.identity import ReportIdentity
    from qy_finance.readers import Document

_KIND: Final = {
    "change": "增减额",
    "change_rate": "增减率",
    "share": "占比",
    "completion_rate": "完成率",
    "base": "基数",
    "target": "目标值",
    "actual": "实际值",
}


def figure_id(document: Document, start: int, end: int) -> str:
    """The stable id of a place: by the digest of its file and where in that it stands, whatever files are beside it."""
    own, by, *_ = document.part(start)
    place = f"{own.sha256}:{start - by}:{end - by}"
    return hashlib.blake2b(place.encode(), digest_size=8).hexdigest()


@dataclass(slots=True, eq=False)  # never changed; to freeze one takes longer than all else of it
class Fact:
    """A printed figure in its report.

    Attributes
    ----------
    row : int
        Its row of ``Report.observations``; negative for what is no figure of the report (a constant, last year's).
    figure : Figure
        What is printed, and what it is about.
    printed : str
        The characters.
    value, half : Decimal
        The number and half of its last digit, as figures are compared: money in the money unit of the tables,
        other things one by one.
    unit : str
        Of ``value`` and ``half``.
    factor : Decimal
        How many of ``unit`` are one of the printed unit.
    place : str
        第9页 or 第212行.
    line : int
        Line of ``Report.text``.
    name, full : str
        What to call it in a message, beside other figures of its table and elsewhere.
    shown : str
        The characters without their sign, with the unit where that is not ``unit``.
    scope : str
        The chapter and the heading that a figure of the prose stands under.
    table_name : str
        Chinese name of its table; empty for prose.
    report_id, id : str
        The report, and the stable id of the figure (:func:`figure_id`); both empty for a constant, which is no figure.
    year : int
        Fiscal year that it is about.
    origin : Fact or None
        Of a figure that is compared in the unit of another report (last year's): as its own report has it.
    """

    row: int
    figure: Figure
    printed: str
    value: Decimal
    half: Decimal
    unit: str
    factor: Decimal
    place: str
    line: int
    name: str
    full: str
    shown: str
    scope: str
    table_name: str
    report_id: str
    id: str
    year: int
    origin: Fact | None = None

    @property
    def source(self) -> Fact:
        """The figure in its own report."""
        return self.origin or self

    @property
    def is_printed(self) -> bool:
        """Whether it is a figure of a report, not a constant."""
        return bool(self.report_id)

    @property
    def path(self) -> str:
        """Where it belongs: table, side, row and column, or heading, item and what it is measured against."""
        figure = self.figure
        if figure.table is None:
            return " · ".join(filter(None, (figure.section, figure.item, figure.column)))
        row = f"{figure.code or ''} {figure.item}".strip()
        return " · ".join(filter(None, (self.table_name, figure.side, row, figure.column)))

    @property
    def span(self) -> Span:
        """The values that it stands for, as figures are compared."""
        return around(self.value, self.half)

    @property
    def number(self) -> Number:
        """The number as printed, in the printed unit, with the sign that is meant."""
        own, value = self.source, self.figure.value
        span = around(value, own.half / own.factor)
        return Number(value, span, own.unit_of_measure, (own,), computed=False)

    @property
    def compared(self) -> Number:
        """The number as it is compared (``value``, ``half``, ``unit``)."""
        if self.factor == 1:
            return Number(self.value, self.span, self.unit, (self.source,), computed=False)
        how = (self.number * self.factor).how
        return Number(self.value, self.span, self.unit, (self.source,), how=how)

    @property
    def is_money(self) -> bool:
        """Whether it is a sum of money."""
        return is_money(self.figure)

    @property
    def is_percent(self) -> bool:
        """Whether it is printed with a percent sign."""
        return self.figure.unit_of_measure in ("%", "％")

    @property
    def noun(self) -> str:
        """What is counted, without 个 before a longer word: 通 of 万通, 工作日 of 个工作日."""
        return self.unit.removeprefix("个") or self.unit

    @property
    def unit_of_measure(self) -> str:
        """The printed unit; of amounts in a table without one in its cells, the money unit of its report."""
        own = self.figure
        return own.unit_of_measure or (
            self.source.unit if own.table and own.measure == "amount" else ""
        )

    @property
    def with_unit(self) -> str:
        """The characters with the unit: ``12.50 万元``, ``43.4%``."""
        unit = self.unit_of_measure
        return f"{self.printed}{'' if unit == '%' else ' '}{unit}"

    # of the figure, for short

    @property
    def item(self) -> str:
        """Row name, or what the sentence speaks of."""
        return self.figure.item

    @property
    def measure(self) -> str:
        """What kind of figure it is."""
        return self.figure.measure

    @property
    def column(self) -> str:
        """Canonical column, or what it is measured against; may be empty."""
        return self.figure.column or ""

    @property
    def section(self) -> str:
        """Heading under which it stands."""
        return self.figure.section


def constant(value: Decimal, shown: str, name: str, place: str = "") -> Fact:
    """What a check compares with that is no figure of the report."""
    what = Figure(0, 0, "amount", value, "", "", name)
    return Fact(
        -1, what, shown, value, Decimal(0), "", Decimal(1), place, 0, name, name, shown, "", "", "", "", 0
    )  # fmt: skip


HUNDRED: Final = constant(Decimal(100), "100%", "")
"""All there is; no figure of a report."""
NOTHING: Final = constant(Decimal(0), "空白", "")
"""A blank cell of the form; no figure of a report."""


def computed(value: Decimal, facts: Iterable[Fact], unit: str = "") -> Number:
    """A number that a check makes of figures; constants are no source."""
    return Number(value, None, unit, (fact.source for fact in facts if fact.is_printed))


def settled(
    document: Document,
    identity: ReportIdentity,
    form: Form,
    figures: Sequence[Figure],
    paragraphs: Sequence[tuple[Paragraph, str]],
) -> tuple[Fact, ...]:
    """The facts of a report: its figures, in the order of the document, with all that the whole report says of them."""
    report_id = identity.report_id
    tables = {table.id: table for table in form.tables}
    scopes, where = _scopes(paragraphs), cache(document.where)
    by_line = not (document.spots or document.parts)  # of a page or line all figures are there
    made = []
    for row, (figure, half) in enumerate(zip(figures, halves(figures), strict=True)):
        printed = document.text[figure.start : figure.end]
        unit, factor = _compared(figure, identity.money_unit)
        line = document.line_at(figure.start)
        table = tables[figure.table] if figure.table is not None else None
        shown = printed.lstrip("-−－")
        if figure.unit_of_measure in ("%", "％"):
            shown += "%"
        elif factor != 1:
            shown += f" {figure.unit_of_measure}"
        fact = Fact(
            row, figure, printed, figure.value * factor, half * factor, unit, factor,
            where(line.start if by_line else figure.start), line.number, *_names(figure, table),
            shown, "" if table else scopes(figure.start),
            table.name if table else "", report_id, figure_id(document, figure.start, figure.end),
            figure.year or identity.year,
        )  # fmt: skip
        made.append(fact)
    return tuple(made)


def _compared(figure: Figure, money: str) -> tuple[str, Decimal]:
    """The unit in which a figure is compared, and how many of it are one of the printed unit."""
    if figure.table is not None:
        return money, Decimal(1)
    if is_money(figure):
        return money, MONEY[figure.unit_of_measure] / MONEY[money]
    multiple, noun = plain_unit(figure.unit_of_measure)
    return noun, Decimal(multiple)


def _names(figure: Figure, table: TableSpec | None) -> tuple[str, str]:
    """What to call a figure beside others of its table, and elsewhere: row and column, item and kind in the prose."""
    column = (figure.column or "").replace("决算数/", "决算").replace("预算数/", "预算")
    column = column.replace("本年支出/", "").rsplit("/", 1)[-1]
    if table is not None:
        if table.id == "three_public":  # of one row
            return f"“三公”经费{column}", f"{table.short}“{column}”"
        name = figure.item if column in ("决算数", "合计") else f"{figure.item}·{column}"
        return name, f"{table.short}“{name}”"
    kind = _KIND.get(figure.measure, "")
    if figure.measure in ("change", "change_rate", "base") and column:
        kind = f"比{column}{kind}"
    elif figure.measure == "share" and column:
        kind = f"占{column}比重"
    elif figure.measure == "amount" and column:
        kind = column
    item = figure.item.removesuffix("支出") if kind.startswith("支出") else figure.item
    return f"{item}{kind}", f"{item}{kind}"


def row_and_column(fact: Fact, form: Form) -> tuple[str, str]:
    """Row with its code and column of a cell; the headings of columns that repeat (预算数, 决算数) are rows."""
    if form.table(str(fact.figure.table)).groups:
        heading, _, column = fact.column.partition("/")
        return heading, column
    return f"{fact.figure.code or ''} {fact.item}".strip(), fact.column


def _scopes(paragraphs: Sequence[tuple[Paragraph, str]]) -> Callable[[int], str]:
    """The chapter (一、) and the heading that a place of the document stands under."""
    starts: list[int] = []
    scopes: list[str] = []
    chapter = ""
    for paragraph, section in paragraphs:
        if paragraph.text:
            if paragraph.level is not None and paragraph.level <= LEVELS.index("chapter"):
                chapter = paragraph.text if len(paragraph.text) < 60 else ""  # longer is no title
            starts.append(paragraph.span(0, 1)[0])
            scopes.append(section if section == chapter else f"{chapter}/{section}")

    def scope(place: int) -> str:
        at = bisect_right(starts, place) - 1
        return scopes[at] if at >= 0 else ""

    return scope
