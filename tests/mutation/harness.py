"""Changes each printed figure of a report by itself and looks whether the checks notice.

As a script, it prints the tally of reports: ``python tests/mutation/harness.py [REPORT…]``.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

if __name__ == "__main__":  # the folder of a script is on the path, that of the tests isn't
    sys.path[0] = str(Path(__file__).parents[1])

from mutation.edit import edited
from qy_finance.errors import ReportError
from qy_finance.figures import number
from qy_finance.readers import Document, read_document
from qy_finance.report import Report, report_of

Check: TypeAlias = Callable[[Report], pd.DataFrame]
Break: TypeAlias = tuple[object, ...]

KINDS: Final = ("table", "amount", "percent")
STEP: Final = Decimal("0.50")
_UNITS: Final = {"万元": "amount", "%": "percent", "％": "percent"}
_APPLIES: Final = ("exact", "tail", "break")
_LIMITS: Final = ("prose.bound", "words.indicator")
"""Checks that only say on which side of a limit a figure is (≤ 100 %, a target): nothing states its value."""
_MEANING: Final = [
    "table", "section", "side", "code", "item", "column", "measure", "unit_of_measure", "year",
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one changed figure.

    ``breaks`` counts the new ones, ``first`` tells whether each of them names the figure first. Where it is
    ``determined``, no other figure stands in just the same checks, and could be the wrong one as well.
    ``unreached`` is why no check that applies, but for limits, has the figure among its operands, empty if one
    has. ``refused`` is why the change doesn't count: what is read is not the same report but for that value.
    """

    row: int
    kind: str
    place: str
    replacement: str
    breaks: int = 0
    first: bool = False
    determined: bool = False
    unreached: str = ""
    refused: str = ""

    @property
    def noticed(self) -> bool:
        return self.breaks > 0


def kind_of(observation: Any) -> str | None:
    """Which class of figures an observation belongs to; None if its figure isn't changed."""
    if not pd.isna(observation.table):
        return "table"
    return _UNITS.get(str(observation.unit_of_measure))


def changed(printed: str, row: int, *, separators: bool) -> str:
    """A figure half a unit higher or, every other row if it stays positive, lower, in the printed style."""
    before = number(printed)
    after = before - STEP if row % 2 and before >= STEP else before + STEP
    places = max(-int(before.as_tuple().exponent), 1)
    comma = "," in printed or (separators and abs(before) < 1000)
    return f"{after:,.{places}f}" if comma else f"{after:.{places}f}"


def read(document: Document) -> Report:
    """The report of a document, without warnings of what it lacks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return report_of(document)


def outcomes(
    document: Document, check: Check = Report.check, *, cells: int = 1, prose: int = 1
) -> Iterator[Outcome]:
    """Change each figure of a report and check it again.

    Of the figures of tables and of the prose, ``cells`` and ``prose`` take every so many.
    """
    report = read(document)
    before = check(report)
    known = _breaks(before)
    held = before[before["status"].isin(_APPLIES)]
    limits = held["check_id"].str.split(":").str[0].isin(_LIMITS)
    reached = _checks_of_rows(held[~limits])
    alike = Counter(reached.values())
    separators = bool(report.observations["printed"].str.contains(",").any())
    every = {"table": cells, "amount": prose, "percent": prose}
    seen: Counter[str] = Counter()
    for row in report.observations.itertuples():
        kind = kind_of(row)
        if kind is None:
            continue
        seen[kind] += 1
        if seen[kind] % every[kind]:
            continue
        at = int(row.Index)
        replacement = changed(row.printed, at, separators=separators)
        unreached = "" if at in reached else _why(report, before, at)
        try:
            after = read(edited(document, row.start, row.end, replacement))
        except ReportError as error:
            refused = f"{type(error).__name__}: {error}"
            yield Outcome(at, kind, _place(row), replacement, refused=refused)
            continue
        refused = _other_changes(report, after, at, replacement)
        new = [] if refused else _new(known, _breaks(check(after)))
        first = all(operands[:1] == (at,) for operands in new)
        determined = alike[reached.get(at, frozenset())] == 1
        place = _place(row)
        yield Outcome(at, kind, place, replacement, len(new), first, determined, unreached, refused)


def _breaks(checks: pd.DataFrame) -> dict[Break, tuple[int, ...]]:
    """The contradictions, by what they say, with the rows of the figures that they name."""
    rows = checks[checks["status"] == "break"]
    keys = rows[["check_id", "lhs", "rhs", "difference"]].astype(object)
    keys = keys.where(keys.notna(), None)
    return dict(
        zip(
            keys.itertuples(index=False, name=None),
            (tuple(map(int, operands)) for operands in rows["observations"]),
            strict=True,
        )
    )


def _new(
    before: dict[Break, tuple[int, ...]], after: dict[Break, tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """The figures of new contradictions; an old one with other numbers is one only if there are no others."""
    new = {key: operands for key, operands in after.items() if key not in before}
    old = {key[0] for key in before}
    return [operands for key, operands in new.items() if key[0] not in old] or [*new.values()]


def _checks_of_rows(checks: pd.DataFrame) -> dict[int, frozenset[str]]:
    """For each figure that checks have, their ids."""
    found: dict[int, set[str]] = {}
    for check, rows in zip(checks["check_id"], checks["observations"], strict=True):
        for row in rows:
            found.setdefault(int(row), set()).add(check)
    return {row: frozenset(ids) for row, ids in found.items()}


def _other_changes(before: Report, after: Report, at: int, replacement: str) -> str:
    """What else is read differently, or not as it was changed; empty where nothing is.

    Copies of the figure in headers that are repeated on further pages differ from it now: they may appear.
    """
    old, new = before.observations, after.observations
    own = old.loc[at]
    shift = len(replacement) - len(own["printed"])
    moved = old["start"] + shift * (old["start"] > own["start"]).astype("Int64")
    found = new[new["start"].isin(moved)].reset_index(drop=True)
    if len(found) != len(old) or found.at[at, "printed"] != replacement:
        return f"{len(found)} of {len(old)} figures are read again, {found.at[at, 'printed']} here"
    step = abs(found.at[at, "value"] - own["value"])
    same = _alike(old, found) & (old["value"].eq(found["value"]) | (old.index == at))
    same[at] &= abs(step - float(STEP)) < 1e-6
    further = new[~new["start"].isin(moved)]
    copies = further[_MEANING].fillna("").eq(own[_MEANING].fillna("")).all(axis=1)
    copies &= further["value"] == own["value"]
    wrong = pd.concat([found[~same], further[~copies]])
    return "; ".join(_place(row) for row in wrong.itertuples())


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> pd.Series[bool]:
    """Which rows speak of the same thing."""
    return one[_MEANING].fillna("").eq(other[_MEANING].fillna("")).all(axis=1)


def _why(report: Report, checks: pd.DataFrame, at: int) -> str:
    """Why no check that applies has the figure of a row."""
    involved = checks["observations"].map(lambda rows: at in rows)
    named = checks.loc[involved.astype(bool), ["check_id", "status"]]
    if not named.empty:
        return "; ".join(f"{row.check_id} {row.status}" for row in named.itertuples())
    frame = report.observations
    own = frame.loc[at]
    if pd.isna(own["table"]):
        return f"no identity for {own['measure']}"
    alike = frame[(frame["table"] == own["table"]).fillna(value=False)]
    keys = alike[["side", "code", "item"]].fillna("")
    in_row = int((keys == keys.loc[at]).all(axis=1).sum()) - 1
    in_column = int((alike["column"] == own["column"]).sum()) - 1
    return f"{in_row} others in its row, {in_column} in its column, no identity"


def _place(row: Any) -> str:
    parts = (
        f"line {row.line}" if pd.isna(row.page) else f"page {row.page}",
        *(row.table, row.section if pd.isna(row.table) else None, row.side, row.code),
        *(row.item, row.column, row.measure, row.printed),
    )
    return " · ".join(str(part) for part in parts if not pd.isna(part) and part)


@dataclass(frozen=True)
class Tally:
    """How many figures of a kind were changed, and what became of them."""

    outcomes: Sequence[Outcome]

    @classmethod
    def of(cls, kind: str, found: Iterable[Outcome]) -> Tally:
        return cls([outcome for outcome in found if outcome.kind == kind])

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.refused]

    @property
    def counted(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.refused]

    @property
    def unreached(self) -> list[Outcome]:
        return [outcome for outcome in self.counted if outcome.unreached]

    @property
    def reached(self) -> list[Outcome]:
        return [outcome for outcome in self.counted if not outcome.unreached]

    @property
    def noticed(self) -> list[Outcome]:
        return [outcome for outcome in self.counted if outcome.noticed]

    @property
    def missed(self) -> list[Outcome]:
        return [outcome for outcome in self.reached if not outcome.noticed]

    @property
    def single(self) -> list[Outcome]:
        """Those with exactly one new contradiction."""
        return [outcome for outcome in self.noticed if outcome.breaks == 1]

    @property
    def named(self) -> list[Outcome]:
        """Those with exactly one new contradiction, which names the changed figure first."""
        return [outcome for outcome in self.single if outcome.first]

    @property
    def determined(self) -> list[Outcome]:
        """Those that no other figure can be mistaken for."""
        return [outcome for outcome in self.noticed if outcome.determined]


def share(part: Sequence[Outcome], whole: Sequence[Outcome]) -> float:
    """The share of the whole; all of nothing is 1."""
    return len(part) / len(whole) if whole else 1.0


def summary(kind: str, tally: Tally) -> str:
    """One line with the numbers of a tally."""
    seen = [o for o in tally.reached if o.noticed]
    named = [o for o in tally.determined if o in tally.named]
    return (
        f"{kind}: {len(tally.counted)} changed, {len(tally.noticed)} noticed"
        f" ({share(tally.noticed, tally.counted):.1%}); of {len(tally.reached)} reached"
        f" {len(seen)} ({share(seen, tally.reached):.1%});"
        f" one break {share(tally.single, tally.noticed):.1%},"
        f" and the figure first {share(tally.named, tally.noticed):.1%},"
        f" {share(named, tally.determined):.1%} of the {len(tally.determined)} determined ones;"
        f" {len(tally.refused)} refused"
    )


def _print(path: Path) -> None:
    print(f"# {path.name}")
    found = list(outcomes(read_document(path)))
    for kind in KINDS:
        tally = Tally.of(kind, found)
        print(f"\n## {summary(kind, tally)}")
        several = [o for o in tally.noticed if o not in tally.single]
        other = [o for o in tally.single if o not in tally.named]
        unseen = [o for o in tally.unreached if not o.noticed]
        _list("missed", tally.missed, lambda o: "")
        _list("unreached", unseen, lambda o: o.unreached)
        _list("several breaks", several, lambda o: str(o.breaks))
        _list("another figure named first", other, _certain)
        _list("refused", tally.refused, lambda o: o.refused)


def _certain(outcome: Outcome) -> str:
    return "determined" if outcome.determined else ""


def _list(title: str, found: Sequence[Outcome], remark: Callable[[Outcome], str]) -> None:
    if found:
        print(f"\n{title}:")
    for outcome in found:
        print(f"  [{outcome.row}] {outcome.place} → {outcome.replacement}  {remark(outcome)}")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        _print(Path(argument))
