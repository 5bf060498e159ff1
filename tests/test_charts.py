"""Figures of notebooks 00 to 02: what they say, in our font, without overlap."""

from __future__ import annotations

import io
import re
import warnings
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import matplotlib.colors
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import qy_finance
from qy_finance.analysis.operating import Operating
from qy_finance.analysis.overview import compared
from qy_finance.analysis.procurement import Procurement
from qy_finance.analysis.spending import Spending
from qy_finance.charts import panel as panel_charts
from qy_finance.charts import spending as spending_charts
from qy_finance.charts import theme
from qy_finance.charts.procurement import reservation_chart
from qy_finance.charts.spending import flow
from qy_finance.display import MOST_ROWS, decimals, show, show_table
from qy_finance.language import speaking
from qy_finance.palette import PALETTE
from qy_finance.report import Report

DATA = Path(__file__).parents[1] / "data"
NAMES = ("flow", "concentration", "economic", "accounts", "changes", "long names")


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(next((DATA / "raw" / "2022").glob("*.txt")))


def figure_of(name: str, report: Report) -> Figure:
    title, source = "标题", "来源：某表"
    found = Spending(report.checks)
    if name == "flow":
        return flow(found.flows, "万元", title, source)
    if name == "concentration":
        return spending_charts.concentration(found.concentration, "万元", title, source)
    if name == "economic":
        return spending_charts.economic(found.economic, "万元", title, source)
    if name == "accounts":
        topic = Operating(report.checks)
        return spending_charts.operating(topic.accounts, topic.drivers, "万元", title, source)
    if name == "changes":
        return panel_charts.changes(compared(report.checks), "万元", title, source)
    long = found.concentration.head(3)
    amounts = [Decimal(f"{10**power}.00") for power in (9, 8, 1)]
    items = ["对民间非营利组织和群众性自治组织补贴以及其他没有列明的有关支出", "$x$ 支出", "<b>"]
    return spending_charts.concentration(
        long.assign(total=amounts, item=pd.array(items, dtype="string")), "元", title, source
    )


@pytest.fixture(scope="module", params=NAMES)
def drawn(request: pytest.FixtureRequest, report: Report) -> Figure:
    figure = figure_of(request.param, report)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a character that the font lacks
        figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    return figure


def texts(figure: Figure) -> list[Text]:
    return [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]


def test_title_source_and_unit_are_there(drawn: Figure) -> None:
    words = [text.get_text() for text in texts(drawn)]
    assert {"标题", "来源：某表"} <= set(words)
    assert any(word.startswith("单位：") and word.endswith("元") for word in words)


def test_every_letter_is_in_our_font(drawn: Figure) -> None:
    assert {text.get_fontname() for text in texts(drawn)} == {theme.FONT}


def test_nothing_overlaps_or_leaves_the_figure(drawn: Figure) -> None:
    shown = [(text, text.get_window_extent()) for text in texts(drawn)]
    # ticks beyond the ends of an axis are kept by matplotlib, but not drawn
    axes = drawn.axes[0]
    low, high = axes.get_xlim()
    hidden = {
        id(tick.label1)
        for tick in axes.xaxis.get_major_ticks()
        if not low <= tick.get_loc() <= high
    }
    shown = [(text, box) for text, box in shown if id(text) not in hidden]
    for (one, box), (other, second) in combinations(shown, 2):
        assert not box.padded(-1).overlaps(second.padded(-1)), (one.get_text(), other.get_text())
    page = drawn.bbox.padded(1)
    for text, box in shown:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, text.get_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_shares_beside_long_names_are_inside(report: Report, language: str) -> None:
    with speaking(language):
        figure = reservation_chart(Procurement(report.checks))
    figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    test_nothing_overlaps_or_leaves_the_figure(figure)


def test_a_long_title_in_english_is_inside() -> None:
    with speaking("en"):
        ax = theme.rows(["one", "two"])
        labels = theme.label_ends(ax, [1.0, 2.0], ["1", "2"])
        figure = theme.finish(ax, "Expenditure on urban affairs " * 4, "Source: some table; " * 5)
    assert len(labels) == 2
    figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    test_nothing_overlaps_or_leaves_the_figure(figure)


def test_letters_are_readable_on_a_phone(drawn: Figure) -> None:
    page = 358  # CSS pixels of text on a phone of 390
    shown = min(1, page / (100 * drawn.get_figwidth()))
    assert min(text.get_fontsize() for text in texts(drawn)) * 100 / 72 * shown >= 9


def test_bars_are_labelled_with_their_amounts(report: Report) -> None:
    words = [text.get_text() for text in texts(figure_of("concentration", report))]
    assert "3,740.53，累计 51.9%" in words
    assert "住房公积金" in words
    words = [text.get_text() for text in texts(figure_of("accounts", report))]
    assert {"电费", "0.00 ◆", "14.64（23.3%） ◆"} <= set(words)


def test_a_long_title_is_broken_evenly_between_words() -> None:
    title = "变化最大的是一般公共预算财政拨款收入：−1,232.23 万元"
    assert theme.lines(title, 40) == title
    broken = theme.lines(title, 22).split("\n")
    assert "".join(broken).replace(" ", "") == title.replace(" ", "")
    assert len(broken) == 2
    assert min(map(len, broken)) >= 12
    assert any("−1,232.23" in line for line in broken)
    assert not any(line.startswith(tuple("，。；：、）")) for line in broken)


def test_the_chart_of_the_docs_can_be_drawn(report: Report) -> None:
    docs = Path(__file__).parents[1] / "docs" / "notebooks.md"
    (code,) = re.findall(r"```python\n(.*?)```", docs.read_text("utf-8"), re.DOTALL)
    known: dict[str, Any] = {"theme": theme, "decimals": decimals}
    exec(f"from __future__ import annotations\n{code}", known)
    facts = [fact for fact in report.reading.facts if fact.figure.table == "expenditure"][:3]
    figure = known["largest"](facts, "万元", "标题", "来源")
    assert [mark.number for mark in figure.marks] == [fact.number for fact in facts]
    assert len(figure.narrow().marks) == 3


def test_colours_differ_in_grey_print() -> None:
    def lightness(colour: str) -> float:
        parts = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in matplotlib.colors.to_rgb(colour)
        )
        luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
        return 116 * luminance ** (1 / 3) - 16

    levels = [lightness(colour) for colour in PALETTE]
    assert all(lighter - darker >= 12 for darker, lighter in pairwise(levels))


def test_a_figure_is_shown_with_its_words_and_stored_with_its_values(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
    for _ in range(2):
        show(figure_of("changes", report), '收支的"图"')
    assert sent[0] == sent[1]
    assert 'alt="收支的&quot;图&quot;"' in sent[0]["text/html"]
    assert sent[0]["text/plain"].splitlines() == [
        '收支的"图"',
        "标题",
        "来源：某表",
        "名称\t上年（推算，万元）\t本年（万元）\t比上年增减（万元）",
        "一般公共预算财政拨款收入\t4,704.22\t3,471.99\t-1,232.23",
        "政府性基金预算财政拨款收入\t2,890.92\t3,740.53\t849.61",
        "其他收入\t84.42\t0.00\t-84.42",
        "基本支出\t785.10\t745.24\t-39.86",
        "项目支出\t6,881.09\t6,467.51\t-413.58",
    ]


def test_tables_are_the_same_on_every_run_and_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data["text/html"]))
    frame = pd.DataFrame(
        {
            "名": ["<b>甲</b>", None],
            "额": [1234.5, None],
            "准": [Decimal("62.7"), None],
            "数": pd.array([1000, None], dtype="Int64"),
            "达": pd.array([True, None], dtype="boolean"),
        }
    )
    for _ in range(2):
        show_table(frame, caption="<i>")
    assert sent[0] == sent[1]
    assert "<b>" not in sent[0]
    assert "<i>" not in sent[0]
    cells = [
        part.split("<")[0] for part in sent[0].split("<td")[1:] for part in [part.split(">", 1)[1]]
    ]
    assert cells == ["&#60;b&#62;甲&#60;&#47;b&#62;", "1,234.50", "62.7", "1,000", "是", *"—————"]


def test_of_a_long_table_the_first_rows_are_shown_and_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data["text/html"]))
    show_table(pd.DataFrame({"额": range(1, MOST_ROWS + 2)}), caption="各单位")
    assert f"各单位（共 {MOST_ROWS + 1} 行，这里是前 {MOST_ROWS} 行）" in sent[0]
    assert sent[0].count("<td") == MOST_ROWS
