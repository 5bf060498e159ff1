"""Notebook 05: counts, contradictions with their places, the map of the tables, in reports of every kind."""

from __future__ import annotations

import io
import re
import warnings
from copy import copy
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from matplotlib.figure import Figure
from matplotlib.text import Text
from mutation.edit import edited
from nbconvert.filters import markdown2html
from plain import plain

import qy_finance
from qy_finance import catalogue
from qy_finance.analysis.findings import KINDS, breaks
from qy_finance.analysis.reconciliation import GROUPS, Reconciliation
from qy_finance.cards import Card, Quote, show_cards
from qy_finance.charts import reconciliation as charts
from qy_finance.charts import theme
from qy_finance.checks import CheckSet
from qy_finance.checks.model import STATUSES
from qy_finance.checks.sentence import Told
from qy_finance.display import show_wide
from qy_finance.form import final_accounts
from qy_finance.readers import read_document
from qy_finance.report import Report, report_of
from qy_finance.text import reconciliation as text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

TESTS = Path(__file__).parent
DATA = TESTS.parent / "data"
FORM = final_accounts()
HOSTILE = "<script>x</script> **重** $a$ [链](http://a.b) </div>"


def written(folder: Path, content: str) -> Path:
    path = folder / "report.txt"
    path.write_text(content, encoding="utf-8")
    return path


def reconciled(report: Report) -> Reconciliation:
    return Reconciliation(report.checks)


def sentences(found: Reconciliation) -> list[str]:
    """All that the notebook says of a report."""
    return [
        text.headline(found),
        text.on_groups(found),
        text.on_figures(found),
        text.on_words(found),
        text.on_cells(found),
        text.on_tails(found),
        text.on_missing(found),
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    return catalogue.open_report(2022, data_dir=DATA)


@pytest.fixture(scope="module")
def found(report: Report) -> Reconciliation:
    return reconciled(report)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A fictional report without a contradiction."""
    folder = tmp_path_factory.mktemp("sound")
    return qy_finance.read_report(written(folder, lay_out(SAMPLE, Options()).text))


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, int]:
    """The same report with one cell changed, of which other identities say what it should be; and its row."""
    folder = tmp_path_factory.mktemp("wrong")
    document = read_document(written(folder, lay_out(SAMPLE, Options()).text))
    frame = report_of(document).observations
    keep = (frame["table"] == "expenditure") & (frame["item"] == "合计")
    cell = frame[(keep & (frame["column"] == "项目支出")).fillna(False)].iloc[0]
    digit = "1" if cell["printed"][0] != "1" else "2"
    changed = edited(document, cell["start"], cell["end"], digit + cell["printed"][1:])
    return report_of(changed), int(str(cell.name))


# --- counts ------------------------------------------------------------------------------------


def test_each_check_is_counted_once(report: Report, found: Reconciliation) -> None:
    table, checks = found.groups, report.check()
    assert table["合计"].sum() == len(report.checks.counted) == len(checks)
    assert (table.iloc[:, 2:].sum(axis=1) == table["合计"]).all()
    for status, name in STATUSES.items():
        assert table[name].sum() == (checks["status"] == status).sum()
    assert {one.identity.group for one in report.checks.made} <= set(GROUPS)


def test_tails_are_what_rounding_explains(report: Report, found: Reconciliation) -> None:
    table = found.tails
    assert table["几处"].sum() == (report.check()["status"] == "tail").sum()
    assert (table["最大的差"] <= table["舍入可解释"]).all()
    assert set(table["单位"]) <= {"万元", "%"}


def test_what_was_not_run_names_what_is_missing(tmp_path: Path) -> None:
    path = written(tmp_path, lay_out(SAMPLE, Options(), ("income",)).text)
    made = qy_finance.read_report(path)
    table = reconciled(made).not_run
    assert table["几条"].sum() == (made.check()["status"] == "not_run").sum()
    assert table["几条"].is_monotonic_decreasing
    assert "收入决算表" in set(table["缺什么"])


# --- contradictions ----------------------------------------------------------------------------


def test_every_break_is_told_figures_first(report: Report, found: Reconciliation) -> None:
    assert len(found.breaks) == (report.check()["status"] == "break").sum()
    assert found.breaks == [one for kind in KINDS for one in found.by_kind[kind]]
    for some in found.by_kind.values():
        assert [one.weight for one in some] == sorted((one.weight for one in some), reverse=True)


def test_sources_quote_each_figure_once(report: Report) -> None:
    checks = report.check()
    broken = checks[checks["status"] == "break"]
    expected = sorted(
        sorted(report.observations["printed"].loc[list(rows)]) for rows in broken["observations"]
    )
    quoted = [
        sorted(
            piece.text for source in one.sources for piece in source.said if isinstance(piece, Told)
        )
        for one in breaks(report.checks)
    ]
    assert sorted(quoted) == expected


def test_a_quote_is_the_sentence_and_its_line(found: Reconciliation) -> None:
    (one,) = (b for b in found.breaks if "122.8 ÷" in str(b.formula))
    (source,) = one.sources
    assert source.place == "第1272行"
    assert str(source.said) == (
        "授予中小企业合同金额2,792.96万元，占政府采购支出总额的95.8%，其中：授予小微企业合同金额"
        "122.8万元，占授予中小企业合同金额的4.20%；"
    )
    numbers = text.cards([one])[0].numbers
    assert [(name, plain(number)) for name, number in numbers] == [
        ("印出", "4.20%"),
        ("算出", "4.40%"),
        ("相差", "0.20 个百分点"),
        ("舍入可解释", "0.005 个百分点"),
        ("折合金额", "5.50 万元"),
    ]


def test_a_stated_cause_is_quoted_with_what_it_explains(found: Reconciliation) -> None:
    (one,) = (b for b in found.breaks if "的原因有电费" in str(b.formula))
    assert str(one.sources[-1].said).endswith("主要增减变动情况是：电费、其他交通费用、办公费。")
    assert (one.kind, one.sides, one.difference) == ("words", (), None)


def test_one_wrong_figure_is_named_and_marked(wrong: tuple[Report, int]) -> None:
    made, row = wrong
    found = reconciled(made)
    (one,) = found.by_kind["figures"]
    printed = str(made.observations["printed"].iloc[row])
    assert one.wrong is not None
    assert one.wrong.with_unit == f"{printed} 万元"
    assert one.sources[0].said == ("", Told(printed, one.wrong), " 万元")
    assert one.sources[0].name == "支出决算表 · 合计 · 项目支出"
    assert one.consequences
    frame = found.cells
    marked = frame[frame["state"] == "break"]
    assert marked[["table", "row", "column"]].to_numpy().tolist() == [
        ["expenditure", "合计", "项目支出"]
    ]
    assert (frame["state"] == "touched").any()
    assert marked["identities"].iloc[0] == 1 + len(one.consequences)
    assert "free" not in set(frame["state"])
    assert "支出决算表 · 合计 · 项目支出" in markdown2html(text.on_cells(found))
    assert "查明了错的是哪个数" in text.on_figures(found)
    card = text.cards([one])[0]
    assert card.numbers[0][0] == "错数"
    assert plain(card.numbers[0][1]) == f"{printed} 万元"
    assert card.folded[-2][0] == f"由此连带不符的 {len(one.consequences)} 条"


def test_a_report_without_contradictions(sound: Report) -> None:
    found = reconciled(sound)
    assert found.breaks == []
    assert text.foremost([]) == ""
    said = sentences(found)
    assert "没有一处不符" in said[0]
    assert said[2:4] == ["没有一处数字互相矛盾。", "没有一处用语与数字不符。"]
    assert "break" not in set(found.cells["state"])


def test_the_report_of_the_year_before_is_found(report: Report, tmp_path: Path) -> None:
    assert catalogue.report_before(report, DATA) is None
    data = tmp_path / "data"
    data.mkdir()
    head = (DATA / "reports.csv").read_text(encoding="utf-8").splitlines()[0]
    (data / "reports.csv").write_text(head + "\n", encoding="utf-8")
    path = written(tmp_path, report.text.replace("2022", "2021"))
    for file in (path, next((DATA / "raw" / "2022").glob("*.txt"))):
        catalogue.add(file, data)
    previous = catalogue.report_before(report, data)
    assert previous is not None
    assert previous.meta["year"] == 2021
    found = Reconciliation(report.checks_against(previous))
    assert "年度间" in set(found.groups["范围"])
    years = found.by_kind["years"]
    assert years
    earlier = [s for one in years for s in one.sources if s.place.startswith("上年报告")]
    assert earlier
    for source in earlier:  # and it leads to its place there
        [number] = [number for _, number, _ in source.said.shown if number is not None]
        (fact,) = number.sources
        assert fact.report_id == previous.meta["report_id"]
        assert previous.observations["figure"].iloc[fact.row] == fact.id
    assert "2021 年的报告不符" in text.on_years(found)
    assert "没有比较" in text.on_years(reconciled(report))


# --- cells -------------------------------------------------------------------------------------


def test_cells_are_those_of_the_tables(report: Report, found: Reconciliation) -> None:
    frame = found.cells
    for table in report.tables:
        columns = [c for c in report.tables[table] if c not in ("side", "code", "item")]
        printed = report.tables[table][columns].notna().to_numpy().sum()
        assert (frame["table"] == table).sum() == printed
    keys = ["table", "side", "row", "column"]
    assert not frame.duplicated(keys).any()
    assert set(frame["column"][frame["table"] == "three_public"]) <= set(
        found.columns("three_public")
    )


def test_what_no_identity_reaches_is_counted(report: Report) -> None:
    unchecked = CheckSet(report.reading)
    unchecked.__dict__["made"] = []
    found = Reconciliation(unchecked)
    assert set(found.cells["state"]) == {"free"}
    table = found.coverage
    assert len(table) == len(FORM.ids)
    assert table["无关系"].sum() == table["数值"].sum() == len(found.cells)
    assert "没有关系的 648 个" in text.on_cells(found)


# --- any report --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [*((table,) for table in FORM.ids), FORM.ids[:-1]])
def test_missing_tables_are_said_and_nothing_fails(
    missing: tuple[str, ...], tmp_path: Path
) -> None:
    made = qy_finance.read_report(written(tmp_path, lay_out(SAMPLE, Options(), missing).text))
    found = reconciled(made)
    said = sentences(found)
    assert all(said)
    for table in missing:
        assert FORM.name(table) in said[4]
    figure = charts.cell_map(found, "图", "来源")
    assert [text.get_text() for text in texts(figure)].count("报告没有这张表") == len(missing)


def test_tables_without_prose(sound: Report, tmp_path: Path) -> None:
    tables, _, _ = sound.text.rpartition("第三部分")
    made = qy_finance.read_report(written(tmp_path, f"{tables}第三部分：名词解释\n\n无。\n"))
    assert list(made.facts["section"]) == ["二、单位机构设置"]
    found = reconciled(made)
    assert {"表内", "表间"} <= set(found.groups["范围"])
    assert all(sentences(found))


@pytest.mark.parametrize(
    "path", sorted((TESTS / "reconciliation").glob("*.txt")), ids=lambda path: path.stem
)
def test_reports_of_other_departments(path: Path) -> None:
    found = reconciled(qy_finance.read_report(path))
    assert all(sentences(found))
    fits(charts.cell_map(found, "九张表的地图", "来源：九张表"))


# --- cards -------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.found.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_cards_hold_text_of_a_report_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
    quote = Quote(HOSTILE, (HOSTILE, "1.00", HOSTILE))
    card = Card(
        HOSTILE, HOSTILE, HOSTILE, True, [(HOSTILE, HOSTILE)], [quote], [(HOSTILE, [HOSTILE])]
    )
    show_cards([card, card])
    page = Elements(sent[0]["text/html"])
    assert page.open == []
    assert set(page.found) <= {"div", "span", "b", "ul", "li", "mark", "details", "summary"}
    assert page.found.count("mark") == page.found.count("details") == 2
    assert HOSTILE in sent[0]["text/plain"]


def test_a_card_shows_some_sources_and_folds_the_rest(wrong: tuple[Report, int]) -> None:
    made, _ = wrong
    found = breaks(made.checks)
    for one, card in zip(found, text.cards(found), strict=True):
        folded = sum(len(lines) for name, lines in card.folded if "出处" in name)
        assert len(card.quotes) <= 4
        assert len(card.quotes) + folded == len(one.sources)
        assert card.grave is (one.kind == "figures")


def test_what_words_alone_show_of_one_rule_is_one_card(found: Reconciliation) -> None:
    alone = [one for one in found.by_kind["words"] if not one.sources]
    assert len(alone) > 1
    (card,) = text.cards(alone)
    assert card.heading == "残留模板字样"
    assert alone[0].identity.purpose in card.folded[-1][1][0]
    said = [plain(quote.pieces[0]).rstrip("。") for quote in card.quotes]
    assert said == [str(b.formula) for b in alone]


def test_every_figure_of_a_contradiction_leads_to_itself(
    report: Report, found: Reconciliation
) -> None:
    facts = report.reading.facts
    for one in found.breaks:
        for source in one.sources:
            for piece in source.said:
                if isinstance(piece, Told):
                    (where,) = piece.number.sources
                    assert facts[where.row].number in (piece.number, abs(piece.number))
                    assert where.printed.startswith(piece.text.split()[0])
    (one,) = (b for b in found.breaks if "122.8 ÷" in str(b.formula))
    told = text.foremost([one])
    cited = re.findall(r'data-at="[^"#]*#([^"]+)"[^>]*>([\d.,]+)<', told)
    by_id = {fact.id: fact for fact in facts}
    shown = {said: [str(by_id[one].number) for one in at.split(".")] for at, said in cited}
    # the share that is recomputed leads to both amounts and the printed share
    assert shown["122.8"] == ["122.8"]
    assert shown["2,792.96"] == ["2792.96"]
    assert set(shown["4.40"]) == {"122.8", "2792.96", "4.20"}


# --- figures -----------------------------------------------------------------------------------


def texts(figure: Figure) -> list[Text]:
    return [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]


def fits(figure: Figure) -> None:
    """Nothing overlaps or leaves the figure, and our font has every letter."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    # ticks that are not drawn: the map has no axis
    axes = figure.axes[0]
    ticks = {id(text) for axis in (axes.xaxis, axes.yaxis) for text in axis.get_ticklabels()}
    shown = [text for text in texts(figure) if axes.axison or id(text) not in ticks]
    assert {text.get_fontname() for text in shown} == {theme.FONT}
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown]
    inner = [(text, *box.padded(-1).extents) for text, box in boxes]
    for (one, a, b, c, d), (other, e, f, g, h) in combinations(inner, 2):
        assert a > g or e > c or b > h or f > d, (one, other)
    page = figure.bbox.padded(1)
    for said, box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, said
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, said


def test_figures_of_the_report(found: Reconciliation) -> None:
    fits(charts.outcomes(found, "各类勾稽关系的结果", "来源：某表"))
    figure = charts.cell_map(found, "九张表的地图", "来源：九张表")
    fits(figure)
    words = [text.get_text() for text in texts(figure)]
    assert {"收入决算表", "161 个数值，都有关系", "公用经费", "2010301 行政运行"} <= set(words)


@pytest.mark.parametrize("rows", [70, 300])
def test_a_map_of_large_tables(rows: int, found: Reconciliation) -> None:
    states = ["held"] * 20 + ["tail", "touched", "break", "free"]
    data = [
        (table, "", f"{2_010_000 + row} 某项名称很长的支出{row}", column, row % 6, states[row % 24])
        for table in ("income", "expenditure", "general_budget_expenditure", "government_fund")
        for row in range(rows)
        for column in found.columns(table)
    ]
    names = ["table", "side", "row", "column", "identities", "state"]
    large = copy(found)
    large.cells = pd.DataFrame(data, columns=names)
    figure = charts.cell_map(large, "标题", "来源")
    fits(figure)
    assert figure.get_figheight() < 60


def test_the_map_is_stored_small_and_every_cell_names_its_figure(
    found: Reconciliation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: sent.append(data))
    figure = charts.cell_map(found, "九张表的地图", "来源：九张表")
    for _ in range(2):
        show_wide(figure, '地图"</style>')
    data, again = sent
    assert again == data
    html = data["text/html"]
    assert len(html) < 800_000
    assert 'alt="地图&quot;&lt;/style&gt;"' in html
    marks = figure.marks  # type: ignore[attr-defined]
    assert sorted(mark.number.id for mark in marks) == sorted(
        found.printed[key].id
        for key in zip(
            *(found.cells[name] for name in ("table", "side", "row", "column")), strict=True
        )
    )
    # hundreds are no stops for who goes by keyboard; those that contradict others are
    broken = int((found.cells["state"] == "break").sum())
    assert sum(mark.listed for mark in marks) == broken
