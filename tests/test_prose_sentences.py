"""Sentences of final accounts of any department, each with the facts that a person would type from it.

The sentences stand in ``prose/sentences.txt``, with invented numbers, a block each::

    # what is special
    > a heading that stands before it
    the sentence, as it is printed, in one or more lines
    = value unit measure item [code] @ column #year
    ? a numeral that is not understood

``value`` has its sign, and that of a target (≥92); ``-`` is no unit; a year is given where it is not the report's.
Facts and numerals that are not understood stand in the order of the text.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from qy_finance import read_report
from qy_finance.form import final_accounts
from qy_finance.narrative import NarrativeReading, read_narrative
from qy_finance.readers import Document

HERE = Path(__file__).parent
FORM = final_accounts()
UNIT, YEAR = "某市财政局", 2023


class Case(NamedTuple):
    """A block of the file."""

    kind: str
    headings: list[str]
    printed: list[str]
    expected: list[str]


def _case(block: str) -> Case:
    kind, *lines = block.split("\n")
    by_mark = {mark: [line for line in lines if line[0] == mark] for mark in ">=?"}
    printed = [line for line in lines if line[0] not in by_mark]
    expected = [line for line in lines if line[0] in "=?"]
    return Case(kind.removeprefix("# "), [line[2:] for line in by_mark[">"]], printed, expected)


CASES = [
    _case(block)
    for block in (HERE / "prose/sentences.txt").read_text(encoding="utf-8").strip().split("\n\n")
]


def _read(text: str) -> NarrativeReading:
    document = Document(Path("report.txt"), text)
    return read_narrative(document, document.lines, FORM, UNIT, YEAR)


def facts(headings: list[str], printed: list[str]) -> list[str]:
    """What is read of the lines behind the headings, as the file writes it."""
    text = "\n".join([*headings, *printed])
    begins = len("\n".join(headings)) + bool(headings)
    reading = _read(text)
    signs = {one.target.start: one.comparison for one in reading.indicators}
    found = [
        (lost.start, f"? {''.join(text[lost.start : lost.end].split())}")
        for lost in reading.exclusions
        if lost.reason == "unknown"
    ]
    for one in reading.figures:
        column = f" @ {one.column}" if one.column else ""
        year = f" #{one.year}" if one.year != YEAR else ""
        item = f"{one.item} [{one.code}]" if one.code else one.item
        value = f"{signs.get(one.start, '')}{one.value} {one.unit_of_measure or '-'}"
        found.append((one.start, f"= {value} {one.measure} {item}{column}{year}"))
    return [fact for start, fact in sorted(found) if start >= begins]


def test_there_are_many_kinds() -> None:
    kinds = [case.kind for case in CASES]
    assert len(set(kinds)) == len(kinds)
    assert len(kinds) >= 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_sentence(case: Case) -> None:
    assert facts(case.headings, case.printed) == case.expected


# --- line breaks --------------------------------------------------------------------------------


def _width(text: str) -> int:
    return len(text.encode("gbk"))


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for character in text:
        if _width(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


@pytest.mark.parametrize("width", [24, 30, 37, 46, 62, 80])
def test_a_paragraph_set_in_lines_of_any_width_says_the_same(width: int) -> None:
    """Lines break within numbers, names and units (万 / 元), as they do in a page's text."""
    wrong = {}
    for case in CASES:
        if len(case.printed) == 1:
            lines = _wrapped(case.printed[0], width)
            if (found := facts(case.headings, lines)) != case.expected:
                wrong[case.kind] = (lines, found)
    assert not wrong


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if len(one.printed) == 1 and not one.headings],
    ids=lambda case: case.kind,
)
def test_no_break_bends_a_number(case: Case) -> None:
    """Wherever a line is broken, behind its first words: no value that is not printed."""
    text = case.printed[0]
    values = {fact.split()[1].lstrip("-≥≤") for fact in case.expected if fact[0] == "="}
    first = next(at for at, character in enumerate(text) if character in "，。；,;：")
    for at in range(first, len(text)):
        found = facts([], [text[:at], text[at:]])
        read = {fact.split()[1].lstrip("-≥≤") for fact in found if fact[0] == "="}
        assert read <= values, text[:at] + " / " + text[at:]


# --- what is not understood ---------------------------------------------------------------------


def test_a_figure_that_is_not_understood_is_told_and_is_no_fact(tmp_path: Path) -> None:
    report = (HERE / "reconciliation/anhui_water.txt").read_text(encoding="utf-8")
    path = tmp_path / "report.txt"
    path.write_text(report.rstrip() + "\n公用经费狂降8.13万元。\n", encoding="utf-8")
    read = read_report(path)
    unknown = read.unclaimed().query("reason == 'unknown'")
    assert list(unknown["printed"])[-1:] == ["8.13"]
    assert "8.13" not in set(read.observations["printed"])
    line = read.text.split("\n")[int(unknown["line"].iloc[-1]) - 1]
    assert line == "公用经费狂降8.13万元。"


# --- indicators ---------------------------------------------------------------------------------

INDICATORS = {
    "10秒人工接通率97.15%，较目标值（≥92%）高5.15个百分点；群众满意率95.02%，未达到97%的年度指标值。": [
        ("10秒人工接通率", "≥", "92", "97.15"),
        ("群众满意率", "", "97", "95.02"),
    ],
    "群众满意率93.40%（目标值≥90%），工单退回率1.20%（目标值≤3%）。": [
        ("群众满意率", "≥", "90", "93.40"),
        ("工单退回率", "≤", "3", "1.20"),
    ],
    "按时办结率目标值≥98%，实际完成99.20%；工单差错率目标值≤2%，实际完成0.80%。": [
        ("按时办结率", "≥", "98", "99.20"),
        ("工单差错率", "≤", "2", "0.80"),
    ],
    "接通率96.80%，高于95%的目标值；按期办结率目标值≥99%，实际完成98.10%。": [
        ("接通率", "", "95", "96.80"),
        ("按期办结率", "≥", "99", "98.10"),
    ],
    "培训人数目标200人。": [("培训人数", "", "200", None)],
}


@pytest.mark.parametrize("text", INDICATORS)
def test_each_target_has_what_was_reached(text: str) -> None:
    found = [
        (
            one.target.item,
            one.comparison,
            str(one.target.value),
            one.actual and str(one.actual.value),
        )
        for one in _read(text).indicators
    ]
    assert found == INDICATORS[text]
