"""Notebook 02: values typed from the printed report, the same report with other words, and fictional reports."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from plain import plain

import qy_finance
from qy_finance.analysis.accounts import THREE_PUBLIC
from qy_finance.analysis.operating import Operating
from qy_finance.charts import spending as charts
from qy_finance.charts.waterfall import waterfall
from qy_finance.checks.causes import direction
from qy_finance.form import final_accounts
from qy_finance.numbers import Number, sources_of
from qy_finance.text import operating as text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

HERE = Path(__file__).parent
REPORT = next((HERE.parent / "data" / "raw" / "2022").glob("*.txt"))
STORIES: tuple[Callable[[Operating], str], ...] = (
    text.headline, text.growth, text.consistency, text.ranked, text.explained, text.by_item, text.spent,
    text.within_running,
)  # fmt: skip
D = Decimal


def topic_of(path: Path) -> Operating:
    return Operating(qy_finance.read_report(path).checks)


@pytest.fixture(scope="module")
def topic() -> Operating:
    return topic_of(REPORT)


@pytest.fixture
def with_words(tmp_path: Path) -> Callable[[str, str], Operating]:
    """The report with other words in one place."""

    def changed(old: str, new: str) -> Operating:
        words = REPORT.read_text(encoding="utf-8")
        assert len(re.findall(old, words)) == 1
        path = tmp_path / "report.txt"
        path.write_text(re.sub(old, lambda _: new, words), encoding="utf-8")
        return topic_of(path)

    return changed


@pytest.fixture(scope="module")
def others() -> Callable[[str], Operating]:
    read: dict[str, Operating] = {}

    def of(name: str) -> Operating:
        if name not in read:
            read[name] = topic_of(HERE / "reconciliation" / f"{name}.txt")
        return read[name]

    return of


OLD = r"主要增减变动情况是：电费、\s+其他交通费用、办公费。"


# --- the reasons -------------------------------------------------------------------------------


def test_the_reason_and_the_accounts_that_it_names(topic: Operating) -> None:
    given = topic.reason
    assert given is not None
    assert given.text == "电费、其他交通费用、办公费"
    assert given.move.sign == 1
    frame = topic.drivers.set_index("item")
    assert frame["code"].to_dict() == {"其他交通费用": "30239", "办公费": "30201", "电费": "30206"}
    assert list(frame["amount"]) == [D("14.64"), D("11.74"), D("0.00")]
    assert frame["able"].to_dict() == {"其他交通费用": True, "办公费": True, "电费": False}
    told = plain(text.explained(topic))
    assert "本年共 26.38 万元" in told
    assert "只剩 14.64 万元，解释不了全部增加" in told


def test_one_account_lowers_one_sum_and_raises_another(topic: Operating) -> None:
    (one,) = topic.contradictions
    fell, rose = one.causes
    assert (one.account, fell.move.current.item) == ("办公费", "基本支出")
    assert fell.text == "工资、养老、职业年金、办公费等"
    assert rose == topic.reason
    assert topic.drivers.set_index("item")["crossed"].to_dict() == {
        "其他交通费用": False, "办公费": True, "电费": False,
    }  # fmt: skip
    (told,) = map(plain, text.contradicted(topic))
    assert "基本支出减少 39.86 万元" in told
    assert "增加 18.98 万元" in told
    assert "办公费又被说成基本支出减少的原因" in plain(text.headline(topic))


@pytest.mark.parametrize(
    ("words", "said", "accounts"),
    [
        (
            "主要原因：一是增加电费；二是办公费、差旅费上升。",
            "一是增加电费；二是办公费、差旅费上升",
            {"电费", "办公费", "差旅费"},
        ),
        (
            "变动原因：维修（护）费和公务用车运行维护费增加。",
            "维修（护）费和公务用车运行维护费增加",
            {"维修（护）费", "公务用车运行维护费"},
        ),
        ("主要是由于新增水电费。", "新增水电费", set()),
        ("主要原因是：\n\n办公费增加。  \n", "办公费增加", {"办公费"}),
    ],
)  # fmt: skip
def test_reasons_in_other_words(
    with_words: Callable[[str, str], Operating], words: str, said: str, accounts: set[str]
) -> None:
    given = with_words(OLD, words).reason
    assert given is not None
    assert (given.text, set(given.accounts)) == (said, accounts)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "报告没有说明变动的原因"),
        ("主要原因是厉行节约。", "没有点名任何科目"),
        ("主要原因是差旅费增加、办公费减少。", "办公费说的是减少，与总额相反"),
        ("主要原因是差旅费增加。", "没有与之矛盾的数"),
    ],
)
def test_what_the_headline_says_of_the_reason(
    with_words: Callable[[str, str], Operating], words: str, said: str
) -> None:
    assert said in plain(text.headline(with_words(OLD, words)))


def test_an_account_explains_no_more_than_it_is(
    with_words: Callable[[str, str], Operating],
) -> None:
    told = plain(text.explained(with_words(OLD, "主要原因是差旅费增加。")))
    assert "不足以解释增加的 18.98 万元，至少还差 17.97 万元" in told  # 差旅费 1.01


def test_an_account_that_fell_in_both_is_no_contradiction(
    with_words: Callable[[str, str], Operating],
) -> None:
    made = with_words(OLD, "主要原因是差旅费增加，办公费减少。")
    assert made.contradictions == []
    assert not made.checks.frame["check_id"].str.startswith("cause.directions").any()


@pytest.mark.parametrize(
    ("words", "name", "way"),
    [
        ("办公费增加、差旅费减少", "办公费", 1),
        ("办公费增加、差旅费减少", "差旅费", -1),
        ("压减差旅费和会议费支出", "差旅费", -1),
        ("减少办公费、增加差旅费", "办公费", -1),
        ("减少办公费、增加差旅费", "差旅费", 1),
        ("电费、水费、办公费增加所致", "电费", 1),
        ("一是人员减少；二是办公费", "办公费", 0),
        ("电费、其他交通费用、办公费", "电费", 0),
    ],
)
def test_which_way_an_account_is_said_to_go(words: str, name: str, way: int) -> None:
    assert direction(words, name) == way


def test_a_reason_for_the_budget_is_none_for_last_year(others: Callable[[str], Operating]) -> None:
    made = others(
        "shandong_street"
    )  # 比年初预算减少 …，主要原因是压减办公费；较2021年减少 6.30 万元
    found = made.stated
    assert found is not None
    assert found.change is not None
    assert found.change.number == D("-6.30")
    assert made.reason is None


# --- amount and change -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "amount", "change"),
    [
        ("chongqing_assets", "105.14", "-3.30"),  # the change in a sentence of its own
        ("yunnan_road", "2210.4", "-110.2"),  # 滇西省交通运输厅部门2023年机关运行经费支出
        ("zhejiang_traffic", "201.33", "-8.40"),  # 年初预算数 210.50 first
        ("guangdong_urban", "1208755.91", "55000.00"),  # 元
    ],
)
def test_amounts_of_other_templates(
    others: Callable[[str], Operating], name: str, amount: str, change: str
) -> None:
    found = others(name).stated
    assert found is not None
    assert found.change is not None
    assert (found.current.number, found.change.number) == (D(amount), D(change))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("beijing_hospital", "本单位不在机关运行经费统计范围之内"),
        ("shaanxi_health", "本部门为事业单位，无机关运行经费"),
        ("shanghai_school", "本单位不属于机关运行经费统计范围"),
    ],
)
def test_units_without_operating_expenses(
    others: Callable[[str], Operating], name: str, said: str
) -> None:
    assert others(name).stated is None
    assert f"报告说“{said}”" in plain(text.headline(others(name)))


def test_growth_budget_and_staff(topic: Operating, others: Callable[[str], Operating]) -> None:
    assert "人员经费就减少 58.84 万元（推算）" in plain(text.growth(topic))  # 39.86 + 18.98
    assert "预算 210.50 万元，完成 95.6%" in plain(text.growth(others("zhejiang_traffic")))
    assert "相等" in plain(text.consistency(topic))
    assert "少 120.56 万元" in plain(text.consistency(others("anhui_water")))


def test_accounts_of_which_the_change_is_stated(topic: Operating) -> None:
    frame = topic.moved.set_index("item")
    assert frame["change"].to_dict() == {"公务接待费": D("-0.07"), "公务用车运行维护费": D("1.05")}
    assert frame["previous"].to_dict() == {"公务接待费": D("0.70"), "公务用车运行维护费": D("0.84")}
    assert "其余科目合起来应增加 18.00 万元" in plain(text.by_item(topic))


# --- 三公 and unit costs -----------------------------------------------------------------------


def test_three_public_against_budget_and_last_year(topic: Operating) -> None:
    frame = topic.public.set_index("part")
    total = frame.loc["合计"]
    assert (total["budget"], total["spent"], total["change"], total["previous"]) == (
        D("2.52"), D("2.52"), D("0.98"), D("1.54"),
    )  # fmt: skip
    assert frame["in_running"]["公务用车运行维护费"] == D("1.89")
    assert bool(frame["inside"]["公务接待费"])
    assert "两处对不上" not in plain(text.within_running(topic))


def test_a_blank_cell_is_taken_from_the_prose(with_words: Callable[[str, str], Operating]) -> None:
    """A table with budgets alone is there; what was spent stands in the prose."""
    row = r"(?m)^2\.52 0\.00 1\.89 0\.00 1\.89 0\.63 2\.52 0\.00 1\.89 0\.00 1\.89 0\.63"
    made = with_words(row, "2.52 0.00 1.89 0.00 1.89 0.63" + 6 * "\t")
    assert THREE_PUBLIC in made.checks.reading.tables
    assert "决算数取自文字" in plain(text.spent(made))
    assert made.public.set_index("part")["spent"]["合计"] == D("2.52")


def test_a_printed_zero_is_no_blank_cell(with_words: Callable[[str, str], Operating]) -> None:
    """0.00 of the table is shown, not what the prose says: 0.63 spent, or nothing at all."""
    row = r"(?m)^2\.52 0\.00 1\.89 0\.00 1\.89 0\.63 2\.52 0\.00 1\.89 0\.00 1\.89 0\.63"
    made = with_words(row, "2.52 0.00 1.89 0.00 1.89 0.63 1.89 0.00 1.89 0.00 1.89 0.00")
    frame = made.public.set_index("part")
    for part, name in (
        ("公务接待费", "spent"), ("因公出国（境）费", "spent"), ("因公出国（境）费", "budget"),
    ):  # fmt: skip
        number = frame.loc[part, name]
        assert number == 0
        assert number.sources[0].path.startswith("财政拨款“三公”经费支出决算表")
    shown = text.shown(made.public).set_index("“三公”经费")
    assert shown.loc["公务接待费", "决算数"] == 0


@pytest.mark.parametrize(
    ("name", "costs"),
    [
        ("", {"每辆公务用车运行维护费": "18900", "每批次公务接待": "787.5", "公务接待人均": "103.28"}),
        # 国内接待 10.13 万元，61 批次 702 人次；外宾 4.10 万元，5 个团组 38 人次
        # 34.18 万元购 2 辆；出国 96.43 万元，3 个团组 11 人次
        (
            "central_ministry",
            {"每批次国内接待": "1660.66", "国内接待人均": "144.30", "每批次外宾接待": "8200",
             "外宾接待人均": "1078.95", "每辆公务用车运行维护费": "30569.57",
             "每辆新购公务用车": "170900", "每个出国（境）团组": "321433.33", "每人次出国（境）": "87663.64"},
        ),
        # 国内公务接待2,310批次（其中：外事接待0批次），接待人次19,210人（其中：外事接待人次0人）
        (
            "yunnan_road",
            {"每批次国内接待": "1011.26", "国内接待人均": "121.60", "每辆公务用车运行维护费": "30758.68",
             "每辆新购公务用车": "227947.37", "每个出国（境）团组": "157000", "每人次出国（境）": "57090.91"},
        ),
        # 公用经费合计 120.273442 万元，在职 598 人；车 10.297431 万元，5 辆
        ("beijing_hospital", {"每人公用经费（按在职人员）": "2011.26", "每辆公务用车运行维护费": "20594.86"}),
        # 会议费 3.10 万元 612 人，培训费 6.20 万元 1210 人
        (
            "hunan_agri",
            {"每辆公务用车运行维护费": "31814.29", "每批次公务接待": "1192.95", "公务接待人均": "153.42",
             "每人次会议": "50.65", "每人次培训": "51.24"},
        ),
    ],
)  # fmt: skip
def test_costs_of_one(
    topic: Operating, others: Callable[[str], Operating], name: str, costs: dict[str, str]
) -> None:
    frame = (others(name) if name else topic).costs
    found = {
        m: each.quantize(D("0.01")) for m, each in zip(frame["measure"], frame["each"], strict=True)
    }
    assert found == {measure: D(each) for measure, each in costs.items()}


def test_heads_that_are_not_stated_are_said_to_be_missing(
    topic: Operating, others: Callable[[str], Operating]
) -> None:
    missing = "没有公布在职或编制人数"
    assert missing in text.each(topic)
    assert missing not in text.each(others("beijing_hospital"))


# --- any report --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", final_accounts().ids)
@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_a_missing_table_is_said_and_nothing_fails(missing: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, Options(), (missing,)).text, encoding="utf-8")
    made = topic_of(path)
    assert all(story(made) for story in STORIES)
    assert text.each(made)
    text.watched(made)
    if missing == THREE_PUBLIC:
        assert "没有“三公”经费决算表" in text.spent(made)


@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
@pytest.mark.parametrize(
    "path", sorted((HERE / "reconciliation").glob("*.txt")), ids=lambda path: path.stem
)
def test_every_number_of_a_sentence_is_printed_or_leads_to_what_is(
    path: Path, others: Callable[[str], Operating]
) -> None:
    made = others(path.stem)
    known = {fact.id for fact in made.checks.reading.facts}
    for story in STORIES:
        told = story(made)
        for at in re.findall(r'data-at="[^"#]*#([^"]+)"', told):
            assert known.issuperset(at.split("."))
        bare = plain(re.sub(r"<span class=\"src.*?</span>", "", told))
        assert not re.search(r"\d+\.\d+", re.sub("“.*?”", "", bare)), bare


def test_numbers_lead_to_their_operands(topic: Operating) -> None:
    printed = {fact.id: fact.printed for fact in topic.checks.reading.facts}
    told = text.growth(topic) + "".join(text.contradicted(topic))
    said = {
        html.unescape(number): [printed[one] for one in at.split(".")]
        for at, number in re.findall(r'data-at="[^"#]*#([^"]+)"[^>]*>([^<]*)<', told)
    }
    assert said["18.98"] == ["18.98"]
    assert said["43.72"] == ["62.7", "18.98"]
    assert said["58.84"] == ["39.86", "18.98"]
    assert said["11.74"] == ["11.74"]
    shares = topic.accounts["share"]
    assert sum(shares).quantize(D("0.0001")) == 100
    assert all(isinstance(share, Number) and share.computed for share in shares)
    frame = topic.costs.set_index("measure")
    sources = sources_of(frame["each"]["公务接待人均"])
    assert [source.with_unit for source in sources] == ["0.63 万元", "61 人"]


def test_the_figure_keeps_named_accounts_and_groups_the_small_ones() -> None:
    names = [f"科目{at}" for at in range(30)]
    amounts = [Number(D(100 - at), computed=False) for at in range(30)]
    frame = pd.DataFrame(
        {"code": names, "item": names, "amount": amounts, "share": amounts}, dtype="object"
    )
    named = pd.DataFrame({"item": ["科目29", "电费", "水费"], "amount": [D(71), D("0.00"), None]})
    ax = charts.operating(frame, named, "万元", "标题", "来源").axes[0]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [*names[:11], "科目29", "其他 18 项", "电费", "水费"]
    widths = [bar.get_width() for container in ax.containers for bar in container]
    assert sum(widths) == sum(range(71, 101))
    marks = [text.get_text() for text in ax.texts]
    assert [mark.endswith("◆") for mark in marks] == [
        label in {"科目29", "电费", "水费"} for label in labels
    ]


def test_the_growth_step_by_step(topic: Operating) -> None:
    found = topic.bridge
    assert found is not None
    assert (found.before, found.after, found.rest) == (D("43.72"), D("62.7"), D("18.00"))
    assert found.steps == (("公务用车运行维护费", D("1.05")), ("公务接待费", D("-0.07")))
    assert found.before + sum(by for _, by in found.steps) + found.rest == found.after
    assert "增加的数里有 18.00 万元没有按科目说明" in plain(text.headline(topic))
    assert "假定上年的机关运行经费也等于公用经费" in text.by_item(topic)
    assert text.bridge_title(found) == "机关运行经费增加 18.98 万元，18.00 没有写明科目"
    ax = waterfall(found, "万元", "题", "来源").axes[0]
    labels = ["43.72", "+1.05", "−0.07", "+18.00", "62.70"]
    assert [label.get_text() for label in ax.texts] == labels


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("增加18.98万元，增长43.41%", "增加18.98万元，增长34.41%"),  # which of the two is right?
        ("机关运行经费支出62.7万元", "机关运行经费支出52.7万元"),  # a part of 公用经费 only
    ],
)
def test_no_steps_where_last_year_is_not_known(
    with_words: Callable[[str, str], Operating], old: str, new: str
) -> None:
    lines_may_break = r"\s*".join(map(re.escape, old))
    assert with_words(lines_may_break, new).bridge is None


def test_spending_without_a_budget_is_beyond_it(
    with_words: Callable[[str, str], Operating],
) -> None:
    row = "2.52 0.00 1.89 0.00 1.89 0.63 2.52"
    found = with_words(re.escape(row), "0.00 0.00 0.00 0.00 0.00 0.00 2.52")
    assert "超过预算的有合计、公务用车购置及运行维护费" in text.spent(found)


def test_accounts_among_other_words_are_mentioned(
    with_words: Callable[[str, str], Operating],
) -> None:
    said = r"电费、\s*其他交通费用、\s*办公费。"
    found = with_words(said, "人员变动，导致福利费、其他交通费等增加。")
    assert found.mentioned == ["其他交通费用", "福利费"]
    assert "提到其他交通费用、福利费" in plain(text.headline(found))
    assert "没有点名" not in text.explained(found)
