"""The reasons that a report gives for what it spent more or less than its budget: clauses behind the figures of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from qy_finance.analysis.execution import Execution
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import words_data
from qy_finance.checks.ledger import Passage

_ON_BUDGET: Final = re.compile("决算[^，。；]{0,12}预算[^，。；]{0,6}$")
_BECAUSE: Final = re.compile("^(?:是|因为|由于)+")
_PUBLIC: Final = re.compile("三公")
_FIGURE: Final = re.compile(r"\d\D*元")
_END: Final = "。"
_CLAUSE: Final = re.compile("[。；;]")
_MOST: Final = 300  # characters of a reason, and of the words before it that may say what it is of


def give_reasons(checks: CheckSet, rows: Iterable[Execution]) -> None:
    """Enter the reason that stands behind the figures of each row; the first where there are several.

    A reason behind a comparison with last year is none of the budget, unless it says so itself.
    """
    rows = list(rows)
    owner = {fact.row: row for row in rows for fact in row.figures}
    public = next((row for row in rows if _PUBLIC.search(row.item)), None)
    for passage, following in zip_longest(checks.passages, checks.passages[1:]):
        for start, text in _given(passage, following):
            said = passage.text[max(0, start - _MOST) : start]
            before = passage.figures_before(start)
            row = owner.get(before[-1].row) if before else None
            if _ON_BUDGET.search(said):
                known = [owner[fact.row] for fact in before if fact.row in owner]
                row = row or (known[-1] if known else None)
                own = said[said.rfind(_END) + 1 :]
                of_all = row is None or (row.kind == "three_public" and not _FIGURE.search(own))
                row = public if of_all and _PUBLIC.search(said + passage.section) else row
            if row is not None and not row.reason:
                row.reason = text


def _given(passage: Passage, following: Passage | None) -> Iterator[tuple[int, str]]:
    """Each reason of a paragraph, and where what introduces it begins; it may be a paragraph of its own."""
    for match in words_data().reason.after_change.finditer(passage.text):
        start = match.start("text")
        text = passage.text[start : _end(passage, start)].strip(" ，,；;")
        if not text and following is not None and not following.operands:
            text = following.text[: _end(following, 0)].strip(" ，,；;")
        if text := _BECAUSE.sub("", text):
            yield match.start(), text


def _end(passage: Passage, start: int) -> int:
    """Where a reason ends: with its sentence, or before the clause of the next figure."""
    text = passage.text
    stop = text.find(_END, start)
    stop = min(stop if stop >= 0 else len(text), start + _MOST)
    first = _CLAUSE.search(text, start)
    after = first.end() if first else stop
    next_one = bisect_left(passage.starts, after)
    if next_one == len(passage.starts) or passage.starts[next_one] >= stop:
        return stop
    cut = max(text.rfind(sign, start, passage.starts[next_one]) for sign in "；;")
    return cut if cut >= 0 else stop
