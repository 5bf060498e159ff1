"""Reports of fictional departments, laid out as text and read back.

The writer records every figure while it writes, from knowledge of how final accounts are
published; nothing here shares code with the parser.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from layout.accounts import Account
from layout.canvas import Options
from layout.draws import accounts
from layout.facts import Fact, Laid
from layout.sample import SAMPLE
from layout.text_writer import lay_out, options

import qy_finance

DEFAULT = Options()
VARIANTS: dict[str, Options] = {
    "as published": DEFAULT,
    "no separators": replace(DEFAULT, separators=False),
    "no blank lines": replace(DEFAULT, blank_lines=False),
    "no trailing spaces": replace(DEFAULT, trailing_spaces=False),
    "neither blank lines nor trailing spaces": replace(
        DEFAULT, blank_lines=False, trailing_spaces=False
    ),
    "page numbers": replace(DEFAULT, page_numbers=" {} "),
    "page numbers between dashes": replace(DEFAULT, page_numbers="— {} —"),
    "page numbers in words": replace(DEFAULT, page_numbers="第 {} 页"),
    "form feeds": replace(DEFAULT, form_feeds=True),
    "form feeds and page numbers": replace(DEFAULT, form_feeds=True, page_numbers=" {} "),
    "three rows a page": replace(DEFAULT, rows_per_page=3),
    "one page a table": replace(DEFAULT, rows_per_page=60),
    "headers not repeated": replace(DEFAULT, repeat_headers=False),
    "no row numbers": replace(DEFAULT, row_numbers=False),
    "narrow names": replace(DEFAULT, name_width=5),
    "wide names": replace(DEFAULT, name_width=24),
    "unwrapped prose": replace(DEFAULT, line_width=10_000),
    "no notes": replace(DEFAULT, notes=False),
    "orderly headers": replace(DEFAULT, jumbled_headers=False),
    "公开01表": replace(DEFAULT, table_labels="公开0{}表"),
    "no table labels": replace(DEFAULT, table_labels=""),
    "金额单位": replace(DEFAULT, unit_line="部门：{unit} 金额单位：{money}"),
    "编制单位": replace(DEFAULT, unit_line="编制单位：{unit}   单位：{money}"),
    "half-width punctuation": replace(DEFAULT, half_width=True),
    "full-width percent": replace(DEFAULT, wide_percent=True),
    "spaces around numbers": replace(DEFAULT, number_spaces="all"),
    "no spaces around numbers": replace(DEFAULT, number_spaces="none"),
    "contents": replace(DEFAULT, contents=True),
    "Shanghai prose": replace(DEFAULT, prose_style="shanghai"),
    "other words": replace(DEFAULT, seed=7),
    "other words again": replace(DEFAULT, seed=8),
    "Shanghai prose, other words": replace(DEFAULT, prose_style="shanghai", seed=9),
}
ACCOUNTS: dict[str, Account] = {
    "24 lines, a whole department": replace(
        SAMPLE,
        unit="漳州市教育局",
        lines=24,
        entries=tuple(entry for entry in SAMPLE.entries if entry.fund != "capital"),
    ),
    "money in 元": replace(SAMPLE, money_unit="元"),
    "no government fund": replace(
        SAMPLE, entries=tuple(entry for entry in SAMPLE.entries if entry.fund == "general")
    ),
    "2016": replace(SAMPLE, year=2016),
    "2025": replace(SAMPLE, year=2025),
}
Read = tuple[Laid, Account, qy_finance.Report]


def _read(account: Account, layout: Options, path: Path) -> Read:
    laid = lay_out(account, layout)
    path.write_text(laid.text, encoding="utf-8", newline="")
    return laid, account, qy_finance.read_report(path)


@pytest.fixture(scope="module", params=[*VARIANTS, *ACCOUNTS])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    account = ACCOUNTS.get(request.param, SAMPLE)
    layout = VARIANTS.get(request.param, DEFAULT)
    return _read(account, layout, tmp_path_factory.mktemp("report") / "report.txt")


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def _alike(text: str) -> str:
    """Full-width and half-width forms taken together."""
    return unicodedata.normalize("NFKC", text)


def check_tables(laid: Laid, _: Account, report: qy_finance.Report) -> None:
    """Every cell of every table, in the order of the text, and no other."""
    rows = report.observations.dropna(subset=["table"]).sort_values("start")
    found = [
        (r.table, _text(r.side), _text(r.code), r.item, r.column, r.printed)
        for r in rows.itertuples()
    ]
    wanted = [(c.table, c.side, c.code, c.item, c.column, c.printed) for c in laid.cells]
    assert found == wanted


def check_prose(laid: Laid, _: Account, report: qy_finance.Report) -> None:
    """Every figure of the prose with its meaning, in the order of the text, and no other."""
    observations = report.observations
    rows = list(observations[observations["table"].isna()].sort_values("start").itertuples())
    facts = _without_unread(laid.facts, [(r.printed, r.measure) for r in rows])
    found = [
        (r.printed, float(r.value), _alike(_text(r.unit_of_measure) or ""), r.year) for r in rows
    ]
    wanted = [(f.printed, float(f.value), _alike(f.unit), f.year) for f in facts]
    assert found == wanted
    wrong = [
        f"line {row.line}: {row.printed} is read as {row.measure} of {row.item!r}, "
        f"not as {' or '.join(fact.measures)} of {' or '.join(fact.keywords) or 'anything'}"
        for fact, row in zip(facts, rows, strict=True)
        if row.measure not in fact.measures
        or (fact.keywords and not any(_alike(word) in _alike(row.item) for word in fact.keywords))
    ]
    assert not wrong, "\n".join(wrong)


def _without_unread(facts: list[Fact], found: list[tuple[str, str]]) -> list[Fact]:
    """The facts less those optional ones that the reader left alone."""
    kept: list[Fact] = []
    for fact in facts:
        is_next = len(kept) < len(found) and found[len(kept)][0] == fact.printed
        if not fact.optional or (is_next and found[len(kept)][1] in fact.measures):
            kept.append(fact)
    return kept


def check_places(laid: Laid, _: Account, report: qy_finance.Report) -> None:
    """Each figure stands where it is said to stand, and no numeral is left unexplained."""
    for row in report.observations.itertuples():
        assert report.text[row.start : row.end] == row.printed
        assert report.text.count("\n", 0, row.start) + 1 == row.line
    unclaimed = report.unclaimed()
    unknown = unclaimed[unclaimed["reason"] == "unknown"]
    assert unknown.empty, unknown.to_string()


def check_meta(_: Laid, account: Account, report: qy_finance.Report) -> None:
    wanted = {
        "unit": account.unit,
        "year": account.year,
        "scope": account.scope,
        "money_unit": account.money_unit,
        "missing_tables": (),
        "unread_tables": {},
    }
    assert {name: report.meta[name] for name in wanted} == wanted


def check_kpis(laid: Laid, _: Account, report: qy_finance.Report) -> None:
    found = [
        (r.comparison, float(r.target), float(r.actual), _alike(r.unit), bool(r.met))
        for r in report.kpis.itertuples()
    ]
    wanted = [
        (i.comparison, float(i.target), float(i.actual), _alike(i.unit), i.met)
        for i in laid.indicators
    ]
    assert found == wanted
    for name, indicator in zip(report.kpis["name"], laid.indicators, strict=True):
        assert indicator.name in name


CHECKS: tuple[Callable[[Laid, Account, qy_finance.Report], None], ...] = (
    check_tables,
    check_prose,
    check_places,
    check_meta,
    check_kpis,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_variant(check: Callable[[Laid, Account, qy_finance.Report], None], read: Read) -> None:
    check(*read)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated") / "report.txt"


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(account=accounts(), layout=options)
def test_any_account_in_any_layout(account: Account, layout: Options, scratch: Path) -> None:
    read = _read(account, layout, scratch)
    for check in CHECKS:
        check(*read)


@pytest.mark.parametrize("layout", VARIANTS.values(), ids=VARIANTS)
def test_the_writer_prints_what_it_says(layout: Options) -> None:
    """The writer's own book-keeping: cells and facts stand in its text in that order."""
    laid = lay_out(SAMPLE, layout)
    place = laid.text.index("机构设置")
    overview, *facts = laid.facts
    for printed in (overview, *laid.cells, *facts):
        place = laid.text.index(printed.printed, place) + len(printed.printed)
    assert list(laid.spans) == list(dict.fromkeys(cell.table for cell in laid.cells))
