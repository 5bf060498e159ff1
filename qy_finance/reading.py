"""What is read of a report: a document, who reports, figures, indicators, and what is no figure.

:class:`Reading` is the ground that checks, analyses and pages stand on; :class:`qy_finance.report.Report` is the
roof over it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from qy_finance.decisions import Decision, decisions_near, read_decisions
from qy_finance.errors import (
    DecisionError,
    FactError,
    IdentityWarning,
    MissingTableWarning,
    ReportError,
    ReviewWarning,
)
from qy_finance.evaluation import TableIndicator, divided, read_evaluations
from qy_finance.facts import Fact, settled
from qy_finance.figures import Exclusion, Figure
from qy_finance.form import Form, final_accounts
from qy_finance.identity import ReportIdentity
from qy_finance.joined import listed, read_joined
from qy_finance.narrative import Indicator
from qy_finance.narrative.flow import Paragraph
from qy_finance.readers import Document
from qy_finance.readers.copies import AGAIN
from qy_finance.tables.cells import CellName
from qy_finance.tables.others import PrintedTable, other_tables

CellKey = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of a report.

    Attributes
    ----------
    document : Document
        Its text, and where that is printed.
    form : Form
        Which tables it can have, and what they are called.
    identity : ReportIdentity
        Unit, year, scope, money unit.
    figures : tuple of Figure
        Every printed figure, in the order of the document.
    exclusions : tuple of Exclusion
        Stretches of text whose numerals are no figures.
    indicators : tuple of Indicator
        Performance indicators with a target that the prose states; :attr:`evaluations` are those of tables.
    paragraphs : tuple of (Paragraph, str)
        The prose, each with the heading that it stands under.
    tables, missing : tuple of str
        Ids of the tables that it has, and of those that the form of its year has and it lacks.
    unread : Mapping of str to ReportError
        The tables among ``missing`` that are there, but can't be read, and why.
    three_public : Mapping of str to str
        Of which money and of which budget its 三公 table is.
    unknown : frozenset
        Cells of tables (table, side, code, item, column) that are not blank, but hold no figure that can be read.
    """

    document: Document
    form: Form
    identity: ReportIdentity
    figures: tuple[Figure, ...]
    exclusions: tuple[Exclusion, ...]
    indicators: tuple[Indicator, ...]
    paragraphs: tuple[tuple[Paragraph, str], ...]
    tables: tuple[str, ...]
    missing: tuple[str, ...]
    unread: Mapping[str, ReportError]
    three_public: Mapping[str, str]
    unknown: frozenset[CellName]

    @property
    def text(self) -> str:
        """The text of the whole document."""
        return self.document.text

    @property
    def file(self) -> str:
        """Name of the file, or of all of them."""
        return self.document.name

    @cached_property
    def written(self) -> list[Paragraph]:
        """The paragraphs of the prose that say something."""
        return [paragraph for paragraph, _ in self.paragraphs if paragraph.text]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Each figure with its exact number, its place and what to call it; a row of ``Report.observations`` each."""
        return settled(self.document, self.identity, self.form, self.figures, self.paragraphs)

    @cached_property
    def prose(self) -> tuple[Fact, ...]:
        """The facts of the prose."""
        return tuple(fact for fact in self.facts if fact.figure.table is None)

    @cached_property
    def others(self) -> tuple[PrintedTable, ...]:
        """The tables that were not read as one of the form's, as printed."""
        found = other_tables(self.document, self.form, self.exclusions, self.figures)
        return tuple(divided(self.document, table, self.form) for table in found)

    @cached_property
    def evaluations(self) -> tuple[TableIndicator, ...]:
        """The indicators of self-evaluation tables (绩效自评表), which are no observations."""
        return read_evaluations(self.document, self.others, self.form)

    @cached_property
    def evaluated(self) -> tuple[Fact, ...]:
        """The targets and actual values of :attr:`evaluations` that are numbers, in the order of the document."""
        pairs = ((row.target, row.actual) for row in self.evaluations)
        said = {figure.start: figure for pair in pairs for figure in pair if figure}
        figures = [said[start] for start in sorted(said)]
        made = settled(self.document, self.identity, self.form, figures, self.paragraphs)
        return tuple(replace(fact, row=-1) for fact in made)

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """What a person decided of its figures (``data/decisions.csv``), by the figure's id.

        Raises
        ------
        DecisionError
            A line is none, or is about a figure that the report does not have.
        """
        files = [part.document.path for part in self.document.parts] or [self.document.path]
        path = next(filter(None, map(decisions_near, files)), None)
        if path is None:
            return {}
        own = self.identity.report_id
        found = {id: one for id, one in read_decisions(path).items() if one.report_id == own}
        known = {fact.id for fact in (*self.facts, *self.evaluated)} if found else set()
        for figure in sorted(found.keys() - known):
            raise DecisionError(path.name, figure, f"a figure of {own}", "none of that id")
        return found

    @cached_property
    def _places(self) -> Mapping[int, Fact]:
        """The facts by where they begin, those of self-evaluation tables too."""
        return {fact.figure.start: fact for fact in (*self.facts, *self.evaluated)}

    def fact(self, figure: Figure) -> Fact:
        """The fact of one of the figures."""
        return self._places[figure.start]

    @cached_property
    def _cells(self) -> Mapping[CellKey, Fact]:
        """The facts of tables by their place, with and without side and code; of copies the first."""
        cells: dict[CellKey, Fact] = {}
        for fact in self.facts:
            figure = fact.figure
            if figure.table is not None:
                for side, code in product((None, figure.side), (None, figure.code)):
                    cells.setdefault((figure.table, figure.item, fact.column, side, code), fact)
        return cells

    def cell(
        self,
        table: str,
        item: str,
        column: str,
        *,
        side: str | None = None,
        code: str | None = None,
    ) -> Fact | None:
        """The figure of a table cell; None where the table is missing, has no such row, or a blank there.

        Where copies of a row (合计 on each page) differ it is the first, as in ``Report.tables``.

        Parameters
        ----------
        table, item, column : str
            Table id, row name and canonical column, each as it is.
        side, code : str, optional
            Where the row name alone is not enough.
        """
        return self._cells.get((table, item, column, side, code))

    def find(
        self,
        *,
        item: str | None = None,
        measure: str | None = None,
        column: str | None = None,
        section: str | None = None,
    ) -> list[Fact]:
        """Figures of the prose, in the order of the report.

        Parameters
        ----------
        item, column : str, optional
            Regular expression that matches the whole of it (``机关运行经费(支出)?``); ``column=""`` is a figure
            without column.
        measure : str, optional
            One of ``qy_finance.contract.LISTS["measure"]``.
        section : str, optional
            Regular expression that is found in the heading.
        """
        return [
            fact
            for fact in self.prose
            if (measure is None or fact.measure == measure)
            and (item is None or re.fullmatch(item, fact.item))
            and (column is None or re.fullmatch(column, fact.column))
            and (section is None or re.search(section, fact.section))
        ]

    def one(self, **asked: str | None) -> Fact:
        """The one figure of the prose that fits. Parameters as for :meth:`find`.

        Raises
        ------
        FactError
            None fits, or several do and their values differ.
        """
        found = self.find(**asked)
        values = {fact.figure.value for fact in found}
        if len(values) != 1:
            terms = " ".join(re.sub(r"\s", " ", term) for term in asked.values() if term)
            expected = f"one value of {terms}" if found else terms
            places = "、".join(f"line {fact.line}" for fact in found) or "prose"
            printed = " | ".join(fact.printed for fact in found) or "none"
            raise FactError(self.file, places, expected, printed)
        return found[0]


def reading_of(document: Document, form: Form | None = None) -> Reading:
    """Read the tables and the prose of a document; raises and warns as :func:`qy_finance.report.read_report` does."""
    form = form or final_accounts()
    joined = read_joined(document, form)
    _tell(document)
    document, identity, tables = joined.document, joined.identity, joined.tables
    narrative, file = joined.narrative, document.name
    if joined.told:
        warnings.warn(f"{file}: {'; '.join(joined.told)}", ReviewWarning, stacklevel=4)
    if identity.disagreements:
        said = f"{file}: {'; '.join(identity.disagreements)}"
        warnings.warn(said, IdentityWarning, stacklevel=4)
    if tables.missing:
        said = f"{file}: no table {', '.join(tables.missing)}"
        if reasons := "; ".join(map(str, tables.unreadable.values())):
            said += f"; not read: {reasons}"
        for one in [part.document for part in document.parts] or [document]:
            if one.unread:
                pages = ", ".join(map(str, one.unread))
                of = f" of {one.name}" if document.parts else ""
                said += f"; page {pages}{of} shows pictures whose text was not read"
        if document.links:
            said += f"; it links to {listed([link.told for link in document.links])}"
        warnings.warn(said, MissingTableWarning, stacklevel=4)
    printed = sorted(tables.figures + narrative.figures, key=lambda figure: figure.start)
    figures = [figure for figure in printed if not document.doubt(figure.start, figure.end)]
    sure = {None, *(figure.start for figure in figures)}
    indicators = tuple(
        indicator
        for indicator in narrative.indicators
        if {indicator.target.start, indicator.actual and indicator.actual.start} <= sure
    )
    exclusions = (
        *joined.exclusions, *tables.exclusions, *narrative.exclusions, *document.asides, *document.doubts,
    )  # fmt: skip
    return Reading(
        document, form, identity, tuple(figures), exclusions, indicators,
        narrative.paragraphs, tables.present, tables.missing, tables.unreadable, tables.three_public,
        tables.unknown,
    )  # fmt: skip


def _tell(document: Document) -> None:
    """Warn of what is in doubt on the pages, of what is printed twice, and of what nobody sees."""
    if document.left_out:
        said = f"{document.name}: not read: {', '.join(document.left_out)}"
        warnings.warn(said, ReviewWarning, stacklevel=5)
    again = (aside for aside in document.asides if aside.reason == AGAIN)
    told = {document.place(one.end - 1): one.reason for one in (*document.doubts, *again)}
    if told:
        places = "; ".join(f"{place}: {reason}" for place, reason in told.items())
        said = f"{document.name}: not read as figures, see report.unclaimed(): {places}"
        warnings.warn(said, ReviewWarning, stacklevel=5)
