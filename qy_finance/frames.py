"""The frames of a report (:class:`qy_finance.report.Report`), made of its figures and what else was read."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

import pandas as pd

from qy_finance.checks.relations import comparable, met, met_in_table
from qy_finance.contract import CONTRACT, columns
from qy_finance.errors import MissingTableError
from qy_finance.evaluation import TableIndicator
from qy_finance.facts import Fact, figure_id
from qy_finance.figures import NUMERAL
from qy_finance.form import Form, Lexicon
from qy_finance.framing import framed, framed_rows
from qy_finance.narrative import Indicator
from qy_finance.narrative.numerals import numerals
from qy_finance.readers import Box, Document, squeeze
from qy_finance.reading import Reading

FACTS: Final = (
    "section", "item", "column", "measure", "value", "unit_of_measure", "year", "printed", "page", "line",
    "start", "end",
)  # fmt: skip
"""Columns of :attr:`qy_finance.report.Report.facts`."""
_OF_FACTS: Final = ("report_id", "year", "unit_of_measure", "printed", "line")
_OF_FIGURES: Final = (
    "table", "section", "side", "code", "item", "column", "measure", "start", "end",
)  # fmt: skip
_OBSERVED: Final = "observed"
_DECIDED: Final = {
    "figure": "string", "row": "Int64", "printed": "string", "value": "Float64", "verdict": "string", "who": "string",
    "when": "string", "why": "string",
}  # fmt: skip


class Tables(dict[str, pd.DataFrame]):
    """The tables of a report by id; see :attr:`qy_finance.report.Report.tables`."""

    def __init__(self, frames: dict[str, pd.DataFrame], file: str, form: Form) -> None:
        super().__init__(frames)
        self._file, self._form = file, form

    @property
    def listing(self) -> pd.DataFrame:
        """A row for each table: ``table`` (its id), ``title``, how many ``rows`` and ``columns``."""
        rows = [
            (table, self._form.name(table), len(frame), len(frame.columns))
            for table, frame in self.items()
        ]
        return pd.DataFrame(rows, columns=["table", "title", "rows", "columns"])

    def __repr__(self) -> str:
        return self.listing.to_string(index=False) if self else "no table"

    def _repr_html_(self) -> str:
        names = ["、".join(map(str, frame.columns)) for frame in self.values()]
        with pd.option_context("display.max_colwidth", None):
            return self.listing.assign(names=names).to_html(index=False, border=0)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __missing__(self, table: str) -> pd.DataFrame:
        known = self._form.name(table) if table in self._form.ids else table
        named, present = f"{table} {known}", ", ".join(self)
        raise MissingTableError(self._file, named, "a table of the report", present)


def observations(reading: Reading) -> pd.DataFrame:
    """One row for each figure; see :attr:`qy_finance.report.Report.observations`."""
    document, facts, figures = reading.document, reading.facts, reading.figures
    boxes = [document.box(figure.start, figure.end) for figure in figures]
    starts = [figure.start for figure in figures]
    data: dict[str, list[object]] = {
        **{name: [getattr(fact, name) for fact in facts] for name in _OF_FACTS},
        **{name: [getattr(figure, name) for figure in figures] for name in _OF_FIGURES},
        "unit": [reading.identity.unit] * len(facts),
        "value": [float(figure.value) for figure in figures],
        "page": [document.page_at(start) for start in starts],
        **{edge: [box and box[at] for box in boxes] for at, edge in enumerate(Box._fields)},
        "confidence": [document.confidence(f.start, f.end) for f in figures],
        "file": [document.file_of(figure.start) for figure in figures],
        "place": [spot and spot.name for spot in map(document.spot, starts)],
        "figure": [fact.id for fact in facts],
    }
    return _frame(data, columns("observations"))


def tables(reading: Reading) -> Tables:
    """The tables as printed; see :attr:`qy_finance.report.Report.tables`."""
    made = {
        table: _table([fact for fact in reading.facts if fact.figure.table == table])
        for table in reading.tables
    }
    return Tables(made, reading.file, reading.form)


def _table(facts: Sequence[Fact]) -> pd.DataFrame:
    """A row for each account, a column for each canonical column."""
    rows: dict[tuple[str | None, str | None, str], dict[str, object]] = {}
    texts: dict[str, str] = {}
    printed: dict[str, str] = {}
    for fact in facts:
        figure = fact.figure
        row = rows.setdefault((figure.side, figure.code, figure.item), dict(figure.texts))
        row.setdefault(fact.column, float(figure.value))
        texts |= dict.fromkeys(dict(figure.texts), "string")
        printed.setdefault(fact.column, "Float64")
    keys = ("side", "code", "item")
    data: dict[str, list[object]] = {key: [row[at] for row in rows] for at, key in enumerate(keys)}
    data |= {name: [row.get(name) for row in rows.values()] for name in texts | printed}
    kinds = dict.fromkeys(keys, "string") | texts | printed
    frame = _frame(data, kinds)
    return frame.drop(columns=["side"]) if frame["side"].isna().all() else frame


def kpis(reading: Reading) -> pd.DataFrame:
    """One row for each indicator; see :attr:`qy_finance.report.Report.kpis`."""
    rows = [
        *(_indicator(reading, indicator) for indicator in reading.indicators),
        *(_evaluated(reading, row) for row in reading.evaluations),
    ]
    rows.sort(key=itemgetter("start"))
    names = columns("kpis")
    return _frame([tuple(row[name] for name in names) for row in rows], names)


def _indicator(reading: Reading, indicator: Indicator) -> dict[str, Any]:
    """An indicator that the prose states."""
    target = reading.fact(indicator.target)
    actual = reading.fact(indicator.actual) if indicator.actual else None
    figure = target.figure
    return {
        **_compared(target, actual),
        "name": target.item,
        "comparison": indicator.comparison or None,
        "met": met(target, actual, indicator.comparison),
        "reason": indicator.reason or None,
        **dict.fromkeys(("class", "weight", "score", "project")),
        "section": target.section or None,
        "target_printed": target.printed + figure.unit_of_measure,
        "actual_printed": actual and actual.printed + actual.figure.unit_of_measure,
        **_place(reading, figure.start, figure.end),
    }


def _evaluated(reading: Reading, row: TableIndicator) -> dict[str, Any]:
    """A row of a self-evaluation table."""
    target, actual = (
        reading.fact(figure) if figure else None for figure in (row.target, row.actual)
    )
    return {
        **_compared(target, actual),
        "name": row.name,
        "comparison": row.comparison or None,
        "met": met_in_table(target, actual, row.comparison) if target else None,
        "reason": row.reason or None,
        "class": row.path or None,
        "weight": None if row.weight is None else float(row.weight),
        "score": None if row.score is None else float(row.score),
        "project": row.project or None,
        "section": row.section or None,
        "target_printed": row.target_said or None,
        "actual_printed": row.actual_said or None,
        **_place(reading, row.start, row.end),
    }


def _compared(target: Fact | None, actual: Fact | None) -> dict[str, Any]:
    """Target and actual value in the unit of the latter; that is missing where it is of other things."""
    reached = actual if actual and (target is None or comparable(target, actual)) else None
    units = [known.unit_of_measure for known in (reached, target) if known]
    return {
        "target": target and float(target.value / (reached or target).factor),
        "actual": reached and float(reached.figure.value),
        "unit": next(filter(None, units), None),
    }


def _place(reading: Reading, start: int, end: int) -> dict[str, Any]:
    line = reading.document.line_at(start)
    named = figure_id(reading.document, start, end)
    page = reading.document.page_at(start)
    return {"page": page, "line": line.number, "start": start, "end": end, "figure": named}


def decisions(reading: Reading) -> pd.DataFrame:
    """One row for each figure that a person decided on; see :attr:`qy_finance.report.Report.decisions`."""
    facts = {fact.id: fact for fact in (*reading.facts, *reading.evaluated)}
    rows: list[tuple[object, ...]] = []
    for id, one in reading.decisions.items():
        row = facts[id].row if facts[id].row >= 0 else None
        value = None if one.value is None else float(one.value)
        rows.append(
            (id, row, facts[id].printed, value, one.verdict or None, one.who, one.when, one.why)
        )
    return _frame(rows, _DECIDED)


def unclaimed(reading: Reading) -> pd.DataFrame:
    """Each numeral that is no figure; see :meth:`qy_finance.report.Report.unclaimed`."""
    document, text = reading.document, reading.text
    labels = [""] * len(text)  # what claims each character
    for exclusion in reading.exclusions:
        size = exclusion.end - exclusion.start
        labels[exclusion.start : exclusion.end] = [exclusion.reason] * size
    for figure in reading.figures:
        labels[figure.start : figure.end] = [_OBSERVED] * (figure.end - figure.start)
    rows: list[tuple[object, ...]] = []
    for match in NUMERAL.finditer(text):
        start = match.start()
        while start < match.end():
            end = start + 1
            while end < match.end() and labels[end] == labels[start]:
                end += 1
            reason = labels[start] or _reason_in_line(document, start, reading.form.lexicon)
            if reason != _OBSERVED and text[start:end].strip(",."):
                line = document.line_at(start)
                page = document.page_at(start)
                rows.append((text[start:end], reason, page, line.number, start, end))
            start = end
    return _frame(rows, columns("unclaimed"))


def _reason_in_line(document: Document, at: int, lexicon: Lexicon) -> str:
    """Why a numeral in the title or header of a table is no figure."""
    line = document.line_at(at)
    text = squeeze(document.text[line.start : line.end])
    offset = len(squeeze(document.text[line.start : at]))
    found = (n.reason for n in numerals(text, lexicon) if n.start <= offset < n.end)
    return next(found, None) or "unknown"


def _frame(
    data: dict[str, list[object]] | list[tuple[object, ...]], dtypes: dict[str, str]
) -> pd.DataFrame:
    """A frame with exactly these columns and dtypes, under the contract, of columns or of rows."""
    frame = framed(data, dtypes) if isinstance(data, dict) else framed_rows(data, dtypes)
    frame.attrs["contract"] = CONTRACT
    return frame
