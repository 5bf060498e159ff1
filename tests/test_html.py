"""Pages hold all that they show, and show what a report says as text."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from browser import load, needs_chromium, opened
from fontTools.ttLib import TTFont
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from qy_finance.publish.index import index_page
from qy_finance.publish.manifest import Manifest
from qy_finance.publish.pages import NotebookPage, export

#: The smallest PNG: one pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FRAME = """<div><style scoped>.dataframe {color: red}</style><table border="1" class="dataframe">
<thead><tr><th></th><th>项目</th><th>决算数</th></tr></thead>
<tbody><tr><th>0</th><td>行政运行</td><td>1,234.50</td></tr>
<tr><th>1</th><td>&lt;script&gt;</td><td>-99.01</td></tr></tbody></table></div>"""
HOSTILE = """<script src="https://x.example/a.js"></script><img src="//x.example/b.png">
<a href="HTTPS://x.example/c">法规</a><a href="javascript:alert(1)">点</a><iframe src="//x"></iframe>
<p style="background: url(https://x.example/d.png)" onclick="alert(1)">段</p>
<style>@import "https://x.example/e.css"; p {background: url('//x.example/f')}</style>"""
#: Attributes by which a browser loads something, and styles that do.
LOADING = {"src", "srcset", "href", "xlink:href", "data", "poster", "background", "action"}
EXTERNAL = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def output(mimetype: str, data: str) -> nbformat.NotebookNode:
    return new_output("display_data", {mimetype: data, "text/plain": "…"})


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    """An executed notebook with one of everything."""
    cells = [
        new_markdown_cell("# 支出结构\n\n本年支出 **3,471.99** 万元。"),
        new_code_cell("year = 2022", metadata={"tags": ["parameters"]}),
        new_markdown_cell("## 钱花在哪里？"),
        new_code_cell("frame  # 表", outputs=[output("text/html", FRAME)]),
        new_markdown_cell("## 钱花在哪里？\n\n### 图"),
        new_code_cell("plot()", outputs=[output("image/png", PNG)]),
        new_code_cell("x", outputs=[output("text/html", HOSTILE)]),
        new_code_cell("w", outputs=[output("application/javascript", "alert(1)")]),
        new_code_cell("p", outputs=[new_output("stream", name="stdout", text="<b>结论</b>")]),
        new_markdown_cell("![外图](https://x.example/g.png) [link](http://x.example/h)"),
    ]
    for cell in cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    return new_notebook(cells=cells)


def page(error: str = "", unit: str = "某市某局") -> NotebookPage:
    return NotebookPage("支出结构", unit, 2022, "本级", "01", "2026-01-02T03:04:05+00:00", error)


class Loads(HTMLParser):
    """What a page would load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADING and EXTERNAL.match(value or ""):
                self.found.append(f"{tag} {name} {value}")
            if name == "style" and re.search(r"url\(\s*['\"]?(?!data:)", value or ""):
                self.found.append(f"{tag} {name} {value}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.found += re.findall(r"@import.*|url\(\s*['\"]?(?!data:).{20}|https?://.{20}", data)


def test_a_page_names_no_external_address(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    text = export(notebook, page(), tmp_path).text
    assert Loads(text).found == []
    assert "javascript:" not in text
    assert "onclick" not in text
    assert text.count("<script>") == 1  # others are data
    # what a text refers to can still be read
    assert "法规（HTTPS://x.example/c）" in text
    assert "[外图：https://x.example/g.png]" in text


def test_a_page_is_complete_and_ordered(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    text = export(notebook, page(), tmp_path).text
    assert '<html lang="zh-CN">' in text
    assert "<title>支出结构 · 某市某局 2022</title>" in text
    assert text.count('<details class="code">') == 6
    assert "默认参数" in text
    assert f'<img alt="图 figure：图" src="data:image/png;base64,{PNG}"/>' in text
    assert '<td class="num">1,234.50</td>' in text
    assert '<th class="num" style="--w:3">决算数</th>' in text
    assert "<td>行政运行</td>" in text
    assert "scoped" not in text
    assert "&lt;b&gt;结论&lt;/b&gt;" in text
    links = re.findall(r'<li class="h[23]"><a href="#([^"]+)">', text)
    assert links == ["钱花在哪里？", "钱花在哪里？-2", "图"]
    assert [f'id="{link}"' in text for link in links] == [True, True, True]


def test_no_heading_takes_the_address_of_another_or_of_the_page(tmp_path: Path) -> None:
    headings = ["code", "x", "x", "x-2", "card"]
    cells = [new_markdown_cell(f"## {heading}") for heading in headings]
    made = export(new_notebook(cells=cells), page(), tmp_path).text
    ids = re.findall(r'\bid="([^"]+)"', made)
    assert len(ids) == len(set(ids))
    assert re.findall(r'<h2 id="([^"]+)"', made) == ["code-2", "x", "x-2", "x-2-2", "card-2"]


def test_a_link_to_a_notebook_leads_to_its_page(tmp_path: Path) -> None:
    text = "见 [05 勾稽](05_reconciliation.ipynb)、[面板](06_panel.ipynb)、[别处](99_own.ipynb)。"
    own = replace(
        page(),
        pages={
            "05_reconciliation": "05_reconciliation.html",
            "06_panel": "../../panel/06_panel.html",
        },
    )
    made = export(new_notebook(cells=[new_markdown_cell(text)]), own, tmp_path).text
    assert '<a href="05_reconciliation.html">05 勾稽</a>' in made
    assert '<a href="../../panel/06_panel.html">面板</a>' in made
    assert "、别处。" in made


def test_an_image_of_a_text_cell_is_taken_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "图 1.png").write_bytes(base64.b64decode(PNG))
    text = "说明 <b>重点</b>：![流程](figures/图%201.png) ![没有](figures/2.png)"
    made = export(new_notebook(cells=[new_markdown_cell(text)]), page(), tmp_path).text
    assert f'<img alt="流程" src="data:image/png;base64,{PNG}"/>' in made
    assert "<b>重点</b>" in made
    assert 'alt="没有"' in made


def test_header_and_cells_of_a_column_align_the_same_way(tmp_path: Path) -> None:
    body = [
        '<tr><th rowspan="2">甲</th><td>≥80%</td><td>100%</td><td>一</td></tr>',
        "<tr><td>100%</td><td>未统计</td><td>2</td></tr>",
        '<tr><th>乙</th><td></td><td>62.83%</td><td colspan="x">三</td></tr>',
    ]
    head = "<tr><th>指标</th><th>目标</th><th>实际</th><th>说明</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"
    cell = new_code_cell("t", outputs=[output("text/html", table)], execution_count=1)
    text = export(new_notebook(cells=[cell]), page(), tmp_path).text
    text = re.sub(r' style="--w:\d+"', "", text)
    for right in ("<th {}>目标", "<td {}>≥80%", "<th {}>实际", "<td {}>62.83%"):
        assert right.format('class="num"') in text
    assert '<td class="num words">未统计</td>' in text
    for left in ("<th>指标</th>", "<th>说明</th>", "<td>一</td>", "<td>2</td>", "<th>乙</th>"):
        assert left in text


def test_texts_from_a_report_are_text(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    hostile = '"><script>alert(1)</script>'
    text = export(notebook, page(error=f"E: {hostile}", unit=hostile), tmp_path).text
    assert "alert(1)</script>" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
    run = {"title": hostile, "status": "failed", "error": hostile, "seconds": 1.0, "started": ""}
    folder = tmp_path / "2022" / "a%b"
    manifest = Manifest(folder, hostile, 2022, hostile, {"error": hostile}, {"甲#": run})
    index = index_page([manifest], tmp_path)
    assert "alert(1)</script>" not in index
    assert index.count("<script>") == 1  # and a block of data, which is none
    assert 'href="2022/a%25b/%E7%94%B2%23.html"' in index


def test_the_font_has_the_characters_of_the_page(
    notebook: nbformat.NotebookNode, tmp_path: Path
) -> None:
    text = export(notebook, page(), tmp_path).text
    data = re.search(r"data:font/woff;base64,([^)]+)\)", text)
    assert data is not None
    (tmp_path / "font.woff").write_bytes(base64.b64decode(data[1]))
    with TTFont(tmp_path / "font.woff") as font:
        assert set(map(ord, "支出结构万元。？（）")) <= set(font.getBestCmap())


def test_a_failed_cell_is_open_and_linked(tmp_path: Path) -> None:
    error = new_output("error", ename="E", evalue="x", traceback=["\x1b[31mE\x1b[0m: <x>"])
    bad = new_code_cell("f()", outputs=[error], execution_count=1)
    text = export(new_notebook(cells=[bad]), page(error="E: x"), tmp_path).text
    assert '<section class="code" id="error"><details class="code" open="">' in text
    assert '<a href="#error">' in text
    assert "&lt;x&gt;" in text
    # a kernel that died leaves no such cell
    text = export(new_notebook(cells=[new_code_cell("f()")]), page(error="E: x"), tmp_path).text
    assert "运行失败" in text
    assert "#error" not in text


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    text = index_page([], tmp_path)
    assert "还没有结果" in text
    assert Loads(text).found == []


@needs_chromium
def test_a_browser_without_a_network_shows_the_page(
    notebook: nbformat.NotebookNode, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(export(notebook, page(), tmp_path).text, encoding="utf-8")
    document, complaints = load(file)
    assert complaints == []
    button = re.search(r"<button[^>]*>", document)
    assert button is not None
    assert "hidden" not in button[0]  # its script has run

    file.write_text(index_page([], tmp_path), encoding="utf-8")
    assert load(file)[1] == []


@needs_chromium
@pytest.mark.parametrize("width", [360, 1280])
def test_a_wide_table_scrolls_in_its_box_past_the_names_of_its_rows(
    width: int, tmp_path: Path
) -> None:
    head = "".join(f"<th>一般公共预算财政拨款收入{n}</th>" for n in range(12))
    row = "<td>某市政务服务数据管理局</td>" + "<td>12,345,678.90</td>" * 11
    table = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"
    notebook = new_notebook(
        cells=[new_code_cell("t", execution_count=1, outputs=[output("text/html", table)])]
    )
    file = tmp_path / "page.html"
    file.write_text(export(notebook, page(unit="很长的单位名称" * 8), tmp_path).text, "utf-8")
    (tmp_path / "beside.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with opened(file, width) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        box, name = tab.locator(".scroll"), tab.locator("tbody td").first
        before = name.bounding_box()
        box.evaluate("e => e.scrollLeft = e.scrollWidth")
        assert box.evaluate("e => e.scrollLeft") > 0
        assert name.bounding_box() == before
        assert name.evaluate("e => e.clientWidth") < width / 2


@needs_chromium
def test_no_script_of_a_page_runs_but_ours(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    text = export(notebook, page(), tmp_path).text
    inserted = "<script>document.title = 'ran'</script></main>"
    file.write_text(text.replace("</main>", inserted), encoding="utf-8")
    document, complaints = load(file)
    assert "<title>ran</title>" not in document
    assert complaints
