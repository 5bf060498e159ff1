"""What a table is read from, and errors that say where in it."""

from __future__ import annotations

from dataclasses import dataclass

from qy_finance.errors import ReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.form import Form, TableSpec
from qy_finance.readers import Cell, Document, Line
from qy_finance.tables.tokens import Token


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table of a form to be read from a document, in the account of a year."""

    document: Document
    form: Form
    spec: TableSpec
    year: int

    def error(
        self,
        at: Token | Cell | Line | None,
        expected: str,
        found: str,
        kind: type[ReportError] = UnreadableRowError,
    ) -> ReportError:
        """What is wrong with a row, where the place is known; otherwise with the table."""
        place = self.spec.name
        if at is not None:
            place += f", {self.document.place(at.start)}"
        return kind(self.document.path.name, place, expected, found)

    def no_figure(self, at: Token | Cell, found: str) -> ReportError:
        """Something else stands where a figure must."""
        return self.error(at, "a figure", repr(found), UnreadableNumberError)
