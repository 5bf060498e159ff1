"""What can be wrong with a report, a catalogue or a request, one type for each kind.

Every error is one readable line: which file, where in it, what was expected and what stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ReportError(Exception):
    """Base of all errors of this package.

    Attributes
    ----------
    file : str
        Name of the file (or of the thing asked for) that is at fault.
    place : str
        Where in it: a line, a table, a column; empty if the whole file is meant.
    expected, found : str
        What should stand there, and what does.
    """

    def __init__(self, file: str | Path, place: str, expected: str, found: str = "") -> None:
        self.file = str(file)
        self.place = place
        self.expected = expected
        self.found = found
        super().__init__(self.file, place, expected, found)

    def __str__(self) -> str:
        message = f"expected {self.expected}"
        if self.found:
            message += f", found {self.found}"
        return ": ".join(part for part in (self.file, self.place, message) if part)

    def _render_traceback_(self) -> list[str]:
        """What IPython and Jupyter show: the error in one line, not the way through the code that found it."""
        return [f"{type(self).__name__}: {' '.join(str(self).split())}"]


class EmptyReportError(ReportError):
    """The file has no text at all."""


class NotAReportError(ReportError):
    """The file is not a final account (部门决算): a binary, or another kind of document, which ``found`` names."""


class LinkedReportError(NotAReportError):
    """A web page without a report that links to files that may be one.

    ``links`` has for each how it is called there, and the names under which it may have been saved.
    """

    def __init__(
        self,
        file: str | Path,
        place: str,
        expected: str,
        found: str = "",
        links: Sequence[tuple[str, ...]] = (),
    ) -> None:
        super().__init__(file, place, expected, found)
        self.links = tuple(links)


class TruncatedReportError(ReportError):
    """The report stops in the middle of a table, or its file before its end."""


class EncryptedReportError(ReportError):
    """The file is locked with a password."""


class DamagedReportError(ReportError):
    """The file or a page of it can't be opened, or does not hold what was written."""


class LimitError(ReportError):
    """The file is larger than :class:`qy_finance.Limits` allow."""


class ScannedReportError(ReportError):
    """Pages are pictures, and what recognises their text is not installed."""


class UnreadableNumberError(ReportError):
    """A figure is wanted where something else is printed."""


class UnreadableRowError(ReportError):
    """A table row does not have the cells that the table's header announces."""


class MissingTableError(ReportError):
    """A table that was asked for is not in the report."""


class FactError(ReportError):
    """A figure that was asked for is not in the report, or is there with different values."""


class UnknownObservationError(ReportError):
    """``Report.observations`` has no row of that number."""


class MissingTableWarning(UserWarning):
    """The report lacks some of the nine standard tables; ``Report.meta`` lists them."""


class IdentityWarning(UserWarning):
    """Cover, headings, labels or sentences name different units, years or scopes."""


class ReviewWarning(UserWarning):
    """Figures that were recognised on pictures are in doubt; ``Report.review()`` lists them."""


class FormError(ReportError):
    """A file that says what a form prints can't be understood."""


class CatalogueError(ReportError):
    """``data/reports.csv`` contradicts itself or the files it names."""


class DuplicateReportError(CatalogueError):
    """Two reports claim the same unit, year and scope."""


class DecisionError(ReportError):
    """A line of ``data/decisions.csv`` is none, or its figure is not in the report (any more)."""


class LinkError(ReportError):
    """A line of ``units_links.csv`` is at fault."""


class CorpusError(ReportError):
    """There is no corpus, or it is damaged, or it can't be made or asked as it was wanted."""


class UnknownReportError(ReportError):
    """No report of the catalogue has the year or unit that was asked for."""


class ParameterError(ReportError):
    """A notebook or a parameter that does not exist, or a parameter of another type."""


class NotConsecutiveError(ReportError):
    """A report that is not that of the same unit for the year before."""
