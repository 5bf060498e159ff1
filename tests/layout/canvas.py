"""Options of a layout and the sheet of text that lines, cells and pages are put on."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_HALF_WIDTH = str.maketrans("（）", "()")


@dataclass(frozen=True)
class Form:
    """What the tables of a report print; ``seed`` fixes every small choice that is not named."""

    seed: int = 0
    split_codes: bool = False  # 类, 款 and 项 in columns of their own
    row_numbers: bool = True  # 行次
    column_numbers: bool = True  # 栏次
    total: Literal["first", "last", "header"] = "first"  # header: in the row of 类 款 项
    total_spans: bool = False  # 合计 stands across the columns of code and name
    pairs: bool = False  # “三公”经费: 预算数 | 决算数 below each item, not the items below them
    short_headers: bool = False  # 合计 for 本年支出合计, 公务用车运行费 for 公务用车运行维护费
    economic_blocks: int = 2
    sides_named: bool = True  # 人员经费 and 公用经费 stand above the blocks of economic codes
    blanks: bool = False  # what is zero is left blank
    separators: bool = True
    half_width: bool = False
    notes: bool = True
    name_width: int = 12  # full-width characters

    def name(self, text: str) -> str:
        """A name as this report prints it, in full-width or half-width brackets."""
        return text.translate(_HALF_WIDTH) if self.half_width else text


@dataclass(frozen=True)
class Options(Form):
    """How a report is laid out as text."""

    blank_lines: bool = True
    trailing_spaces: bool = True
    page_numbers: str = ""  # a pattern such as " {} "; empty for none
    form_feeds: bool = False
    rows_per_page: int = 14
    lines_per_page: int = 26
    repeat_headers: bool = True
    name_width: int = 11
    line_width: int = 56
    jumbled_headers: bool = True
    table_labels: str = "表 {} "
    unit_line: str = " 单位 ：{unit}  单位：{money} "
    wide_percent: bool = False
    number_spaces: str = "some"  # some, all, none
    prose_style: str = "guangdong"  # guangdong, shanghai
    prose_money: str = "same"  # same as the tables, or 万元
    contents: bool = False


@dataclass(frozen=True)
class Name:
    """A cell whose text may be wrapped; ``alone`` puts it on a line of its own."""

    text: str
    alone: bool = False


class Canvas:
    """Text that grows line by line, in the form that a PDF's text extraction leaves."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.page = 1
        self._parts: list[str] = []
        self._size = 0
        self._gap = False
        self._fresh = True

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def position(self) -> int:
        """Where the next line will begin, give or take the space before it."""
        return self._size

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def line(self, text: str, *, tight: bool = False) -> None:
        """Add a line; ``tight`` keeps the next line next to it, without a blank line."""
        if self._gap:
            self._put("\n")
        if not self.options.trailing_spaces:
            text = text.rstrip()
        elif self._fresh and not self.options.page_numbers:
            text = " " + text
        self._put(text + "\n")
        self._gap = self.options.blank_lines and not tight
        self._fresh = False

    def new_page(self) -> None:
        if self._fresh:
            return
        if self.options.page_numbers:
            number = self.options.page_numbers.format(self.page)
            self._put(f"\n\n\n{number}\n" if self.options.blank_lines else f"{number}\n")
            if self.options.blank_lines and not self.options.form_feeds:
                self._put("\n")
        if self.options.form_feeds:
            self._put("\f")
        self.page += 1
        self._gap = False
        self._fresh = True

    def pieces(self, text: str, width: int) -> list[str]:
        return [text[at : at + width] for at in range(0, len(text), width)]

    def row(self, cells: Sequence[str | Name], width: int) -> None:
        """Lay out one row: cells one space apart, a wrapped name on lines of its own.

        A name on two lines sits close to what stands before and after it; a longer one has
        blank lines around it, as in the published text.
        """
        line = ""
        for cell in cells:
            if isinstance(cell, str):
                line += cell + " "
                continue
            pieces = self.pieces(cell.text, width) or [""]
            if len(pieces) == 1 and not cell.alone:
                line += cell.text + " "
                continue
            close = len(pieces) <= 2
            if line.strip():
                self.line(line, tight=close and not cell.alone)
            for piece in pieces[:-1]:
                self.line(piece)
            self.line(pieces[-1] + " ", tight=close)
            line = ""
        if line.strip():
            self.line(line)


_NOT_FIRST = set("，。；：、）”％%,.;:)!？》")
_NOT_LAST = set("（“(《")


def wrap(text: str, width: int) -> list[str]:
    """Break a paragraph at a width in half-width columns.

    Runs of letters and digits stay whole, no line begins with closing punctuation, and none
    ends with an opening bracket.
    """
    atoms: list[str] = []
    for char in text:
        opened = bool(atoms) and atoms[-1][-1] in _NOT_LAST
        sticks = char in _NOT_FIRST or char == " " or opened
        joins = bool(atoms) and _runs_on(char) and _runs_on(atoms[-1][-1])
        if atoms and (sticks or joins):
            atoms[-1] += char
        else:
            atoms.append(char)
    lines, line, used = [], "", 0
    for atom in atoms:
        size = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in atom)
        if line and used + size > width:
            lines.append(line)
            line, used = "", 0
        line += atom
        used += size
    return [*lines, line] if line else lines


def _runs_on(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".,+-*")
