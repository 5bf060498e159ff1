"""The index: what it shows of many reports, that it is found by searching, and that all of it is text."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import needs_chromium, opened
from bs4 import BeautifulSoup, Tag

from qy_finance import read_report
from qy_finance.files import safe_name
from qy_finance.foremost import foremost
from qy_finance.publish.index import index_page
from qy_finance.publish.manifest import Manifest
from qy_finance.publish.reading import failed

REPORTS = sorted((Path(__file__).parent / "reconciliation").glob("*.txt"))
HOSTILE = ("<script>alert(1)</script>", "](javascript:alert(1))", "$\\(x\\)$", "../../etc", "=1+1")


def run(title: str, error: str = "") -> dict[str, object]:
    status = "failed" if error else "ok"
    return {
        "title": title,
        "status": status,
        "error": error,
        "started": "2026-01-02T03:04:05+00:00",
    }


def manifest(output: Path, unit: str, year: int, scope: str, told: dict[str, object]) -> Manifest:
    folder = output / str(year) / safe_name(unit)
    return Manifest(folder, unit, year, scope, told, {"00": run("总览"), "05": run("勾稽", "E: x")})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of twenty reports: two years of one unit, and one report that can't be read."""
    output = tmp_path_factory.mktemp("outputs")
    told = {file.stem: foremost(read_report(file), None) for file in REPORTS}
    broken = told["anhui_water"] | {
        "checks": {"exact": 5, "break": 13, "error": 1, "warning": 12},
        "contradictions": [
            {"severity": "error", "message": "收入 1 ≠ 2 <b>差</b>", "figures": ["4", "7"]},
            {"severity": "warning", "message": "2019 留有模板字样“的增长”", "figures": []},
        ],
        "headlines": [
            row | {"disputed": row["figure"] == "income"}
            for row in told["anhui_water"]["headlines"]
        ],
    }
    made = [manifest(output, stem, 2022, "部门汇总", said) for stem, said in sorted(told.items())]
    made += [
        manifest(output, "皖江市水利局", 2023, "本级", broken),
        manifest(output, "皖江市水利局", 2021, "本级", told["fujian_market"]),
        manifest(output, "读不出的局", 2019, "本级", failed("no text layer")),
        Manifest(output / "panel", "", None, "", {}, {"06": run("并列")}),
    ]
    (output / "index.html").write_text(index_page(made, output), encoding="utf-8")
    return output / "index.html"


@pytest.fixture(scope="module")
def page(site: Path) -> BeautifulSoup:
    return BeautifulSoup(site.read_text(encoding="utf-8"), "html.parser")


def account(page: BeautifulSoup, unit: str, year: int) -> Tag:
    for section in page.select("section.unit"):
        if unit in section.select("h2")[0].get_text():
            for article in section.select("article"):
                if article.select("h3")[0].get_text().startswith(str(year)):
                    return article
    raise AssertionError(unit)


def texts(tag: Tag, selector: str) -> list[str]:
    return [" ".join(found.get_text(" ").split()) for found in tag.select(selector)]


def test_every_report_is_there_once_with_its_pages(page: BeautifulSoup, site: Path) -> None:
    assert len(page.select("article")) == 20
    assert len(page.select("section.unit")) == 19
    assert "19 个单位，20 份报告，2019 至 2023 年度" in page.get_text()
    two = account(page, "皖江市水利局", 2023)
    addresses = [unquote(str(link["href"])) for link in two.select(".pages a")]
    assert addresses == ["2023/皖江市水利局/00.html", "2023/皖江市水利局/05.html"]
    assert texts(two, ".pages .bad")[0].startswith("✗ 失败")
    assert "E: x" in two.get_text()
    assert "2026-01-02" in two.get_text()
    years = [h3.get_text()[:4] for h3 in two.find_parent("section").select("h3")]  # type: ignore[union-attr]
    assert years == ["2023", "2021"]
    assert [str(link["href"]) for link in page.select(".panel a")] == ["panel/06.html"]


def test_figures_lead_to_where_they_are_printed(page: BeautifulSoup) -> None:
    one = account(page, "guangdong_urban", 2022)
    assert texts(one, "dd:not(.note)") == [
        f"{amount} 万元" for amount in ("8,720.86", "9,460.76", "120.88", "40.39", "4,012.30")
    ]
    assert texts(one, "dd.note") == ["项目支出占 84.5%", "比上年 +4.77%", "中小企业占 100.0%"]
    links = [str(link["href"]) for link in one.select("dd a")]
    assert all(link.startswith("2022/guangdong_urban/source.html#n") for link in links)
    share = one.select("dd.note a")[0]["href"]
    assert str(share).partition("#n")[2].count(".") == 1  # computed from two
    none = account(page, "beijing_hospital", 2022)
    assert texts(none, "dd:not(.note)")[2] == "—"
    assert len(none.select("dd.note")) == 2


def test_contradictions_are_told_and_disputed_figures_marked(page: BeautifulSoup) -> None:
    two = account(page, "皖江市水利局", 2023)
    assert texts(two, ".verdict")[0].startswith("勾稽 18 条")
    assert texts(two, ".verdict b") == ["数字矛盾 1 处", "用语问题 12 处"]
    assert "收入 1 ≠ 2 <b>差</b>" in texts(two, ".finding")[0]
    assert str(two.select(".there")[0]["href"]).endswith("/source.html#n4.7")
    assert str(two.select(".there")[1]["href"]).endswith("/source.html")
    assert "其余 12 处" in texts(two, "summary")[0]
    assert "还有 11 处" in two.get_text()
    assert len(two.select("dd sup")) == 1
    assert "没有矛盾" in texts(account(page, "anhui_water", 2022), ".verdict")[0]
    unread = account(page, "读不出的局", 2019)
    assert "报告没有读出" in unread.get_text()
    assert "no text layer" in unread.get_text()
    assert not unread.select("dl, .verdict")


def test_texts_of_a_report_are_texts(tmp_path: Path) -> None:
    told = foremost(read_report(REPORTS[0]), None)
    for text in HOSTILE:
        told["contradictions"].append({"severity": "error", "message": text, "figures": []})
    made = [manifest(tmp_path, text, 2022, "本级", told) for text in HOSTILE]
    made[0].notebooks["x"] = run(HOSTILE[0], HOSTILE[1])
    text = index_page(made, tmp_path)
    page = BeautifulSoup(text, "html.parser")
    assert [one.get("type") for one in page.select("script")] == ["application/json", None]
    units = [h2.get_text() for h2 in page.select("h2")]
    assert [unit.strip().startswith(name) for unit, name in zip(units, HOSTILE, strict=True)]
    for link in page.select("a"):
        assert str(link["href"]).startswith("2022/")
        assert ".." not in unquote(str(link["href"]))
    assert not page.select("[src], [onclick], iframe")


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


@needs_chromium
def test_searching_leaves_what_is_meant(site: Path, size: tuple[int, int]) -> None:
    with opened(site, *size) as tab:
        shown = tab.locator("article:visible")
        assert shown.count() == 20

        def found(words: str) -> list[str]:
            tab.locator("#find").fill(words)
            return [text[:4] for text in shown.locator("h3").all_inner_texts()]

        assert found("水利局") == ["2023", "2021"]
        assert tab.locator("section.unit:visible h2").count() == 1
        assert tab.locator("#shown").inner_text() == "2 / 20"
        assert found("本级 2019") == ["2019"]
        assert found("模板字样") == ["2023"]
        assert found("2019") == ["2019"]  # not what is said of 2019 elsewhere
        assert found("TEXT LAYER") == ["2019"]
        assert found("２０２３") == ["2023"]
        assert found("总览") == []
        assert tab.locator("#none").is_visible()
        assert len(found("")) == 20
        assert not tab.locator("#none").is_visible()
        assert tab.locator("#shown").inner_text() == ""


@needs_chromium
def test_what_is_found_is_shown_and_leads_to_its_source(site: Path, size: tuple[int, int]) -> None:
    with opened(site, *size) as tab:
        tab.locator("#find").fill("guangdong_urban 政府采购")
        hits = tab.locator(".hits:visible")
        assert hits.count() == 1  # the name of a unit is no hit
        assert set(hits.locator("mark").all_inner_texts()) == {"政府采购"}
        first = hits.locator("li a").first
        assert "政府采购" in first.inner_text()
        assert str(first.get_attribute("href")).startswith("2022/guangdong_urban/source.html#n")
        before = hits.locator("li").count()
        assert before <= 7
        tab.locator("#find").fill("")
        assert tab.locator(".hits").count() == 0


@needs_chromium
def test_the_page_fits_its_window(site: Path, size: tuple[int, int]) -> None:
    with opened(site, *size) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
        # figures of all reports stand flush right below each other
        right = "e => e.getBoundingClientRect().right"
        incomes = tab.locator("dl > div:first-child > dd:not(.note)").all()
        assert len({round(dd.evaluate(right)) for dd in incomes}) == 1
        for dd in tab.locator("dl dd").all():
            assert dd.evaluate("e => e.scrollWidth <= e.clientWidth")
