"""Templates of other departments, printed to PDF by a browser and read back.

Every figure of the tables counts: one that is missing, stands elsewhere or was invented fails the case, and so does a
numeral that nothing explains. What is not read today stands in ``papers/unread.toml``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import needs_chromium
from papers.description import TEMPLATES, Template, load, templates
from papers.outcome import held, read
from papers.pdf import Printer

pytestmark = needs_chromium

#: How the report with all nine tables looks besides.
LOOKS = {
    "one after the other": ".page {break-before: auto}",
    "no outer lines": "td:first-child {border-left: none} td:last-child {border-right: none}",
    "spaced letters": "body {letter-spacing: 0.08em}",
    "justified cells": "td {text-align: justify; text-align-last: justify}",
    "very small": "table {font-size: 3.5pt} td {height: 4pt; padding: 0 1pt}",
    "thick lines": "td {border: 3pt solid #000}",
    "grey hairlines": "td {border: 0.1pt solid #ccc}",
    "lines between rows only": "td {border-left: none; border-right: none}",
    "no lines": "td {border: none}",
}


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Printer(Path(profile))
        yield browser
        browser.close()


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_template_is_read(printer: Printer, template: Template, tmp_path: Path) -> None:
    held(read(printer.print(template, tmp_path), template), template.name, "pdf")


@pytest.mark.parametrize("look", LOOKS)
def test_report_is_read_whatever_it_looks_like(printer: Printer, look: str, tmp_path: Path) -> None:
    template = load(TEMPLATES / "nine_tables.txt")
    pdf = printer.print(template, tmp_path, LOOKS[look])
    held(read(pdf, template), f"nine_tables, {look}", "pdf")
