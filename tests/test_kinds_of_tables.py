"""Which table a printed one is, and what is said of those that are none of the form's."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from browser import needs_chromium
from papers.description import TEMPLATES, load
from papers.pdf import Printer

import qy_finance
from qy_finance.errors import MissingTableWarning

pytestmark = needs_chromium

ReportOf = Callable[[str], qy_finance.Report]


@pytest.fixture(scope="module")
def report_of() -> Iterator[ReportOf]:
    """The report of a template, printed once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        printer = Printer(Path(folder))

        @cache
        def read(name: str) -> qy_finance.Report:
            pdf = printer.print(load(TEMPLATES / f"{name}.txt"), Path(folder))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", MissingTableWarning)
                return qy_finance.read_report(pdf)

        yield read
        printer.close()


@pytest.mark.parametrize(
    ("template", "money", "budget"),
    [
        ("three_public_twice", "all appropriations", "not said"),
        ("three_public_two_budgets", "all appropriations", "initial and adjusted"),
        ("three_public_within_related_expenses", "general budget", "not said"),
        ("three_public_with_counts_below", "all appropriations", "not said"),
        ("three_public_three_years", "not said", "not said"),
        ("three_public_meetings", "general budget", "initial"),
    ],
)
def test_of_which_money_and_budget(
    report_of: ReportOf, template: str, money: str, budget: str
) -> None:
    meta = report_of(template).meta
    assert meta["three_public"] == {"money": money, "budget": budget}


def test_nothing_is_said_of_a_table_that_is_not_there(report_of: ReportOf) -> None:
    assert report_of("all_funds_alone").meta["three_public"] == {}


def test_a_table_of_all_funds_is_another_one(report_of: ReportOf) -> None:
    report = report_of("all_funds_alone")
    assert "general_budget_expenditure" in report.meta["missing_tables"]
    assert report.meta["unread_tables"] == {}
    other = report.unclaimed().query("reason == 'other table'")["printed"]
    assert {"520.00", "300.00", "220.00", "420.00"} <= set(other)


def test_the_table_of_another_entity_is_another_one(report_of: ReportOf) -> None:
    other = report_of("two_entities").unclaimed().query("reason == 'other table'")["printed"]
    assert {"240.00", "220.00", "20.00"} <= set(other)


def test_tables_without_figures_are_there(report_of: ReportOf) -> None:
    report = report_of("empty_in_words")
    assert {"government_fund", "state_capital"}.isdisjoint(report.meta["missing_tables"])
    assert (
        report.tables["government_fund"].empty
        or report.tables["government_fund"].isna().any().any()
    )


def test_rates_and_counts_are_no_money(report_of: ReportOf) -> None:
    rates = report_of("three_public_rates_without_sign").observations
    row = rates[rates["printed"] == "84.21"].iloc[0]
    assert (row["measure"], row["unit_of_measure"]) == ("completion_rate", "%")
    counts = report_of("three_public_within_statistics").observations
    row = counts[counts["column"] == "决算数/公务用车保有量"].iloc[0]
    assert (row["measure"], row["unit_of_measure"]) == ("count", "")


def test_a_figure_of_another_year_carries_it(report_of: ReportOf) -> None:
    frame = report_of("three_public_three_years").observations
    totals = frame[frame["column"].str.endswith("/合计").fillna(value=False)]
    assert list(zip(totals["printed"], totals["year"], strict=True)) == [
        ("9.00", 2021), ("8.50", 2022), ("8.00", 2023),
    ]  # fmt: skip


def test_assets_below_three_public_are_of_another_table(report_of: ReportOf) -> None:
    unclaimed = report_of("three_public_within_statistics").unclaimed()
    assert (
        dict(zip(unclaimed["printed"], unclaimed["reason"], strict=True))["35.50"] == "other table"
    )


def test_a_negative_in_brackets_or_words(report_of: ReportOf) -> None:
    frame = report_of("negative_in_brackets").observations
    assert set(frame.loc[frame["printed"].str.contains("20.34"), "value"]) == {-20.34}
    frame = report_of("notes_and_units_in_cells").observations
    assert set(frame.loc[frame["printed"].str.contains("155.34"), "value"]) == {-155.34}


def test_no_check_breaks_for_a_cell_that_holds_a_header(report_of: ReportOf) -> None:
    """The row of the total holds 合计, 基本支出 and 项目支出 of 本年支出: what was spent is not nothing."""
    report = report_of("fund_total_beside_heads")
    checks = report.check().set_index("check_id")["status"]
    assert checks["fund.balance:合计"] == "not_run"
    assert not checks.str.fullmatch("break").any()
