"""Where the tables of a document are: by title and header, never by number or page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qy_finance.figures import AMOUNT, Exclusion
from qy_finance.form import Form, TableSpec
from qy_finance.marks import CODE, MARKED_PAGE_NUMBER, PAGE_NUMBER, PART, YEAR
from qy_finance.readers import Document, Line, squeeze
from qy_finance.tables.tabbed import tabbed_lines

_LONGEST_TITLE = 60
_LABELS = 3  # lines between a title and the label that says the money unit
_HEADER_REACH = 10  # lines with text below a title in which its header must begin
_TITLE_REACH = 3  # lines below the title of a further table in which its first row must stand
_OTHER_TITLE = re.compile(r"[^，。；：:、]{4,40}表(?:[（(][^（()）]*[)）])?")  # a further table
_BROKEN_TITLE = re.compile(
    r"[^（(]*表[（(][^（()）]{2,20}[）)]"
)  # over two lines, within its bracket
_MAY_TITLE = re.compile(r"表|[算况体总细）)》]$")
_MONEY_LINE = re.compile(r"单位[:：].*元")
_UNIT_LINE = re.compile(r"单位[:：]")
_CLAUSE = re.compile(r"[，。；]")
_SENTENCE = re.compile(r"[，。；](?!.*[）)]$)")
_CODE_LINE = re.compile(rf"\s*{CODE.pattern}\s")
_ACCOUNT = re.compile(rf"(?:{CODE.pattern})[^\d年]")
_TOLD = re.compile(r"[，。；：%％]|元")
_CELL = re.compile(rf"-?[\d,]+\.\d\d|{CODE.pattern}")
_LABEL_AGAIN = re.compile(  # whose the table is, of which year and in which money, printed again
    rf"(?:[编填]?[制报]?(?:单位|部门)(?:名称)?[:：](?!(?:[亿万千]?元)$)[^:：，。；\d]{{2,30}})?"
    rf"(?:{YEAR}年度?)?(?:(?:金额|计量|货币)?单位[:：](?:人民币)?[亿万千]?元)?"
)
_NOTE_ITEM = re.compile(r"\d{1,2}[.、．]")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one table on one page, from its title to the line before what comes next.

    ``name`` is the title without what else stands on its line.
    """

    spec: TableSpec
    title: Line
    name: str
    lines: tuple[Line, ...]
    notes: tuple[Line, ...]
    ends_document: bool


def looks_like_row(document: Document, line: Line) -> bool:
    """Whether a line has codes or figures of a table, and no words of a sentence about them."""
    text = document.text[line.start : line.end]
    if _TOLD.search(text) or PAGE_NUMBER.fullmatch(text.strip()):
        return False
    return any(map(_CELL.fullmatch, text.split()))


class Parts:
    """A document taken apart: the ``blocks`` of its tables, its ``prose``, and ``exclusions`` that belong to neither.

    A title counts where a header follows it; in a table of contents (目录) none does. A block ends at
    the next title, at a part of the report (第三部分) or at the heading of a section of prose.
    """

    def __init__(self, document: Document, form: Form) -> None:
        self.document = document
        self.form = form
        self.patterns = form.patterns
        self.tabbed = tabbed_lines(document)
        lines = (line for line in document.lines if line.number not in document.furniture)
        texts = ((line, squeeze(document.text[line.start : line.end])) for line in lines)
        self.filled = [(line, text) for line, text in texts if text]
        self.names: dict[int, str] = {}
        candidates = dict(self._candidates())  # None for a table that is not one of the form's
        self.titles = {at: candidates[at] for at in candidates if self._has_header(at, candidates)}
        self.blocks: list[Block] = []
        self.prose: list[Line] = []
        self.exclusions: list[Exclusion] = []
        for line in document.lines if document.furniture else ():
            text = document.text[line.start : line.end]
            if line.number in document.furniture and "年" not in text:
                self._exclude("page number", line)
        self._divide()

    def _divide(self) -> None:
        end = 0
        for at, (line, text) in enumerate(self.filled):
            if at < end:
                continue
            if at in self.titles:
                end = self._end_of_block(at)
                if spec := self.titles[at]:
                    self._add_block(spec, at, end)
                else:
                    self._exclude("other table", line, self.filled[end - 1][0])
            elif MARKED_PAGE_NUMBER.fullmatch(text) or PAGE_NUMBER.fullmatch(text):
                self._exclude("page number", line)
            elif self.document.grid_of(line) or line.number in self.tabbed:
                self._exclude("other table", line)
            elif not self.patterns.label.fullmatch(text):
                self.prose.append(line)

    def _candidates(self) -> Iterator[tuple[int, TableSpec | None]]:
        for at, (_, line) in enumerate(self.filled):
            text = self._open_bracket(at) + line
            if (
                len(text) > _LONGEST_TITLE
                or not _MAY_TITLE.search(text)
                or _SENTENCE.search(text, 4)
            ):
                continue
            name = self._undressed(text)
            if "表" not in name:
                if not self._stands_over_table(at):
                    continue
                name += "表"  # a title may leave it out
            spec = self._titled(name)
            if (spec is None or spec.rank(name) == len(spec.best)) and (
                above := self._first_line(at)
            ):
                whole = self._titled(above + name)
                name, spec = (above + name, whole) if whole else (name, spec)
            if spec and spec.layout != "single" and self.patterns.apposed.search(name):
                spec = None  # it repeats the form by unit
            if spec is not None or _OTHER_TITLE.fullmatch(name):
                self.names[at] = name
                yield at, spec

    def _titled(self, name: str) -> TableSpec | None:
        return next((spec for spec in self.form.tables if spec.title.search(name)), None)

    def _open_bracket(self, at: int) -> str:
        """The line before, if it is a title whose bracket this one closes: 支出决算表（按功能分类科 / 目）."""
        line, above = self.filled[at - 1] if at else (None, "")
        if "表" not in above:
            return ""
        whole = above + self.filled[at][1]
        if line is None or not _BROKEN_TITLE.fullmatch(whole) or _CLAUSE.search(whole):
            return ""
        opened = re.search(r"表[（(][^（()）]*$", above)
        return above if opened and not self.document.grid_of(line) else ""

    def _first_line(self, at: int) -> str:
        """The line before, if a title that goes over two lines may begin with it."""
        line, text = self.filled[at - 1] if at else (None, "")
        if line is None or "表" in text or _CLAUSE.search(text) or self.document.grid_of(line):
            return ""
        if len(text) > _LONGEST_TITLE or self._opens_prose(text):
            return ""
        again = text.endswith("支出") and self.filled[at][1].startswith("支出")
        if again or _ACCOUNT.match(text):
            return ""  # the last row of the table before, without figures
        return text if self.patterns.wrapped.search(text) else ""

    def _undressed(self, text: str) -> str:
        """A title without what else stands on its line."""
        name = self.patterns.label.sub("", text)
        while (shorter := self.patterns.around.sub("", name)) != name:
            name = shorter
        return name

    def _stands_over_table(self, at: int) -> bool:
        """Whether a line that is no heading of prose is followed by the label over a table, or by its grid."""
        line, text = self.filled[at]
        if self.document.grid_of(line) or self._opens_prose(text) or _CLAUSE.search(text):
            return False
        following = self.filled[at + 1 : at + 1 + _LABELS]
        f, t = next(
            ((f, t) for f, t in following if not self.patterns.label.fullmatch(t)), (line, "")
        )
        return bool(_UNIT_LINE.search(t) or self.document.grid_of(f))

    def _has_header(self, at: int, candidates: Mapping[int, TableSpec | None]) -> bool:
        spec = candidates[at]
        unit_line = _UNIT_LINE if spec else _MONEY_LINE
        words = spec.header if spec else self._opening(at)
        reach = self.filled[at + 1 : at + 1 + _HEADER_REACH]
        for below, (line, text) in enumerate(reach, start=at + 1):
            if below in candidates or self._opens_prose(text):
                return False
            divided = spec is None and below - at <= _TITLE_REACH and line.number in self.tabbed
            if divided or unit_line.search(text) or _has_word(text, words):
                return True
        return False

    def _opening(self, at: int) -> tuple[str, ...]:
        """Words that open a table of indicators (绩效自评表), which has no money unit above it."""
        further = self.form.further
        return further.opening if further.evaluation.search(self.filled[at][1]) else ()

    def _opens_prose(self, text: str) -> bool:
        """Whether a line is the heading of a part of the report, or of a section of its prose."""
        return bool(PART.match(text) or self.patterns.heading.fullmatch(text))

    def _end_of_block(self, at: int) -> int:
        ends = range(at + 1, len(self.filled))
        opens = (e for e in ends if e in self.titles or self._opens_prose(self.filled[e][1]))
        end = next(opens, len(self.filled))
        first, last = self.filled[at][0].start, self.filled[end - 1][0].end
        grids = [g for g in self.document.grids if first <= g.start < min(last, g.end)]
        if not grids:
            return self._end_of_rows(at, end) if self.titles[at] else self._end_of_lines(at, end)
        if self.titles[at] is None and self._opening(at):
            grids = grids[:1]  # prose may stand between it and the next
        # what stands below the last cell is no more of the table than its notes are; where no line closes the
        # table, only a sentence is sure to be none of its rows
        noted = False
        for below in range(at + 1, end):
            line, text = self.filled[below]
            if line.start >= grids[-1].end:
                before = self.filled[below - 1][1]
                ended = before.endswith(("。", "；")) and not _NOTE_ITEM.match(text)
                noted = self._is_note(text) or (noted and not ended)
                closed = grids[-1].ruled or _CLAUSE.search(text)
                if not noted and closed and not looks_like_row(self.document, line):
                    return below
        return end

    def _end_of_rows(self, at: int, end: int) -> int:
        """Where a table ends whose cells the source does not tell: at a sentence below its last row and its notes."""
        below = end
        while below > at + 1 and not looks_like_row(self.document, self.filled[below - 1][0]):
            below -= 1
        rest = range(below, end) if below > at + 1 else ()
        if any(self._is_note(self.filled[b][1]) for b in rest):
            return end
        said = (b for b in rest if _CLAUSE.search(self.filled[b][1]))
        first = next(said, end)
        ended = any("。" in self.filled[b][1] for b in range(first, end))
        return first if ended else end

    def _end_of_lines(self, at: int, end: int) -> int:
        """Where a further table ends whose cells the source does not tell, before ``end``.

        Below the last row that tabs divide; below the row that closes a self-evaluation (总分), and its figures.
        """
        further = self.form.further
        rows = [
            below for below in range(at + 1, end) if self.filled[below][0].number in self.tabbed
        ]
        if rows or not self._opening(at):
            return rows[-1] + 1 if rows else end
        begun = False
        for below in range(at + 1, end):
            text = self.filled[below][1]
            begun = begun or any("指标" in word and word in text for word in further.opening)
            if not (begun and further.closing.match(text)):
                continue
            rest = range(below + 1, end)
            stop = next((b for b in rest if not AMOUNT.fullmatch(self.filled[b][1])), end)
            if stop == end or not self.filled[stop][1].startswith(further.opening):
                return stop
            begun = False  # the next project follows
        return end

    def _add_block(self, spec: TableSpec, at: int, end: int) -> None:
        lines: list[Line] = []
        notes: list[Line] = []
        headed = in_note = begun = False
        for below in range(at + 1, end):
            line, text = self.filled[below]
            if self.patterns.label.fullmatch(text) or self.patterns.running.fullmatch(text):
                continue
            if begun and self._is_label_again(line, text):
                self._exclude("header copy", line)  # of a further page
                continue
            begun = begun or (headed and looks_like_row(self.document, line))
            if not headed and not self._is_note(text) and _has_word(text, (*spec.header, "栏次")):
                headed = True
                in_note = False  # the note stood between title and header
            if self._is_page_number(below, end):
                self._exclude("page number", line)
                continue
            coded = _CODE_LINE.match(self.document.text, line.start, line.end)
            in_note = self._is_note(text) or (in_note and not coded)
            (notes if in_note else lines).append(line)
            if in_note:
                self._exclude("table note", line)
        title, ends = self.filled[at][0], end == len(self.filled)
        self.blocks.append(Block(spec, title, self.names[at], tuple(lines), tuple(notes), ends))

    def _is_page_number(self, at: int, end: int) -> bool:
        """Whether a line of a block that goes to ``end`` numbers the page: it is marked, or last on it."""
        text = self.filled[at][1]
        if not PAGE_NUMBER.fullmatch(text):
            return MARKED_PAGE_NUMBER.fullmatch(text) is not None
        following = self.filled[at + 1 : at + 2]
        starts_page = any(self.document.text[line.start] == "\f" for line, _ in following)
        rest = self.filled[at + 1 : end]
        return starts_page or all(self.patterns.label.fullmatch(label) for _, label in rest)

    def _is_label_again(self, line: Line, text: str) -> bool:
        """Whether a line within a table says once more which it is; most lines of one end with a figure."""
        if text[-1].isdecimal() or not _LABEL_AGAIN.fullmatch(self.patterns.label.sub("", text)):
            return False
        return self.document.grid_of(line) is None

    def _is_note(self, text: str) -> bool:
        return self.patterns.note.match(text) is not None

    def _exclude(self, reason: str, line: Line, last: Line | None = None) -> None:
        self.exclusions.append(Exclusion(line.start, (last or line).end, reason))


def _has_word(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
