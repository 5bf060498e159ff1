"""Generated reports whose figures are printed with more or fewer decimals.

What pages, cards and index say of them is what ``Report.check`` says, read here from its frame alone.
"""

from __future__ import annotations

import random
import re
from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

import qy_finance
from qy_finance.analysis.findings import breaks
from qy_finance.analysis.measures import contradictions, headlines
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.procurement import procurement
from qy_finance.checks.model import STATUSES
from qy_finance.report import Report
from qy_finance.text import overview as text
from qy_finance.text.reconciliation import cards

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

MONEY = re.compile(r"(?<![\d.,])\d[\d,]*\.\d\d(?=\s*(?:万元|[%％]))")
"""Sums of money and percentages of the prose, all with two decimals."""


def mixed(told: str, chance: random.Random, much: float) -> str:
    """The same text with some figures of the prose printed anew: a zero trimmed, a decimal rounded, a digit changed."""

    def again(match: re.Match[str]) -> str:
        printed = match[0]
        if chance.random() > much:
            return printed
        what = chance.choice(("trimmed", "rounded", "changed"))
        if what == "trimmed":
            return printed.rstrip("0").rstrip(".")
        if what == "rounded":
            return f"{float(printed.replace(',', '')):,.1f}"
        at = chance.randrange(len(printed))
        digit = printed[at]
        return (
            f"{printed[:at]}{(int(digit) + 1) % 10}{printed[at + 1 :]}"
            if digit.isdigit() and at
            else printed
        )

    return MONEY.sub(again, told)


def status_of(frame: pd.DataFrame, identity: str, row: int) -> str | None:
    """How the check of an identity on a figure came out, from the frame; None where there is none, or it has no row."""
    named = frame["check_id"].str.partition(":")[0].eq(identity)
    held = named & frame["observations"].map(lambda rows: row in rows)
    found = frame.loc[held, "status"]
    return str(found.iloc[0]) if len(found) else None


def agree(report: Report) -> None:
    """Every verdict that is shown of a report against the frame of its checks."""
    frame, checks = report.check(), report.checks
    broken = frame[frame["status"] == "break"]

    found = Overview(checks)
    said = text.changes(found.compared)
    refused = re.search("对不上的有：(.*?)。", said)
    named = refused[1].split("、") if refused else []
    wrong = []
    for one in found.compared:
        if one.rate is None or one.change is None or one.verdict is None:
            continue
        status = status_of(frame, "prose.growth", one.rate.row)
        if status is None:  # it breaks for the reason of another, and is told there
            assert one.verdict == "break"
        else:
            assert one.verdict == status
        wrong += [one.name] if one.verdict == "break" and one.moved is not None else []
    assert [name.replace("**", "") for name in named] == wrong

    for side, identity in (("收入", "income"), ("支出", "expenditure")):
        (line,) = (one for one in text.balance(found) if one.startswith(side))
        status = frame.loc[frame["check_id"].eq(f"summary.{identity}_total"), "status"]
        if len(status):
            wanted = {"exact": "完全相符", "tail": "之内", "break": "解释不了"}
            assert wanted[status.iloc[0]] in line

    made = breaks(checks)
    assert sorted(one.observations for one in made) == sorted(broken["observations"])
    assert len(cards(made)) <= len(made)
    kinds = Counter("figures" if one == "error" else "words" for one in broken["severity"])
    assert Counter(one.kind for one in made) == kinds
    listed = contradictions(checks)
    assert sorted(listed["message"]) == sorted(broken["message"])
    disputed = headlines(checks).query("disputed")
    rows = {row for rows in broken.query("severity == 'error'")["observations"] for row in rows}
    assert all(rows.intersection(some) for some in disputed["rows"])

    for award in procurement(checks).awards:
        for ratio in award.ratios:
            if award.printed is None or not ratio.is_named or ratio.fit is None:
                continue
            status = status_of(frame, "prose.share", award.printed.row)
            if status in ("exact", "tail", "break"):
                assert ratio.fit.holds == (status != "break")

    shown = frame["status"].map(STATUSES)
    assert not shown.isna().any()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 10_000),
    style=st.sampled_from(["guangdong", "shanghai"]),
    much=st.sampled_from([0.1, 0.4, 0.9]),
)
def test_what_is_shown_of_mixed_precision_is_what_the_checks_say(
    seed: int, style: str, much: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = mixed(
        lay_out(SAMPLE, Options(seed=seed % 20, prose_style=style)).text, random.Random(seed), much
    )
    path = tmp_path_factory.mktemp("mixed") / "report.txt"
    path.write_text(told, encoding="utf-8")
    agree(qy_finance.read_report(path))


def test_figures_of_mixed_precision_do_break_and_round() -> None:
    """The texts that are generated do hold what the test above is about."""
    told = mixed(lay_out(SAMPLE, Options()).text, random.Random(1), 0.9)
    assert told != lay_out(SAMPLE, Options()).text
    decimals = Counter(
        len(figure.partition(".")[2])
        for figure in re.findall(r"\d[\d,]*(?:\.\d+)?(?=\s*万元)", told)
    )
    assert len(decimals) >= 3
