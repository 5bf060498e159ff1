"""Options of a layout and the sheet of text that lines, cells and pages are put on."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How a report is laid out; ``seed`` fixes every small choice that is not named here."""

    seed: int = 0
    separators: bool = True
    blank_lines: bool = True
    trailing_spaces: bool = True
    page_numbers: str = ""  # a pattern such as " {} "; empty for none
    form_feeds: bool = False
    rows_per_page: int = 14
    lines_per_page: int = 26
    repeat_headers: bool = True
    row_numbers: bool = True
    name_width: int = 11
    line_width: int = 56
    notes: bool = True
    jumbled_headers: bool = True
    table_labels: str = "表 {} "
    unit_line: str = " 单位 ：{unit}  单位：{money} "
    half_width: bool = False
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
