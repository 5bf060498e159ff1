"""The accounts that all reports print together: each code with its name, and in which years (``accounts.sql``)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from qy_finance.language import accounts_in_english
from qy_finance.tidy.records import Record

_QUERY: Final = Path(__file__).with_suffix(".sql")


def query(amounts: str, reports: str) -> str:
    """The question, to tables of these names."""
    rows = (", ".join(map(quoted, row)) for row in accounts_in_english())
    english = "), (".join(rows)
    return _QUERY.read_text("utf-8").format(amounts=amounts, reports=reports, english=english)


def quoted(text: str) -> str:
    """A text as SQL has it."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def accounts(folder: Path) -> list[Record]:
    """The rows of the resource, from the Parquet files of a folder."""
    import duckdb

    with duckdb.connect() as connection:
        for name in ("amounts", "reports"):
            found = connection.read_parquet(str(folder / f"{name}.parquet"))
            found.create_view(name)
        rows: list[Record] = (
            connection.sql(query("amounts", "reports")).to_arrow_table().to_pylist()
        )
    return rows
