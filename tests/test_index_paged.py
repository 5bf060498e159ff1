"""The index of many reports: a page of them, and the others in parts that are found, loaded and removed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

import pytest
from browser import needs_chromium, opened
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from qy_finance.entries import Entry
from qy_finance.files import safe_name
from qy_finance.publish import index
from qy_finance.publish.accounts import account
from qy_finance.publish.index import ONE_PAGE, paged_index, write_index
from qy_finance.publish.manifest import Manifest, record_summary
from qy_finance.publish.parts import FOLDER, SIZE, IndexParts
from qy_finance.publish.plan import Subject
from qy_finance.publish.reading import failed

YEARS = (2020, 2021, 2022, 2023)
UNITS = [f"第{n:03}局" for n in range(80)]
ALONE = "只在目录里的局"
HOSTILE = (
    "<img src=x onerror=alert(1)>", '"],alert(1),["', "</script><script>alert(1)</script>",
    "'; rm -rf ~ #", "\u2028alert(1)//", "${alert(1)}`", 'href="./',
)  # fmt: skip


def told(unit: str, year: int) -> dict[str, Any]:
    """A summary: an income of its own, and two contradictions in every tenth unit."""
    amount = f"{1000 + int(unit[1:4]) if unit[1:4].isdigit() else 7}.{year % 100}"
    figure = {"unit": "万元", "disputed": False, "figures": ["a1"]}
    keys = ("income", "expenditure", "project_share", "operating", "operating_change",
            "three_public", "procurement", "sme_share")  # fmt: skip
    listed = [
        {"severity": "error", "message": f"占比算错：{unit}应为 1%", "figures": ["a1"]},
        {"severity": "warning", "message": "残留模板字样：“的增长”", "figures": []},
    ]
    broken = listed if unit.endswith("0局") or unit in HOSTILE else []
    checks = {"exact": 9, "break": len(broken), "error": len(broken) // 2}
    return failed("") | {
        "headlines": [
            figure | {"figure": key, "value": amount if key == "income" else None} for key in keys
        ],
        "checks": checks | {"warning": len(broken) // 2},
        "contradictions": broken,
        "lines": [
            *(["finding", one["message"], one["figures"]] for one in broken),
            ["indicator", f"人工话务接通率{unit[-2:]} 目标 ≥80% 实际 62.{year % 100}%", ["b2"]],
            ["item", f"支出决算表 · 21011 行政单位医疗 · 本年支出合计 {amount} 万元", ["c3"]],
        ],
    }


def subject(output: Path, unit: str, year: int) -> Subject:
    entry = Entry(unit, year, "本级", "", "", "text", "")
    return Subject(unit, entry, {}, output / str(year) / safe_name(unit), {})


def made(one: Subject) -> None:
    """Give a report a manifest with one page."""
    assert one.entry is not None
    record_summary(one, told(one.entry.unit, one.entry.year))
    path = one.folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    run = {"title": "总览", "status": "ok", "error": "", "started": "2026-01-02T03:04:05+00:00",
           "seconds": 1.0, "outputs": {}, "cited": {"x": {"1": {}}}}  # fmt: skip
    content["notebooks"] = {"00": run}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def catalogue(output: Path, units: list[str]) -> list[Subject]:
    """Every unit in every year, and one unit without pages; the pages about all last."""
    reports = [subject(output, unit, year) for unit in units for year in YEARS]
    for one in reports:
        made(one)
    everything = Subject("全部报告", None, {}, output / "panel", {})
    return [*reports, subject(output, ALONE, 2023), everything]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("outputs")
    return write_index(catalogue(output, UNITS), output)


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder in which twelve reports are many."""
    monkeypatch.setattr(index, "ONE_PAGE", 9)
    return tmp_path


def value(file: Path) -> Any:
    """What a part hands over, under its own name."""
    text = file.read_text(encoding="utf-8")
    start = f'index_data("{file.stem}",'
    assert text.startswith(start)
    assert text.endswith(");\n")
    return json.loads(text[len(start) : -3])


def parts(page: Path) -> dict[str, Any]:
    return {file.stem: value(file) for file in (page.parent / FOLDER).iterdir()}


def listed(page: Path) -> dict[str, Any]:
    name = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("main")[0]
    return dict(parts(page)[str(name["data-list"])])


def test_the_list_says_in_which_part_each_report_stands(many: Path) -> None:
    beside, said = parts(many), listed(many)
    assert set(beside) == {
        many_list(many), said["font"], *said["parts"], *said["lines"], *said["words"]
    }  # fmt: skip
    assert len(said["reports"]) == len(UNITS) * len(YEARS) + 1 > ONE_PAGE
    seen = set()
    for at, (unit, year, terms, amounts) in enumerate(said["reports"]):
        name, scope = said["units"][unit]
        folder, article = beside[said["parts"][at // SIZE]][at % SIZE]
        shown = BeautifulSoup(article, "html.parser")
        assert shown.select("h3")[0].get_text().startswith(str(year))
        assert folder == account(Manifest(many.parent / str(year) / safe_name(name), name, year,
                                          scope), many.parent).folder  # fmt: skip
        kinds = {said["terms"][term] for term in terms}
        assert kinds == (
            {"还没有网页"} if name == ALONE
            else {"数字矛盾", "用语问题", "占比算错", "残留模板字样"} if name.endswith("0局")
            else {"没有矛盾"}
        )  # fmt: skip
        figures = [dd.get_text().removesuffix(" 万元") for dd in shown.select("dd")]
        assert amounts == " ".join(f.replace(",", "") for f in figures if f != "—")
        links = [str(link["href"]) for link in shown.select("a")]
        assert all(link.startswith("./") for link in links)
        assert bool(links) == (name != ALONE)
        seen.add((name, scope, year))
    assert len(seen) == len(said["reports"])


def many_list(page: Path) -> str:
    return str(
        BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("main")[0][
            "data-list"
        ]
    )


def test_the_first_view_is_the_newest_year(many: Path) -> None:
    page = BeautifulSoup(many.read_text(encoding="utf-8"), "html.parser")
    assert [h2.get_text() for h2 in page.select(".unit h2")] == [f"{u} 本级" for u in UNITS[:SIZE]]
    assert {h3.get_text()[:4] for h3 in page.select("article h3")} == {"2023"}
    assert "81 个单位，321 份报告，2020 至 2023 年度；320 份有网页" in page.get_text()
    choices = [option.get_text() for option in page.select("#year option")]
    assert choices == ["所有年度", "2023（81）", "2022（80）", "2021（80）", "2020（80）"]
    assert page.select("#year option[selected]")[0]["value"] == "2023"
    states = [option.get_text() for option in page.select("#state option")]
    assert states == [
        "所有情况", "数字矛盾（32）", "用语问题（32）", "没有矛盾（288）", "还没有网页（1）",
    ]  # fmt: skip


def test_a_year_without_pages_is_not_shown_first(output: Path) -> None:
    reports = catalogue(output, UNITS[:3])
    page = write_index([*reports, subject(output, UNITS[0], 2024)], output)
    shown = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert shown.select("#year option[selected]")[0]["value"] == "2023"
    # where nothing has pages, the newest
    none = output / "none"
    page = write_index([subject(none, unit, 2024) for unit in UNITS[:20]], none)
    shown = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert shown.select("#year option[selected]")[0]["value"] == "2024"
    assert len(shown.select(".unmade")) == 20


def test_a_manifest_is_let_go_before_the_next_but_one(tmp_path: Path) -> None:
    alive: WeakSet[Manifest] = WeakSet()
    most = 0

    class Seen(Manifest):
        __hash__ = object.__hash__

    def manifests() -> Iterator[Manifest]:
        nonlocal most
        for unit in UNITS:
            one = Seen(tmp_path / "2023" / unit, unit, 2023, "本级", told(unit, 2023))
            alive.add(one)
            most = max(most, len(alive))
            yield one

    paged_index(manifests(), tmp_path, IndexParts(tmp_path))
    assert 0 < most <= 3


def test_an_index_made_again_is_the_same_and_writes_nothing_twice(output: Path) -> None:
    reports = catalogue(output, UNITS[:3])
    page = write_index(reports, output)
    before, text = {f: f.stat().st_mtime_ns for f in (output / FOLDER).iterdir()}, page.read_text()
    assert write_index(reports, output).read_text() == text
    assert {f: f.stat().st_mtime_ns for f in (output / FOLDER).iterdir()} == before
    # a part that was cut is written anew
    cut = next(iter(before))
    whole = cut.read_bytes()
    cut.write_bytes(whole[:100])
    write_index(reports, output)
    assert cut.read_bytes() == whole


def test_parts_that_are_no_longer_used_are_removed(output: Path) -> None:
    reports = catalogue(output, UNITS[:3])
    page = write_index(reports, output)
    before, own = set(parts(page)), output / FOLDER / "notes.txt"
    own.write_text("mine")
    record_summary(reports[0], failed("no text layer"))
    write_index(reports, output)
    own_stays = {file.name for file in own.parent.iterdir()}
    assert "notes.txt" in own_stays
    own.unlink()
    after, said = set(parts(page)), listed(page)
    assert after == {many_list(page), said["font"], *said["parts"], *said["lines"], *said["words"]}
    assert before != after
    # few reports need none
    write_index(reports[:2], output)
    assert not (output / FOLDER).exists()


def test_an_index_that_fails_leaves_the_one_before_whole(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = catalogue(output, UNITS[:3])
    page = write_index(reports, output)
    before, text = parts(page), page.read_text()
    record_summary(reports[0], failed("no text layer"))

    def broken(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(index, "render", broken)
        with pytest.raises(KeyboardInterrupt):
            write_index(reports, output)
    assert page.read_text() == text
    assert parts(page).items() >= before.items()
    write_index(reports, output)
    assert "no text layer" in json.dumps(parts(page))


def test_few_reports_say_too_which_have_no_pages(tmp_path: Path) -> None:
    reports = [subject(tmp_path, unit, 2023) for unit in (ALONE, UNITS[0])]
    made(reports[1])
    page = BeautifulSoup(write_index(reports, tmp_path).read_text("utf-8"), "html.parser")
    units = [h2.get_text() for h2 in page.select("h2")]
    assert units == [f"{UNITS[0]} 本级", f"{ALONE} 本级"]  # what has pages stands first
    assert [code.get_text() for code in page.select(".unmade code")] == [
        f"qy-finance run --year 2023 --unit {ALONE}"
    ]
    assert "2 份报告，2023 年度；1 份有网页" in page.get_text()
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("unit", [*HOSTILE, "某局", "某局（本级）", "a b"])
def test_a_command_names_its_unit_to_a_shell(unit: str, tmp_path: Path) -> None:
    one = account(Manifest(tmp_path / "x", unit, 2023, "本级"), tmp_path)
    assert shlex.split(one.command) == ["qy-finance", "run", "--year", "2023", "--unit", unit]


def test_a_finding_is_found_by_its_kind(tmp_path: Path) -> None:
    messages = [
        "占比算错：4.20% 应为 4.40%。授予小微企业合同金额 122.8",
        "上年为零，却写了增减率 0.00%。上年数为零",
        "占比算错：29.6% 应为 29.5%。",
        "2019 留有模板字样",
        "“决算小于预算”不实：实为等于",
    ]
    listed = [{"severity": "error", "message": text, "figures": []} for text in messages]
    one = account(Manifest(tmp_path, "某局", 2023, "本级", {"contradictions": listed}), tmp_path)
    assert one.finds == ["占比算错", "上年为零，却写了增减率", "“决算小于预算”不实"]


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param  # type: ignore[no-any-return]


def ask(tab: Page, words: str) -> list[str]:
    """Type words; returns unit and year of each report that is shown."""
    tab.locator("#find").fill(words)
    return shown(tab)


def shown(tab: Page) -> list[str]:
    """Unit and year of each report that is shown, when all that was asked for is there."""
    tab.wait_for_selector("#reports[aria-busy=false]", state="attached")
    return tab.evaluate(  # type: ignore[no-any-return]
        "[...document.querySelectorAll('article')].map((a) => "
        "a.closest('section').querySelector('h2').firstChild.textContent.trim() "
        "+ ' ' + a.querySelector('h3').textContent.slice(0, 4))"
    )


@needs_chromium
def test_a_report_is_found_among_all(many: Path, size: tuple[int, int]) -> None:
    with opened(many, *size) as tab:
        tab.wait_for_selector("search:visible")
        assert tab.locator("#shown").inner_text() == "81 / 321"
        unit = UNITS[73]
        assert ask(tab, unit) == [f"{unit} {year}" for year in reversed(YEARS)]
        assert tab.locator("#shown").inner_text() == "4 / 321"
        assert tab.locator("section.unit").count() == 1
        link = tab.locator("dd a").first.get_attribute("href")
        assert link == f"2023/{quote(unit)}/source.html#na1"
        assert ask(tab, f"{unit} 2021") == [f"{unit} 2021"]
        assert ask(tab, "1,073.22") == [f"{unit} 2022"]
        assert ask(tab, "073.2") == []
        assert tab.locator("#none").is_visible()
        assert ask(tab, "２０２１ 占比算错") == [f"{one} 2021" for one in UNITS[::10]]
        assert ask(tab, "没有网页") == [f"{ALONE} 2023"]
        assert (
            tab.locator("article code").inner_text() == f"qy-finance run --year 2023 --unit {ALONE}"
        )
        assert len(ask(tab, "")) == SIZE
        assert tab.locator("#shown").inner_text() == "81 / 321"
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]


@needs_chromium
def test_findings_indicators_and_items_are_found_and_shown(
    many: Path, size: tuple[int, int]
) -> None:
    with opened(many, *size) as tab:
        tab.wait_for_selector("search:visible")
        assert tab.locator(".hits").count() == 0
        assert ask(tab, "接通率3局 2021") == [f"{unit} 2021" for unit in UNITS[3::10]]
        hits = tab.locator(".hits a")
        assert hits.count() == 8
        assert hits.first.inner_text() == "人工话务接通率3局 目标 ≥80% 实际 62.21%"
        assert hits.first.locator("mark").all_inner_texts() == ["接通率3局"]
        assert hits.first.get_attribute("href") == f"2021/{quote(UNITS[3])}/source.html#nb2"
        # the unit is told in the heading: what is left of the words is marked
        assert ask(tab, f"{UNITS[7]} ２１０１１") == [f"{UNITS[7]} {year}" for year in YEARS[::-1]]
        assert set(tab.locator("mark").all_inner_texts()) == {"21011"}
        assert ask(tab, f"应为 {UNITS[10]} 2022") == [f"{UNITS[10]} 2022"]
        assert tab.locator(".hits b").all_inner_texts() == ["发现"]
        assert ask(tab, "没有这样的话") == []
        assert len(ask(tab, "")) == SIZE
        assert tab.locator(".hits").count() == 0


@needs_chromium
def test_reports_are_chosen_by_year_and_state(many: Path) -> None:
    with opened(many) as tab:
        tab.wait_for_selector("search:visible")
        tab.locator("#state").select_option("数字矛盾")
        assert shown(tab) == [f"{unit} 2023" for unit in UNITS[::10]]
        tab.locator("#year").select_option("2020")
        assert shown(tab) == [f"{unit} 2020" for unit in UNITS[::10]]
        assert ask(tab, "第01") == [f"{UNITS[10]} 2020"]  # the year that was chosen stays
        tab.locator("#year").select_option("")
        assert ask(tab, "第01") == [f"{UNITS[10]} {year}" for year in reversed(YEARS)]


@needs_chromium
def test_one_turns_pages_and_comes_back_to_one(many: Path) -> None:
    with opened(many) as tab:
        tab.wait_for_selector("search:visible")
        assert tab.locator("#place").inner_text() == "第 1 页，共 4 页"
        assert tab.locator("#before").is_disabled()
        seen: list[str] = []
        for number in (2, 3, 4):
            tab.locator("#after").press("Enter")
            seen += shown(tab)
            assert tab.locator("#place").inner_text() == f"第 {number} 页，共 4 页"
        assert seen == [*(f"{unit} 2023" for unit in UNITS[SIZE:]), f"{ALONE} 2023"]
        assert tab.locator("#after").is_disabled()
        last = shown(tab)
        tab.reload()
        assert shown(tab) == last
        address = tab.evaluate("location.hash")
    with opened(many, fragment=address) as tab:
        assert shown(tab) == last
    with opened(many, fragment="#page=-3&year=x&state=y&q=%") as tab:
        assert shown(tab) == []
        assert ask(tab, UNITS[1])[0] == f"{UNITS[1]} 2023"


@needs_chromium
def test_texts_of_a_report_stay_texts(output: Path) -> None:
    page = write_index(catalogue(output, list(HOSTILE)), output)
    with opened(page) as tab:
        tab.on("dialog", lambda _: pytest.fail("a text has run"))
        tab.wait_for_selector("search:visible")
        tab.locator("#year").select_option("")
        found = shown(tab)
        assert len(found) == SIZE
        tab.locator("#after").click()
        found += shown(tab)
        assert {one[:-5] for one in found} == {*(unit.strip() for unit in HOSTILE), ALONE}
        assert tab.locator("img, iframe, [onerror], main script").count() == 0
        links = tab.evaluate("[...document.querySelectorAll('main a')].map((a) => a.pathname)")
        assert all(link.startswith(str(output) + "/20") for link in links)


@needs_chromium
def test_parts_of_another_making_are_not_shown(output: Path) -> None:
    page = write_index(catalogue(output, UNITS[:12]), output)
    said = listed(page)
    one, other = (page.parent / FOLDER / f"{name}.js" for name in said["parts"][:2])
    other.write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    with opened(page) as tab:
        tab.wait_for_selector("search:visible")
        assert not tab.locator("#apart").is_visible()
        assert ask(tab, "2020") == []
        assert tab.locator("#apart").is_visible()
        assert tab.locator("#shown").inner_text() == "12 / 49"
        assert ask(tab, "2022")  # what is there is shown
        assert not tab.locator("#apart").is_visible()


@needs_chromium
def test_without_scripts_the_first_reports_are_there(many: Path) -> None:
    with opened(many, scripts=False) as tab:
        assert tab.locator("article:visible").count() == SIZE
        assert not tab.locator("search").is_visible()
        assert "查找和翻页要用 JavaScript" in tab.locator("noscript").inner_text()
        folders = [link.get_attribute("href") for link in tab.locator("noscript a").all()]
        assert folders == [f"{year}/" for year in reversed(YEARS)]
        assert all((many.parent / str(folder)).is_dir() for folder in folders)
