"""What a corpus knows of the files that it was made from: a row for each in its resource ``inputs``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from qy_finance.corpus.work import Item
from qy_finance.corpus.worker import AGAIN
from qy_finance.store.files import INPUTS, Listing
from qy_finance.store.keeping import INPUT


class State:
    """What the making before knows.

    Attributes
    ----------
    told : mapping
        What was seen of each file, by its key.
    reports : mapping
        The report that each file is, by its key; without those that are none of the corpus.
    checked : mapping
        The key of the file of the year before that a report was checked against; empty for none.
    documents : mapping
        The key of the report whose document is that of a file, by the file's digest.
    """

    def __init__(self, before: Listing) -> None:
        rows = list(before.rows(INPUTS))
        self.told: dict[str, Any] = {row["key"]: json.loads(row["told"]) for row in rows}
        self.reports = {row["key"]: row["report_id"] for row in rows if row["report_id"]}
        self.checked = {row["key"]: row["against"] for row in rows}
        self.documents = {row["sha256"]: row["key"] for row in rows if row["report_id"]}

    def year(self, key: str) -> str:
        """The year of the report that a file is."""
        return year_of(self.told[key])


def year_of(told: Mapping[str, Any]) -> str:
    """The year of a report, as files of a corpus have it in their names."""
    return str(told["key"][1])


def inputs(
    items: Iterable[Item],
    told: Mapping[str, Any],
    of: Mapping[str, str],
    checked: Mapping[str, str],
) -> pa.Table:
    """The rows of ``inputs``; ``of`` names the reports, ``checked`` what each was checked against, both by key."""
    rows = [
        {
            "key": item.key, "file": item.name, "sha256": item.sha256, "report_id": of.get(item.key),
            "against": checked.get(item.key, ""),
            "told": json.dumps(told[item.key], ensure_ascii=False, sort_keys=True),
        }
        for item in sorted(items, key=lambda item: item.key)
        if item.key in told and not told[item.key].get(AGAIN)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=INPUT)
