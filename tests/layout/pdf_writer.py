"""Lays a fictional account out as a PDF, and says what is in it and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from .accounts import Account, Indicator
from .canvas import wrap
from .chapters import explanations
from .facts import Cell, Fact
from .figures import Figures
from .grid import Grid
from .headers import NOTES, ORDINALS, ROUNDING, TITLES
from .pdf_grid import GridWriter
from .pdf_options import PdfOptions
from .pdf_paper import MARGIN, Paper, Place
from .sentences import Prose
from .tables import Grids
from .text_writer import DUTIES, GLOSSARY

SIZE = 12.0  # of running text
LEADING = 1.6
_MARK = "\ue000"  # stands before each figure of the prose until it is drawn
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WIDE_TABLES = ("income", "expenditure", "appropriation_summary", "government_fund", "three_public")


@dataclass(frozen=True)
class Contents:
    """What a report says: the figures of its tables and the paragraphs of its other parts."""

    unit: str
    year: int
    money_unit: str
    cells: Sequence[Cell]
    overview: Sequence[str]
    explanations: Sequence[str]
    glossary: Sequence[str]
    facts: Sequence[Fact] = ()
    indicators: tuple[Indicator, ...] = ()
    further: Sequence[tuple[str, Grid]] = ()  # tables beyond the nine, by their titles


@dataclass(frozen=True)
class LaidPdf:
    """Everything that a reader must find in a PDF: figures of tables and prose with their places.

    A figure of a table that is printed again on a further page counts where it stands first.
    """

    cells: list[tuple[Cell, Place]]
    facts: list[Fact]
    places: list[Place]  # of the facts
    indicators: tuple[Indicator, ...]
    pages: int
    options: PdfOptions


class _MarkedProse(Prose):
    """Prose in which a mark stands before each recorded figure."""

    def figure(self, printed: str, *args: Any, **kwargs: Any) -> str:
        text = super().figure(printed, *args, **kwargs)
        return text.replace(printed, _MARK + printed, 1)


def lay_out_pdf(account: Account, layout: PdfOptions, path: Path) -> LaidPdf:
    """Write the report of an account as a PDF."""
    return lay_out_contents(contents(account, layout), layout, path)


def contents(account: Account, layout: PdfOptions) -> Contents:
    """What the report of an account says, in the words that the options ask for."""
    prose = _MarkedProse(account, layout.text)
    prose.add("一、部门主要职责")
    for number, duty in enumerate(DUTIES, start=1):
        prose.add(f"{number}、{duty}")
    prose.add("二、单位机构设置")
    departments = prose.count(account.counts["机构"], "个", "机构")
    prose.add(f"{account.unit}内设{departments}机构：综合办公室、业务科、督查科等。")
    overview = [*prose.paragraphs]
    prose.paragraphs.clear()
    explanations(prose)
    return Contents(
        account.unit,
        account.year,
        account.money_unit,
        [cell for cells in Figures(account, layout).tables().values() for cell in cells],
        overview,
        prose.paragraphs,
        GLOSSARY,
        prose.facts,
        account.indicators,
    )


def lay_out_contents(report: Contents, layout: PdfOptions, path: Path) -> LaidPdf:
    """Write a report as a PDF."""
    writer = _Writer(report, layout)
    writer.write()
    writer.paper.save(path)
    return LaidPdf(
        writer.cells, [*report.facts], writer.places, report.indicators, writer.paper.page, layout
    )


class _Writer:
    def __init__(self, report: Contents, options: PdfOptions) -> None:
        self.report, self.options = report, options
        self.paper = Paper(options, f"{report.unit} {report.year} 年度部门决算")
        self.random = self.paper.random
        self.cells: list[tuple[Cell, Place]] = []
        self.places: list[Place] = []
        parts = "一二二三" if options.wrong_heading else "一二三四"
        self.parts = [
            f"第{number}部分：{title}"
            for number, title in zip(
                parts,
                (
                    f"{report.unit} 概况",
                    f"{report.unit} {report.year} 年度部门决算表",
                    f"{report.unit} {report.year} 年度部门决算情况说明",
                    "名词解释",
                ),
                strict=True,
            )
        ]

    def write(self) -> None:
        report, paper = self.report, self.paper
        grouped = {
            table: list(run) for table, run in groupby(report.cells, key=lambda cell: cell.table)
        }
        order = list(grouped)
        if self.options.shuffled:
            self.random.shuffle(order)
        titles = {table: self.random.choice(TITLES[table]) for table in order}
        paper.new_page()
        paper.y += 200
        paper.centred(report.unit, 22, bold=True)
        paper.centred(f"{report.year}年度部门决算", 22, bold=True)
        if self.options.contents:
            self._contents([titles[table] for table in order])
        self._part(self.parts[0], fresh=True)
        self._paragraphs(report.overview)
        self._part(self.parts[1])
        for number, table in enumerate(order, start=1):
            self._table(number, titles[table], table, grouped[table])
        for number, (title, grid) in enumerate(report.further, start=len(order) + 1):
            paper.new_page()
            self._head(number, title)
            GridWriter(paper, grid, paper.new_page).write()
        self._part(self.parts[2], fresh=True)
        self._paragraphs(report.explanations)
        self._part(self.parts[3])
        self._paragraphs(report.glossary)

    # ------------------------------------------------------------------------------ prose

    def _contents(self, titles: Sequence[str]) -> None:
        """A table of contents with dot leaders; its page numbers are only likely ones."""
        self.paper.new_page()
        self.paper.centred("目    录", 18, bold=True)
        lines = [self.parts[0], "一、部门主要职责", "二、单位机构设置", self.parts[1]]
        lines += [f"{ORDINALS[at]}、{title}" for at, title in enumerate(titles)]
        lines += self.parts[2:]
        leader = self.random.choice(".…·")
        for number, line in enumerate(lines, start=3):
            room = self.paper.sheet.width - 2 * MARGIN - self.paper.width(f"{line}99", 11)
            dots = leader * int(room / self.paper.width(leader, 11))
            self.paper.y += 11 * LEADING
            self.paper.text(MARGIN, self.paper.y, f"{line}{dots}{number}", 11)

    def _part(self, title: str, *, fresh: bool = False) -> None:
        """The heading of a part, on a page of its own unless the report flows on."""
        tall = self.paper.sheet.height > self.paper.sheet.width
        upright = tall and not self.paper.sheet.rotation
        if fresh or not self.options.flowing or not upright or self.paper.left < 120:
            self.paper.new_page()
        for line in wrap(title, 52):
            self.paper.centred(line, 16, bold=True)
        self.paper.y += 12

    def _paragraphs(self, paragraphs: Sequence[str]) -> None:
        for paragraph in paragraphs:
            indent = 4 if self.options.indent else 0
            marked = " " * indent + paragraph
            lines = wrap(marked.replace(_MARK, ""), 2 * self.options.line_width)
            rest = marked
            for number, line in enumerate(lines):
                taken = 0
                for _ in line:
                    taken += 2 if rest[taken] == _MARK else 1
                self._line(rest[:taken], last=number == len(lines) - 1)
                rest = rest[taken:]

    def _line(self, marked: str, *, last: bool) -> None:
        """A line of running text; where a mark stands before a figure, its place is kept."""
        paper, text = self.paper, marked.replace(_MARK, "")
        if paper.left < SIZE * LEADING:
            paper.new_page()
        paper.y += SIZE * LEADING
        blank = len(text) - len(text.lstrip())
        x = MARGIN + (blank / 2 * SIZE if blank else 0.0)
        text, marked = text.strip(), marked.strip()
        space = 0.0
        if self.options.justified and not last:
            room = MARGIN + self.options.line_width * SIZE - x
            space = max(0.0, room - paper.width(text, SIZE)) / max(1, paper.gaps(text) - 1)
        paper.text(x, paper.y, text, SIZE, space=space)
        before, *figures = marked.split(_MARK)
        for figure in figures:
            number = _NUMBER.match(figure)
            assert number is not None
            end = x + paper.width(before + number[0], SIZE, space) - space
            start = end - paper.width(number[0], SIZE)
            box = (start, paper.y - 0.6 * SIZE, end, paper.y)
            self.places.append(Place(paper.page, *box))
            before += figure

    # ----------------------------------------------------------------------------- tables

    def _table(self, number: int, title: str, table: str, cells: list[Cell]) -> None:
        landscape = self.options.wide == "landscape" and table in _WIDE_TABLES
        rotation = self.options.rotation
        paper, sheet = self.paper, self.paper.sheet
        same = (sheet.width > sheet.height, sheet.rotation) == (landscape, rotation)
        first_part = number == 1 and same and paper.left > 300
        if not (first_part or (self.options.flowing and same and paper.left > 200)):
            paper.new_page(landscape=landscape, rotation=rotation)

        def new_page() -> None:
            paper.new_page(landscape=landscape, rotation=rotation)
            if self.options.repeat == "title":
                self._head(number, title)

        self._head(number, title)
        grids = Grids(self.options)
        grid = GridWriter(paper, grids.grid(table, cells), new_page)
        grid.write()
        first = dict(reversed(grid.places))
        self.cells += [(cell, first[cell]) for cell in dict.fromkeys(c for c, _ in grid.places)]
        printed = any(grids.is_printed(cell) for cell in cells)
        self._notes(table, title, empty=not printed)
        paper.y += 20

    def _head(self, number: int, title: str) -> None:
        paper, options = self.paper, self.options
        if options.label:
            label = options.label.format(number)
            paper.y += 12
            at_right = paper.sheet.width - MARGIN - paper.width(label, 9)
            paper.text(self.random.choice((MARGIN, at_right)), paper.y, label, 9)
        text = options.title.format(title=title, number=number, ordinal=ORDINALS[number - 1])
        paper.centred(text, 15, bold=True)
        paper.y += 16
        names = {"unit": self.report.unit, "money": self.report.money_unit}
        left, right = (pattern.format(**names) for pattern in options.unit_line)
        if left:
            paper.text(MARGIN, paper.y, left, 9)
        paper.text(paper.sheet.width - MARGIN - paper.width(right, 9), paper.y, right, 9)
        paper.y += 5

    def _notes(self, table: str, title: str, *, empty: bool) -> None:
        notes: list[str] = []
        if self.options.notes:
            style = self.random.choice(("one", "two", "short"))
            if style == "two":
                notes = [f"注：1.{NOTES[table]}", f"    2.{ROUNDING}"]
            else:
                notes = [f"注：{NOTES[table]}{ROUNDING if style == 'one' else ''}"]
        if empty:
            notes.append(f"注：{self.report.unit}无{title.removesuffix('决算表')}，故本表无数据。")
        size = 9
        room = int((self.paper.sheet.width - 2 * MARGIN) / size)
        lines = [line for note in notes for line in wrap(note, 2 * room)]
        if self.paper.left < (len(lines) + 1) * size * 1.4:
            self.paper.new_page(landscape=self.paper.sheet.width > self.paper.sheet.height)
        self.paper.y += 3
        for line in lines:
            self.paper.y += size * 1.4
            self.paper.text(MARGIN, self.paper.y, line, size)
