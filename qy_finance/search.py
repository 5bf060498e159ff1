"""Where a text stands in a report: in what its figures are called, and in its sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from qy_finance.errors import ParameterError
from qy_finance.passages import around, sentences
from qy_finance.reading import Reading

if TYPE_CHECKING:
    import pandas as pd

NAMES: Final = ("table", "side", "code", "item", "column", "printed")
"""Columns of ``Report.observations`` in which a text is looked for, beside the title of the table."""
_FIRST: Final = (
    "value", "unit_of_measure", "item", "column", "table", "year", "where", "sentence", "figure", "row",
)  # fmt: skip
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d)")


def plain(text: str) -> str:
    """A text as texts are compared: no blanks, full-width signs as the others, no capitals, 1,234 as 1234."""
    return _GROUPED.sub("", "".join(normalize("NFKC", text).lower().split()))


def search(reading: Reading, observations: pd.DataFrame, text: str) -> pd.DataFrame:
    """The figures and sentences in which a text stands; see :meth:`qy_finance.report.Report.search`."""
    import pandas as pd

    wanted = plain(text) if isinstance(text, str) else ""
    if not wanted:
        expected = 'a text to look for, such as "接通率"'
        raise ParameterError("search", "text", expected, repr(text))
    prose = list(sentences(reading))
    starts = [passage.start for passage in prose]
    rows = [row for row, name in enumerate(called(reading, observations)) if wanted in name]
    found = observations.iloc[rows]
    said, shown = [], set()
    for table, printed, start, end in found[["table", "printed", "start", "end"]].itertuples(
        index=False
    ):
        if isinstance(table, str):
            said.append(printed.join(around(reading, start, end, is_prose=False)))
        else:
            shown.add(at := bisect_right(starts, start) - 1)
            said.append(prose[at].text)
    rest = [one for at, one in enumerate(prose) if at not in shown and wanted in plain(one.text)]
    document = reading.document
    alone: dict[str, list[object]] = {
        "report_id": [reading.identity.report_id] * len(rest),
        "unit": [reading.identity.unit] * len(rest),
        "page": [document.page_at(one.start) for one in rest],
        "line": [document.line_at(one.start).number for one in rest],
        "start": [one.start for one in rest],
        "end": [one.end for one in rest],
        "file": [document.file_of(one.start) for one in rest],
    }
    kinds = observations.dtypes.to_dict()
    without = pd.DataFrame(alone, columns=list(kinds)).astype(kinds)
    both = pd.concat([found, without], ignore_index=True)
    both["sentence"] = pd.Series([*said, *(one.text for one in rest)], dtype="string")
    both["where"] = pd.Series([document.where(at) for at in both["start"]], dtype="string")
    both["row"] = pd.Series([*rows, *[None] * len(rest)], dtype="Int64")
    both = both[[*_FIRST, *(name for name in kinds if name not in _FIRST)]]
    both = both.sort_values("start", kind="stable", ignore_index=True)
    both.attrs = dict(observations.attrs)
    return both


def called(reading: Reading, observations: pd.DataFrame) -> list[str]:
    """What each figure is called, as texts are compared: its row, column, code, table and its characters."""
    titles = {table: reading.form.name(table) for table in reading.tables}
    told = [observations[name].fillna("").tolist() for name in NAMES]
    told.append([titles.get(table, "") for table in told[0]])
    return [plain("\n".join(parts)) for parts in zip(*told, strict=True)]
