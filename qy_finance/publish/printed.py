"""What cards of a page show of the figures of a report: what is printed around each, and where."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from qy_finance.facts import Fact
from qy_finance.passages import around, quoted, sentence_around
from qy_finance.publish.strips import strips
from qy_finance.reading import Reading
from qy_finance.report import Report


def printed(report: Report, figures: Collection[str]) -> dict[str, Any]:
    """What is told of the figures of these ids, as far as the report has them.

    Returns
    -------
    dict
        ``passages``, sentences and rows as printed; ``strips``, each an address, width and height; ``figures``, by
        their ids: of each its ``name``, ``number`` and ``unit`` as printed, ``place``, its ``passage`` and ``at`` where
        it begins and ends in that, its ``strip`` (-1 where there is none) and ``box`` in that, and ``said``, what a
        person decided of it.
    """
    reading, wanted = report.reading, set(figures)
    passages: dict[str, int] = {}
    told: dict[str, dict[str, Any]] = {}
    for fact in (*reading.facts, *reading.evaluated):
        if fact.id in wanted and fact.id not in told:
            before, after = (
                quoted(part, at == 0) for at, part in enumerate(_around(reading, fact))
            )
            text = f"{before}{fact.printed}{after}"
            decided = reading.decisions.get(fact.id)
            told[fact.id] = {
                "name": fact.path,
                "number": fact.printed,
                "unit": fact.unit_of_measure,
                "place": fact.place,
                "passage": passages.setdefault(text, len(passages)),
                "at": [len(before), len(before) + len(fact.printed)],
                "strip": -1,
                "box": [],
                "said": decided.told if decided else "",
            }
    shown = []
    for number, strip in enumerate(strips(reading, told)):
        shown.append([strip.address, *strip.size])
        for figure, box in strip.boxes.items():
            told[figure] |= {"strip": number, "box": box}
    return {"passages": list(passages), "strips": shown, "figures": told}


def _around(reading: Reading, fact: Fact) -> tuple[str, str]:
    figure = fact.figure
    if figure.table is None and fact.row >= 0:  # one of the prose, not of a self-evaluation table
        return sentence_around(reading, figure.start, figure.end)
    return around(reading, figure.start, figure.end, False)
