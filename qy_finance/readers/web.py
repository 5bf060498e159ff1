"""Web pages (``.html``, ``.mht``): what a reader sees of them, in order, with their tables as grids.

Scripts, hidden elements, navigation, forms and footers are no report. A table that holds other tables or whole
paragraphs only lays out the page. Pictures are read that the page holds itself. Nothing is fetched.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email import policy
from email.parser import BytesParser
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from qy_finance.errors import EmptyReportError, LimitError, TruncatedReportError
from qy_finance.readers.blocks import (
    Block,
    BlockCell,
    Origin,
    PictureBlock,
    TableBlock,
    TextBlock,
    document_of,
)
from qy_finance.readers.document import Document, Link
from qy_finance.readers.limits import Limits
from qy_finance.readers.links import LINKING, link_of, links_within
from qy_finance.readers.pasted import Pasted

_LARGEST: Final = 30_000_000  # bytes; a report with all its tables has some hundred thousand
_DEEPEST: Final = 200
_UNSEEN: Final = {
    "script", "style", "template", "noscript", "head", "title", "nav", "footer", "header", "aside", "form", "button",
    "select", "input", "textarea", "iframe", "object", "svg", "canvas", "video", "audio", "map", "dialog", "datalist",
}  # fmt: skip
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])", re.I
)
_FURNITURE: Final = re.compile(
    r"(?:^|[-_ ])(?:nav|navigation|menu|breadcrumbs?|crumbs?|foot|footer|header|sidebar|copyright|share|toolbar|pager)"
    r"(?:[-_ \d]|$)",
    re.I,
)
_BLOCKS: Final = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_OPENS: Final = re.compile(r"<(?:html|body)[\s>]", re.I)
_CLOSES: Final = re.compile(r"</(?:html|body)\s*>", re.I)
_NESTED: Final = re.compile(
    r"<(/?)(?:div|span|font|b|i|u|em|strong|section|article|center|table|ul)\b", re.I
)
_MOST_WITHIN: Final = 20_000
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_OF_PAGE: Final = re.compile(  # what the site says of the page, above and below its text
    r"[【\[（(]?(?:信息)?(?:来源|发布|日期|时间|作者|编辑|责编|责任编辑|浏览|阅读|点击|访问|字体|字号|索引号|打印|分享)[^。；]*"
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数)[^。；]{0,40}|"
    r"[【\[（(]?(?:本文)?(?:已)?(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]?\s*[\d,]*\s*次?[】\]）)]?"
)
_SENTENCE: Final = 60  # characters of a cell that is a paragraph of the page
_WITHIN: Final = re.compile(r"data:image/(?!svg)[\w.+-]+;base64,", re.I)
_FEW: Final = 2_000  # bytes of a picture that is no table
_SMALL: Final = 200  # dots of the width at which a page shows a picture that is no table
_MOST_OF_PAGE: Final = 200
_MOST: Final = 1000  # rows or columns that a cell can span


def read_page(path: Path, limits: Limits) -> Document:
    """Read a web page.

    Raises
    ------
    EmptyReportError, TruncatedReportError, LimitError
        It shows no text, was cut off, or is too large.
    """
    limits.allow(path, "", "size", path.stat().st_size)
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise LimitError(
            path.name, "", f"at most {_LARGEST:,} bytes of a web page", f"{len(data):,}"
        )
    text, pictures = _read(data)
    depths = accumulate(-1 if one[1] else 1 for one in _NESTED.finditer(text))
    if (depth := max(depths, default=0)) > _MOST_WITHIN:  # the parser's time grows with its square
        wanted = f"at most {_MOST_WITHIN:,} elements within each other"
        raise LimitError(path.name, "", wanted, f"{depth:,}")
    damaged = text.count("\ufffd")
    page = BeautifulSoup(text, "lxml")
    reader = _Reader(path, limits, pictures)
    blocks = list(reader.blocks(page))
    links = tuple(reader.files or reader.elsewhere)
    if not (blocks or links):
        wanted = "the text of a final account (部门决算)"
        raise EmptyReportError(path.name, "", wanted, "a page without text")
    told = [f"{damaged} characters that are damaged"] if damaged else []
    if _OPENS.search(text) and not _CLOSES.search(text):  # some pages never say where they end
        if len(re.findall(r"<table[\s>]", text, re.I)) > len(
            re.findall(r"</table\s*>", text, re.I)
        ):
            wanted = "the end of its last table"
            raise TruncatedReportError(path.name, "", wanted, "the end of the file")
        told.append("what may follow: the page does not say that it ends (</html>)")
    return document_of(path, blocks, limits, told, links)


def _read(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The page as text, in the encoding that it is in; of a mail archive (``.mht``) its first page and its pictures."""
    if data.lstrip()[:1] != b"<" and re.match(rb"(?:[\w-]+:[^\n]*\n)+", data.lstrip()):
        pages: list[str] = []
        pictures: dict[str, bytes] = {}
        for part in BytesParser(policy=policy.compat32).parsebytes(data).walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == "text/html":
                data = payload if isinstance(payload, bytes) else b""
                pages.append(_decoded(data, part.get_content_charset()))
            elif part.get_content_maintype() == "image" and isinstance(payload, bytes):
                place, name = (str(part.get(f"Content-{key}") or "") for key in ("Location", "ID"))
                pictures[_name_of(place)] = pictures[f"cid:{name.strip('<>')}"] = payload
        if pages:
            return pages[0], pictures
    declared = _CHARSET.search(data[:4096])
    return _decoded(data, declared[1].decode("ascii") if declared else None), {}


def _name_of(address: str) -> str:
    return unquote(address).replace("\\", "/").rpartition("/")[2]


def _decoded(data: bytes, declared: str | None) -> str:
    """UTF-8 where it is, otherwise what is declared; simplified Chinese by its largest set."""
    named = (declared or "").lower()
    encodings = [
        "utf-8-sig",
        "gb18030" if named in ("", "gb2312", "gbk", "utf-8") else named,
        "gb18030",
    ]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings.insert(0, "utf-16")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):  # some that are declared are no encodings of texts
            continue
    return data.decode("utf-8", errors="replace")


class _Reader:
    """A page that is read in its order."""

    def __init__(self, path: Path, limits: Limits, pictures: Mapping[str, bytes]) -> None:
        self.path, self.limits = path, limits
        self.cells = 0  # and places that they cover
        # that it links to: where it is seen, and in what is no report
        self.files: dict[Link, None] = {}
        self.elsewhere: dict[Link, None] = {}
        self.paragraphs = self.tables = self.pictures = 0
        self._line: list[str] = []
        self._held = pictures

    def blocks(self, page: Tag) -> Iterator[Block]:
        """The paragraphs and tables that are seen."""
        yield from self._of(page, 0, False)
        yield from self._ended()

    def _of(self, parent: Tag, depth: int, kept: bool) -> Iterator[Block]:
        if depth > _DEEPEST:
            self._line.append(parent.get_text())
            return
        for child in parent.children:
            if isinstance(child, Tag):
                yield from self._element(child, depth, kept)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._line.append(str(child) if kept else _SPACE.sub(" ", str(child)))

    def _element(self, element: Tag, depth: int, kept: bool) -> Iterator[Block]:
        if _is_unseen(element):
            into = self.files if element.name in LINKING else self.elsewhere
            into.update(dict.fromkeys(links_within(element)))
            return
        name = element.name
        if name == "br":
            self._line.append("\n")
        elif name == "img" and (data := self._data(element)):
            yield from self._ended()
            self.pictures += 1
            at = Origin(f"第{self.pictures}幅图", f"picture {self.pictures}")
            yield PictureBlock(Pasted(data), at, f"paragraph {self.paragraphs}")
        elif name == "table" and not _lays_out(element):
            yield from self._ended()
            for caption in element.find_all("caption", recursive=False):
                yield from self._element(caption, depth, kept)
            inner: list[Block] = []
            yield self._table(element, inner)
            yield from inner
        elif name in _BLOCKS:
            yield from self._ended()
            yield from self._of(element, depth + 1, kept or name == "pre")
            yield from self._ended()
        else:
            if name in LINKING and (link := link_of(element)):
                self.files[link] = None
            yield from self._of(element, depth + 1, kept)

    def _ended(self) -> Iterator[Block]:
        text = "".join(self._line).replace("\xa0", " ")
        self._line = []
        lines = [line.strip() for line in text.split("\n")]
        if any(lines):
            self.paragraphs += 1
            at = self.paragraphs
            lines = [
                line
                for line in lines
                if not (len(line) <= _MOST_OF_PAGE and _OF_PAGE.fullmatch(line))
            ]
        if any(lines):
            yield TextBlock("\n".join(filter(None, lines)), Origin(f"第{at}段", f"paragraph {at}"))

    def _data(self, element: Tag) -> bytes | None:
        """The picture that the page holds itself, unless it is shown small."""
        address = str(element.get("src") or "")
        shown = re.match(r"\s*(\d+)\s*(?:px)?\s*$", str(element.get("width") or ""))
        if shown and int(shown[1]) < _SMALL:
            return None
        data = self._held.get(address) or self._held.get(_name_of(address)) or b""
        if given := _WITHIN.match(address):
            with suppress(binascii.Error, ValueError):
                data = b64decode(unquote(address[given.end() :]))
        return data if len(data) >= _FEW else None

    def _table(self, table: Tag, inner: list[Block]) -> TableBlock:
        """A table; a cell takes the first place that those above and before it leave free.

        The pictures in its cells are ``inner``.
        """
        self.tables += 1
        cells: list[BlockCell] = []
        taken: set[tuple[int, int]] = set()
        lines: list[tuple[int, int]] = []  # of each row, how many cells there are, and columns
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        at = 0
        for row in rows:
            if _is_unseen(row):
                continue
            column = 0
            for cell in row.find_all(["td", "th"], recursive=False):
                if _is_unseen(cell):
                    continue
                while (at, column) in taken:
                    column += 1
                down, across = _span(cell, "rowspan"), _span(cell, "colspan")
                down = min(down or len(rows), len(rows) - at) or 1
                self.cells += down * across
                self.limits.allow(self.path, "", "cells", self.cells)
                taken.update(
                    (r, c) for r in range(at, at + down) for c in range(column, column + across)
                )
                made = self._blank(at, column)
                cells.append(made._replace(text=self._cell(cell, inner), rows=down, columns=across))
                column += across
            while (at, column) in taken:
                column += 1
            lines.append((len(cells), column))
            at += 1
        # blank cells at the end of a row may be left out: those of columns that two rows have
        width = min(sorted(end for _, end in lines)[-2:], default=0)
        for at, (before, end) in reversed([*enumerate(lines)]):
            cells[before:before] = [self._blank(at, column) for column in range(end, width)]
        return TableBlock(cells)

    def _blank(self, row: int, column: int) -> BlockCell:
        place = Origin(
            f"表{self.tables}第{row + 1}行第{column + 1}格",
            f"table {self.tables}, row {row + 1}, cell {column + 1}",
        )
        return BlockCell("", row, column, 1, 1, place)

    def _cell(self, cell: Tag, inner: list[Block]) -> str:
        before, self._line = self._line, []
        blocks = [*self._of(cell, 0, False), *self._ended()]
        self._line = before
        inner += (block for block in blocks if isinstance(block, PictureBlock))
        return "\n".join(block.text for block in blocks if isinstance(block, TextBlock))


def _is_unseen(element: Tag) -> bool:
    """Whether an element is not seen, or is no part of what the page says."""
    if element.name in _UNSEEN:
        # a page may well set its title in a <header> of the article
        return not (element.name == "header" and element.find_parent(["article", "main"]))
    if element.has_attr("hidden") or str(element.get("aria-hidden", "")) == "true":
        return True
    if _HIDDEN.search(str(element.get("style") or "")):
        return True
    if str(element.get("role") or "") in (
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "complementary",
    ):
        return True
    own: Any = element.get("class") or []
    names = [*([own] if isinstance(own, str) else own), str(element.get("id") or "")]
    return (
        element.name in ("div", "ul", "section")
        and any(map(_FURNITURE.search, names))
        and not _says_much(element)
    )


def _says_much(element: Tag) -> bool:
    """Whether most of an element is no link: a part of the report that is badly named."""
    text = len(element.get_text(strip=True))
    linked = sum(len(link.get_text(strip=True)) for link in element.find_all("a"))
    return text > 1000 and linked < text / 2


def _lays_out(table: Tag) -> bool:
    """Whether a table is no table of data: it holds another, or it has one cell, or whole paragraphs in a row."""
    if table.find("table") is not None:
        return True
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    if max(map(len, rows), default=0) < 2:
        return True
    long = [
        cell for row in rows for cell in row
        if len(cell.find_all(["p", "div", "h1", "h2", "h3"])) > 3 and len(cell.get_text(strip=True)) > _SENTENCE
    ]  # fmt: skip
    return len(long) * 3 > sum(map(len, rows))


def _span(cell: Tag, name: str) -> int:
    given = re.match(r"\s*(\d+)", str(cell.get(name) or "1"))
    return min(int(given[1]), _MOST) if given else 1
