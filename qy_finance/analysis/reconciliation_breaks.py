"""Notebook 05: the contradictions of a report, each with the text in which its figures are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import pandas as pd

from qy_finance.analysis.reconciliation import NAMED, SPEC, YEARS, labels, text_of, unit_of
from qy_finance.report import Report

KINDS: Final = {"figures": "数字矛盾", "words": "用语矛盾", "years": "与上年不符"}
"""What contradicts what: figures each other; words figures, or other words; this year the report of the last."""

_END: Final = re.compile(r"[。；;！？]")
_FAR: Final = 1000  # characters within which the end of a sentence is looked for
_LONGEST: Final = 60  # characters that are quoted before, between and after figures


class Source(NamedTuple):
    """Where figures of a finding are printed.

    ``place`` is 第21页 or 第1272行; ``name`` the table with row and column, empty for prose. ``pieces`` are the
    printed text: figures of the finding at odd positions, the words between them at even ones.
    """

    place: str
    name: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A contradiction.

    Attributes
    ----------
    purpose, group : str
        The identity that is broken.
    sentence : str
        What is wrong, with both sides, as ``Report.check`` says it.
    kind : str
        One of :data:`KINDS`.
    known : bool
        The other identities determine which figure is wrong: that of the first source.
    left, right, difference, tolerance : float or None
        Both sides in ``unit``, what separates them and what rounding explains of that; None for words.
    unit : str
        万元, %, 件, …
    sources : tuple of Source
        Where its figures are printed.
    consequences : tuple of str
        What else breaks for the same reason.
    """

    purpose: str
    group: str
    sentence: str
    kind: str
    known: bool
    left: float | None
    right: float | None
    difference: float | None
    tolerance: float | None
    unit: str
    sources: tuple[Source, ...]
    consequences: tuple[str, ...]

    @property
    def weight(self) -> tuple[int, float]:
        """How many checks it breaks, and by how much of the larger side."""
        sides = max(abs(self.left or 0), abs(self.right or 0))
        return 1 + len(self.consequences), abs(self.difference or 0) / sides if sides else 0


def breaks(report: Report, checks: pd.DataFrame) -> list[Break]:
    """The contradictions: by kind, then by weight, then as printed."""
    broken = checks[checks["status"] == "break"]
    found = [_break(report, row) for row in broken.to_dict("records")]
    return sorted(
        found, key=lambda one: (list(KINDS).index(one.kind), [-part for part in one.weight])
    )


def _break(report: Report, row: dict[Any, Any]) -> Break:
    purpose = str(row["purpose"])
    left, right, difference, tolerance = (
        None if pd.isna(row[name]) else float(row[name])
        for name in ("lhs", "rhs", "difference", "tolerance")
    )
    return Break(
        purpose,
        str(row["group"]),
        str(row["message"]).removesuffix(purpose).removesuffix("。"),
        _kind(row),
        NAMED in row["message"],
        left,
        right,
        difference,
        tolerance,
        unit_of(report, row),
        _sources(report, row["observations"]),
        tuple(row["consequences"]),
    )


def _kind(row: dict[Any, Any]) -> str:
    if row["group"] == YEARS:
        return "years"
    return "figures" if row["severity"] == "error" else "words"


def _sources(report: Report, numbers: tuple[int, ...]) -> tuple[Source, ...]:
    """Cells by themselves, figures of one sentence together; the first, then those that are not zero."""
    figures = report.observations.loc[list(numbers)].to_dict("records")
    figures[1:] = sorted(figures[1:], key=lambda figure: figure["value"] == 0)
    quoted: dict[tuple[int, int], list[dict[Any, Any]]] = {}
    for figure in figures:
        span = figure["start"], figure["end"]
        if pd.isna(figure["table"]):
            span = _sentence(report.text, *span)
        quoted.setdefault(span, []).append(figure)
    return tuple(_source(report, span, some) for span, some in quoted.items())


def _source(report: Report, span: tuple[int, int], figures: list[dict[Any, Any]]) -> Source:
    first = figures[0]
    place = f"第{first['line']}行" if pd.isna(first["page"]) else f"第{first['page']}页"
    if pd.notna(first["table"]):
        spec = SPEC[str(first["table"])]
        path = " · ".join(part for part in (text_of(first["side"]), *labels(spec, first)) if part)
        return Source(place, f"{spec.name} · {path}", ("", str(first["printed"]), ""))
    marks = sorted((figure["start"], figure["end"]) for figure in figures)
    ends = [span[0], *(end for mark in marks for end in mark), span[1]]
    pieces = ["".join(report.text[start:end].split()) for start, end in pairwise(ends)]
    pieces[0] = pieces[0].rpartition(str(first["section"]))[2]  # its heading is no part of it
    pieces[0] = _shortened(pieces[0], 0)
    pieces[2:-1:2] = [_shortened(piece, _LONGEST // 2) for piece in pieces[2:-1:2]]
    pieces[-1] = _shortened(pieces[-1], _LONGEST)
    return Source(place, "", tuple(pieces))


def _shortened(words: str, head: int) -> str:
    """Words of which so many at the head are kept, and the rest of the longest that is quoted at the tail."""
    if len(words) <= _LONGEST:
        return words
    tail = _LONGEST - head
    return f"{words[:head]}…{words[-tail:] if tail else ''}"


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a figure."""
    first = max(0, start - _FAR)
    before = [match.end() for match in _END.finditer(text, first, start)]
    after = _END.search(text, end, end + _FAR)
    return before[-1] if before else first, after.end() if after else end
