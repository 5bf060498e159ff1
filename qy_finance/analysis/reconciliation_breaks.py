"""Notebook 05: the contradictions of a report, each with the text in which its figures are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from qy_finance.analysis.reconciliation import SPEC, YEARS, Checked, labels, unit_of
from qy_finance.analysis.reconciliation_links import Cited, cited, computed, number_of, side
from qy_finance.checks.diagnose import Finding, corrected
from qy_finance.checks.model import Check, Identity, Operand
from qy_finance.checks.relations import Linear, Words, is_worded
from qy_finance.checks.results import frame
from qy_finance.sourced import Sourced

if TYPE_CHECKING:
    from qy_finance.cards import Card

KINDS: Final = {"figures": "数字矛盾", "words": "用语矛盾", "years": "与上年不符"}
"""What contradicts what: figures each other; words figures, or other words; this year the report of the last."""

_END: Final = re.compile(r"[。；;！？]")
_CAUSES: Final = re.compile(r"\s*主要")
_FAR: Final = 1000  # characters within which the end of a sentence is looked for
_LONGEST: Final = 60  # characters that are quoted before, between and after figures


class Source(NamedTuple):
    """Where figures of a finding are printed.

    ``place`` is 第21页 or 第1272行; ``name`` the table with row and column, empty for prose. ``pieces`` are the
    printed text: figures of the finding at odd positions, the words between them at even ones; ``figures`` are the
    numbers at the odd positions.
    """

    place: str
    name: str
    pieces: tuple[str, ...]
    figures: tuple[Sourced, ...]


class Number(NamedTuple):
    """A number of a finding: what it is, its value (with its sources), its unit (万元, %, 件, …)."""

    name: str
    value: Decimal
    unit: str


class Wrong(NamedTuple):
    """The figure that is wrong: what it is, as printed with its unit, and what it should be, if that is determined."""

    name: str
    printed: str
    figure: Sourced
    wanted: Number | None


@dataclass(frozen=True, slots=True)
class Break:
    """A contradiction.

    Attributes
    ----------
    identity : Identity
        What is broken.
    formula : str
        The relation with its figures, or what the words say.
    kind : str
        One of :data:`KINDS`.
    wrong : Wrong or None
        The figure that is wrong where the other identities determine it: that of the first source.
    sides : tuple of Number
        The two sides; none for words.
    difference, tolerance : Number or None
        What separates the sides, where they differ, and what rounding explains of that.
    sources : tuple of Source
        Where its figures are printed.
    figures : tuple of (str, Sourced)
        The printed figures that are involved.
    consequences : tuple of (str, figures)
        What else breaks for the same reason, each with its figures.
    observations : tuple of int
        The rows of ``Report.observations`` that are involved, the wrong figure first where it is known.
    """

    identity: Identity
    formula: str
    kind: str
    wrong: Wrong | None
    sides: tuple[Number, ...]
    difference: Number | None
    tolerance: Number | None
    sources: tuple[Source, ...]
    figures: tuple[Cited, ...]
    consequences: tuple[tuple[str, tuple[Cited, ...]], ...]
    observations: tuple[int, ...]

    @property
    def card(self) -> Card:
        """What is shown of it."""
        from qy_finance.analysis.reconciliation_story import cards

        return cards([self])[0]

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    def __str__(self) -> str:
        return str(self.card)

    @property
    def weight(self) -> tuple[int, Decimal, int]:
        """How many checks it breaks, by how much of the larger side, and whether figures show it."""
        largest = max((abs(side.value) for side in self.sides), default=Decimal(0))
        apart = self.difference.value / largest if self.difference and largest else Decimal(0)
        return 1 + len(self.consequences), apart, min(len(self.sources), 1)


def breaks(checked: Checked) -> list[Break]:
    """The contradictions: by kind, then by weight, then as printed."""
    rows = frame(checked.made)
    broken = rows.loc[rows["status"] == "break", ["consequences", "observations"]]
    found = [
        _break(finding, following, observed, checked)
        for finding, (following, observed) in zip(
            checked.findings, broken.itertuples(index=False), strict=True
        )
    ]
    return sorted(
        found, key=lambda one: (list(KINDS).index(one.kind), [-part for part in one.weight])
    )


def _break(
    finding: Finding,
    consequences: tuple[str, ...],
    observations: tuple[int, ...],
    checked: Checked,
) -> Break:
    check, culprit = finding.check, finding.culprit
    outcome, figures = check.outcome, cited(check.rule.operands, checked)
    unit = unit_of(check)
    apart = "个百分点" if unit == "%" else unit
    sides, gap = (outcome.lhs, outcome.rhs), outcome.difference
    slack = None if is_worded(check.rule) else outcome.tolerance
    return Break(
        check.identity,
        check.rule.formula(),
        _kind(check.identity),
        _wrong(culprit, corrected(finding), checked, figures) if culprit else None,
        tuple(
            sorted(
                (
                    Number(name, side(value, figures), unit)
                    for name, value in zip(_names(check), sides, strict=True)
                    if value is not None
                ),
                key=lambda side: side.name == "算出",
            )
        ),
        Number("相差", computed(abs(gap), figures), apart) if gap else None,
        Number("舍入可解释", computed(slack, figures), apart) if slack else None,
        _sources(
            checked,
            (*([culprit] if culprit else []), *check.rule.operands),
            causes=isinstance(check.rule, Words),
        ),
        figures,
        tuple(
            (message, cited(other.rule.operands, checked))
            for other, message in zip(finding.consequences, consequences, strict=True)
        ),
        observations,
    )


def _kind(identity: Identity) -> str:
    if identity.group == YEARS:
        return "years"
    return "figures" if identity.severity == "error" else "words"


def _wrong(
    culprit: Operand, value: Decimal | None, checked: Checked, figures: tuple[Cited, ...]
) -> Wrong:
    unit, figure = culprit.figure.unit_of_measure, number_of(culprit, checked)
    assert figure is not None  # a constant is never wrong
    others = [(printed, number) for printed, number in figures if number is not figure]
    return Wrong(
        culprit.full,
        f"{culprit.printed}{'' if culprit.is_percent else ' '}{unit}",
        figure,
        None if value is None else Number("应为", computed(value, others), unit),
    )


def _names(check: Check) -> tuple[str, str]:
    """What the two sides are: two figures, two sums, or one figure and what others make of it."""
    rule = check.rule
    if not isinstance(rule, Linear):
        return "印出", "算出"
    left, right = len(rule.left) == 1, len(rule.right) == 1
    if left == right:
        return ("一处", "另一处") if left else ("一边", "另一边")
    return ("印出", "算出") if left else ("算出", "印出")


def _sources(checked: Checked, operands: Sequence[Operand], causes: bool) -> tuple[Source, ...]:
    """Cells by themselves, figures of one sentence together; the first, then those that are not zero."""
    figures: dict[tuple[int, int], Operand] = {}
    for operand in operands:
        if operand.place:  # a constant has none
            figures.setdefault((operand.row, operand.figure.start), operand)
    first, rest = list(figures.values())[:1], list(figures.values())[1:]
    report = checked.report
    quoted: dict[tuple[str, int, int], list[Operand]] = {}
    for operand in (*first, *sorted(rest, key=lambda operand: operand.value == 0)):
        figure = operand.figure
        if figure.table is None and operand.row >= 0:
            key = "", *_sentence(report.text, figure.start, figure.end, causes)
        else:
            key = operand.place, figure.start, figure.end
        quoted.setdefault(key, []).append(operand)
    return tuple(_source(checked, key[1:], some) for key, some in quoted.items())


def _source(checked: Checked, span: tuple[int, int], operands: list[Operand]) -> Source:
    operand, report = operands[0], checked.report
    figure = operand.figure
    in_order = sorted(operands, key=lambda one: one.figure.start)
    # a number may be 0: None alone is left out
    numbers = tuple(number for one in in_order if (number := number_of(one, checked)) is not None)
    earlier = operand.row < 0
    place = f"上年报告{operand.place}" if earlier else operand.place
    if figure.table is not None:
        spec = SPEC[figure.table]
        row, column = labels(spec, figure.code or "", figure.item, figure.column or "")
        path = " · ".join(filter(None, (spec.name, figure.side, row, column)))
        return Source(place, path, ("", operand.printed, f" {figure.unit_of_measure}"), numbers)
    if earlier:
        said = ("", operand.printed, f" {figure.unit_of_measure}")
        return Source(place, figure.item, said, numbers)
    marks = [(one.figure.start, one.figure.end) for one in in_order]
    ends = [span[0], *(end for mark in marks for end in mark), span[1]]
    pieces = ["".join(report.text[start:end].split()) for start, end in pairwise(ends)]
    pieces[0] = pieces[0].rpartition(figure.section)[2]  # its heading is no part of it
    pieces[0] = _shortened(pieces[0], 0)
    pieces[2:-1:2] = [_shortened(piece, _LONGEST // 2) for piece in pieces[2:-1:2]]
    pieces[-1] = _shortened(pieces[-1], _LONGEST)
    return Source(place, "", tuple(pieces), numbers)


def _shortened(words: str, head: int) -> str:
    """Words of which so many at the head are kept, and the rest of the longest that is quoted at the tail."""
    if len(words) <= _LONGEST:
        return words
    tail = _LONGEST - head
    return f"{words[:head]}…{words[-tail:] if tail else ''}"


def _sentence(text: str, start: int, end: int, causes: bool) -> tuple[int, int]:
    """The sentence around a figure, with the next one where that states causes that are wanted too."""
    first = max(0, start - _FAR)
    before = [match.end() for match in _END.finditer(text, first, start)]
    after = _END.search(text, end, end + _FAR)
    if after and causes and _CAUSES.match(text, after.end()):
        after = _END.search(text, after.end(), end + _FAR) or after
    return before[-1] if before else first, after.end() if after else end
