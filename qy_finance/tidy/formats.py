"""Rows as CSV and as Parquet, written report by report."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import Resource
from qy_finance.figures import AMOUNT
from qy_finance.store.schemas import schema_of
from qy_finance.tidy.records import Record, Value

_QUOTED: Final = frozenset(',"\r\n')
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")

_GROUP: Final = 50  # reports whose rows are held in memory, and are a row group of Parquet


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens the text from a CSV file may compute it; a negative number is none."""
    return text.startswith(_FORMULA) and AMOUNT.fullmatch(text) is None


class Table:
    """The CSV and the Parquet file of a resource while they are written.

    CSV has a header and a line for each row: commas, plain line ends, quotes where a text needs them, blank for
    missing. Texts stay as they are, whatever a spreadsheet would make of them: whoever reads the file with a program
    gets what is printed. In Parquet each field carries title, description and unit as metadata, the table its
    contract; it is not compressed, so that the bytes depend on no library but the one that writes them.

    Attributes
    ----------
    formulas : Counter
        How many texts of each field a spreadsheet may compute, if it opens the CSV file.
    """

    def __init__(self, folder: Path, resource: Resource) -> None:
        self.formulas: Counter[str] = Counter()
        self._schema = schema_of(resource)
        self._waiting: list[pa.RecordBatch] = []
        path = folder / resource.name
        self._csv = path.with_suffix(".csv").open("w", encoding="utf-8", newline="\n")
        self._parquet = pq.ParquetWriter(
            path.with_suffix(".parquet"), self._schema, compression="none"
        )
        self._csv.write(",".join(self._schema.names) + "\n")

    def append(self, rows: list[Record]) -> None:
        """Write the rows of one report."""
        self._csv.writelines(",".join(map(_cell, row.values())) + "\n" for row in rows)
        self._waiting.append(pa.RecordBatch.from_pylist(rows, schema=self._schema))
        if len(self._waiting) == _GROUP:
            self._write_group()
        self.formulas.update(
            name
            for row in rows
            for name, value in row.items()
            if isinstance(value, str) and is_formula(value)
        )

    def _write_group(self) -> None:
        group = pa.Table.from_batches(self._waiting, schema=self._schema)
        self._parquet.write_table(group.combine_chunks())
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        with self._csv, self._parquet:
            if kind is None and self._waiting:
                self._write_group()


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
