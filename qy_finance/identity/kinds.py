"""What a document is that is no final account: a budget, a notice, a list of links, the source of a web page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from qy_finance.form import DocumentKind, Form
from qy_finance.identity.said import Listener
from qy_finance.tables.locate import Block

_FIRST: Final = 12  # lines in which a title stands
_LONGEST: Final = 60
_SAMPLE: Final = 20_000  # characters that show how a file is written
_SOURCE: Final = re.compile(r"<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?:html|body|div|span|p|table|tr|td|th|li|a)\b[^<>]*>", re.IGNORECASE)
_TAGS: Final = 10
_KEY: Final = re.compile(r'"[^"\n]*"\s*:')
_MONEY: Final = re.compile(r"\d(?:亿|万|千)?元")
_FIGURE: Final = re.compile(r"\d[.．]\d|\d(?:亿|万|千)?元")
_ROWS: Final = 20  # that show whether all have the same number of cells
_FEW: Final = 3  # of rows, keys, links, headings of sections, mentions of accounts
_TABLES: Final = 2
_NEARLY_ALL, _MOST = 0.8, 0.5  # of the lines


def written_as(text: str) -> str:
    """What a file is written in, if no report is printed so: HTML, JSON or CSV; else empty."""
    start = text[:_SAMPLE].strip("\ufeff \t\n\f")
    if "<" in start and (_SOURCE.match(start) or len(_TAG.findall(start)) >= _TAGS):
        return "HTML (the source of a web page)"
    if start.startswith(("{", "[")) and len(_KEY.findall(start)) >= _FEW:
        return "JSON (data)"
    rows = [row.count(",") for row in start.split("\n", _ROWS) if row.strip()][:_ROWS]
    commas, often = Counter(rows).most_common(1)[0] if rows else (0, 0)
    if len(rows) >= _FEW and commas > 1 and often > len(rows) * _NEARLY_ALL and "。" not in start:
        return "CSV (data)"
    return ""


def other_document(heard: Listener, blocks: Sequence[Block], form: Form) -> str:
    """What a document is by its title or tables, where no final account is in it; else empty."""
    lines = [text for _, text in heard.lines]
    head = (text for text in lines[:_FIRST] if len(text) <= _LONGEST and "。" not in text)
    first = [text for text in head if not heard.who.aside.fullmatch(text)]
    first += [upper + lower for upper, lower in pairwise(first)]
    for kind in form.kinds:
        if _is_one(kind, first, lines) and not _accounts(kind, heard, blocks, form):
            return kind.says + _of_whom(heard, first)
    return ""


def _is_one(kind: DocumentKind, first: Sequence[str], lines: Sequence[str]) -> bool:
    if any(map(kind.title.search, first)):
        return True
    if kind.body is None:
        return False
    tables = (text for text in lines if text.endswith("表") and len(text) <= _LONGEST)
    titles = {text for text in tables if kind.body.search(text)}
    return len(titles) >= kind.least


def _accounts(kind: DocumentKind, heard: Listener, blocks: Sequence[Block], form: Form) -> bool:
    """Whether a document that has the title of another kind is a final account all the same."""
    scopes = Counter(said.place for said in heard.said.scopes)
    titled = scopes["cover"] + scopes["heading"]
    if kind.body is not None:  # its tables have titles like those of the form
        return titled > 0 or scopes["text"] >= _FEW
    account = form.patterns.account
    tables = {
        block.spec.id
        for block in blocks
        if account.search(heard.printed.get(block.title.number, ""))
    }
    if kind.needs == "title":
        titles = (said.line for said in heard.said.years if said.place in ("cover", "heading"))
        # a label over a table says a year too, of whatever kind that is
        return bool(tables) or any("决算" in heard.printed.get(line, "") for line in titles)
    money = _MONEY.search(heard.text) is not None
    names = (said.value for said in heard.said.units if said.place == "cover")
    if kind.needs == "name" and money and any(map(heard.names.is_organisation, names)):
        return True
    sections = sum(form.patterns.heading.fullmatch(text) is not None for _, text in heard.lines)
    return len(tables) >= _TABLES or scopes["heading"] >= _TABLES or (money and sections >= _FEW)


def _of_whom(heard: Listener, first: Sequence[str]) -> str:
    """The unit and the year that the first lines name."""
    year = ""
    labelled = map(heard.who.budgeted.fullmatch, first)
    unit = next((heard.names.cleaned(match["unit"]) for match in labelled if match), "")
    for match in filter(None, map(heard.who.named.match, first)):
        year = year or match["year"]
        name = heard.names.cleaned(match["before"] or match["after"] or "")
        unit = unit or (name if heard.names.is_organisation(name) else "")
    return (f" of {unit}" if unit else "") + (f", {year}" if year else "")


def looks_like(heard: Listener, blocks: Sequence[Block]) -> str:
    """What a document looks like in which no figure of a final account was found; empty where nothing tells."""
    lines = [text for _, text in heard.lines]
    if blocks and not _FIGURE.search(heard.text):
        return "a blank form: tables without a figure"
    if blocks or any("。" in text for text in lines):
        return ""
    links = sum(heard.who.link.search(text) is not None for text in lines if len(text) <= _LONGEST)
    if any(map(heard.who.contents.fullmatch, lines)):
        return "a table of contents (目录) alone"
    return f"a list of {links} links" if links >= _FEW and links > len(lines) * _MOST else ""
