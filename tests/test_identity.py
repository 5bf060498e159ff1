"""Who reports: unit, year and scope from cover, headings, labels and sentences; and what is no report at all."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

import qy_finance
from qy_finance.cli import main
from qy_finance.errors import IdentityWarning, NotAReportError
from qy_finance.form import final_accounts
from qy_finance.identity.names import Names
from qy_finance.readers import Document
from qy_finance.report import Report, report_of

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

HERE = Path(__file__).parent / "identity"
# what every head is followed by; it names nobody and no year
TAIL = "\n第三部分 情况说明\n一、收入支出决算总体情况说明\n收入总计1,256.30万元，支出总计1,256.30万元。\n"
NAMES = Names(final_accounts().who)


def _cases(name: str) -> list[object]:
    """The cases of a file: a text each, and what must be read of it."""
    cases: list[object] = []
    for case in re.split(r"^## ", (HERE / name).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = case.partition("\n")
        text, _, wanted = rest.partition("=> ")
        cases.append(pytest.param(text, [word.strip() for word in wanted.split("|")], id=title))
    return cases


def _read(text: str) -> Report:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdentityWarning)
        return report_of(Document(Path("report.txt"), text))


def _who(report: Report) -> list[str]:
    return [str(report.meta[what]) for what in ("unit", "year", "scope")]


@pytest.mark.parametrize(("head", "wanted"), _cases("heads.txt"))
def test_the_head_of_a_report(head: str, wanted: list[str]) -> None:
    report = _read(head + TAIL)
    assert _who(report) == wanted
    assert report.reading.identity.disagreements == ()


@pytest.mark.parametrize(("head", "wanted"), _cases("hard.txt"))
def test_a_head_that_misleads(head: str, wanted: list[str]) -> None:
    if wanted == ["refused"]:
        with pytest.raises(NotAReportError, match="the reporting entity"):
            _read(head + TAIL)
        return
    report = _read(head + TAIL)
    assert _who(report) == wanted[:3]
    told = report.reading.identity.disagreements
    assert " ".join(one.partition("取")[0] for one in told) == wanted[3]


@pytest.mark.parametrize(("text", "wanted"), _cases("prose.txt"))
def test_a_report_of_prose_alone(text: str, wanted: list[str]) -> None:
    report = _read(text)
    assert _who(report) == wanted[:3]
    assert report.reading.identity.disagreements == ()
    assert len(report.tables) == 0
    assert float(wanted[3]) in set(report.facts["value"])


# --- what is told --------------------------------------------------------------------------------

STALE = """东陵县水利局2023年度部门决算
第一部分 东陵县水利局概况
第三部分 东陵县水利局2022年度部门决算情况说明
一、收入支出决算总体情况说明
东陵县水利局2023年度收入总计1,256.30万元，支出总计1,256.30万元。
"""


def test_a_disagreement_is_a_warning_that_says_where(tmp_path: Path) -> None:
    path = tmp_path / "stale.txt"
    path.write_text(STALE, encoding="utf-8")
    with pytest.warns(IdentityWarning) as warned:
        report = qy_finance.read_report(path)
    said = [str(one.message) for one in warned if one.category is IdentityWarning]
    assert said == ["stale.txt: 年度取“2023”：标题作“2022”（第3行）"]
    assert report.meta["identity"] == {
        "unit": {
            "cover": ("东陵县水利局",),
            "heading": ("东陵县水利局",),
            "sentence": ("东陵县水利局",),
        },
        "year": {"cover": ("2023",), "heading": ("2022",), "sentence": ("2023",)},
        "scope": {"cover": ("部门汇总",), "heading": ("部门汇总",)},
    }


def test_a_report_that_agrees_with_itself_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "agreed.txt"
    path.write_text(STALE.replace("2022", "2023"), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", IdentityWarning)
        assert _who(qy_finance.read_report(path)) == ["东陵县水利局", "2023", "部门汇总"]


@pytest.mark.parametrize("command", ["parse", "check", "add"])
def test_the_command_line_tells_it(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "stale.txt"
    path.write_text(STALE, encoding="utf-8")
    (tmp_path / "data").mkdir()
    columns = "unit,year,scope,file,sha256,kind,source\n"
    (tmp_path / "data" / "reports.csv").write_text(columns, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main([command, str(path)]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "年度取“2023”" in line]
    assert len(told) == 1
    assert told[0].endswith("标题作“2022”（第3行）")
    assert "identity.py" not in told[0]
    assert "reading.py" not in told[0]


def test_labels_of_other_tables_name_nobody_where_the_forms_tables_are() -> None:
    """项目支出绩效自评表 names who did the project."""
    report = _read(
        "东陵县民政局2023年度部门决算\n"
        "支出决算表\n部门：东陵县民政局 单位：万元\n"
        "科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出\n"
        "合计 9.00 5.00 4.00 0.00 0.00 0.00\n"
        "208 社会保障和就业支出 9.00 5.00 4.00 0.00 0.00 0.00\n"
        "第三部分 2023年度部门决算情况说明\n一、收入支出情况说明\n2023年度支出合计9.00万元。\n"
        "项目支出绩效自评表\n填报单位：东陵县福利院\n"
    )
    assert report.reading.identity.disagreements == ()
    assert report.meta["identity"]["unit"]["label"] == ("东陵县民政局",)  # type: ignore[index]


def test_the_label_of_an_unreadable_table_counts() -> None:
    report = _read(
        "2023年度部门决算\n支出决算表\n部门：东陵县民政局 单位：万元\n"
        "科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出\n"
        "合计 9.00 5.00 4.00 0.0x 0.00 0.00\n"
        "第三部分 2023年度部门决算情况说明\n一、收入支出情况说明\n2023年度支出合计9.00万元。\n"
    )
    assert _who(report) == ["东陵县民政局", "2023", "部门汇总"]
    assert "expenditure" in report.meta["unread_tables"]  # type: ignore[operator]


def test_the_name_of_the_file_says_what_the_report_does_not(tmp_path: Path) -> None:
    text = (
        "决算公开说明\n一、单位基本情况\n负责机关事务。\n二、收入支出情况\n收入总计1,256.30万元。\n"
    )
    path = tmp_path / "松江市机关事务管理局_2023年度部门决算.txt"
    path.write_text(text, encoding="utf-8")
    report = qy_finance.read_report(path)
    assert _who(report) == ["松江市机关事务管理局", "2023", "部门汇总"]
    assert report.meta["identity"]["unit"] == {"file": ("松江市机关事务管理局",)}  # type: ignore[index]
    # what the report says goes before the name of its file
    path.write_text(f"松江市司法局2022年度部门决算\n{text}", encoding="utf-8")
    assert _who(qy_finance.read_report(path)) == ["松江市司法局", "2022", "部门汇总"]
    unnamed = path.rename(tmp_path / "某局决算.txt")
    unnamed.write_text(text, encoding="utf-8")
    with pytest.raises(NotAReportError):
        qy_finance.read_report(unnamed)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("长河市西城区财政局", "西城区财政局"),
        ("长河市国资委", "长河市人民政府国有资产监督管理委员会"),
        ("共青团长河市委员会", "中国共产主义青年团长河市委员会"),
        ("中共长河市委宣传部", "中国共产党长河市委员会宣传部"),
        ("长河市体育局（本级）", "长河市体育局"),
        ("长河市体育局本级", "长河市体育局"),
        ("长河市人力资源和社会", "长河市人力资源和社会保障局"),
    ],
)
def test_names_of_one_unit(one: str, other: str) -> None:
    assert NAMES.alike(one, other)
    assert NAMES.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("长河市财政局", "长河市财政局国库支付中心"),
        ("长河市教育局", "长河市西城区教育局"),
        ("长河市民政局", "长河市司法局"),
        ("东陵县水利局", "西陵县水利局"),
        ("长河市第一小学", "长河市第一中学"),
    ],
)
def test_names_of_two_units(one: str, other: str) -> None:
    assert not NAMES.alike(one, other)
    assert not NAMES.alike(other, one)


@pytest.mark.parametrize(
    "name",
    [
        "第二部分", "上海市XX局", "××局", "ＸＸ单位", "***", "某单位", "某某局", "某某局本级", "某省某某厅", "某局机关",
        "＿＿＿＿", "____", "概况", "目录",
        "部门", "单位", "本部门", "我单位", "各部门", "2023年8月", "2023", "万元", "收入支出决算总表", "部门基本情况",
        "名词解释", "黑龙江省", "□□局",
    ],
)  # fmt: skip
def test_impossible_names(name: str) -> None:
    assert not NAMES.is_possible(name)


@pytest.mark.parametrize(
    "name",
    [
        "某市水务局", "长河市财政预算评审中心", "长河市国有资产监督管理委员会", "长河市非税收入征收管理局",
        "和平区人民法院", "长河市青年宫", "本溪市水务局", "全州县气象局", "各庄镇人民政府", "西洒镇", "国务院参事室",
        "从江县财政局",
    ],
)  # fmt: skip
def test_possible_names(name: str) -> None:
    assert NAMES.is_possible(name)


def test_blanks_are_told_as_what_was_found() -> None:
    text = "第三部分 2022年度部门决算情况说明\n上海市××局2022年度收入总计1,256.30万元。\n"
    with pytest.raises(NotAReportError) as caught:
        _read(text)
    assert caught.value.found == "only 上海市××局"


# --- what it is instead --------------------------------------------------------------------------

BUDGET = """2024年松江市民政局部门预算公开
目录
第一部分 部门概况
第二部分 2024年部门预算情况说明
2024年收入预算1,200.00万元，比2022年度决算增加100.00万元。
第三部分 2024年部门预算表
收支总表
部门：松江市民政局 单位：万元
收入 支出
项目 预算数 项目 预算数
本年收入合计 1,200.00 本年支出合计 1,200.00
一般公共预算支出表
科目编码 科目名称 合计 基本支出 项目支出
合计 1,200.00 800.00 400.00
208 社会保障和就业支出 1,200.00 800.00 400.00
"""
GOVERNMENT = """2022年松江县财政总决算
一般公共预算收入决算表
单位：万元
项目 预算数 决算数
税收收入 12,000.00 12,100.00
一般公共预算支出决算表
单位：万元
科目编码 科目名称 决算数
201 一般公共服务支出 3,000.00
税收返还和转移支付决算表
单位：万元
项目 决算数
返还性收入 300.00
"""
BLANK = """松江市民政局2022年度部门决算
第二部分 2022年度部门决算表
支出决算表
部门：松江市民政局 单位：万元
科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出
合计
第三部分 情况说明
2022年度收入总计XX万元，支出总计XX万元。
"""
OTHERS = {
    "budget": (BUDGET, "部门预算 (a budget) of 松江市民政局, 2024"),
    "budget of a department of a district": (
        "松江市石桥区2024年区级部门预算\n预算主管部门：松江市石桥区水务局\n目录\n一、部门主要职能\n"
        "2024年收入预算1,200.00万元。\n",
        "部门预算 (a budget) of 松江市石桥区水务局, 2024",
    ),
    "budget of a unit of a district": (
        "松江市石桥区2024年区级单位预算\n预算单位：松江市石桥区人民政府柳荫街道办事处（本级）\n"
        "目录\n一、单位主要职能\n2024年收入预算1,200.00万元。\n",
        "单位预算 (a budget) of 松江市石桥区人民政府柳荫街道办事处（本级）, 2024",
    ),
    "three public": (
        "松江市民政局2024年“三公”经费预算表\n单位：万元\n项目 2024年预算数\n合计 12.00\n公务接待费 2.00\n",
        "“三公”经费预算 (a budget of the three public expenses) of 松江市民政局, 2024",
    ),
    "targets": (
        "项目支出绩效目标表\n（2024年度）\n项目名称 养老补助\n预算金额 300.00万元\n补助人数 ≥1,200人\n",
        "绩效目标表 (performance targets), 2024",
    ),
    "evaluation": (
        "松江市民政局2022年度整体支出绩效评价报告\n一、部门概况\n2022年度支出300.00万元。\n",
        "绩效目标表 (performance targets) of 松江市民政局, 2022",
    ),
    "notice": (
        "松江市财政局关于做好2022年度部门决算公开工作的通知\n各部门：\n一、公开内容\n"
        "2022年度部门决算应在批复后20日内公开，经费5.00万元由各部门解决。\n",
        "通知 (a notice), 2022",
    ),
    "links": (
        "松江市2022年度部门决算公开\n"
        + "".join(f"松江市{n}局2022年度部门决算\n" for n in "甲乙丙丁戊"),
        "a list of 6 links",
    ),
    "attachments": (
        "附件：\n1.收入支出决算总表.xls\n2.收入决算表.xls\n3.松江市民政局2022年度部门决算.pdf\n",
        "a list of 3 links",
    ),
    "government": (GOVERNMENT, "财政总决算 (the account of a government) of 松江县, 2022"),
    "draft": (
        "关于松江县2022年决算草案和2023年上半年预算执行情况的报告\n主任、各位副主任：\n"
        "2022年全县一般公共预算收入完成12,100万元，一般公共预算支出决算数33,000万元。\n",
        "财政总决算 (the account of a government) of 松江县, 2022",
    ),
    "approval": (
        "松江市财政局关于批复松江市民政局2022年度部门决算的通知\n松江市民政局：\n"
        "现批复你单位2022年度收入总计1,256.30万元，支出总计1,256.30万元。\n",
        "决算批复 (an approval of accounts) of 松江市民政局, 2022",
    ),
    "audit": (
        "松江市民政局2022年度预算执行和决算草案审计结果公告\n一、基本情况\n"
        "2022年度收入总计1,256.30万元，支出总计1,256.30万元。\n",
        "审计报告 (an audit report) of 松江市民政局, 2022",
    ),
    "news": (
        "我市各部门向社会公开2022年度部门决算\n本报讯（记者 李明）市民政局2022年度收入总计1,256.30万元。\n",
        "新闻 (a news item), 2022",
    ),
    "blank form": (BLANK, "a blank form: tables without a figure"),
    "contents": (
        "松江市民政局2022年度部门决算\n目录\n第一部分 部门概况\n第二部分 2022年度部门决算表\n一、收入支出决算总表\n",
        "a table of contents (目录) alone",
    ),
    "HTML": (
        "<!DOCTYPE html>\n<html><body><p>松江市民政局2022年度部门决算</p><p>收入总计1,256.30万元。</p></body></html>",
        "HTML (the source of a web page)",
    ),
    "part of HTML": (
        "<p>松江市民政局2022年度部门决算</p>\n" * 3 + "<div>收入总计1,256.30万元。</div>\n" * 3,
        "HTML (the source of a web page)",
    ),
    "JSON": ('{"unit": "松江市民政局", "year": 2022, "收入总计": "1,256.30万元"}', "JSON (data)"),
    "CSV": (
        "科目编码,科目名称,决算数\n208,社会保障和就业支出,1256.30\n20801,人力资源,1256.30\n",
        "CSV (data)",
    ),
}


@pytest.mark.parametrize(("text", "found"), OTHERS.values(), ids=OTHERS)
def test_what_it_is_instead(text: str, found: str) -> None:
    with pytest.raises(NotAReportError) as caught:
        _read(text)
    assert caught.value.found == found


SHORT = """一、收入支出决算总体情况说明
2022年度收入总计1,256.30万元，支出总计1,256.30万元。
二、预算执行情况说明
2022年部门预算1,200.00万元，全部执行完毕。2023年部门预算另行公开。
三、审计情况说明
2022年未接受审计。
"""


@pytest.mark.parametrize(
    "head",
    [
        "松江市民政局2022年度部门决算\n2023年部门预算\n",
        "松江市民政局2023年部门预算和2022年度部门决算\n",
        "松江市民政局2022年度部门决算和2023年部门预算公开\n",
        "松江市审计局2022年度部门决算\n2022年度审计情况\n",
        "关于公开松江市民政局2022年度部门决算的公告\n松江市民政局2022年度部门决算\n",
        "松江市民政局2022年度部门决算\n附：项目支出绩效自评表\n",
        "松江市财政预算评审中心2022年度单位决算\n",
        "松江镇人民政府2022年度决算公开说明\n",
    ],
)
def test_what_mentions_another_thing_stays_a_report(head: str) -> None:
    report = _read(head + SHORT)
    assert report.meta["year"] == 2022
    assert str(report.meta["unit"]).startswith("松江")
    assert 1256.3 in set(report.facts["value"])


@pytest.mark.parametrize(
    "head",
    [
        "关于公开松江市民政局2022年度部门决算的公告\n松江市民政局2022年度部门决算\n",
        "松江市民政局2022年度部门决算\n按照有关规定，现将2022年度部门决算向社会公开如下：\n",
    ],
)
def test_a_short_report_within_an_announcement(head: str) -> None:
    report = _read(head + "2022年度收入总计1,256.30万元，支出总计1,256.30万元。\n")
    assert _who(report) == ["松江市民政局", "2022", "部门汇总"]


def test_time_grows_with_the_length_only() -> None:
    """Thirty thousand lines that name two thousand units."""
    line = (
        "松江市第{}街道办事处2022年度收入总计1,256.30万元，支出总计1,256.30万元，情况说明从略。\n"
    )
    text = "松江市民政局2022年度部门决算\n" + "".join(line.format(n % 2000) for n in range(30_000))
    report = _who_only(text)
    assert report == ("松江市民政局", 2022)


def _who_only(text: str) -> tuple[str, int | None]:
    from qy_finance.identity import Identification
    from qy_finance.identity.said import Listener
    from qy_finance.tables.locate import Parts

    form = final_accounts()
    parts = Parts(Document(Path("long.txt"), text), form)
    who = Identification(Listener(parts, form.who).said, form)
    return who.unit, who.year
