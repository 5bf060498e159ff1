"""A corpus as one database: questions in SQL, and each report again without its file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qy_finance.contract import ACCOUNTS, CONTRACT, RESOURCES
from qy_finance.errors import CorpusError
from qy_finance.shown import in_jupyter
from qy_finance.store.documents import SCHEMA, document_of
from qy_finance.store.files import DOCUMENTS, INPUTS, Listing, listing, report_in
from qy_finance.store.keeping import INPUT

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from qy_finance.explorer import Explorer
    from qy_finance.report import Report

_VIEWS: Final = Path(__file__).with_name("views.sql")
_SCHEMA: Final = "data"
_AGAIN: Final = "the files that it had; open it again"


def open_corpus(path: str | Path = "corpus") -> Corpus:
    """Open a corpus that ``qy-finance corpus build`` has made.

    Raises
    ------
    CorpusError
        There is none, or it was made by a version of this package with other columns.
    """
    in_jupyter()
    return Corpus(listing(Path(path)))


class Corpus:
    """Thousands of reports as one database.

    Every resource of the data package is a table of the schema ``data`` (``data.observations``, ``data.checks``, …),
    all reports in it; ``data.documents`` has the texts. Without the schema the same names are there, and the views of
    ``qy_finance/corpus/views.sql``, which never add what must not be added: ``docs/queries.md`` has examples.
    """

    def __init__(self, made: Listing) -> None:
        if made.contract != CONTRACT:
            found = f"{made.contract}; build it again"
            raise CorpusError(made.folder, "contract", CONTRACT, found)
        self._made = made

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._made.folder

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database, for those who want more of DuckDB than :meth:`sql`; nothing of it is written to the corpus."""
        import duckdb

        from qy_finance.store.schemas import schema_of
        from qy_finance.tidy.accounts import query, quoted

        connection = duckdb.connect()
        connection.execute(f"CREATE SCHEMA {_SCHEMA}; SET enable_progress_bar = false")
        schemas = {name: schema_of(one) for name, one in RESOURCES.items() if name != ACCOUNTS}
        schemas |= {DOCUMENTS: SCHEMA, INPUTS: INPUT}
        for resource in schemas:
            paths = list(map(str, self._made.paths(resource)))
            if not paths:  # no report has a row of it
                blank = schemas[resource].empty_table()
                connection.register("blank", blank)
                connection.execute(f"CREATE TABLE {_SCHEMA}.{resource} AS FROM blank")
                connection.unregister("blank")
                continue
            # DuckDB takes some signs of a path for patterns
            named = (re.sub(r"([*?\[])", r"[\1]", path) for path in paths)
            listed = ", ".join(map(quoted, named))
            view = f"{_SCHEMA}.{resource} AS FROM read_parquet([{listed}])"
            connection.execute(f"CREATE VIEW {view}")
        told = query(f"{_SCHEMA}.amounts", f"{_SCHEMA}.reports")
        connection.execute(f"CREATE VIEW {_SCHEMA}.{ACCOUNTS} AS {told}")
        connection.execute(_VIEWS.read_text("utf-8"))
        for resource in (*schemas, ACCOUNTS):
            view = f"VIEW IF NOT EXISTS {resource} AS FROM {_SCHEMA}.{resource}"
            connection.execute(f"CREATE {view}")
        return connection

    def sql(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """The rows that a query gives, missing values as missing; exact amounts become floats with the last step.

        Parameters
        ----------
        query
            SQL as DuckDB speaks it.
        parameters
            Values for ``?`` or ``$name`` in it.

        Raises
        ------
        CorpusError
            The query is at fault, or the corpus was built anew since it was opened.
        """
        import duckdb
        import pandas as pd
        import pyarrow as pa

        types = {
            pa.string(): pd.StringDtype(), pa.bool_(): pd.BooleanDtype(), pa.float64(): pd.Float64Dtype(),
            **dict.fromkeys([pa.int32(), pa.int64(), pa.uint64()], pd.Int64Dtype()),
        }  # fmt: skip
        try:
            rows = self.connection.sql(query, params=parameters)
            found = rows.to_arrow_table() if rows is not None else pa.table({})
        except (duckdb.Error, UnicodeError) as error:
            said = " ".join(str(error).split())
            gone = "No files found" in said or "Cannot open file" in said
            wanted = _AGAIN if gone else "a query that DuckDB answers"
            raise CorpusError(self.folder, "", wanted, said) from error
        plain = [
            pa.field(one.name, pa.float64() if pa.types.is_decimal(one.type) else one.type)
            for one in found.schema
        ]
        frame: pd.DataFrame = found.cast(pa.schema(plain)).to_pandas(types_mapper=types.get)
        frame.attrs["contract"] = CONTRACT
        return frame

    @property
    def reports(self) -> pd.DataFrame:
        """A row for each report, as in the data package."""
        return self.sql("FROM reports ORDER BY unit, year, scope")

    @property
    def failures(self) -> pd.DataFrame:
        """A row for each file that is no report of the corpus, and why."""
        return self.sql("FROM failures ORDER BY file")

    @property
    def tables(self) -> pd.DataFrame:
        """A row for each table of :meth:`sql`: ``table``, ``title``, how many ``rows`` and ``columns``."""
        import pandas as pd

        said = {name: one.title for name, one in RESOURCES.items()}
        found = self.sql(
            "SELECT table_name AS name, count(*) AS columns FROM information_schema.columns"
            " WHERE table_schema = 'main' GROUP BY ALL ORDER BY name"
        )
        names = sorted(found["name"], key=lambda name: (name not in said, name))
        count = " UNION ALL ".join(
            f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in names
        )
        rows, wide = (
            dict(zip(one["name"], one.iloc[:, 1], strict=True)) for one in (self.sql(count), found)
        )
        listed = [(name, said.get(name, ""), rows[name], wide[name]) for name in names]
        return pd.DataFrame(listed, columns=["table", "title", "rows", "columns"])

    def explore(
        self,
        text: str | None = None,
        *,
        unit: str | None = None,
        year: int | None = None,
        table: str | None = None,
        code: str | None = None,
        measure: str | None = None,
        page: int = 1,
    ) -> Explorer:
        """The figures of the corpus as a table to look through in Jupyter, as :meth:`qy_finance.Report.explore` does.

        A page holds 5,000 of them; what is given here narrows all reports before that.

        Parameters
        ----------
        text
            What stands in the name or the characters of a figure, as for ``Report.search``.
        unit, year, table, measure
            As in ``observations``.
        code
            How the code begins.
        page
            Which of the pages, from 1.

        Raises
        ------
        CorpusError
            A page that there is not, or what can't be looked for.
        """
        from qy_finance.corpus.exploring import explored

        narrowed = {"unit": unit, "year": year, "table": table, "code": code, "measure": measure}
        return explored(self.sql, self.folder, text, page, **narrowed)

    def report(self, report_id: str) -> Report:
        """A report with all its views, read from its document in the corpus; its file is needed for pictures only.

        Raises
        ------
        CorpusError
            There is none of that id.
        """
        import pyarrow as pa

        from qy_finance.report import report_of

        try:
            found = report_in(self._made.paths(DOCUMENTS), report_id)
        except (OSError, pa.ArrowInvalid) as error:
            raise CorpusError(self.folder, "", _AGAIN, str(error)) from error
        if found is None:
            raise CorpusError(self.folder, "report_id", "one of its reports", report_id)
        return report_of(document_of(found, self.folder))

    def __repr__(self) -> str:
        reports, units, years = self.sql(
            "SELECT count(*), count(DISTINCT unit), string_agg(DISTINCT year, ', ' ORDER BY year) FROM reports"
        ).iloc[0]
        return f"Corpus({str(self.folder)!r}: {reports} reports of {units} units, {years or 'no year'})"

    def _repr_html_(self) -> str:
        listed = self.tables.to_html(index=False, border=0)
        return f"<p>{escape(repr(self))}</p>{listed}"
