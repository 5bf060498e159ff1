"""Rows as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from qy_finance.contract import Resource
from qy_finance.figures import AMOUNT
from qy_finance.tidy.records import Record, Tidy, Value

_QUOTED: Final = frozenset(',"\r\n')
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens the text from a CSV file may compute it; a negative number is none."""
    return text.startswith(_FORMULA) and AMOUNT.fullmatch(text) is None


def formulas(rows: Tidy) -> Counter[tuple[str, str]]:
    """How many texts a spreadsheet may compute, if it opens the CSV files: by resource and field."""
    return Counter(
        (resource, name)
        for resource, records in rows.items()
        for row in records
        for name, value in row.items()
        if isinstance(value, str) and is_formula(value)
    )


def as_csv(resource: Resource, rows: Iterable[Record]) -> str:
    """A header and a line for each row: commas, plain line ends, quotes where a text needs them, blank for missing.

    Texts stay as they are, whatever a spreadsheet would make of them: whoever reads the file with a program gets
    what is printed.
    """
    lines = [",".join(field.name for field in resource.fields)]
    lines.extend(",".join(map(_cell, row.values())) for row in rows)
    return "\n".join(lines) + "\n"


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():  # the fewest digits that give the same number, never in powers of ten
            return f"{Decimal(repr(value)):f}".removesuffix(".0")
        case Decimal():
            return f"{value:f}"
    text = str(value)
    if _QUOTED.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
