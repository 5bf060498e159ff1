"""From printed lines to running paragraphs, each character with its place in the document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from qy_finance.figures import NUMERAL
from qy_finance.form import Phrases
from qy_finance.marks import CHAPTER, NUMBER, YEAR
from qy_finance.readers import Document, Line, squeeze

ORDINAL = re.compile(
    rf"(?P<part>第{NUMBER}+部分[:：]?)|(?P<chapter>{CHAPTER})|(?P<section>[（(]{NUMBER}+[)）]、?)"
    rf"|(?P<item>\d{{1,2}}(?:、|．(?!\d)|\.(?=\D|{YEAR}年|$)))"
    r"|(?P<subitem>[（(]\d{1,2}[)）]|\d{1,2}[)）]|[①-⑳])"
)
LEVELS = ("part", "chapter", "section", "item", "subitem")
_BROKEN = re.compile(r"\d\.\d*$|\d,\d{0,2}$")  # a number that goes on in the next line
_IN_NUMBER = re.compile(r"(?:[^\x00-\xff表图件]|[-~])\d+$")  # digits behind words, not 附件1
_BROKEN_OFF = re.compile(r"\s*(?:\.\d|,\d{3})")
_RUNS_ON = re.compile(r"\s*\d[\d,.，．]*\s*[^\d\s,.，．]")  # digits that words follow
_STOP = re.compile(r"[，；。：,;:\d]")
_CLOSING = "，。；、）,;)"
_PRICED = {"money", "percent"}
_LONGEST_HEADING = 30
_LONGEST_NAME = 40
_LONGEST_BREAK = 8
_CLAUSE = re.compile(r"[，。；,;]|[：:].")
_WORD = re.compile(r"\S+")
_JOINS = re.compile(r"[0-9A-Za-z]{2}")
LAST_HEADING = LEVELS.index("section")
_HEADINGS = range(LAST_HEADING + 1)
_LIST_NUMBER = re.compile(r"\d{1,2}")
_LABEL = re.compile(r"[^，。；：:、]{2,30}[：:]")
_FULL_LINE = 0.8  # of the usual width: a shorter line ends its paragraph
_ENDS = "。！？：:"
_BEHIND_YEAR = "年月日"
_OPEN_FIGURE = re.compile(r"\d([万亿千百十余多几个人台平立公]*)$")  # its unit may go on
_LONGEST_REST = 6  # characters of a heading wrapped behind one of these words (情况 / 说明)

_Ordinal = tuple[int, int] | None  # its kind and its length
_position, _start = itemgetter(0), itemgetter(1)


@dataclass(slots=True)
class Paragraph:
    """Running text without layout spaces, and where its pieces stand in the document.

    ``pieces`` are pairs of a position in ``text`` and its place in the document; characters behind it follow
    one another in both until the next piece. ``level`` is the kind of ordinal that the paragraph opens with (an
    index of ``LEVELS``), or None; ``body`` is where the text behind that ordinal begins.
    """

    text: str = ""
    pieces: list[tuple[int, int]] = field(default_factory=list)
    level: int | None = None
    body: int = 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the document of ``text[start:end]``."""
        return self._place(start), self._place(end - 1) + 1

    def position(self, place: int) -> int:
        """Where a place of the document stands in ``text``."""
        position, start = self.pieces[bisect_right(self.pieces, place, key=_start) - 1]
        return position + place - start

    def _place(self, at: int) -> int:
        position, place = self.pieces[bisect_right(self.pieces, at, key=_position) - 1]
        return place + at - position


def paragraphs(document: Document, lines: Iterable[Line], say: Phrases) -> list[Paragraph]:
    """Join wrapped lines.

    A paragraph begins at an ordinal (一、（一）1.), at a label (12345热线电话：), or after a line that ends a
    sentence well before the margin. Space is dropped, except between two letters or digits of ASCII.
    """
    rows = [(line, document.text[line.start : line.end]) for line in lines]
    # GBK writes a full-width character in two bytes, as it is set
    widths = [len(printed.strip().encode("gbk", "replace")) for _, printed in rows]
    margin = sorted(widths)[len(widths) * 9 // 10] * _FULL_LINE if widths else 0
    result: list[Paragraph] = []
    previous = ""
    short = True  # whether the line before ends well before the margin
    listed = 0  # the number of the last list item
    for (line, printed), width in zip(rows, widths, strict=True):
        text = printed.strip()
        ended = previous[-1:] in _ENDS or (short and not previous[-1:].isdigit())
        ordinal = _ordinal(text, listed if ended else 0, say)
        if not result or _begins(result[-1], previous, text, ordinal, short, say):
            result.append(Paragraph())
            if ordinal is not None:
                result[-1].level, result[-1].body = ordinal
                number = _LIST_NUMBER.match(text)
                listed = int(number[0]) if number else 0
        _append(result[-1], printed, line.start)
        previous, short = text, width < margin
    return result


def _ordinal(text: str, listed: int, say: Phrases) -> _Ordinal:
    """Kind and length of the ordinal that a line opens with.

    ``2.24小时`` is the second item of a list where the item before it (``listed``) was the first; 2.24万元 is not.
    """
    match = ORDINAL.match(text)
    if match is not None:
        return LEVELS.index(str(match.lastgroup)), len(squeeze(match[0]))
    number = _LIST_NUMBER.match(text)
    if listed and number and text[number.end() :].startswith(".") and int(number[0]) == listed + 1:
        decimal = NUMERAL.match(text)
        unit = say.unit.match(text, decimal.end()) if decimal else None
        if unit is None or unit.lastgroup not in _PRICED:
            return LEVELS.index("item"), number.end() + 1
    return None


def _begins(
    before: Paragraph, previous: str, line: str, ordinal: _Ordinal, short: bool, say: Phrases
) -> bool:
    """Whether a line begins a paragraph, given the paragraph and the line before it."""
    if ordinal is not None:
        closed = _ends_heading(before.text, say)
        heading = (closed or ordinal[0] <= LAST_HEADING) and _is_heading(before)
        heading = heading or (closed and is_title(before.text))
        return short or heading or previous[-1] in _ENDS + "；;”"
    if previous[-1] in _ENDS + "；;" and say.account.match(line):
        return True
    if _goes_on(before.text, previous, line, say) or len(before.text) == before.body:
        return False
    if previous[-1] in _ENDS:
        return short or _LABEL.match(line) is not None
    return _is_whole_title(before, line, short, say)


def _is_whole_title(before: Paragraph, line: str, short: bool, say: Phrases) -> bool:
    """Whether the paragraph before is a title that ends with its line."""
    ends = _ends_heading(before.text, say)
    if before.level is None:  # a heading without ordinal
        if not is_title(before.text):
            return False
        if ends:
            return short or say.whole_heading.search(before.text) is not None
        return short and _opens_anew(before.text, squeeze(line), say)
    if not _is_heading(before) or before.text.count("（") > before.text.count("）"):
        return False
    if not ends and _is_account(before, line, say):
        return False
    return short or (ends and len(squeeze(line)) > _LONGEST_REST)


def _opens_anew(title: str, line: str, say: Phrases) -> bool:
    """Whether a line opens as sentences below a heading do, or says its words again."""
    if say.heading_noun.search(title) is None:
        return False
    return say.opens_anew.match(line) is not None or title in line[:_LONGEST_NAME]


def _ends_heading(text: str, say: Phrases) -> bool:
    return say.heading_end.search(text, max(0, len(text) - _LONGEST_BREAK)) is not None


def _goes_on(text: str, previous: str, line: str, say: Phrases) -> bool:
    """Whether a line can't begin a paragraph: a number, a unit, a bracket, a list or a sum goes on in it."""
    if line[0] in _CLOSING or say.of_sum.match(line):
        return True
    open_list = say.open_list.search(previous) is not None
    return open_list or _is_unit(previous, line, say) or _is_number(text, line)


def _is_account(before: Paragraph, line: str, say: Phrases) -> bool:
    """Whether the name of an account goes on in a line: 1.一般公 / 共服务支出（类）…."""
    title = before.text[before.body :]
    if before.level in _HEADINGS:
        return False
    if title.endswith(("类）", "款）")) and say.deeper_account.match(line):
        return True
    account = say.opening_account.match(title + line[:_LONGEST_NAME])
    return account is not None and account.end() > len(title)


def _is_number(text: str, line: str) -> bool:
    """Whether the number that a text ends with goes on in a line."""
    if not (text[-1:].isdigit() or text.endswith((".", ","))):
        return False
    end = text[-_LONGEST_BREAK:]
    if _BROKEN.search(end) or (end[-1:].isdigit() and _BROKEN_OFF.match(line)):
        return True
    return _IN_NUMBER.search(end) is not None and _RUNS_ON.match(line) is not None


def _is_unit(previous: str, line: str, say: Phrases) -> bool:
    """Whether a line opens with the unit, or the rest of it, of the figure that the line before ends with."""
    figure = _OPEN_FIGURE.search(previous[-_LONGEST_BREAK:])
    if figure is None:
        return False
    unit = say.unit.match(figure[1] + line[:_LONGEST_BREAK])
    return (unit is not None and unit.end() > len(figure[1])) or line[0] in _BEHIND_YEAR


def is_title(text: str) -> bool:
    """Whether words without an ordinal can be a heading by themselves."""
    return len(text) <= _LONGEST_HEADING and not _STOP.search(text)


def _is_heading(paragraph: Paragraph) -> bool:
    """Whether a paragraph so far can be a heading: it has an ordinal and no clause."""
    return paragraph.level is not None and not _CLAUSE.search(paragraph.text)


def _append(paragraph: Paragraph, line: str, start: int) -> None:
    text = paragraph.text
    broken = _is_number(text[-_LONGEST_BREAK:], line)
    for word in _WORD.finditer(line):
        piece = word[0]
        if text and not broken and _JOINS.match(text[-1] + piece[0]):
            text += " "
        paragraph.pieces.append((len(text), start + word.start()))
        text += piece
        broken = False
    paragraph.text = text
