"""What was read of a template on a paper, held against what must be read."""

from __future__ import annotations

import re
import tomllib
import warnings
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import qy_finance
from qy_finance.errors import ReportError

from .description import Template

UNREAD = Path(__file__).with_name("unread.toml")
#: Reasons that say what a numeral is. A figure that is given one of them is lost without a word.
_EXPLAINED = {
    "list number", "page number", "table number", "line number", "column number", "classification code", "header copy",
    "table note", "other table", "date", "document number", "in a name", "ordinal", "set phrase", "stray", "contact",
}  # fmt: skip
_CELL = ["table", "side", "code", "item", "column", "printed"]


@dataclass
class Outcome:
    """``wrong`` was read and is not printed so; ``missing`` was not read; ``untold`` of it is not said to be unread."""

    wanted: int
    wrong: Counter[Any] = field(default_factory=Counter)
    missing: Counter[Any] = field(default_factory=Counter)
    untold: Counter[Any] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    refused: str = ""
    said: str = ""
    may_lose: bool = False

    @property
    def kind(self) -> str:
        """One word: wrong, refused, untold, told or read."""
        if self.wrong:
            return "wrong"
        if self.refused:
            return "refused"
        return "untold" if self.untold else "told" if self.missing else "read"

    @property
    def falls_short(self) -> bool:
        """Less was read than can be: where blanks vanish, a table may be told to be unread."""
        told = self.may_lose and self.kind == "told"
        return not told and bool(self.missing or self.unknown)

    @property
    def reason(self) -> str:
        """Why not all of it was read, in short."""
        if self.refused or self.said:
            return self.refused or self.said
        if not self.missing:
            return "numerals that nothing explains"
        return f"{self.kind}: {' '.join(sorted({figure[0] or 'prose' for figure in self.missing}))}"

    def __str__(self) -> str:
        lacking, untold = self.missing.total(), self.untold.total()
        told = f" missing {lacking}" + (f" ({untold} untold)" if untold else "") if lacking else ""
        wrong = f" wrong {self.wrong.total()}" if self.wrong else ""
        return f"{self.kind} {self.wanted - lacking}/{self.wanted}{wrong}{told}"


def read(path: Path, template: Template, loses_blanks: bool = False) -> Outcome:
    """Read a file and compare; prose counts as cells of no table."""
    wanted = template.figures + Counter(
        {("", "", "", "", "", said): times for said, times in template.prose.items()}
    )
    outcome = Outcome(wanted.total())
    outcome.may_lose = loses_blanks and template.has_blanks
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            report = qy_finance.read_report(path)
        except ReportError as error:
            outcome.refused = f"all is refused: expected {_kind(error.expected)}"
            outcome.missing = wanted
            return outcome
    said = [
        said for warning in heard
        for said in str(warning.message).partition("; not read: ")[2].split("; ") if said
    ]  # fmt: skip
    outcome.said = "; ".join(
        f"not read: {_kind(text.partition(': expected ')[2])}" for text in said
    )
    frame = report.observations
    tables = frame[frame["table"].notna()][_CELL].fillna("")
    found: Counter[Any] = Counter(tables.itertuples(index=False, name=None))
    prose = frame[frame["table"].isna()]
    words = prose["printed"].str.replace(r"\s", "", regex=True)  # a line may end within a numeral
    words += prose["unit_of_measure"].fillna("")
    found.update(("", "", "", "", "", str(said)) for said in words)
    outcome.wrong, outcome.missing = found - wanted, wanted - found
    for row in frame[
        frame.duplicated("start") | (frame["printed"] != _printed(report))
    ].itertuples():
        outcome.wrong[("place", "", "", "", str(row.line), row.printed)] += 1
    for name, meant in (("year", template.year), ("unit", template.unit)):
        if report.meta[name] != meant:
            outcome.wrong[(name, "", "", "", "", str(report.meta[name]))] += 1
    unclaimed = report.unclaimed()
    lost = unclaimed[~unclaimed["reason"].isin(_EXPLAINED)]
    outcome.unknown = [*unclaimed.loc[unclaimed["reason"] == "unknown", "printed"]]
    told = Counter(re.sub(r"^\D+|\D+$", "", numeral) for numeral in lost["printed"])
    gone: Any = report.meta["missing_tables"]
    for figure, times in outcome.missing.items():
        printed = re.sub(r"^\D+|[^\d.,]+$|\D+$", "", figure[-1])
        said_so = times if figure[0] in gone else min(times, told[printed])
        told[printed] -= min(said_so, told[printed])
        outcome.untold[figure] = times - said_so
    outcome.untold = +outcome.untold
    return outcome


def _printed(report: qy_finance.Report) -> list[str]:
    """What stands where each figure is said to stand."""
    places = report.observations[["start", "end"]].itertuples(index=False)
    return [report.text[start:end] for start, end in places]


def _kind(expected: str) -> str:
    """What was expected, without the place and the numbers of one case."""
    return re.sub(r"\d+", "N", re.sub(r" in the row .*| of \S*表.*|, found .*", "", expected))


@cache
def unread() -> dict[tuple[str, str], str]:
    """What is not read today: why, by template and paper."""
    papers = tomllib.loads(UNREAD.read_text(encoding="utf-8"))
    return {
        (template, paper): reason
        for paper, reasons in papers.items()
        for reason, templates in reasons.items()
        for template in templates
    }


def held(outcome: Outcome, template: str, paper: str) -> None:
    """Fail for what is wrong, and for what is missing without standing on the list (or stands there without need)."""
    assert not outcome.wrong, f"{outcome}: {dict(outcome.wrong)}, not {dict(outcome.missing)}"
    reason = unread().get((template, paper))
    if reason is None:
        lacking = dict(outcome.missing) or outcome.unknown
        assert not outcome.falls_short, f"{outcome}, {outcome.reason}: {lacking}"
    else:
        assert outcome.falls_short, f"{template} on {paper} is read now: take it off {UNREAD.name}"
        pytest.xfail(reason)
