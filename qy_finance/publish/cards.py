"""The cards of a page: what opens in it where a number is clicked.

A page carries what its own numbers need, and no more: of each figure the sentence or row in which it is printed, of a
PDF the strip of the page, of what is computed the formula. It is data; the script of the page makes cards of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qy_finance.language import measured, plain, t

MOST_BYTES: Final = 1_500_000
"""Of a page, strips and all: what would go beyond is left out, and the card says so."""

_MOST_REPORTS: Final = 40  # that are read for one page; a panel of a province cites hundreds
_FIGURE: Final = re.compile(r"\{([^{}|]*)\|(\d+)\}")
_STRIPS: Final = '<script id="strips" type="application/json">[]</script>'  # as a page is written

Look = Callable[[str, Sequence[str]], Mapping[str, Any] | None]
"""Gives what :func:`qy_finance.publish.printed.printed` tells of figures of a report, None where it can't be read."""


@dataclass
class Cards:
    """The numbers of a page that lead to their sources.

    Attributes
    ----------
    numbers : dict
        Of each, the figures that it comes from, as (report, id), and its formula; and which it is.
    uses : Counter
        How many links there are for each figure.
    """

    numbers: dict[tuple[tuple[tuple[str, str], ...], str], int] = field(default_factory=dict)
    uses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, figures: Sequence[tuple[str, str]], how: str) -> int:
        """Take a number in; returns which it is."""
        self.uses.update(figures)
        return self.numbers.setdefault((tuple(figures), how), len(self.numbers))


def nothing(report: str, figures: Sequence[str]) -> None:
    """Where no report is at hand: cards have what the page itself says of its numbers."""


class CardData:
    """What a page says of its cards: data for its script, and strips to be taken in as far as there is room."""

    def __init__(self, cards: Cards, sources: Mapping[str, str], look: Look) -> None:
        wanted: dict[str, dict[str, None]] = {}
        for figures, _ in cards.numbers:
            for report, figure in figures:
                wanted.setdefault(report, {})[figure] = None
        known = [report for report in wanted if report in sources]
        self._reports = {report: at for at, report in enumerate(known)}
        self._passages: dict[str, int] = {}
        self._figures: dict[tuple[str, str], int] = {}
        self._told: list[list[Any]] = []
        self._strips: list[list[Any]] = []
        self._need: Counter[int] = Counter()
        for report in known[:_MOST_REPORTS]:
            if (told := look(report, list(wanted[report]))) is not None:
                self._take(report, told, cards.uses)
        self._sources = [[sources[report], _named(report)] for report in known]
        self._numbers = [self._number(*number) for number in cards.numbers]

    def _take(
        self, report: str, told: Mapping[str, Any], uses: Mapping[tuple[str, str], int]
    ) -> None:
        passages = [self._passages.setdefault(one, len(self._passages)) for one in told["passages"]]
        first = len(self._strips)
        self._strips += told["strips"]
        for figure, one in told["figures"].items():
            strip = -1 if one["strip"] < 0 else first + one["strip"]
            self._need[strip] += uses[report, figure]
            self._figures[report, figure] = len(self._told)
            self._told.append(
                [
                    figure, self._reports[report], plain(one["name"]), _measured(one), plain(one["place"]),
                    passages[one["passage"]], *one["at"], strip, one["box"], one["said"],
                ]
            )  # fmt: skip

    def _number(self, figures: Sequence[tuple[str, str]], how: str) -> list[Any]:
        """A number: the places of its figures, and of its formula the pieces, with the places of those in it."""
        places = [self._figures.get(one, -1) for one in figures]
        pieces: list[Any] = []
        end = 0
        for found in _FIGURE.finditer(how):
            at = int(found[2])
            pieces += [how[end : found.start()], [found[1], places[at] if at < len(places) else -1]]
            end = found.end()
        return [places, [piece for piece in (*pieces, how[end:]) if piece]]

    @property
    def script(self) -> str:
        """The data, as they stand in a script: in it nothing closes that, or begins another."""
        return _as_json(
            {
                "words": _words(),
                "reports": self._sources,
                "passages": list(self._passages),
                "figures": self._told,
                "numbers": self._numbers,
            }
        )

    def with_strips(self, page: str) -> str:
        """The page with as many strips as there is room for, those first that most numbers need for their bytes."""
        room = MOST_BYTES - len(page.encode())
        kept: dict[int, list[Any]] = {}
        needed = sorted(
            range(len(self._strips)),
            key=lambda at: (-self._need[at] / len(self._strips[at][0]), at),
        )
        for at in needed:
            size = len(self._strips[at][0]) + 24
            if size <= room:
                kept[at], room = self._strips[at], room - size
        strips = _as_json([kept.get(at, 0) for at in range(len(self._strips))])
        before, place, after = page.rpartition(_STRIPS)
        assert place
        return before + place.replace("[]", strips) + after


def _measured(figure: Mapping[str, Any]) -> str:
    return measured(figure["number"], figure["unit"])


def _named(report: str) -> str:
    return report.replace("_", " ")


def _as_json(value: object) -> str:
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return said


def _words() -> dict[str, str]:
    """What the script says on a card."""
    return {
        "close": t("关闭"),
        "back": t("返回"),
        "source": t("到出处页看"),
        "printed": t("出处"),
        "computed": t("由下列数算出"),
        "said": t("人工判定："),
        "strip": t("原件上印着这个数的地方"),
        "lost": t("为使本页不超过 1.5 MB，这里不放原件的图；出处页有。"),
        "alone": t("单独打开，旁边没有其他各页；点数字仍可看出处。"),
        "changed": t("出处页与本页不是一次做成；点数字仍可看出处。"),
    }
