"""A page of the figures of a corpus, to be looked through in Jupyter (:mod:`qy_finance.explorer`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qy_finance.errors import CorpusError
from qy_finance.explorer import CORPUS, Explorer, of_corpus
from qy_finance.language import t
from qy_finance.search import plain
from qy_finance.tidy.accounts import quoted

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 5_000
"""Figures that a page holds: more would make a notebook heavy."""

#: What a figure is called, as :func:`qy_finance.search.plain` has it, as far as names that are printed need it.
_KEY: Final = (
    "translate(lower(concat(\"table\", side, code, item, \"column\", replace(printed, ',', ''))),"
    " '（），：；％', '(),:;%')"
)


def explored(
    sql: Callable[..., pd.DataFrame], folder: Path, text: str | None, page: int, **narrowed: object
) -> Explorer:
    """See :meth:`qy_finance.corpus.database.Corpus.explore`; ``sql`` asks the corpus."""
    conditions = []
    for name, value in narrowed.items():
        if value is None:
            continue
        kind = int if name == "year" else str
        if isinstance(value, bool) or not isinstance(value, kind):
            expected = "a year" if kind is int else "a text"
            raise CorpusError(folder, name, expected, repr(value))
        said = value if name == "year" else quoted(str(value))
        conditions.append(f"starts_with(code, {said})" if name == "code" else f'"{name}" = {said}')
    if text is not None:
        if not isinstance(text, str) or not (wanted := plain(text)):
            raise CorpusError(folder, "text", "a text to look for", repr(text))
        conditions.append(f"contains({_KEY}, {quoted(wanted)})")
    where = " AND ".join(conditions)
    asked = f"FROM observations{f' WHERE {where}' if where else ''}"
    whole = int(sql(f"SELECT count(*) AS n {asked}")["n"].sum())
    pages = max(-(-whole // MOST), 1)
    if isinstance(page, bool) or not isinstance(page, int) or not 1 <= page <= pages:
        raise CorpusError(folder, "page", f"a page from 1 to {pages}", repr(page))
    columns = ", ".join(f'{_KEY} AS "key"' if name == "key" else f'"{name}"' for name in CORPUS)
    first = (page - 1) * MOST
    frame = sql(f"SELECT {columns} {asked} LIMIT {MOST} OFFSET {first}")
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    blank = [
        [_BLANK.get(name) if one is None else one for name, one in zip(CORPUS, row, strict=True)]
        for row in rows
    ]
    note = t("共 {n} 个数。", n=f"{whole:,}")
    if pages > 1:
        to, said = min(first + MOST, whole), 'corpus.explore("接通率", year=2022, page=1)'
        note += t("这里是第 {first} 至 {to} 个，第 {page} 页，共 {pages} 页。", first=f"{first + 1:,}", to=f"{to:,}",
                  page=page, pages=f"{pages:,}")  # fmt: skip
        note += t("筛选只管这一页；要在全部报告里找，写 {code} 这样的一行。", code=said)
    source = {"kind": "corpus", "where": where, "key": _KEY}
    return of_corpus(blank, _texts(sql, set(frame["report_id"])), source, note)


#: What stands for a missing text; a missing number stays missing.
_BLANK: Final = dict.fromkeys(
    ("unit_of_measure", "item", "column", "table", "side", "code", "key", "figure"), ""
)


def _texts(sql: Callable[..., pd.DataFrame], reports: set[str]) -> dict[str, str]:
    """The texts of reports, of those in one piece: there, places in them are places in the report."""
    frame = sql(
        "SELECT report_id, any_value(text) AS text FROM documents WHERE list_contains($ids, report_id)"
        " GROUP BY report_id HAVING count(*) = 1",
        {"ids": sorted(reports)},
    )
    return dict(zip(frame["report_id"], frame["text"], strict=True))
