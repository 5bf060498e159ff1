"""What a cell of a self-evaluation table says: a number with its sign and unit, or words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from qy_finance.figures import AMOUNT, NUMERAL, number
from qy_finance.form import Form
from qy_finance.narrative.numerals import numerals

_YEARS: Final = range(1950, 2100)  # a whole number without a unit that may be a year
_MOST_SHARE: Final = 1  # a bare number up to this may be a share, where percent are meant
PERCENT: Final = frozenset({"%", "％", "百分比"})


class CellValue(NamedTuple):
    """A number that a cell states: its place in the text of the cell, its sign (≥, ≤, =), value and unit.

    ``bare`` tells that the cell prints no unit of its own.
    """

    start: int
    end: int
    sign: str
    value: Decimal
    unit: str
    bare: bool


class Values:
    """Reads cells of one form."""

    def __init__(self, form: Form) -> None:
        self.lexicon = form.lexicon
        self.cells = form.further.cells
        words = form.lexicon.words
        signs = sorted({*words.at_least, *words.at_most}, key=len, reverse=True)
        named = "|".join(map(re.escape, signs))
        self._before = re.compile(
            rf"(?:{self.cells.lead.pattern})?(?P<sign>{named}|{self.cells.over.pattern}|{self.cells.under.pattern}"
            rf"|{self.cells.equal.pattern})?"
        )
        self._behind = re.compile(
            rf"(?:{self.cells.including.pattern})?(?:(?P<more>{self.cells.more.pattern})"
            rf"|(?P<less>{self.cells.less.pattern}))?[。；;]?"
        )

    def is_blank(self, text: str) -> bool:
        """Whether a cell says nothing: it is empty, or has a sign for that (—, 无)."""
        return not text or self.cells.blank.fullmatch(text) is not None

    def sign(self, text: str) -> str:
        """The sign that a cell of its own prints (≥, ≤, =); empty for anything else (定性)."""
        known = {"=": self.cells.equal, "≥": self.cells.over, "≤": self.cells.under}
        own = (sign for sign, pattern in known.items() if pattern.fullmatch(text))
        return self.lexicon.sign(text) or next(own, "")

    def stated(self, printed: str, unit: str = "") -> CellValue | None:
        """The one number that a cell states, in the unit of its column where it has none; None for anything else.

        A date, a range, a scale (优良中差) and a number amid other words are no numbers.
        """
        places = [at for at, letter in enumerate(printed) if not letter.isspace()]
        text = "".join(printed[at] for at in places)
        matches = list(NUMERAL.finditer(text))
        if len(matches) != 1:
            return None
        start, end = matches[0].span()
        before = self._before.fullmatch(text[:start])
        if before is None:
            return None
        own, stop = self._unit(text, start, end)
        behind = self._behind.fullmatch(text[stop:])
        if behind is None:
            return None
        signs = {
            self.sign(before["sign"] or ""),
            "≥" if behind["more"] else "≤" if behind["less"] else "",
        }
        if len(signs - {""}) > 1:
            return None
        value = number(text[start:end])
        if not (own or unit) and value in _YEARS and "." not in text[start:end]:
            return None
        sign = max(signs)
        return CellValue(places[start], places[end - 1] + 1, sign, value, own or unit, not own)

    def _unit(self, text: str, start: int, end: int) -> tuple[str, int]:
        """The unit behind a number, and where that ends; a date has none and no end."""
        named = self.cells.unit.match(text, end)
        if named:
            return named[0], named.end()
        found = next(one for one in numerals(text, self.lexicon) if one.start <= start < one.end)
        if found.reason is None and found.unit:
            return found.unit, found.stop
        bare = end == len(text) or self._behind.fullmatch(text[end:])
        return (
            ("", end) if bare else ("", start)
        )  # what follows can't be anything that is understood

    def points(self, text: str) -> Decimal | None:
        """The number of a weight or a score: 10, 10.0, 14.78分, 20%."""
        plain = text.removesuffix("分").removesuffix("%").removesuffix("％")
        return number(plain) if AMOUNT.fullmatch(plain) else None


def in_one_unit(
    target: CellValue | None, reached: CellValue | None
) -> tuple[CellValue | None, CellValue | None]:
    """Both with the unit that only one of them prints.

    A share (0.96) beside percent can't be told from percent; it stays words.
    """
    if target is None or reached is None:
        return target, reached
    if target.bare and not target.unit and reached.unit and reached.unit not in PERCENT:
        target = target._replace(unit=reached.unit)
    if reached.bare and target.unit:
        if target.unit in PERCENT and reached.value <= _MOST_SHARE < target.value:
            return target, None
        reached = reached._replace(unit=reached.unit or target.unit)
    return target, reached
