"""Templates of other departments, printed to PDF by a browser and read back.

``templates/`` holds one file for each: what is printed, and below a line of dashes what must be read, typed by
hand. Every figure of the tables counts: one that is missing, stands elsewhere or was invented fails the case,
and so does a numeral that nothing explains.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import CHROMIUM, needs_chromium
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

import qy_finance
from qy_finance.errors import MissingTableWarning

pytestmark = needs_chromium

TEMPLATES = Path(__file__).parent / "templates"
FONT = Path(qy_finance.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
STYLE = """
@page {size: A4; margin: 18mm 15mm}
* {font-family: Sans}
body {font-size: 11pt; margin: 0; line-height: 1.5}
table {border-collapse: collapse; width: 100%; font-size: 8pt; line-height: 1.3}
td {border: 0.5pt solid #000; padding: 1.5pt 3pt; height: 11pt}
td.figure {text-align: right}
td.wide {text-align: center}
h1 {font-size: 15pt; text-align: center; margin: 8pt 0; font-weight: normal}
h2 {font-size: 13pt; margin: 8pt 0; font-weight: normal}
p {text-indent: 2em; margin: 4pt 0}
.above {text-indent: 0; text-align: right; font-size: 8pt}
.page {break-before: page}
"""
ELEMENTS = {"=": "<h1>{}</h1>", "~": "<h2>{}</h2>", "^": "<p class=above>{}</p>", ">": "<p>{}</p>"}
CELL = re.compile(r"\s*(.*?)(?:@(\d+)x(\d+))?\s*")  # 合计@2x1 spans two columns and one row
FIGURE = re.compile(r"[-−－—]?[\d,.]+")

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
UNREAD_LOOKS = {
    "lines between rows only": "a header of eight columns without lines is refused",
    "no lines": "a header of eight columns without lines is refused",
}

Figure = tuple[str, str, str, str, str, str]  # table, side, code, item, column, printed


@dataclass
class Template:
    """A template and what must be read in it."""

    html: list[str] = field(default_factory=list)
    css: str = ""
    unread: str = ""
    figures: Counter[Figure] = field(default_factory=Counter)
    prose: list[str] = field(default_factory=list)


def load_template(path: Path) -> Template:
    printed, typed = path.read_text(encoding="utf-8").split("\n----\n")
    template = Template()
    for is_row, lines in groupby(printed.split("\n"), key=lambda line: line.startswith("|")):
        if is_row:
            template.html.append(f"<table>{''.join(map(row, lines))}</table>")
            continue
        for line in lines:
            mark, _, rest = line.partition(" ")
            if mark in ELEMENTS:
                template.html.append(ELEMENTS[mark].format(rest))
            elif mark == "/":
                template.html.append("<div class=page></div>")
            elif mark in ("@css", "@unread"):
                setattr(template, mark[1:], rest)
            else:
                assert not line or mark == "#", line
    table, side, columns = "", "", [""]
    for line in filter(None, typed.split("\n")):
        if line.startswith("prose:"):
            template.prose = line.split()[1:]
        elif not line.startswith(" "):
            name, *columns = line.split()
            table, _, side = name.removesuffix(":").partition("/")
        else:
            code, item, *cells = line.split()
            template.figures.update(
                (table, side, code.strip("-"), item.removeprefix("-"), column, cell)
                for column, cell in zip(columns, cells, strict=True)
                if cell != "."
            )
    return template


def row(line: str) -> str:
    """A row of a table as HTML: ``|合计@2x1|1.00|``."""
    cells = []
    for cell in line[1:].split("|"):
        match = CELL.fullmatch(cell)
        assert match is not None
        text, across, down = match.groups()
        kind = "figure" if FIGURE.fullmatch(text) else "wide" if across else ""
        cells.append(
            f'<td class="{kind}" colspan="{across or 1}" rowspan="{down or 1}">{text}</td>'
        )
    return f"<tr>{''.join(cells)}</tr>"


class Printer:
    """A browser that prints pages to PDF, spoken to over a pipe (Chrome DevTools Protocol)."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM is not None
        font = profile / "font.ttf"
        subset = Subsetter()
        subset.populate(text="".join(path.read_text("utf-8") for path in TEMPLATES.iterdir()))
        with TTFont(FONT) as whole:
            subset.subset(whole)
            whole.save(font)
        self.style = f'@font-face {{font-family: Sans; src: url("{font.as_uri()}")}}{STYLE}'
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        # the browser reads from its descriptor 3 and writes to 4
        shell = f'exec "$0" "$@" 3<&{from_us} 4>&{to_us}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        offline = "--host-resolver-rules=MAP * ~NOTFOUND"
        piped = ["--remote-debugging-pipe", offline, f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(
            ["bash", "-c", shell, CHROMIUM, *options, *piped],
            pass_fds=(from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self.requests = os.fdopen(to_browser, "wb", 0)
        self.answers = os.fdopen(from_browser, "rb")
        self.asked = 0
        self.session: dict[str, str] = {}
        target = self.ask("Target.createTarget", url="about:blank")
        attached = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = {"sessionId": attached["sessionId"]}
        self.ask("Page.enable")

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        self.asked += 1
        request = {"id": self.asked, "method": method, "params": params, **self.session}
        self.requests.write(json.dumps(request).encode() + b"\0")
        answer = self.hear(lambda message: message.get("id") == self.asked)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is wanted."""
        while True:
            text = bytearray()
            while (byte := self.answers.read(1)) != b"\0":
                assert byte, "the browser has ended"
                text += byte
            message: dict[str, Any] = json.loads(text)
            if wanted(message):
                return message

    def print(self, html: str, css: str, folder: Path) -> Path:
        page, pdf = folder / "report.html", folder / "report.pdf"
        head = f"<meta charset=utf-8><style>{self.style}{css}</style>"
        page.write_text(f"<!doctype html><html lang=zh>{head}{html}", encoding="utf-8")
        self.ask("Page.navigate", url=page.as_uri())
        self.hear(lambda message: message.get("method") == "Page.loadEventFired")
        foot = "<div style='font-size: 8px; width: 100%; text-align: center'>{}</div>"
        printed = self.ask(
            "Page.printToPDF",
            preferCSSPageSize=True,
            displayHeaderFooter=True,
            headerTemplate=foot.format(""),
            footerTemplate=foot.format("— <span class=pageNumber></span> —"),
        )
        pdf.write_bytes(base64.b64decode(printed["data"]))
        return pdf

    def close(self) -> None:
        self.requests.close()
        self.process.wait(10)
        self.answers.close()


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Printer(Path(profile))
        yield browser
        browser.close()


def check(printer: Printer, template: Template, css: str, folder: Path) -> None:
    pdf = printer.print("".join(template.html), template.css + css, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        report = qy_finance.read_report(pdf)
    observations = report.observations
    tables = observations[observations["table"].notna()]
    telling = tables[["table", "side", "code", "item", "column", "printed"]].fillna("")
    read: Counter[Any] = Counter(telling.itertuples(index=False, name=None))
    wrong = {"not read": template.figures - read, "invented": read - template.figures}
    assert not any(wrong.values()), wrong
    prose = observations[observations["table"].isna()]
    assert Counter(prose["printed"] + prose["unit_of_measure"]) == Counter(template.prose)
    unclaimed: pd.DataFrame = report.unclaimed()
    assert list(unclaimed.loc[unclaimed["reason"] == "unknown", "printed"]) == []
    assert report.meta["year"] == 2023
    assert report.meta["unit"] == "某市水务局"


def cases() -> Iterator[Any]:
    for path in sorted(TEMPLATES.glob("*.txt")):
        template = load_template(path)
        marks = [pytest.mark.xfail(reason=template.unread, strict=True)] if template.unread else []
        yield pytest.param(template, id=path.stem, marks=marks)


@pytest.mark.parametrize("template", [*cases()])
def test_template_is_read(printer: Printer, template: Template, tmp_path: Path) -> None:
    check(printer, template, "", tmp_path)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(look, marks=pytest.mark.xfail(reason=UNREAD_LOOKS[look], strict=True))
        if look in UNREAD_LOOKS
        else look
        for look in LOOKS
    ],
)
def test_report_is_read_whatever_it_looks_like(printer: Printer, look: str, tmp_path: Path) -> None:
    check(printer, load_template(TEMPLATES / "nine_tables.txt"), LOOKS[look], tmp_path)
