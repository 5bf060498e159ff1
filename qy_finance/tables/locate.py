"""Where the tables of a document are: by title and header, never by number or page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qy_finance.figures import Claim
from qy_finance.readers import Document, Line, squeeze
from qy_finance.tables.spec import SPECS, TableSpec

_LONGEST_TITLE = 60
_HEADER_REACH = 10  # lines with text below a title in which its header must begin
_LABEL = re.compile(
    r"[（(]?[附续]?表(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[-—－]\d{1,2})?[)）]?(?:[（(]续表?[)）])?"
    r"|(?:财|公)?决?公?开\d{1,2}表|续表"
)
# a further table of the report, and a head or foot that every page repeats
_OTHER_TITLE = re.compile(r"[^，。；：:、]{4,40}表(?:[（(][^（()）]*[)）])?")
_MONEY_LINE = re.compile(r"单位[:：].*元")
_RUNNING = re.compile(r".{0,40}(?:19|20)\d\d年度?(?:部门|单位)决算(?:公开|报告|报表)?")
_PART = re.compile(r"第[一二三四五六七八九十]部分")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）).*(?:说明|情况|分析|解释)"
)
_SENTENCE = re.compile(r"[，。；](?!.*[）)]$)")
_CODE_LINE = re.compile(r"\s*\d{3}(?:\d\d){0,2}\s")
_NOTE = re.compile(r"(?:备?注|说明)[:：]")
_TOLD = re.compile(r"[，。；：%％]|元")
_CELL = re.compile(r"-?[\d,]+\.\d\d|\d{3}(?:\d\d){0,2}")
_CLAUSE = re.compile(r"[，。；]")
_NOTE_ITEM = re.compile(r"\d{1,2}[.、．]")
_UNIT_LINE = re.compile(r"单位[:：]")
_PAGE_NUMBER = re.compile(r"\d{1,3}")
_MARKED_PAGE_NUMBER = re.compile(r"[-—–]+\d{1,4}[-—–]+|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one table on one page, from its title to the line before what comes next."""

    spec: TableSpec
    title: Line
    lines: tuple[Line, ...]
    notes: tuple[Line, ...]
    ends_document: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A document taken apart: tables, prose, and what belongs to neither."""

    blocks: tuple[Block, ...]
    prose: tuple[Line, ...]
    claims: tuple[Claim, ...]


def locate(document: Document) -> Layout:
    """Split a document into the blocks of its tables and its prose.

    A title counts where a header follows it; in a table of contents (目录) none does. A block ends at
    the next title, at a part of the report (第三部分) or at the heading of a section of prose.
    """
    filled = [(line, squeeze(document.text[line.start : line.end])) for line in document.lines]
    filled = [
        (line, text) for line, text in filled if text and line.number not in document.furniture
    ]
    titles = _titles(filled)
    blocks: list[Block] = []
    prose: list[Line] = []
    claims = [
        Claim(line.start, line.end, "page number")
        for line in document.lines
        if line.number in document.furniture and "年" not in document.text[line.start : line.end]
    ]
    at = 0
    while at < len(filled):
        line, text = filled[at]
        if at in titles:
            end = _end_of_block(document, filled, titles, at)
            spec = titles[at]
            if spec is None:
                claims.append(Claim(line.start, filled[end - 1][0].end, "other table"))
            else:
                blocks.append(_block(document, spec, filled, at, end, claims))
            at = end
            continue
        if _MARKED_PAGE_NUMBER.fullmatch(text) or _PAGE_NUMBER.fullmatch(text):
            claims.append(Claim(line.start, line.end, "page number"))
        elif document.grid_of(line):
            claims.append(Claim(line.start, line.end, "other table"))
        elif not _LABEL.fullmatch(text):
            prose.append(line)
        at += 1
    return Layout(tuple(blocks), tuple(prose), tuple(claims))


def _titles(filled: list[tuple[Line, str]]) -> dict[int, TableSpec | None]:
    """Where titles are, each with its table; None for a table that is not one of the nine."""
    candidates: dict[int, TableSpec | None] = {}
    for at, (_, text) in enumerate(filled):
        if "表" not in text or len(text) > _LONGEST_TITLE or _SENTENCE.search(text, 4):
            continue
        title = _LABEL.sub("", text)
        spec = next((spec for spec in SPECS if spec.title.search(title)), None)
        if spec is not None or _OTHER_TITLE.fullmatch(title):
            candidates[at] = spec
    return {at: spec for at, spec in candidates.items() if _has_header(filled, candidates, at)}


def _has_header(
    filled: list[tuple[Line, str]], candidates: dict[int, TableSpec | None], at: int
) -> bool:
    spec = candidates[at]
    for below in range(at + 1, min(at + 1 + _HEADER_REACH, len(filled))):
        text = filled[below][1]
        if below in candidates or _PART.match(text) or _HEADING.fullmatch(text):
            return False
        if spec is None:
            if _MONEY_LINE.search(text):
                return True
        elif _UNIT_LINE.search(text) or any(word in text for word in spec.header):
            return True
    return False


def _end_of_block(
    document: Document,
    filled: list[tuple[Line, str]],
    titles: dict[int, TableSpec | None],
    at: int,
) -> int:
    end = len(filled)
    for below in range(at + 1, len(filled)):
        text = filled[below][1]
        if below in titles or _PART.match(text) or _HEADING.fullmatch(text):
            end = below
            break
    first, last = filled[at][0].start, filled[end - 1][0].end
    grids = [grid for grid in document.grids if first <= grid.start < min(last, grid.end)]
    if not grids:
        return end
    # what stands below the last cell is no more of the table than its notes are; where no line closes the
    # table, only a sentence is sure to be none of its rows
    noted = False
    for below in range(at + 1, end):
        line, text = filled[below]
        if line.start >= grids[-1].end:
            ended = filled[below - 1][1].endswith(("。", "；")) and not _NOTE_ITEM.match(text)
            noted = _NOTE.match(text) is not None or (noted and not ended)
            closed = grids[-1].ruled or _CLAUSE.search(text)
            if not noted and closed and not looks_like_row(document, line):
                return below
    return end


def looks_like_row(document: Document, line: Line) -> bool:
    """Whether a line has codes or figures of a table, and no words of a sentence about them."""
    text = document.text[line.start : line.end]
    if _TOLD.search(text) or _PAGE_NUMBER.fullmatch(text.strip()):
        return False
    return any(map(_CELL.fullmatch, text.split()))


def _block(
    document: Document,
    spec: TableSpec,
    filled: list[tuple[Line, str]],
    at: int,
    end: int,
    claims: list[Claim],
) -> Block:
    lines: list[Line] = []
    notes: list[Line] = []
    headed = False
    in_note = False
    for below in range(at + 1, end):
        line, text = filled[below]
        following = filled[below + 1] if below + 1 < len(filled) else None
        last = below + 1 == end
        if _LABEL.fullmatch(text) or _RUNNING.fullmatch(text):
            continue
        if not headed and _is_header(spec, text):
            headed = True
            in_note = False  # the note stood between title and header
        if _MARKED_PAGE_NUMBER.fullmatch(text) or (
            _PAGE_NUMBER.fullmatch(text)
            and (last or _starts_page(document, following) or _only_label(filled, below, end))
        ):
            claims.append(Claim(line.start, line.end, "page number"))
        elif _NOTE.match(text) or (
            in_note and not _CODE_LINE.match(document.text, line.start, line.end)
        ):
            in_note = True
            notes.append(line)
            claims.append(Claim(line.start, line.end, "table note"))
        else:
            in_note = False
            lines.append(line)
    return Block(spec, filled[at][0], tuple(lines), tuple(notes), end == len(filled))


def _is_header(spec: TableSpec, text: str) -> bool:
    return not _NOTE.match(text) and any(word in text for word in (*spec.header, "栏次"))


def _only_label(filled: list[tuple[Line, str]], at: int, end: int) -> bool:
    return all(_LABEL.fullmatch(text) for _, text in filled[at + 1 : end])


def _starts_page(document: Document, following: tuple[Line, str] | None) -> bool:
    return following is not None and document.text[following[0].start] == "\f"
