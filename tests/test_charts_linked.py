"""Charts on a page: every mark that stands for a figure leads to where it is printed, on a phone too."""

from __future__ import annotations

import base64
import configparser
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import needs_chromium, opened
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Page
from test_charts import figure_of
from test_source import HOSTILE, write_site

from qy_finance import Report, catalogue, numbers
from qy_finance.analysis.budget import Budget
from qy_finance.analysis.hotline import Hotline
from qy_finance.analysis.indicators import Performance
from qy_finance.analysis.operating import Operating
from qy_finance.analysis.procurement import Procurement
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.charts import budget, hotline, procurement, reconciliation, theme
from qy_finance.charts.waterfall import waterfall
from qy_finance.display import show, show_wide
from qy_finance.facts import Fact
from qy_finance.numbers import Source
from qy_finance.publish.pages import NotebookPage, export
from qy_finance.svg import Chart, drawing

DATA = Path(__file__).parents[1] / "data"
TOLD = "标题", "来源：某表"


@pytest.fixture(scope="module")
def report() -> Report:
    return catalogue.open_report(2022, data_dir=DATA)


@pytest.fixture(scope="module")
def figures(report: Report) -> dict[str, Figure]:
    """The charts of the notebooks."""
    found = Reconciliation(report.checks)
    purchases, running = Procurement(report.checks), Operating(report.checks)
    planned, aims = Budget(report.checks), Performance(report.checks).indicators
    assert running.bridge is not None
    service = Hotline(report.checks, aims)
    return {
        **{
            name: figure_of(name, report)
            for name in ("flow", "concentration", "economic", "accounts", "changes")
        },
        "waterfall": waterfall(running.bridge, "万元", *TOLD),
        "kinds": procurement.kinds_chart(purchases),
        "reservation": procurement.reservation_chart(purchases),
        "budget": budget.planned_and_spent(budget.comparable(planned), "万元", *TOLD),
        "targets": hotline.target_chart(hotline.drawn(aims), 2022),
        "topics": hotline.breakdown_chart(service.topics[0], 2022),
        "growth": hotline.growth_chart(service.growth),
        "outcomes": reconciliation.outcomes(found, *TOLD),
        "map": reconciliation.cell_map(found, *TOLD),
    }


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Callable[[Figure, str], Any]:
    def shown(figure: Figure, alt: str) -> Any:
        sent: list[dict[str, str]] = []
        monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
        (show_wide if alt == "map" else show)(figure, alt)
        return new_output("display_data", sent[0])

    return shown


@pytest.fixture
def site(
    report: Report, figures: dict[str, Figure], output: Callable[[Figure, str], Any], tmp_path: Path
) -> Path:
    shown = [output(figure, name) for name, figure in figures.items()]
    return write_site(tmp_path / "site", report, shown)


def seen(tab: Page, name: str) -> str:
    """What selects within the drawing of a chart that is seen."""
    kind = "narrow" if tab.viewport_size["width"] < 640 else "wide"  # type: ignore[index]
    return f'svg.{kind}[aria-label="{name}"]'


def test_the_marks_of_a_chart_are_those_of_its_numbers(
    report: Report, figures: dict[str, Figure]
) -> None:
    for name in ("accounts", "targets", "changes"):
        figure = figures[name]
        assert isinstance(figure, Chart)
        numbers = [mark for mark in figure.marks if mark.number is not None]
        assert numbers
        again = figure.narrow()  # type: ignore[misc]
        assert isinstance(again, Chart)
        assert [mark[:3] for mark in again.marks] == [mark[:3] for mark in figure.marks]
        assert again.get_figwidth() < figure.get_figwidth()
    assert not theme.is_narrow()


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_every_mark_leads_to_the_figures_that_it_stands_for(
    site: Path, width: int, figures: dict[str, Figure], report: Report
) -> None:
    with opened(site, width) as tab:
        marked = {
            name: tab.eval_on_selector_all(
                f"{seen(tab, name)} a",
                "all => all.map(a => [a.getAttribute('href'), a.querySelector('title').textContent])",
            )
            for name in figures
        }
        tab.goto((site.parent / "source.html").as_uri())
        printed = set(tab.eval_on_selector_all("[id^=n]", "all => all.map(one => one.id.slice(1))"))
    for name, figure in figures.items():
        assert isinstance(figure, Chart)
        marks = [figure.marks[at] for at in drawn_of(figure)]
        assert len(marks) > 2
        expected = {".".join(source.id for source in sources_of(mark.number)) for mark in marks} - {
            ""
        }
        addresses = {address for address, _ in marked[name] if address}
        assert {address.removeprefix("source.html#n") for address in addresses} == expected, name
        assert {one for some in expected for one in some.split(".")} <= printed
        assert all(title.strip() for _, title in marked[name])
        # one link for each mark, and one more where it has a bar and a label
        assert len(marks) <= len(marked[name])


def drawn_of(figure: Figure) -> list[int]:
    """The marks that something is drawn for."""
    found = set()
    for artist in figure.findobj():
        urls = artist.get_urls() if isinstance(artist, Collection) else [artist.get_url()]
        found |= {int(url[1:]) for url in urls if url}
    return sorted(found)


def sources_of(number: object) -> tuple[Source, ...]:
    return numbers.sources_of(number.number if isinstance(number, Fact) else number)


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_letters_are_large_enough_and_within_the_chart(
    site: Path, width: int, figures: dict[str, Figure]
) -> None:
    with opened(site, width) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        for name in figures:
            small, beyond = tab.evaluate(
                """(which) => {
                  const svg = document.querySelector(which), box = svg.getBoundingClientRect();
                  const scale = box.width / svg.viewBox.baseVal.width;
                  const texts = [...svg.querySelectorAll("text")];
                  const ends = texts.map((text) => text.getBoundingClientRect());
                  return [
                    Math.min(...texts.map((text) => scale * parseFloat(getComputedStyle(text).fontSize))),
                    Math.max(...ends.map((end) => Math.max(end.right - box.right, box.left - end.left))),
                  ];
                }""",
                seen(tab, name),
            )
            assert small >= 11, name
            assert beyond <= 3, name


@needs_chromium
def test_a_mark_is_clicked_and_reached_by_keyboard(site: Path) -> None:
    with opened(site, 1280) as tab:
        bar = tab.locator(f"{seen(tab, 'accounts')} a[href]:has(path)").first
        address = bar.get_attribute("href")
        # the label is the one stop of bar and label
        stops = tab.locator(f"{seen(tab, 'accounts')} a[href]:not([tabindex='-1'])")
        assert stops.count() == 13
        assert stops.first.get_attribute("href") == address
        stops.first.focus()
        assert tab.evaluate("document.activeElement.querySelector('title').textContent").startswith(
            "其他交通费用 · 金额（万元）：14.64\n出处："
        )
        tab.keyboard.press("Enter")
        assert tab.get_by_role("dialog").locator("mark").inner_text() == "14.64"
        tab.keyboard.press("Escape")
        bar.click()
        tab.get_by_role("link", name="到出处页看").click()
        tab.wait_for_url("**/source.html#n*")
        assert "14.64" in tab.locator(f"[id='{tab.url.partition('#')[2]}']").inner_text()


@needs_chromium
def test_a_mark_of_a_page_opened_alone_says_where_it_is_printed(site: Path) -> None:
    (site.parent / "beside.svg").unlink()
    with opened(site, 1280) as tab:
        tab.locator("#alone").wait_for()
        tab.locator(f"{seen(tab, 'accounts')} a").last.click()
        assert tab.url.endswith("01.html")
        assert "出处 ·" in tab.get_by_role("dialog").inner_text()


@needs_chromium
def test_a_chart_can_be_taken_along(site: Path) -> None:
    with opened(site, 1280) as tab:
        chart = tab.locator("figure.chart", has=tab.locator("svg[aria-label='changes']"))
        tab.evaluate(
            "window.addEventListener('copy', (event) => (window.taken = event.clipboardData.getData('text/plain')))"
        )
        chart.get_by_role("button", name="复制为 CSV").click()
        assert tab.evaluate("window.taken").split("\r\n")[:2] == [
            "名称,上年（推算，万元）,本年（万元）,比上年增减（万元）",
            "一般公共预算财政拨款收入,4704.22,3471.99,-1232.23",
        ]
        assert chart.get_by_role("status").inner_text() == "已复制 Copied"
        chart.get_by_role("button", name="复制为 SVG").click()
        svg = tab.evaluate("window.taken")
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        assert "source.html" not in svg
        assert "一般公共预算财政拨款收入" in svg
        # a browser that copies no pictures saves them
        tab.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        with tab.expect_download() as saved:
            chart.get_by_role("button", name="复制为 PNG").click()
        assert saved.value.path().read_bytes().startswith(b"\x89PNG")
        assert chart.get_by_role("status").inner_text() == "已存为文件 Saved"


def test_no_two_drawings_of_a_page_share_an_id(site: Path) -> None:
    page = site.read_text("utf-8")
    assert page.count("<svg") == 28
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert set(ids.values()) == {1}
    inner = set(re.findall(r'(?:url\(#|<use[^>]* href="#)([^")]+)', page))
    assert len(inner) > 20
    assert inner <= set(ids)


@needs_chromium
@pytest.mark.filterwarnings("ignore:constrained_layout")
def test_names_of_a_report_execute_nothing(
    report: Report, output: Callable[[Figure, str], Any], tmp_path: Path
) -> None:
    names = [
        "甲</title><script>alert(1)</script>",
        "乙]]><script>alert(1)</script>",
        "丙</desc></svg><img src=x onerror=alert(1)>",
        "丁<!-- &lt;script&gt;alert(1)",
        HOSTILE,
    ]
    whole = report.reading.cell("expenditure", "合计", "本年支出合计")
    assert whole is not None

    @theme.chart
    def hostile() -> Figure:
        ax = theme.rows(names)
        bars = ax.barh(range(len(names)), [1.0] * len(names))
        labels = theme.label_ends(ax, [1.0] * len(names), names)
        theme.mark(ax, names[0], names, [whole.number] * len(names), bars, labels)
        theme.value_axis(ax, names[1])
        return theme.finish(ax, names[2], names[3])

    shown = output(hostile(), names[0])
    assert "<script" not in shown["data"]["text/html"]
    for width in (1280, 390):
        with opened(write_site(tmp_path / "site", report, [shown]), width) as tab:
            tab.on("dialog", lambda dialog: pytest.fail(dialog.message))
            assert tab.locator("script:not([type])").count() == 1
            assert tab.locator("main img").count() == 0
            titles = tab.eval_on_selector_all(
                "svg.wide a title", "all => all.map((title) => title.textContent)"
            )
            assert {title.split("\n")[0] for title in titles} == {
                f"{' '.join(name.split())} · {names[0]}：7,212.75" for name in names
            }
            tab.locator("figure.chart a[href]:visible").last.click()
            assert tab.get_by_role("dialog").locator("mark").inner_text() == "7,212.75"


def test_only_what_draws_comes_into_a_page(tmp_path: Path) -> None:
    hostile = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" data-reports="r">'
        "<script>alert(1)</script><foreignObject><iframe src='//x'/></foreignObject>"
        "<style>* {display: none}</style><set attributeName='href' to='javascript:alert(1)'/>"
        "<a href='javascript:alert(1)' data-at='7#x x#y 0#z'><title>甲</title><path d='M0 0'/></a></svg>"
    )
    data = base64.b64encode(hostile.encode()).decode()
    images = [
        f'<img class="chart" src="data:image/svg+xml;base64,{data}" alt="甲">',
        '<img class="chart" src="data:image/svg+xml;base64,%%%" alt="乙">',
    ]
    outputs = [new_output("display_data", {"text/html": image}) for image in images]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=outputs)])
    made = export(
        notebook,
        NotebookPage("题", "局", 2022, "本级", "01", "2026", sources={"r": "s.html"}),
        tmp_path,
    )
    main = made.text[made.text.index("<main") : made.text.index("</main")]
    drawn = main[main.index("<svg") : main.index("</svg>")]
    assert set(re.findall(r"<(\w+)", drawn)) == {"svg", "a", "title", "path"}
    assert "alert" not in main
    assert 'href="s.html#nz"' in drawn
    assert 'alt="乙"' in main  # what can't be read stays a picture


def test_a_figure_of_ones_own_is_shown_too(output: Callable[[Figure, str], Any]) -> None:
    figure = Figure(figsize=(4, 3))
    figure.subplots().plot([1, 2], [3, 4])
    shown = output(figure, "自己的图")["data"]
    assert shown["text/plain"] == "自己的图"
    assert shown["text/html"].startswith('<img class="chart" width="400" src="data:image/svg+xml')


def test_a_figure_of_ones_own_stays_as_it_is() -> None:
    figure = Figure(figsize=(4, 3), dpi=120)
    before = figure.canvas, figure.dpi
    drawing(figure, "自己的图")
    assert (figure.canvas, figure.dpi) == before


def test_an_untrusted_notebook_keeps_a_chart(
    output: Callable[[Figure, str], Any], figures: dict[str, Figure]
) -> None:
    # JupyterLab leaves pictures, and takes markup of SVG out of what it does not trust
    html = output(figures["kinds"], "图")["data"]["text/html"]
    assert re.findall(r"<(\w+)", html) == ["picture", "source", "img"]


def test_two_runs_compare_by_values_not_by_drawings(
    output: Callable[[Figure, str], Any], figures: dict[str, Figure]
) -> None:
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(Path(__file__).with_name("nbval_sanitize.cfg"), "utf-8")
    html = output(figures["kinds"], "图")["data"]["text/html"]
    (rule,) = (rules[name] for name in rules if name.startswith("drawings"))
    said = re.sub(rule["regex"], rule["replace"], html)
    assert said.count("DRAWING") == 2
    assert len(said) < 300


def test_a_drawing_is_short_and_says_what_it_is(figures: dict[str, Figure]) -> None:
    text = drawing(figures["outcomes"], "图<甲>", [{"title": "值"}] * 40, "甲\t乙")
    assert 'aria-label="图&lt;甲&gt;"' in text
    assert "<desc>甲\t乙</desc>" in text
    assert not re.search(r"\d\.\d{3}", text)
    for surplus in ("<!--", "matplotlib", "<metadata", "xlink", "_blank", "font-family:"):
        assert surplus not in text
