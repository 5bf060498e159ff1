"""The paper of a PDF, printed by a browser."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browser import CHROMIUM
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

import qy_finance

from .description import TEMPLATES, Table, Template

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
ELEMENTS = {
    "=": "<h1>{}</h1>",
    "~": "<h2>{}</h2>",
    "^": "<p class=above>{}</p>",
    ">": "<p>{}</p>",
    "/": "<div class=page></div>",
}


def html(template: Template) -> str:
    return "".join(
        _table(piece) if isinstance(piece, Table) else ELEMENTS[piece.mark].format(piece.markup)
        for piece in template.pieces
    )


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = []
        for cell in row:
            kind = (
                "figure" if cell.is_figure else "wide" if cell.across > 1 or cell.down > 1 else ""
            )
            spans = f'colspan="{cell.across}" rowspan="{cell.down}"'
            cells.append(f'<td class="{kind}" {spans}>{cell.markup}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


class Printer:
    """A browser that prints pages to PDF, spoken to over a pipe (Chrome DevTools Protocol)."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM is not None
        font = profile / "font.ttf"
        subset = Subsetter()
        subset.populate(text="".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.txt")))
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

    def print(self, template: Template, folder: Path, css: str = "") -> Path:
        page, pdf = folder / "report.html", folder / "report.pdf"
        head = f"<meta charset=utf-8><style>{self.style}{template.css}{css}</style>"
        page.write_text(f"<!doctype html><html lang=zh>{head}{html(template)}", encoding="utf-8")
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
