"""Every number and every mark of a page opens a card, and its links land; a page mailed alone has all of that."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import needs_chromium, opened
from crawl import crawl, landing, settle
from layout.pdf_options import VARIANTS
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Page
from test_source import HOSTILE, markdown, write_site

import qy_finance
from qy_finance import Report, catalogue
from qy_finance.charts import theme
from qy_finance.display import cite, show
from qy_finance.facts import Fact
from qy_finance.language import EN
from qy_finance.numbers import total
from qy_finance.publish import cards
from qy_finance.publish.pages import NotebookPage, export
from qy_finance.publish.printed import printed

DATA = Path(__file__).parents[1] / "data"
LAID = ["Guangdong", *[name for name in VARIANTS if name != "Guangdong"][:3]]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The committed report, and four as PDF."""
    folder = tmp_path_factory.mktemp("reports")
    found = {"text": catalogue.open_report(2022, data_dir=DATA)}
    for name in LAID:
        path = folder / f"{name}.pdf"
        lay_out_pdf(SAMPLE, VARIANTS[name], path)
        found[name] = qy_finance.read_report(path)
    return found


def cited(report: Report) -> list[Fact]:
    """Figures of tables and prose, on many pages."""
    return list(report.reading.facts[::12])


def computed(report: Report) -> list[Any]:
    """Numbers of every kind: a quotient, a difference, a long sum."""
    facts = [fact for fact in report.reading.facts if fact.is_money and fact.value > 0]
    one, two = facts[0].number, facts[1].number
    sums = total(fact.number for fact in facts[:40])
    return [one.percent_of(two), one * (1 - two / 1000), one - two, sums, two.percent_of(sums)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Report], Path]:
    def written(report: Report) -> Path:
        sent: list[dict[str, str]] = []
        monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
        facts = report.reading.facts[:4]

        @theme.chart
        def bars() -> Any:
            ax = theme.rows([fact.item for fact in facts])
            drawn = ax.barh(range(4), [1.0] * 4)
            labels = theme.label_ends(ax, [1.0] * 4, [fact.printed for fact in facts])
            theme.mark(
                ax, "金额", [f.item for f in facts], [f.number for f in facts], drawn, labels
            )
            theme.value_axis(ax, "万元")
            return theme.finish(ax, "标题", "来源")

        show(bars(), "图")
        said = " ".join(cite(one) for one in (*cited(report), *computed(report)))
        outputs = [markdown(said), new_output("display_data", sent[0])]
        return write_site(tmp_path / str(report.meta["report_id"]), report, outputs)

    return written


@needs_chromium
@pytest.mark.parametrize("name", ["text", *LAID])
def test_every_number_opens_its_card_and_lands_on_its_source(
    name: str, reports: dict[str, Report], site: Callable[[Report], Path], tmp_path: Path
) -> None:
    report = reports[name]
    page = site(report)
    printed_ids = {fact.id for fact in (*cited(report), *report.reading.facts[:4])}
    printed_ids |= {one.id for number in computed(report) for one in number.sources}
    for width in (1280, 390):
        with opened(page, width) as tab:
            found = crawl(tab)
            assert set(found.leads) == {"source.html"}
            assert found.leads["source.html"] == printed_ids
            assert printed_ids <= landing(tab, page.parent / "source.html")
        assert len(found.numbers) >= len(cited(report)) + 5 + 4 * 2
        assert {one["mark"] for one in found.numbers} == {True, False}
        assert all(one["open"] and one["label"] and one["quoted"] for one in found.numbers)
        formulas = [one["formula"] for one in found.numbers if one["formula"]]
        assert len(formulas) == 5
        assert sum(one["strips"] for one in found.numbers) >= len(printed_ids) * (name != "text")
        # the same page, mailed
        mailed = tmp_path / "mailed"
        mailed.mkdir(exist_ok=True)
        with opened(Path(shutil.copy(page, mailed)), width) as tab:
            alone = crawl(tab)
            assert tab.locator("a[href]:not([href^='#'])").count() == 0
            assert tab.locator("#alone").bounding_box()["height"] < 30  # type: ignore[index]
        assert alone.leads == {}
        for one, other in zip(found.numbers, alone.numbers, strict=True):
            assert (one["text"], one["quoted"], one["strips"]) == (
                other["text"],
                other["quoted"],
                other["strips"],
            )
    assert page.stat().st_size <= cards.MOST_BYTES


@needs_chromium
def test_a_page_whose_source_page_was_made_anew_leads_nowhere_into_it(
    reports: dict[str, Report], site: Callable[[Report], Path]
) -> None:
    page = site(reports["text"])
    (page.parent / "beside.svg").rename(page.parent / "here.svg")
    with opened(page) as tab:
        assert crawl(tab).leads == {}
        assert "不是一次做成" in tab.locator("#alone").inner_text()
        # the other pages are there
        assert tab.locator(".site a[href]").count() == 1
        assert tab.locator("header a[href='source.html']").count() == 0


def first(tab: Page) -> Any:
    settle(tab)
    return tab.locator("main a.computed").first


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_a_card_by_keyboard(
    width: int, reports: dict[str, Report], site: Callable[[Report], Path]
) -> None:
    with opened(site(reports["Guangdong"]), width) as tab:
        link = first(tab)
        link.focus()
        tab.keyboard.press("Enter")
        dialog = tab.get_by_role("dialog")
        assert dialog.get_attribute("aria-label") == link.inner_text()
        box = dialog.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 800
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        # a figure of the formula has its own card, and there is a way back
        dialog.locator(".formula .figure").first.focus()
        tab.keyboard.press("Enter")
        assert dialog.locator("mark").count() == 1
        assert dialog.locator(".strip img").count() == 1
        dialog.get_by_role("button", name="返回").press("Enter")
        assert dialog.locator(".formula").count() == 1
        for _ in range(12):  # what lies below is out of reach
            tab.keyboard.press("Tab")
            held = tab.evaluate("document.activeElement.closest('main, header, nav') === null")
            assert held
        tab.keyboard.press("Escape")
        assert dialog.count() == 0
        assert link.evaluate("link => link === document.activeElement")


@needs_chromium
def test_other_clicks_follow_the_link_as_they_do_without_a_script(
    reports: dict[str, Report], site: Callable[[Report], Path]
) -> None:
    page = site(reports["text"])
    with opened(page) as tab:
        link = first(tab)
        with tab.context.expect_page() as other:
            link.click(modifiers=["Control"])
        other.value.wait_for_url("**/source.html#n*")
        assert tab.get_by_role("dialog").count() == 0
    with opened(page, scripts=False) as tab:
        tab.locator("main a.src").first.click()
        tab.wait_for_url("**/source.html#n*")


@needs_chromium
def test_the_box_on_a_strip_lies_on_ink(
    reports: dict[str, Report], site: Callable[[Report], Path]
) -> None:
    with opened(site(reports["Guangdong"])) as tab:
        settle(tab)
        tab.locator("main a.src").first.click()
        shares = tab.evaluate(
            """async () => {
              const image = document.querySelector("#card .strip img"), box = image.nextSibling.style;
              await image.decode();
              const { naturalWidth: width, naturalHeight: height } = image;
              const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
              context.drawImage(image, 0, 0);
              const [x, w] = [box.left, box.width].map((edge) => width * parseFloat(edge) / 100);
              const [y, h] = [box.top, box.height].map((edge) => height * parseFloat(edge) / 100);
              const { data } = context.getImageData(0, 0, width, height);
              const dark = (from, to) => {
                let found = 0;
                for (let row = Math.round(y); row < Math.round(y + h); row++)
                  for (let at = Math.round(from); at < Math.round(to); at++)
                    found += data[4 * (row * width + at)] < 128;
                return found;
              };
              return [[x, w], [x - 3, 2], [x + w + 1, 2]].map(([from, n]) => dark(from, from + n) / (n * h));
            }"""
        )
        assert shares[0] > 0.05  # digits
        assert max(shares[1:]) < shares[0] / 3  # and all of them: beside it no more than an edge


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script id="cards" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def exported(report: Report, look: cards.Look, said: str, language: str = "zh") -> str:
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[markdown(said)])])
    own = str(report.meta["report_id"])
    page = NotebookPage(
        "题", "局", 2022, "本级", "01", "2026", sources={own: "s.html"}, language=language
    )
    return export(notebook, page, Path(), look).text


def test_strips_that_would_make_a_page_too_long_are_left_out(
    reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reports["Guangdong"]
    facts = report.reading.facts
    said = " ".join(map(cite, [*facts, facts[0], facts[0]]))

    def look(_: str, figures: Any) -> Any:
        return printed(report, figures)

    whole = exported(report, look, said)
    monkeypatch.setattr(cards, "MOST_BYTES", len(whole.encode()) - 20_000)
    less = exported(report, look, said)
    assert len(less.encode()) <= len(whole.encode()) - 20_000

    def kept(text: str) -> list[Any]:
        found = re.search(r'<script id="strips" type="application/json">(.*?)</script>', text)
        assert found is not None
        return list(json.loads(found[1]))

    assert all(kept(whole))
    assert 0 < kept(less).count(0) < len(kept(less))
    assert data_of(less) == data_of(whole)  # the words of cards stay


@needs_chromium
@pytest.mark.parametrize("language", ["zh", EN])
def test_text_of_a_report_on_a_card_is_text(
    language: str, reports: dict[str, Report], tmp_path: Path
) -> None:
    report = reports["text"]
    fact = report.reading.facts[0]
    hostile = f"{HOSTILE}<img src=x onerror=alert(1)>]]>\u2028\u202e\"'<!--<script>"

    def look(_: str, figures: Any) -> Any:
        told = printed(report, figures)
        told["passages"] = [hostile + fact.printed]
        told["figures"][fact.id] |= {
            "name": hostile, "place": hostile, "unit": hostile, "said": hostile,
            "at": [len(hostile), len(hostile) + len(fact.printed)],
        }  # fmt: skip
        return told

    text = exported(report, look, cite(fact), language)
    assert data_of(text)["passages"] == [hostile + fact.printed]
    assert "alert(1)</script>" not in text
    (tmp_path / "beside.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (tmp_path / "p.html").write_text(text, "utf-8")
    with opened(tmp_path / "p.html") as tab:
        tab.on("dialog", lambda dialog: pytest.fail(dialog.message))
        tab.locator("a.src").click()
        card = tab.get_by_role("dialog")
        assert card.locator("img, script").count() == 0
        assert card.locator("mark").inner_text() == fact.printed
        assert card.locator("blockquote").evaluate("q => q.textContent") == hostile + fact.printed
        if language == EN:
            said = card.evaluate(
                "card => [...card.querySelectorAll('span[lang=zh]')].map(one => one.remove()) && card.textContent"
            )
            assert not re.search(r"[\u4e00-\u9fff]", said)


def test_a_card_is_not_printed(reports: dict[str, Report]) -> None:
    text = exported(reports["text"], cards.nothing, "")
    printing = text[text.index("@media print") :]
    assert re.search(r"#card \{ display: none !important", printing)


def test_a_report_that_cannot_be_read_leaves_what_the_page_says(reports: dict[str, Report]) -> None:
    fact = reports["text"].reading.facts[0]
    found = data_of(exported(reports["text"], cards.nothing, cite(fact)))
    assert found["figures"] == []
    assert found["numbers"] == [[[-1], []]]
