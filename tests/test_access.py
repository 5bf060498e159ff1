"""Pages for everyone: what axe finds of keyboards, screen readers and contrast; how large a page is; how it prints."""

from __future__ import annotations

import csv
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import axe_playwright_python
import pypdfium2
import pytest
from browser import needs_chromium, opened

from qy_finance import read_report
from qy_finance.publish import run

ROOT = Path(__file__).parents[1]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
MOST = 1_500_000
OTHER = ROOT / "tests" / "reconciliation" / "guangdong_urban.txt"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of two reports in both languages."""
    data, output = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("outputs")
    shutil.copytree(ROOT / "data" / "raw", data / "raw")
    (data / "raw" / OTHER.name).write_bytes(OTHER.read_bytes())
    with (ROOT / "data" / "reports.csv").open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    meta = read_report(OTHER).meta
    lines.append(
        [meta["unit"], meta["year"], meta["scope"], f"raw/{OTHER.name}",
         sha256(OTHER.read_bytes()).hexdigest(), "text", ""]
    )  # fmt: skip
    with (data / "reports.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *lines])
    notebooks = ["00_overview", "05_reconciliation", "07_budget_execution"]
    done = run(None, [], notebooks, {}, data, ROOT / "notebooks", output, languages=["zh", "en"])
    assert done.ok
    return output


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def broken(found: dict[str, Any]) -> list[str]:
    """What is serious or critical, with the elements."""
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hinders_a_keyboard_or_a_screen_reader(site: Path, width: int) -> None:
    files = pages(site)
    assert len(files) >= 12
    script = AXE.read_text("utf-8")
    found = {}
    with opened(files[0], width) as tab:
        for file in files:
            tab.goto(file.as_uri())
            tab.evaluate(script)
            told = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
            if left := broken(told):
                found[file.name] = left
    assert found == {}


def test_a_page_is_no_larger_than_one_sends(site: Path) -> None:
    sizes = {file: file.stat().st_size for file in pages(site) if file.name != "source.html"}
    assert sizes
    assert {file.name: size for file, size in sizes.items() if size > MOST} == {}


@needs_chromium
def test_a_print_has_the_name_of_its_report_and_numbers_on_its_pages(
    site: Path, tmp_path: Path
) -> None:
    (page,) = site.glob("2022/清远*/05_reconciliation.html")
    with opened(page) as tab:
        tab.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    said = [sheet.get_textpage().get_text_range() for sheet in document]
    assert len(said) > 3
    for number, text in enumerate(said, 1):
        assert f"{number} / {len(said)}" in text
        assert "清远市政务服务数据管理局本级" in text
    whole = "".join(said)
    assert not any(
        word in whole for word in ("显示全部代码", "复制表格", "目录 Contents", "English")
    )
