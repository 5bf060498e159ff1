"""The words of a table below its header, and the columns that they are to be divided among."""

from __future__ import annotations

from dataclasses import dataclass

from qy_finance.errors import ReportError
from qy_finance.form import ColumnSpec
from qy_finance.tables.rows import TableSource, Token


@dataclass(frozen=True, slots=True)
class Body:
    """The words of all pages of one table, and the columns of each of its sides."""

    source: TableSource
    columns: tuple[tuple[ColumnSpec, ...], ...]
    tokens: list[Token]
    numbered: bool
    ends_document: bool

    @property
    def widths(self) -> tuple[int, ...]:
        """How many columns each side has."""
        return tuple(map(len, self.columns))

    def cell(self, token: Token) -> Token | None:
        """The token as a cell: a figure, or None for a dash."""
        if token.is_amount:
            return token
        if token.is_blank:
            return None
        raise self.source.no_figure(token, token.text)

    def stray(self, token: Token, expected: str) -> ReportError:
        """What is wrong with a figure that stands where something else must."""
        self.cell(token)
        return self.source.error(token, expected, repr(token.text))
