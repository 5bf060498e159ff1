"""Final accounts in the wording of many places: none of their figures contradict each other until one is changed.

``reconciliation/`` holds fictional reports whose figures were each rounded from exact amounts, so that every
contradiction that is found there is a false alarm. Beside each stands a list of changes, made one at a time: at
``line`` and ``column``, ``printed`` becomes ``instead``, which contradicts other figures or words (``what``).
``variants.csv`` lists changes that contradict nothing: other wordings of what a report says. A reason in ``gap``
says why a contradiction is not found, or a false one is, for now.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import qy_finance
from qy_finance.report import Report

FOLDER = Path(__file__).parent / "reconciliation"
REPORTS = sorted(FOLDER.glob("*.txt"))

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def _marks(gap: str | None) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=gap, strict=True)] if gap else []


def _listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _changes() -> Iterator[object]:
    for path in REPORTS:
        for change in _listed(path.with_suffix(".csv")):
            name = f"{path.stem}-{change['line']}-{change['column']}"
            yield pytest.param(path, change, id=name, marks=_marks(change["gap"]))


def _variants() -> Iterator[object]:
    for number, variant in enumerate(_listed(FOLDER / "variants.csv"), start=2):
        name = f"{variant['report']}-{number}"
        yield pytest.param(variant, id=name, marks=_marks(variant["gap"]))


def _breaks(report: Report) -> dict[str, tuple[str, set[int]]]:
    """The message of each contradiction and the lines of its figures, by check."""
    checks = report.check()
    lines = report.observations["line"]
    found = checks[checks["status"] == "break"]
    return {
        row.check_id: (row.message, {int(lines[at]) for at in row.observations})
        for row in found.itertuples()
    }


@cache
def _unchanged(path: Path) -> dict[str, tuple[str, set[int]]]:
    return _breaks(qy_finance.read_report(path))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_consistent_account_has_no_contradiction(path: Path) -> None:
    assert not _unchanged(path)


@pytest.mark.parametrize(("path", "change"), list(_changes()))
def test_change_is_found_once(path: Path, change: dict[str, str], tmp_path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    at, column = int(change["line"]) - 1, int(change["column"])
    before, after = lines[at][:column], lines[at][column:]
    assert after.startswith(change["printed"])
    lines[at] = before + change["instead"] + after.removeprefix(change["printed"])
    changed = tmp_path / path.name
    changed.write_text("\n".join(lines), encoding="utf-8")
    found = _breaks(qy_finance.read_report(changed))
    for check in _unchanged(path):
        found.pop(check, None)
    assert len(found) == 1
    message, places = found.popitem()[1]
    assert at + 1 in places or f"第{at + 1}行" in message


@pytest.mark.parametrize("variant", list(_variants()))
def test_other_wording_has_no_contradiction(variant: dict[str, str], tmp_path: Path) -> None:
    text = (FOLDER / f"{variant['report']}.txt").read_text(encoding="utf-8")
    assert variant["printed"] in text
    changed = tmp_path / "report.txt"
    changed.write_text(text.replace(variant["printed"], variant["instead"]), encoding="utf-8")
    assert not _breaks(qy_finance.read_report(changed))
