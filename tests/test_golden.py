"""One real report against data that were typed from it by hand (see golden/README.md).

The golden data are checked too: by sums, shares and rates typed here, in exact decimals, so that
a slip of the pen can't bless a slip of the parser.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from qy_finance import read_report
from qy_finance.report import Report

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
TABLE_LINES = range(82, 1058)  # part 2 of the report: the tables and their notes


def golden(name: str) -> pd.DataFrame:
    path = Path(__file__).parent / "golden" / f"qingyuan_2022_{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


TABLES, PROSE, NONFIGURES, KPIS = map(golden, ("tables", "prose", "nonfigures", "kpis"))


def number(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns as text, with an empty string where there is nothing."""
    return frame[list(columns)].astype("string").fillna("")


def assert_same(
    expected: Iterable[tuple[object, ...]], found: Iterable[tuple[object, ...]]
) -> None:
    """Fail with what was expected and isn't there (-) and what is there unexpected (+)."""
    lines = difflib.unified_diff(
        [str(row) for row in expected], [str(row) for row in found], n=0, lineterm=""
    )
    wrong = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    if wrong:
        pytest.fail("\n".join(["", *wrong]), pytrace=False)


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(REPORT)


@pytest.fixture(scope="module")
def observations(report: Report) -> pd.DataFrame:
    return report.observations.sort_values("start", kind="stable")


# ---------------------------------------------------------------- the parser against golden data


def test_tables(observations: pd.DataFrame) -> None:
    key = ["table", "side", "code", "item", "column", "printed"]
    found = observations[observations["table"].notna()]
    expected_rows = [(*row, number(row[-1])) for row in TABLES[key].itertuples(index=False)]
    found_rows = [
        (*row, Decimal(str(value)))
        for row, value in zip(
            text_of(found, key).itertuples(index=False, name=None), found["value"], strict=True
        )
    ]
    # 0.00 and 0.0 are one number and two texts: numbers are compared as numbers.
    assert_same(
        [(*row[:-1], row[-1].normalize()) for row in expected_rows],
        [(*row[:-1], row[-1].normalize()) for row in found_rows],
    )


PROSE_KEY = ["line", "printed", "value", "unit_of_measure", "measure", "year"]


def prose_rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [
        (int(line), printed, float(value), unit, measure, int(year))
        for line, printed, value, unit, measure, year in text_of(frame, PROSE_KEY).itertuples(
            index=False, name=None
        )
    ]


def test_prose(observations: pd.DataFrame) -> None:
    found = observations[observations["table"].isna()]
    assert_same(prose_rows(PROSE), prose_rows(found))


def test_prose_says_what_each_figure_is_about(observations: pd.DataFrame) -> None:
    found = observations[observations["table"].isna()]
    said = text_of(found, ["item", "column"]).map(squeeze)
    spoken: dict[tuple[object, ...], list[tuple[str, str]]] = defaultdict(list)
    for row, item, column in zip(prose_rows(found), said["item"], said["column"], strict=True):
        spoken[row].append((item, column))
    wrong = []
    golden = PROSE[["subject", "of"]].map(squeeze)
    for row, subject, of in zip(prose_rows(PROSE), golden["subject"], golden["of"], strict=True):
        if not spoken[row]:
            continue  # a missing figure is test_prose's finding
        item, column = spoken[row].pop(0)
        # which of an item's amounts it is (全年预算, 执行数) stands in the column
        if not (subject in item or item in subject or subject in column):
            wrong.append(f"line {row[0]}, {row[1]}: expected {subject}, found {item}, {column}")
        if of and not (of in column or (column in of and column)):
            wrong.append(f"line {row[0]}, {row[1]}: expected of {of}, found {column}")
    if wrong:
        pytest.fail("\n".join(["", *wrong]), pytrace=False)


def kpi_rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    texts = text_of(frame, ["name", "comparison", "unit"]).itertuples(index=False, name=None)
    numbers = text_of(frame, ["target", "actual"]).astype(float).itertuples(index=False, name=None)
    verdicts = text_of(frame, ["met", "reason"]).itertuples(index=False, name=None)
    return [
        (*text, *values, met.lower(), squeeze(reason).rstrip("。"))
        for text, values, (met, reason) in zip(texts, numbers, verdicts, strict=True)
    ]


def test_indicators(report: Report) -> None:
    assert_same(kpi_rows(KPIS), kpi_rows(report.kpis))


def test_every_numeral_is_accounted_for(report: Report) -> None:
    unclaimed = report.unclaimed()
    unknown = unclaimed[unclaimed["reason"] == "unknown"]
    assert unknown.empty, unknown.to_string()


def test_prose_numerals_that_are_no_figures(report: Report) -> None:
    unclaimed = report.unclaimed().sort_values("start")
    lines = [report.text.count("\n", 0, start) + 1 for start in unclaimed["start"]]
    found = [
        (line, printed)
        for line, printed in zip(lines, unclaimed["printed"], strict=True)
        if line not in TABLE_LINES
    ]
    expected = [(int(line), printed) for line, printed, _ in NONFIGURES.itertuples(index=False)]
    assert_same(expected, found)


def test_observations_point_at_their_characters(report: Report) -> None:
    wrong = [
        (o.line, o.printed, report.text[o.start : o.end])
        for o in report.observations.itertuples()
        if report.text[o.start : o.end] != o.printed
        or report.text.count("\n", 0, o.start) + 1 != o.line
    ]
    assert not wrong


# ---------------------------------------------------------------- golden data against themselves

CELLS = {
    (row.table, row.side, row.code or row.item, row.column): number(row.printed)
    for row in TABLES.itertuples()
}
TAIL = Decimal("0.02")  # the report says itself that its 万元 are rounded one by one


def cell(address: str) -> Decimal:
    """The value at `table|side|code or item|column`."""
    table, side, row, column = address.split("|")
    return CELLS[table, side, row, column]


FUNCTIONS = {
    "合计": "201 208 210 212 221",
    "201": "20103 20131 20199",
    "20103": "2010301 2010399",
    "20131": "2013199",
    "20199": "2019999",
    "208": "20805",
    "20805": "2080501 2080505 2080506",
    "210": "21011",
    "21011": "2101101",
    "212": "21213",
    "21213": "2121399",
    "221": "22102",
    "22102": "2210201",
}
FUNDED = {"合计": "212", "212": "21213", "21213": "2121399"}
NOT_FUNDED = {k: v.replace(" 212", "") for k, v in FUNCTIONS.items() if k not in ("212", "21213")}
ECONOMIC = {
    "人员经费": {
        "301": "30101 30102 30103 30106 30107 30108 30109 30110 30111 30112 30113 30114 30199",
        "303": "30301 30302 30303 30304 30305 30306 30307 30308 30309 30310 30311 30399",
        "人员经费合计": "301 303",
    },
    "公用经费": {
        "302": "30201 30202 30203 30204 30205 30206 30207 30208 30209 30211 30212 30213 30214"
        " 30215 30216 30217 30218 30224 30225 30226 30227 30228 30229 30231 30239 30240 30299",
        "307": "30701 30702",
        "310": "31001 31002 31003 31005 31006 31007 31008 31009 31010 31011 31012 31013 31019"
        " 31021 31022 31099",
        "399": "39907 39908 39909 39910 39999",
        "公用经费合计": "302 307 310 399",
    },
}
FUNCTION_NAMES = (
    "一般公共服务支出 外交支出 国防支出 公共安全支出 教育支出 科学技术支出 文化旅游体育与传媒支出"
    " 社会保障和就业支出 卫生健康支出 节能环保支出 城乡社区支出 农林水支出 交通运输支出"
    " 资源勘探工业信息等支出 商业服务业等支出 金融支出 援助其他地区支出 自然资源海洋气象等支出"
    " 住房保障支出 粮油物资储备支出 国有资本经营预算支出 灾害防治及应急管理支出 其他支出"
    " 债务还本支出 债务付息支出 抗疫特别国债安排的支出"
)
APPROPRIATIONS = "一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款"
TREES = [
    ("income", "", FUNCTIONS),
    ("expenditure", "", FUNCTIONS),
    ("general_budget_expenditure", "", NOT_FUNDED),
    ("government_fund", "", FUNDED),
    ("basic_expenditure", "人员经费", ECONOMIC["人员经费"]),
    ("basic_expenditure", "公用经费", ECONOMIC["公用经费"]),
    (
        "income_expenditure_summary",
        "收入",
        {
            "本年收入合计": "一般公共预算财政拨款收入 政府性基金预算财政拨款收入"
            " 国有资本经营预算财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入"
            " 其他收入",
            "总计": "本年收入合计 使用非财政拨款结余 年初结转和结余",
        },
    ),
    (
        "income_expenditure_summary",
        "支出",
        {"本年支出合计": FUNCTION_NAMES, "总计": "本年支出合计 结余分配 年末结转和结余"},
    ),
    (
        "appropriation_summary",
        "收入",
        {
            "本年收入合计": APPROPRIATIONS,
            "年初财政拨款结转和结余": " ".join(
                f"年初财政拨款结转和结余/{name}" for name in APPROPRIATIONS.split()
            ),
            "总计": "本年收入合计 年初财政拨款结转和结余",
        },
    ),
    (
        "appropriation_summary",
        "支出",
        {"本年支出合计": FUNCTION_NAMES, "总计": "本年支出合计 年末财政拨款结转和结余"},
    ),
]


@pytest.mark.parametrize(
    ("table", "side", "whole", "parts"),
    [
        pytest.param(table, side, whole, parts.split(), id=f"{table}-{side}-{whole}")
        for table, side, tree in TREES
        for whole, parts in tree.items()
    ],
)
def test_golden_rows_add_up(table: str, side: str, whole: str, parts: list[str]) -> None:
    columns = {column for t, s, _, column in CELLS if (t, s) == (table, side)}
    for column in columns:
        total = sum(CELLS[table, side, part, column] for part in parts)
        assert abs(CELLS[table, side, whole, column] - total) <= TAIL, column


def test_golden_rows_all_stand_in_a_sum() -> None:
    summed = {
        (table, side, row)
        for table, side, tree in TREES
        for whole, parts in tree.items()
        for row in (whole, *parts.split())
    }
    single = {("state_capital", "", "合计"), ("three_public", "", "“三公”经费")}
    assert {key[:3] for key in CELLS} == summed | single


VEHICLES = "公务用车购置及运行维护费"
COLUMN_SUMS = {
    "income": {
        "本年收入合计": "财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入 其他收入"
    },
    "expenditure": {"本年支出合计": "基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出"},
    "appropriation_summary": {"合计": APPROPRIATIONS},
    "general_budget_expenditure": {"本年支出合计": "基本支出 项目支出"},
    "government_fund": {
        "本年支出/小计": "本年支出/基本支出 本年支出/项目支出",
        "本年收入": "本年支出/小计 年末结转和结余",  # nothing was brought forward
    },
    "state_capital": {"本年支出/小计": "本年支出/基本支出 本年支出/项目支出"},
    "three_public": {
        f"{kind}/{whole}": " ".join(f"{kind}/{part}" for part in parts)
        for kind in ("预算数", "决算数")
        for whole, parts in {
            "合计": ("因公出国（境）费", f"{VEHICLES}/小计", "公务接待费"),
            f"{VEHICLES}/小计": (f"{VEHICLES}/公务用车购置费", f"{VEHICLES}/公务用车运行维护费"),
        }.items()
    },
}


@pytest.mark.parametrize(
    ("table", "whole", "parts"),
    [
        pytest.param(table, whole, parts.split(), id=f"{table}-{whole}")
        for table, sums in COLUMN_SUMS.items()
        for whole, parts in sums.items()
    ],
)
def test_golden_columns_add_up(table: str, whole: str, parts: list[str]) -> None:
    rows = [(side, row) for t, side, row, column in CELLS if (t, column) == (table, whole)]
    assert rows
    for side, row in rows:
        total = sum(CELLS[table, side, row, part] for part in parts)
        assert abs(CELLS[table, side, row, whole] - total) <= TAIL, row


GENERAL_CODES = [code for parts in NOT_FUNDED.values() for code in parts.split()]
SUMMARY, APPROPRIATION = "income_expenditure_summary", "appropriation_summary"
SAME = [
    (f"{SUMMARY}|收入|总计|决算数", f"{SUMMARY}|支出|总计|决算数"),
    (f"{SUMMARY}|收入|总计|决算数", f"{APPROPRIATION}|收入|总计|决算数"),
    (f"{SUMMARY}|收入|本年收入合计|决算数", "income||合计|本年收入合计"),
    (f"{SUMMARY}|支出|本年支出合计|决算数", "expenditure||合计|本年支出合计"),
    (
        f"{SUMMARY}|收入|年初结转和结余|决算数",
        f"{APPROPRIATION}|收入|年初财政拨款结转和结余|决算数",
    ),
    (f"{SUMMARY}|支出|年末结转和结余|决算数", f"{APPROPRIATION}|支出|年末财政拨款结转和结余|合计"),
    (f"{APPROPRIATION}|收入|总计|决算数", f"{APPROPRIATION}|支出|总计|合计"),
    (
        f"{APPROPRIATION}|支出|本年支出合计|一般公共预算财政拨款",
        "general_budget_expenditure||合计|本年支出合计",
    ),
    (
        f"{APPROPRIATION}|支出|本年支出合计|政府性基金预算财政拨款",
        "government_fund||合计|本年支出/小计",
    ),
    (f"{APPROPRIATION}|收入|政府性基金预算财政拨款|决算数", "government_fund||合计|本年收入"),
    ("general_budget_expenditure||合计|基本支出", "expenditure||合计|基本支出"),
    ("basic_expenditure|公用经费|30217|决算数", "three_public||“三公”经费|决算数/公务接待费"),
    (
        "basic_expenditure|公用经费|30231|决算数",
        f"three_public||“三公”经费|决算数/{VEHICLES}/公务用车运行维护费",
    ),
    ("basic_expenditure|人员经费|30113|决算数", "expenditure||2210201|基本支出"),
    ("basic_expenditure|人员经费|30108|决算数", "expenditure||2080505|基本支出"),
    ("basic_expenditure|人员经费|30109|决算数", "expenditure||2080506|基本支出"),
    ("basic_expenditure|人员经费|30110|决算数", "expenditure||2101101|基本支出"),
    ("basic_expenditure|人员经费|303|决算数", "expenditure||2080501|基本支出"),
    *(
        (f"{SUMMARY}|支出|{name}|决算数", f"{APPROPRIATION}|支出|{name}|合计")
        for name in FUNCTION_NAMES.split()
    ),
    *(
        (f"expenditure||{code}|{column}", f"general_budget_expenditure||{code}|{column}")
        for code in GENERAL_CODES
        for column in ("本年支出合计", "基本支出", "项目支出")
    ),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_golden_tables_agree(left: str, right: str) -> None:
    assert cell(left) == cell(right)


def test_golden_basic_expenditure_is_personnel_and_public() -> None:
    total = cell("basic_expenditure|人员经费|人员经费合计|决算数") + cell(
        "basic_expenditure|公用经费|公用经费合计|决算数"
    )
    assert total == cell("expenditure||合计|基本支出")


def test_golden_names_are_one_per_code() -> None:
    coded = TABLES[TABLES["code"] != ""]
    assert (coded.groupby("code")["item"].nunique() == 1).all()


FACTS = defaultdict(list)
for _row in PROSE.itertuples():
    FACTS[int(_row.line), _row.measure].append(number(_row.value))


def fact(line: int, measure: str = "amount", nth: int = 0) -> Decimal:
    """The nth figure of that measure on that line of the report."""
    return FACTS[line, measure][nth]


@pytest.mark.parametrize(
    ("figure", "address"),
    [
        (fact(1066), f"{SUMMARY}|收入|总计|决算数"),
        (fact(1068), f"{SUMMARY}|收入|本年收入合计|决算数"),
        (fact(1070), f"{SUMMARY}|收入|一般公共预算财政拨款收入|决算数"),
        (fact(1076), f"{SUMMARY}|收入|政府性基金预算财政拨款收入|决算数"),
        (fact(1105), f"{SUMMARY}|支出|总计|决算数"),
        (fact(1107), f"{SUMMARY}|支出|本年支出合计|决算数"),
        (fact(1109), "expenditure||合计|基本支出"),
        (fact(1113), "expenditure||合计|项目支出"),
        (fact(1131), f"{APPROPRIATION}|收入|本年收入合计|决算数"),
        (fact(1131, nth=1), f"{APPROPRIATION}|收入|一般公共预算财政拨款|决算数"),
        (fact(1137), f"{APPROPRIATION}|收入|政府性基金预算财政拨款|决算数"),
        (fact(1154), f"{APPROPRIATION}|支出|本年支出合计|合计"),
        (fact(1154, nth=1), f"{APPROPRIATION}|支出|本年支出合计|一般公共预算财政拨款"),
        (fact(1160), f"{APPROPRIATION}|支出|本年支出合计|政府性基金预算财政拨款"),
        (fact(1182), "three_public||“三公”经费|决算数/合计"),
        (fact(1182, nth=1), "three_public||“三公”经费|预算数/合计"),
        (fact(1189), f"three_public||“三公”经费|决算数/{VEHICLES}/小计"),
        (fact(1191), f"three_public||“三公”经费|预算数/{VEHICLES}/小计"),
        (fact(1199), f"three_public||“三公”经费|决算数/{VEHICLES}/公务用车运行维护费"),
        (fact(1199, nth=1), f"three_public||“三公”经费|预算数/{VEHICLES}/公务用车运行维护费"),
        (fact(1203), "three_public||“三公”经费|决算数/公务接待费"),
        (fact(1203, nth=1), "three_public||“三公”经费|预算数/公务接待费"),
        (fact(1256), "basic_expenditure|公用经费|公用经费合计|决算数"),
        (fact(1303), "expenditure||合计|项目支出"),
    ],
)
def test_golden_prose_agrees_with_tables(figure: Decimal, address: str) -> None:
    assert figure == cell(address)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (fact(1131), [fact(1131, nth=1), fact(1137), fact(1144)]),
        (fact(1154), [fact(1154, nth=1), fact(1160), fact(1170)]),
        (fact(1107), [fact(1109), fact(1113), fact(1119), fact(1121), fact(1123)]),
        (fact(1182), [fact(1186), fact(1189), fact(1203)]),
        (fact(1189), [fact(1193), fact(1199)]),
        (fact(1184, "change"), [fact(1187, "change"), fact(1191, "change"), fact(1205, "change")]),
        (fact(1191, "change"), [fact(1197, "change"), fact(1201, "change")]),
        (Decimal(100), [fact(1223, "share"), fact(1225, "share"), fact(1225, "share", 1)]),
        (fact(1223, nth=1), [fact(1234)]),
        (fact(1225), [fact(1242)]),
        (fact(1264), [fact(1266), fact(1266, nth=1), fact(1268)]),
        (fact(1281, "count"), [fact(1283, "count")]),
        (fact(1348, "count"), [fact(1414, "count")]),
        (fact(1334, "count"), [fact(1485, "count")]),
        (fact(1611, "count"), [fact(1613, "count")]),
        (fact(1617, "count"), [fact(1617, "count", 1), fact(1619, "count")]),
        (fact(1502, "actual"), [fact(1679, "rate")]),
    ],
)
def test_golden_prose_adds_up(whole: Decimal, parts: list[Decimal]) -> None:
    assert whole == sum(parts)


RATES = [
    # rate, change, amount after the change
    (fact(1072, "change_rate"), fact(1072, "change"), fact(1070)),
    (fact(1078, "change_rate"), fact(1078, "change"), fact(1076)),
    (fact(1100, "change_rate"), fact(1098, "change"), fact(1098)),
    (fact(1111, "change_rate"), fact(1109, "change"), fact(1109)),
    (fact(1115, "change_rate"), fact(1113, "change"), fact(1113)),
    (fact(1133, "change_rate"), fact(1133, "change"), fact(1131, nth=1)),
    (fact(1139, "change_rate"), fact(1139, "change"), fact(1137)),
    (fact(1156, "change_rate"), fact(1156, "change"), fact(1154, nth=1)),
    (fact(1184, "change_rate"), fact(1184, "change"), fact(1182)),
    (fact(1193, "change_rate"), fact(1191, "change"), fact(1189)),
    (fact(1201, "change_rate"), fact(1201, "change"), fact(1199)),
    (fact(1205, "change_rate"), fact(1205, "change"), fact(1203)),
    (fact(1258, "change_rate"), fact(1258, "change"), fact(1256)),
]


@pytest.mark.parametrize(("rate", "change", "amount"), RATES)
def test_golden_rates_follow_from_changes(rate: Decimal, change: Decimal, amount: Decimal) -> None:
    assert rate == (100 * change / (amount - change)).quantize(rate)


@pytest.mark.parametrize(
    ("share", "part", "whole"),
    [
        (fact(1182, "completion_rate"), fact(1182), fact(1182, nth=1)),
        (fact(1191, "completion_rate"), fact(1189), fact(1191)),
        (fact(1199, "completion_rate"), fact(1199), fact(1199, nth=1)),
        (fact(1203, "completion_rate"), fact(1203), fact(1203, nth=1)),
        (fact(1225, "share"), fact(1223, nth=1), fact(1182)),
        (fact(1225, "share", 1), fact(1225), fact(1182)),
        (fact(1270, "share"), fact(1270), fact(1264)),
        (fact(1305, "completion_rate"), fact(1305), fact(1303)),
        (fact(1313, "completion_rate"), fact(1313, nth=1), fact(1313)),
        (fact(1385, "completion_rate"), fact(1383, "actual"), fact(1381, "target")),
        (fact(1389, "completion_rate"), fact(1389, nth=1), fact(1389)),
    ],
)
def test_golden_shares_follow_from_amounts(share: Decimal, part: Decimal, whole: Decimal) -> None:
    assert share == (100 * part / whole).quantize(share)


@pytest.mark.parametrize(
    ("printed", "implied"),
    [
        # 授予小微企业合同金额占授予中小企业合同金额
        (fact(1272, "share"), 100 * fact(1272) / fact(1270)),
        # 新增来电用户占来话总数
        (fact(1350, "share"), 100 * fact(1350, "count") / fact(1348, "count")),
        # 人工接通率的提升幅度
        (fact(1638, "change"), fact(1638, "rate") - fact(1636, "rate")),
    ],
)
def test_golden_keeps_what_the_report_gets_wrong(printed: Decimal, implied: Decimal) -> None:
    assert printed != implied.quantize(printed)


def test_golden_indicators_are_in_the_prose() -> None:
    targets = PROSE.loc[PROSE["measure"] == "target", "printed"]
    actuals = PROSE.loc[PROSE["measure"] == "actual", "printed"]
    assert sorted(KPIS["target"]) == sorted(targets)
    assert sorted(KPIS["actual"]) == sorted(actuals)


def test_golden_values_are_what_is_printed() -> None:
    for row in PROSE.itertuples():
        assert abs(number(row.value)) == number(row.printed)
        assert number(row.value) >= 0 or row.measure in ("change", "change_rate")


def test_golden_accounts_for_every_numeral_of_the_prose() -> None:
    typed: dict[int, list[str]] = defaultdict(list)
    for frame in (PROSE, NONFIGURES):
        for row in frame.itertuples():
            typed[int(row.line)].append(row.printed)
    text = REPORT.read_text(encoding="utf-8")
    for line, words in enumerate(text.split("\n"), start=1):
        if line in TABLE_LINES:
            continue
        printed = words.replace("2.24 小时", "2. 24 小时")  # list number 2, then `24 小时`
        assert sorted(re.findall(r"\d[\d,]*(?:\.\d+)?", printed)) == sorted(typed[line]), line


def test_golden_amounts_are_the_amounts_of_the_tables() -> None:
    copies = [  # of the row 合计, on each further page of the table
        *(2 * ["7,212.52", "7,212.52", "0.00", "0.00", "0.00", "0.00", "0.00"]),
        *(2 * ["7,212.75", "745.24", "6,467.51", "0.00", "0.00", "0.00"]),
        *["3,472.22", "745.24", "2,726.98"],
    ]
    notes = 7 * ["0.01"]  # 可能存在 0.01 误差
    lines = REPORT.read_text(encoding="utf-8").split("\n")
    part = "\n".join(lines[line - 1] for line in TABLE_LINES)
    assert len(TABLES) == 648
    assert sorted(re.findall(r"\d[\d,]*\.\d+", part)) == sorted(
        [*TABLES["printed"], *copies, *notes]
    )
