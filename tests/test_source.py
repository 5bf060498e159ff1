"""A click on a number lands where it is printed, and leads back."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from browser import needs_chromium, opened
from layout.pdf_options import VARIANTS
from layout.pdf_writer import LaidPdf, lay_out_pdf
from layout.sample import SAMPLE
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import qy_finance
from qy_finance import Report, catalogue
from qy_finance.display import bold, cite, show_table
from qy_finance.facts import constant
from qy_finance.numbers import Number, sources_of
from qy_finance.publish.pages import NotebookPage, export
from qy_finance.publish.printed import printed
from qy_finance.publish.source_page import source_page

TESTS = Path(__file__).parent
ROOT = TESTS.parent
D = Decimal
HOSTILE = "某</script><script>alert(1)</script>“$x$”[局](javascript:1)"


@pytest.fixture(scope="module")
def report() -> Report:
    return catalogue.open_report(2022, data_dir=ROOT / "data")


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, LaidPdf]:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    contents = lay_out_pdf(SAMPLE, VARIANTS["Guangdong"], path)
    return qy_finance.read_report(path), contents


def table_output(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
    show_table(frame)
    return new_output("display_data", sent[0])


def write_site(
    folder: Path, report: Report, outputs: Sequence[nbformat.NotebookNode], name: str = "某局"
) -> Path:
    """A page with these outputs, the source page beside it, and what a page looks for."""
    said = [new_markdown_cell("# 支出结构"), new_markdown_cell("## 花在哪里？")]
    notebook = new_notebook(cells=[*said, new_code_cell("x", outputs=list(outputs))])
    own = str(report.meta["report_id"])
    beside = [("支出结构", "01.html"), ("出处", "source.html")]
    page = NotebookPage(
        "支出结构",
        name,
        2022,
        "本级",
        "01",
        "2026",
        "",
        beside=beside,
        sources={own: "source.html"},
    )
    made = export(notebook, page, folder, lambda _, figures: printed(report, figures))
    uses = {
        figure: [("支出结构", said, f"01.html#{at}") for at, said in headings.items()]
        for figure, headings in made.cited.get(own, {}).items()
    }
    folder.mkdir(exist_ok=True)
    (folder / "01.html").write_text(made.text, encoding="utf-8")
    (folder / "source.html").write_text(
        source_page(report, [("支出结构", "01.html")], uses), encoding="utf-8"
    )
    (folder / "beside.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    return folder / "01.html"


def markdown(text: str) -> nbformat.NotebookNode:
    return new_output("display_data", {"text/markdown": text, "text/plain": ""})


def cell(report: Report, item: str, column: str) -> Number:
    found = report.reading.cell("expenditure", item, column)
    assert found is not None
    return found.number


# --- numbers that remember ---------------------------------------------------------------------


def number(value: str, row: int) -> Number:
    source = replace(constant(D(value), value, "项"), row=row, report_id="甲")
    return Number(D(value), None, "", [source], computed=False)


def rows_of(value: object) -> list[int]:
    return [source.row for source in sources_of(value)]


@pytest.mark.parametrize(
    ("computed", "value", "rows"),
    [
        (lambda a, b: a + b, "10", [1, 2]),
        (lambda a, b: b - a, "6", [2, 1]),
        (lambda a, b: a * b, "16", [1, 2]),
        (lambda a, b: 100 * a / b, "25", [1, 2]),
        (lambda a, b: D(1) - a, "-1", [1]),
        (lambda a, b: D(16) / b, "2", [2]),
        (lambda a, b: sum([a, b, a], D(0)), "12", [1, 2]),
        (lambda a, b: pd.Series([a, b], dtype="object").sum(), "10", [1, 2]),
        (lambda a, b: pd.Series([a, b], dtype="object").cumsum().iloc[1], "10", [1, 2]),
        (lambda a, b: abs(a - b), "6", [1, 2]),
    ],
)
def test_what_is_computed_comes_from_its_operands(
    computed: Any, value: str, rows: list[int]
) -> None:
    result = computed(number("2", 1), number("8", 2))
    assert result == D(value)
    assert rows_of(result) == rows
    assert result.computed


@pytest.mark.parametrize(
    "same", [lambda a: a, lambda a: -a, abs, lambda a: sum([a]), lambda a: D(0) + a]
)
def test_sign_and_start_of_a_sum_make_no_other_figure(same: Any) -> None:
    result = same(number("2.50", 7))
    assert (rows_of(result), result.computed, abs(result)) == ([7], False, D("2.50"))


def test_a_number_is_exact_or_refuses() -> None:
    with pytest.raises(TypeError):
        number("0.1", 1) + 0.2
    assert number("0.1", 1) + number("0.2", 2) == D("0.3")


def test_each_figure_knows_its_row(report: Report) -> None:
    frame = report.observations
    for row, fact in enumerate(report.reading.facts):
        assert rows_of(fact.number) == [row]
        assert float(fact.number) == frame["value"][row]
        assert fact.id == frame["figure"][row]
    assert frame["figure"].is_unique


# --- the source page ---------------------------------------------------------------------------


def test_every_typed_figure_has_its_mark_on_its_line(report: Report, tmp_path: Path) -> None:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(source_page(report, [], {}), "html.parser")
    lines = {line["id"]: line for line in soup.select(".lines p")}
    with (TESTS / "golden" / "qingyuan_2022_prose.csv").open(encoding="utf-8", newline="") as file:
        typed = list(csv.DictReader(file))
    missing = [
        row
        for row in typed
        if row["printed"] not in [a.get_text() for a in lines[f"l{row['line']}"].select("a.fig")]
    ]
    assert missing == []
    with (TESTS / "golden" / "qingyuan_2022_tables.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["printed"] for row in csv.DictReader(file)]
    assert len(soup.select("a.fig")) == len(cells) + len(typed)
    assert sorted(cell.get_text() for cell in soup.select("details td a")) == sorted(cells)
    for link in soup.select("details td a"):
        target = soup.find(id=link["href"][1:])
        assert target is not None
        assert target.get_text() == link.get_text()


def test_text_of_a_report_stays_text_on_its_source_page(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    text = next((ROOT / "data" / "raw" / "2022").glob("*.txt")).read_text("utf-8")
    path.write_text(text.replace("清远市政务服务数据管理局本级", HOSTILE), encoding="utf-8")
    report = qy_finance.read_report(path)
    page = source_page(report, [(HOSTILE, "01.html")], {"0": [(HOSTILE, HOSTILE, "01.html")]})
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page


# --- in a browser ------------------------------------------------------------------------------


@pytest.fixture
def site(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    whole, project = cell(report, "合计", "本年支出合计"), cell(report, "合计", "项目支出")
    frame = pd.DataFrame({"项目": ["项目支出"], "金额": [project], "占比": [100 * project / whole]})
    sentence = f"共 {bold(cite(whole, '万元'))}，项目支出占 {cite(100 * project / whole, '%', 1)}。"
    return write_site(
        tmp_path / "site", report, [markdown(sentence), table_output(frame, monkeypatch)]
    )


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390, 360])
def test_a_click_on_a_printed_number_lands_on_it_and_leads_back(site: Path, width: int) -> None:
    with opened(site, width) as tab:
        assert tab.locator("#alone").is_hidden()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.get_by_text("7,212.75").click()
        tab.get_by_role("link", name="到出处页看").click()
        tab.wait_for_url("**/source.html#n*")
        lit = tab.locator(".lit")
        assert lit.all_inner_texts() == ["7,212.75"]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        box, bar = lit.bounding_box(), tab.locator("#about").bounding_box()
        assert box is not None
        assert bar is not None
        assert 0 <= box["y"] < box["y"] + box["height"] <= bar["y"]  # in sight, not below the bar
        assert (
            "支出决算表 · 合计 · 本年支出合计：7,212.75 万元" in tab.locator("#about").inner_text()
        )
        tab.locator("#about small a").first.click()
        tab.wait_for_url("**/01.html#*")
        assert tab.locator("h2:target").inner_text() == "花在哪里？"


@needs_chromium
def test_a_click_on_a_computed_number_shows_its_operands(site: Path) -> None:
    with opened(site) as tab:
        tab.locator("a.computed", has_text="89.7").first.click()
        tab.get_by_role("link", name="到出处页看").click()
        tab.wait_for_url("**/source.html#n*")
        assert tab.locator(".lit").all_inner_texts() == ["7,212.75", "6,467.51"]
        links = tab.locator("#about li > a")
        assert links.count() == 2
        links.nth(0).click()
        assert "6,467.51" in links.nth(0).inner_text()
        assert "6,467.51" in tab.evaluate("document.activeElement.textContent")


@needs_chromium
def test_a_page_alone_says_so_and_still_tells_the_source(site: Path, tmp_path: Path) -> None:
    alone = tmp_path / "mailed" / "01.html"
    alone.parent.mkdir()
    shutil.copy(site, alone)
    with opened(alone) as tab:
        tab.locator("#alone").wait_for(state="visible")
        tab.get_by_text("7,212.75").click()
        told = tab.get_by_role("dialog").inner_text()
        assert "支出决算表" in told
        assert "第373行" in told
        assert tab.url.endswith("/mailed/01.html")


@needs_chromium
def test_a_table_is_copied_as_plain_numbers_that_compute_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame(
        {
            "项目": ["=HYPERLINK(1)", "行政运行", "＋1", '"三公"经费'],
            "金额": [D("5000"), D("-1234.50"), D(1), D(2)],
        }
    )
    page = write_site(tmp_path / "site", report, [table_output(frame, monkeypatch)])
    with opened(page) as tab:
        tab.evaluate(
            "addEventListener('copy', e => { window.copied = e.clipboardData.getData('text/plain') })"
        )
        tab.get_by_role("button", name="复制表格").click()
        assert "已复制" in tab.locator(".copy").inner_text()
        copied = tab.evaluate("window.copied").split("\n")
        assert copied == [
            "项目\t金额",
            "'=HYPERLINK(1)\t5000",
            "行政运行\t-1234.50",
            "'＋1\t1",
            '"""三公""经费"\t2',
        ]


@needs_chromium
def test_the_box_on_a_picture_is_where_the_figure_is_drawn(
    laid: tuple[Report, LaidPdf], tmp_path: Path
) -> None:
    report, contents = laid
    drawn, place = next(
        (c, p) for c, p in contents.cells if c.table == "expenditure" and c.column == "项目支出"
    )
    frame = report.observations
    (row,) = frame.index[
        frame["table"].eq(drawn.table).fillna(False)
        & frame["item"].eq(drawn.item)
        & frame["column"].eq(drawn.column)
        & frame["code"].fillna("").eq(drawn.code or "")
    ]
    page = write_site(tmp_path / "site", report, [markdown(cite(report.reading.facts[row].number))])
    with opened(page) as tab:
        tab.locator("a.src").click()
        tab.get_by_role("link", name="到出处页看").click()
        tab.wait_for_url("**/source.html#n*")
        box = tab.locator(".lit").bounding_box()
        sheet = tab.locator(f"#p{place.page} img")
        paper, size = (
            sheet.bounding_box(),
            [float(sheet.get_attribute(n)) for n in ("width", "height")],
        )
        assert box is not None
        assert paper is not None
        across, down = paper["width"] / size[0], paper["height"] / size[1]
        left, top = (box["x"] - paper["x"]) / across, (box["y"] - paper["y"]) / down
        right, bottom = left + box["width"] / across, top + box["height"] / down
        # around the figure, and not by more than a few points
        assert place.x0 - 5 < left < place.x0
        assert place.x1 < right < place.x1 + 5
        assert place.top - 5 < top < (place.top + place.bottom) / 2 < bottom < place.bottom + 5
        assert 0 <= box["y"] <= 800
