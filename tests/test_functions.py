"""Functions of government (COFOG): the list of accounts, what it makes of reports, and what it must not make."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from plain import plain

import qy_finance
from qy_finance.analysis import accounts, knowledge
from qy_finance.analysis import functions as of_government
from qy_finance.analysis.functions import FUNCTIONS, Functions, rule_of, rules, shares
from qy_finance.analysis.measures import ReportingUnit
from qy_finance.analysis.members import member
from qy_finance.analysis.panel import Panel
from qy_finance.contract import LISTS, columns
from qy_finance.language import CHINESE, speaking
from qy_finance.numbers import Number, total
from qy_finance.report import Report
from qy_finance.text import functions as text

ROOT = Path(__file__).parents[1]
FICTIONAL = sorted((ROOT / "tests" / "reconciliation").glob("*.txt"))
REAL = next((ROOT / "data" / "raw" / "2022").glob("*.txt"))

pytestmark = [
    pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning"),
    pytest.mark.filterwarnings("ignore::qy_finance.errors.IdentityWarning"),
]

D = Decimal
Row = tuple[str | None, str, str, str]
"""Code, item, 本年支出合计, 基本支出."""
Made = Callable[..., Functions]


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(REAL)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The functions of a table of expenditure with these rows."""

    def make(rows: Sequence[Row], whole: str = "", year: int = 2023) -> Functions:
        told = [
            (code, item, *(Number(D(one), unit="万元") for one in amounts))
            for code, item, *amounts in rows
        ]
        names = ("code", "item", accounts.SPENT, "基本支出")
        table = accounts.framed(told, names, dict.fromkeys(names[:2], "string"))
        monkeypatch.setattr(of_government.accounts, "exact", lambda *_: table)
        cell = SimpleNamespace(number=Number(D(whole), unit="万元")) if whole else None
        identity = SimpleNamespace(money_unit="万元", year=year)
        reading = SimpleNamespace(identity=identity, cell=lambda *_: cell)
        checks: Any = SimpleNamespace(reading=reading)
        return Functions(checks)

    return make


# ---- the list


def test_the_list_is_whole() -> None:
    path = ROOT / "qy_finance" / "analysis" / "functions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == len(set(codes)) == len(rules())
    for code, rule in rules().items():
        assert re.fullmatch(r"\d{3}|\d{5}|\d{7}", code)
        assert rule.sure in LISTS["mapping"]
        has_group = rule.sure in ("assigned", "judgement")
        assert bool(rule.cofog) == has_group, code
        assert not has_group or rule.cofog[:2] in FUNCTIONS, code
        assert rule.sure == "assigned" or rule.basis, code
        for group in (rule.cofog, *rule.other.split()):
            assert re.fullmatch(r"(?:\d\d(?:\.\d+\.\d+)?)?", group), code


def test_costs_of_own_staff_are_those_of_the_page() -> None:
    for one in knowledge("own_staff.toml")["account"]:
        assert rules()[one["code"]].sure == "staff"
        assert one["name"] in rules()[one["code"]].names


def test_an_account_is_what_is_known_of_the_lowest_above_it() -> None:
    assert rule_of("2050202", 2023).cofog == "09.1.2"
    assert rule_of("2040299", 2023).code == "20402"
    assert rule_of("2049701", 2023).code == "204"  # all of 公共安全
    assert rule_of("2019701", 2023) is None  # 201 is of several functions
    assert rule_of("299", 2023) is None
    assert rule_of("2240106", 2018) is None  # 224 is there since 2019
    assert rule_of("2240106", 2019).cofog == "04.1.2"


# ---- reports


def test_the_first_report(report: Report) -> None:
    found = Functions(report.checks)
    assert found.home == "01"
    sums = {code: total(one.amount for one in some) for code, some in found.by_function.items()}
    assert sums == {"01": D("3436.78"), "10": D("35.45")}
    assert [one.code for one in found.by_function["10"]] == ["2080501"]
    (mixed,) = found.apart["mixed"]
    assert (mixed.code, mixed.amount) == ("2121399", D("3740.53"))
    assert (
        plain(text.title(found, 2022))
        == "2022 年：51.9% 的支出归不到一项职能，一般公共服务占 47.6%"
    )
    said = plain(text.on_functions(found))
    assert "归得到一项职能的占本年支出 48.1%" in said
    assert "混合 3,740.53 万元，占本年支出 51.9%" in said
    assert "2121399" in said
    table = text.by_function(found).set_index("职能")
    assert table.loc["合计", "本年支出"] == D("7212.75")
    assert table.loc["一般公共服务", "其中本单位职工"] == D("51.05") + D("26.48") + D("6.57") + D(
        "55.61"
    )


@pytest.mark.parametrize("path", [REAL, *FICTIONAL], ids=lambda path: path.stem[:20])
def test_everything_adds_up_to_the_printed_total(path: Path) -> None:
    read = qy_finance.read_report(path)
    found, printed = (
        Functions(read.checks),
        read.reading.cell("expenditure", "合计", accounts.SPENT),
    )
    assert printed is not None
    assert total(part.amount for part in found.parts) == printed.value
    table = text.by_function(found)
    assert sum(table["本年支出"].iloc[:-1]) == table["本年支出"].iloc[-1] == printed.value
    frame = read.functions()
    assert dict(frame.dtypes.astype(str)) == columns("functions") | {"figures": "object"}
    assert frame["amount"].sum() == pytest.approx(float(printed.value))
    assert (frame["cofog"].isna() == frame["cofog_name"].isna()).all()
    some = shares(read.checks)
    inside = [share for key, share in some.items() if key != "cofog_mapped"]
    assert float(sum(inside)) == pytest.approx(float(some["cofog_mapped"]))


@pytest.mark.parametrize("path", [REAL, *FICTIONAL], ids=lambda path: path.stem[:20])
def test_english_sentences_have_the_same_numbers(path: Path) -> None:
    read = qy_finance.read_report(path)
    found, year = Functions(read.checks), read.reading.identity.year
    zh, zh_title = plain(text.on_functions(found)), text.title(found, year)
    with speaking("en", strict=True):
        en, en_title = plain(text.on_functions(found)), text.title(found, year)
    assert not CHINESE.search(en + en_title)
    numbers = r"\d[\d,.]*\d|\d"
    assert sorted(re.findall(numbers, en)) == sorted(re.findall(numbers, zh))
    assert set(re.findall(numbers, en_title)) == set(re.findall(numbers, zh_title))


def test_what_is_not_known_is_shown_with_its_code(made: Made) -> None:
    found = made(
        [("201", "一般公共服务支出", "90", "0"), ("20197", "新事务", "60", "0"), ("2019701", "新事项", "60", "0"),
         ("20106", "财政事务", "30", "30"), ("2010601", "行政运行", "30", "30")], "90"
    )  # fmt: skip
    assert list(found.table["name"]) == ["一般公共服务", "未归类：2019701 新事项"]
    assert "未归类 60.00 万元，占本年支出 66.7%（对照表里没有这些编码：2019701）" in plain(
        text.on_functions(found)
    )
    assert found.mapped == pytest.approx(D(100) / 3)


def test_mixed_and_out_of_scope_are_never_spread(made: Made) -> None:
    rows = [("206", "科学技术支出", "5", "0"), ("231", "债务还本支出", "4", "0")]
    found = made([*rows, ("203", "国防支出", "1", "1")], "10")
    assert {code: len(some) for code, some in found.by_function.items()} == {"02": 1}
    assert {sure: some[0].code for sure, some in found.apart.items()} == {
        "mixed": "206",
        "out": "231",
    }
    assert found.mapped == 10
    said = plain(text.on_functions(found))
    assert "支出决算表只印到类级科目" in said
    assert "混合 5.00 万元，占本年支出 50.0%" in said
    assert "不在范围内 4.00 万元" in said


def test_costs_of_staff_go_where_the_wages_are(made: Made) -> None:
    pension = ("2080505", "机关事业单位基本养老保险缴费支出", "10", "10")
    pay = ("2080501", "行政单位离退休", "50", "50")
    alone = made([("2040201", "行政运行", "90", "90"), pay, pension], "150")
    assert alone.home == "03"
    assert [one.code for one in alone.by_function["03"]] == ["2040201", "2080505"]
    two = made([("2040201", "行政运行", "60", "60"), ("2050205", "高等教育", "40", "40"), pension], "110")  # fmt: skip
    assert two.home == ""
    assert [one.code for one in two.apart["staff"]] == ["2080505"]
    assert "看不出随哪一项" in plain(text.on_functions(two))
    none = made([("2040201", "行政运行", "60", "0"), pension], "70")
    assert none.home == ""
    hidden = made([("2040201", "行政运行", "60", "60"), ("2019701", "新事项", "40", "40"), pension], "110")  # fmt: skip
    assert hidden.home == ""


def test_another_name_under_a_known_code_is_no_certainty(made: Made) -> None:
    (part,) = made([("2050202", "水库移民", "5", "5")], "5").parts
    assert part.sure == "judgement"
    assert part.basis == "按编码归类：2050202 在对照表里是“小学教育”"
    (same,) = made([("2080501", "归口管理的行政单位离退休", "5", "5")], "5").parts
    assert same.sure == "assigned"


def test_where_accounts_contradict_the_total_there_are_no_shares(made: Made) -> None:
    found = made([("2050202", "小学教育", "60", "60")], "100")
    assert found.mapped is None
    assert found.table["amount"].tolist() == [60, 40]
    assert found.table["share"].isna().all()
    said = plain(text.on_functions(found))
    assert "差 40.00 万元，舍入解释不了，所以不算占比" in said
    assert "%" not in said


def test_what_is_lacking_is_said(made: Made) -> None:
    assert text.on_functions(made([])) == "报告没有支出决算表，不能按职能归类。"
    bare = made([(None, "合计", "5", "5"), (None, "教育支出", "5", "5")], "5")
    assert text.on_functions(bare) == "支出决算表没有科目编码，不能按职能归类。"
    assert bare.mapped is None
    nothing = made([("2050202", "小学教育", "0", "0")], "0")
    assert text.on_functions(nothing) == "支出决算表里没有支出。"
    unprinted = made([("2050202", "小学教育", "5", "5")])
    assert text.on_functions(unprinted).endswith("表里没有印出合计，以各科目之和为合计。")
    for one in (bare, nothing):
        assert one.table.empty
        assert text.judged(one).empty


def test_what_is_judged_is_listed_with_its_basis(report: Report) -> None:
    frame = text.judged(Functions(report.checks))
    assert frame["科目"].tolist() == [
        "2013199 其他党委办公厅（室）及相关机构事务支出",
        "2121399 其他城市基础设施配套费安排的支出",
    ]
    assert frame["归入"].tolist() == ["01.1.1 一般公共服务", "混合"]
    assert (frame["依据"] != "").all()
    assert isinstance(frame, pd.DataFrame)


def test_the_panel_says_the_largest_functions_and_how_much_has_one(report: Report) -> None:
    school = qy_finance.read_report(next(one for one in FICTIONAL if "school" in one.stem))
    members = [
        member(one.checks, ReportingUnit(of.unit, of.unit, of.scope))
        for one in (report, school)
        for of in (one.reading.identity,)
    ]
    first, second = text.of_reports(Panel(members)).to_numpy().tolist()
    assert [first[2], first[4], first[6]] == ["本级", "一般公共服务", "社会保护"]
    assert [round(first[at], 1) for at in (3, 5, 7)] == [D("48.1"), D("47.6"), D("0.5")]
    assert (second[4], second[6]) == ("教育", "社会保护")
    assert "2 份报告里，归得到一项职能的支出占 48.1% 到 100.0%" in plain(
        text.on_panel(Panel(members))
    )
    assert text.of_reports(Panel([])).empty
    assert "没有一份可以按职能归类" in text.on_panel(Panel([]))
