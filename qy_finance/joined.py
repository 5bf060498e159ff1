"""What the files of a report say: each is read by itself, with the unit and year that all of them tell.

What one lacks another gives. What two of them print is one: a cell or a sentence that is the same is a copy, and where
they differ both are kept as they are printed, so that the checks find it, and it is told. Which of them is the copy
does not depend on the order in which the files are given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from qy_finance.errors import LinkedReportError, NotAReportError
from qy_finance.figures import NUMERAL, Exclusion, Figure
from qy_finance.form import Form
from qy_finance.identity import Identification, ReportIdentity
from qy_finance.identity.kinds import looks_like, other_document, written_as
from qy_finance.identity.said import Listener, Sayings
from qy_finance.narrative import Indicator, read_narrative
from qy_finance.narrative.flow import Paragraph
from qy_finance.narrative.reading import NarrativeReading
from qy_finance.readers import Document
from qy_finance.readers.copies import AGAIN
from qy_finance.readers.document import Part
from qy_finance.tables import TableReading, read_tables
from qy_finance.tables.locate import Parts

ACCOUNT: Final = "a final account (部门决算)"
_LISTED: Final = 5  # files or figures that are named
_HEAD: Final = 500  # characters in which a page says what it is of
_OWN: Final = ("cover", "heading", "label")  # places that say whose a file is, beyond doubt
_LEAST: Final = 0.5  # of the cells of a table that are those of another where it is its copy
_Cell = tuple[str | None, str, str | None, str]


@dataclass(slots=True)
class Joined:
    """What was read of a document of one file or more; places are those in its whole text.

    ``told`` are the differences between files, in the words of a warning.
    """

    document: Document
    identity: ReportIdentity
    tables: TableReading
    narrative: NarrativeReading
    exclusions: tuple[Exclusion, ...]
    told: list[str] = field(default_factory=list)


class _File:
    """One file of a report, and what it says of itself."""

    def __init__(self, part: Part, form: Form) -> None:
        self.part, self.form, self.document = part, form, part.document
        self.name = self.document.path.name
        if other := written_as(self.document.text):
            raise self._error("", ACCOUNT, other)
        self.parts = Parts(self.document, form)
        self.heard = Listener(self.parts, form.who)
        if other := other_document(self.heard, self.parts.blocks, form):
            raise self._error("", ACCOUNT, other)

    @property
    def rank(self) -> str:
        """What decides between files that say as much as each other: their order is by chance."""
        return self.document.sha256

    @property
    def own(self) -> Identification:
        """Who it is by what is said beyond doubt: mentions may be of another year or unit."""
        said = self.heard.said
        units = [claim for claim in said.units if claim.place in _OWN]
        years = [claim for claim in said.years if claim.place in _OWN]
        return Identification(replace(said, units=units, years=years), self.form)

    def refusal(self, error: NotAReportError) -> NotAReportError:
        """The error with what the file looks like."""
        found = looks_like(self.heard, self.parts.blocks) or error.found
        return self._error(error.place, error.expected, "" if self.document.links else found)

    def _error(self, place: str, expected: str, found: str) -> NotAReportError:
        """What it is instead, with the files that it links to: those of an account may be the report."""
        links, head = self.document.links, self.document.text[:_HEAD]
        if not links:
            return NotAReportError(self.name, place, expected, found)
        page = (
            f"a page that has no report itself and links to {listed([link.told for link in links])}"
        )
        said = ", ".join(filter(None, (found, page)))
        if any("决算" in text for text in (head, *(link.told for link in links))):
            names = [(link.told, *link.names) for link in links]
            return LinkedReportError(self.name, place, expected, said, names)
        return NotAReportError(self.name, place, expected, said)

    def figure(self, figure: Figure) -> Figure:
        """A figure of it where it stands in the whole text."""
        by = self.part.start
        return figure._replace(start=figure.start + by, end=figure.end + by) if by else figure

    def exclusions(self, found: Iterable[Exclusion]) -> Iterator[Exclusion]:
        """Exclusions of it where they stand in the whole text."""
        by = self.part.start
        return (one._replace(start=one.start + by, end=one.end + by) for one in found)

    def paragraph(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph of it where it stands in the whole text."""
        by = self.part.start
        pieces = [(position, place + by) for position, place in paragraph.pieces]
        return replace(paragraph, pieces=pieces) if by else paragraph

    def indicator(self, found: Indicator) -> Indicator:
        """An indicator of it where it stands in the whole text."""
        actual = found.actual and self.figure(found.actual)
        return replace(found, target=self.figure(found.target), actual=actual)


def read_joined(document: Document, form: Form) -> Joined:
    """Read the tables and the prose of a document, of each of its files by itself.

    Raises
    ------
    NotAReportError
        One of the files is no part of a final account, or they are of different ones.
    ReportError
        As :func:`qy_finance.tables.read_tables` says.
    """
    files = [_File(part, form) for part in document.parts or (document.part(0),)]
    who = Identification(_sayings(files), form)
    _same_report(files)
    tables, refused = [], []
    for file in files:
        try:
            tables.append((file, read_tables(file.document, file.parts, form, who.year or 0)))
        except NotAReportError as error:
            refused.append(file.refusal(error))
    if not tables:
        raise refused[0]
    told: list[str] = []
    try:
        read = _tables(tables, form, who.year or 0, told)
        identity = who.identity(document.name, read)
        said = [
            (one, read_narrative(one.document, one.parts.prose, form, identity.unit, identity.year))
            for one in files
        ]
        if not (read.figures or read.unreadable or any(prose.figures for _, prose in said)):
            raise NotAReportError(document.name, "", ACCOUNT, "no figure")
    except NotAReportError as error:
        raise (files[0].refusal(error) if len(files) == 1 else error) from None
    narrative = _narrative(said, told)
    printed = {file.name for file, prose in said if prose.figures}
    printed |= {file.name for file, found in tables if found.figures or found.unreadable}
    told += [f"{file.name} has no figure" for file in files if file.name not in printed]
    exclusions = tuple(chain.from_iterable(one.exclusions(one.parts.exclusions) for one in files))
    whole = _without(document, files, read)
    return Joined(whole, identity, read, narrative, exclusions, told)


def listed(names: Sequence[str]) -> str:
    """Some names of files, and how many more there are."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more files" if more > 0 else "")


def _sayings(files: Sequence[_File]) -> Sayings:
    """What all files say of who reports, with lines of the whole text."""
    if len(files) == 1:
        return files[0].heard.said
    made = Sayings()
    for file in sorted(files, key=lambda one: one.rank):
        said = file.heard.said
        by = file.part.line
        made.units.extend(claim._replace(line=claim.line + by) for claim in said.units)
        made.years.extend(claim._replace(line=claim.line + by) for claim in said.years)
        made.scopes.extend(claim._replace(line=claim.line + by) for claim in said.scopes)
        made.marks.extend(claim._replace(line=claim.line + by) for claim in said.marks)
        made.refused.extend(said.refused)
    return made


def _same_report(files: Sequence[_File]) -> None:
    """Refuse files that say beyond doubt that they are of different units, years or scopes."""
    known: dict[str, tuple[str, str]] = {}
    for file in files if len(files) > 1 else ():
        own = file.own
        marks = {claim.value for claim in file.heard.said.marks if claim.place in _OWN}
        scope = marks.pop() if len(marks) == 1 else ""
        for what, value in (("year", str(own.year or "")), ("unit", own.unit), ("scope", scope)):
            if not value:
                continue
            first, where = known.setdefault(what, (value, file.name))
            if first != value and (what != "unit" or not own.names.alike(first, value)):
                found = f"{value} where {where} is of {first}"
                raise NotAReportError(file.name, what, "files of one report", found)


def _tables(
    read: Sequence[tuple[_File, TableReading]], form: Form, year: int, told: list[str]
) -> TableReading:
    """The tables of all files; of a table that several print that with most figures, the others as its copies."""
    if len(read) == 1 and not read[0][0].part.start:
        return read[0][1]
    having = [(file, one) for file, one in read if one.present]
    units = {one.money_unit: file.name for file, one in having}
    if len(units) > 1:
        found = ", ".join(f"{unit} in {name}" for unit, name in units.items())
        raise NotAReportError(having[0][0].name, "", "files with one money unit", found)
    figures: list[Figure] = []
    exclusions: list[Exclusion] = []
    unknown: set[tuple[str, str | None, str | None, str, str]] = set()
    basis = {}
    for file, one in read:
        exclusions += file.exclusions(one.exclusions)
    for table in form.ids:
        printed = [
            (file, one, [file.figure(f) for f in one.figures if f.table == table])
            for file, one in having
            if table in one.present
        ]
        if not printed:
            continue
        printed.sort(key=lambda one: (-len(one[2]), one[0].rank))
        (file, first, cells), *others = printed
        figures += cells
        unknown |= {cell for cell in first.unknown if cell[0] == table}
        if table == "three_public":
            basis = dict(first.three_public)
        for other, _, copies in others:
            kept, again = _copied(table, (file.name, cells), (other.name, copies), told)
            figures += kept
            exclusions += again
    present = tuple(t for t in form.ids if any(t in one.present for _, one in having))
    unreadable = {
        table: one.unreadable[table]
        for table in form.ids
        for _, one in read
        if table in one.unreadable and table not in present
    }
    lacking = {*form.lacking(dict.fromkeys(present), year), *unreadable}
    return TableReading(
        tuple(sorted(figures)), tuple(exclusions), (having or read)[0][1].money_unit,
        any(one.numbered for _, one in having), present,
        tuple(table for table in form.ids if table in lacking), unreadable, basis, frozenset(unknown),
    )  # fmt: skip


def _copied(
    table: str, first: tuple[str, list[Figure]], other: tuple[str, list[Figure]], told: list[str]
) -> tuple[list[Figure], list[Exclusion]]:
    """Of a table that a second file prints, the figures that are kept, and the numerals that say nothing new.

    Kept are those that another figure or a blank stands in the place of. Where most are, it is another table.
    """
    cells: dict[_Cell, list[Figure]] = {}
    for figure in first[1]:
        cells.setdefault(_cell(figure), []).append(figure)
    rows = {cell[:3] for cell in cells}
    same, differing, apart = [], [], []
    for figure in other[1]:
        in_place = cells.get(_cell(figure), [])
        if any(one.value == figure.value for one in in_place):
            same.append(figure)
        elif in_place or _cell(figure)[:3] in rows:
            differing.append(figure)
        else:
            apart.append(figure)
    where = f"{table}: {other[0]} and {first[0]}"
    if other[1] and len(same) < len(other[1]) * _LEAST:
        told.append(f"{where} print different tables; that of {first[0]} was read")
        return [], [Exclusion(one.start, one.end, "other table") for one in other[1]]
    if differing or apart:
        names = [f"{one.item} {one.column}" for one in (*differing, *apart)]
        told.append(f"{where} differ: {listed(names).replace('more files', 'more figures')}")
    said = [Exclusion(one.start, one.end, AGAIN) for one in same]
    said += [Exclusion(one.start, one.end, "other table") for one in apart]
    return differing, said


def _cell(figure: Figure) -> _Cell:
    """Where in its table a figure stands; a code says more than a name."""
    return (figure.side, "" if figure.code else figure.item, figure.code, figure.column or "")


def _narrative(read: Sequence[tuple[_File, NarrativeReading]], told: list[str]) -> NarrativeReading:
    """The prose of all files; of a sentence that several print, the figures of the one with most of them."""
    if len(read) == 1:
        return read[0][1]
    figures: list[Figure] = []
    exclusions: list[Exclusion] = []
    known: dict[tuple[object, ...], set[object]] = {}
    differing: dict[str, list[str]] = {}
    for file, one in sorted(read, key=lambda one: (-len(one[1].figures), one[0].rank)):
        own: dict[tuple[object, ...], set[object]] = {}
        exclusions += file.exclusions(one.exclusions)
        for figure in one.figures:
            sentence = _sentence(one.paragraphs, figure)
            what = (figure.measure, figure.item, figure.column, figure.year)
            key: tuple[object, ...] = (*what, NUMERAL.sub("#", sentence))
            values = known.get(key, set())
            found = (figure.value, figure.unit_of_measure)
            moved = file.figure(figure)
            if found in values:
                exclusions.append(Exclusion(moved.start, moved.end, AGAIN))
                continue
            if values and figure.item:
                differing.setdefault(file.name, []).append(figure.item)
            own.setdefault(key, set()).add(found)
            figures.append(moved)
        for key, stated in own.items():  # what one file says twice is no copy
            known.setdefault(key, set()).update(stated)
    for name, items in differing.items():
        said = listed(list(dict.fromkeys(items))).replace("more files", "more")
        told.append(f"{name} says other figures than another file in the same words: {said}")
    return NarrativeReading(
        tuple(sorted(figures)),
        tuple(file.indicator(found) for file, one in read for found in one.indicators),
        tuple(exclusions),
        tuple((file.paragraph(p), section) for file, one in read for p, section in one.paragraphs),
    )


def _sentence(paragraphs: Sequence[tuple[Paragraph, str]], figure: Figure) -> str:
    """The sentence in which a figure stands."""
    at = bisect_right(paragraphs, figure.start, key=lambda one: one[0].pieces[0][1]) - 1
    paragraph = paragraphs[max(at, 0)][0]
    position = paragraph.position(figure.start)
    start = paragraph.text.rfind("。", 0, position) + 1
    end = paragraph.text.find("。", position)
    return re.sub(r"\s", "", paragraph.text[start : end if end >= 0 else None])


def _without(document: Document, files: Sequence[_File], read: TableReading) -> Document:
    """The document without the tables that a file prints again cell for cell."""
    again = {one.start for one in read.exclusions if one.reason == AGAIN}
    if len(files) == 1 or not again:
        return document
    used = {figure.start for figure in read.figures}
    told = {one.start for one in read.exclusions if one.reason == "other table"}
    copies = []
    for file in files:
        for block in file.parts.blocks:
            last = (block.lines or (block.title,))[-1]
            start, end = block.title.start + file.part.start, last.end + file.part.start
            within = range(start, end)
            if any(at in within for at in again) and not any(at in within for at in used | told):
                copies.append(Exclusion(start, end, AGAIN))
    grids = tuple(
        grid
        for grid in document.grids
        if not any(copy.start <= grid.start < copy.end for copy in copies)
    )
    return replace(document, grids=grids, asides=(*document.asides, *copies))
