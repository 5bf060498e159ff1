"""Text that is drawn over a page rather than on it: watermarks, however large, in whatever place.

Told by what they do: they are larger than what they lie over, or run across the lines of a table; paler ones are of
few words that stand again and again. What can't be told apart is left, and is in doubt
(:attr:`qy_finance.readers.page.Word.crossed`, :func:`faint`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qy_finance.readers.drawn import Colour
from qy_finance.readers.page import Box, Glyph, RulingLine, Word

_LARGER: Final = 1.4  # than the text under it
_ALIKE: Final = 1.15  # sizes of one text
_LEVEL: Final = 2.0  # points between the baselines of one text
_INNER: Final = 0.2  # of a character, from its edge
_PALER: Final = 0.2  # of the range from black to white
_FAINT: Final = 0.6  # likewise: nobody prints a single figure so pale
_MARK: Final = 5  # letters
_FEW: Final = 3  # texts of a watermark that is repeated
_OFTEN: Final = 3  # times on a page
_MOST_LARGE: Final = 100  # words of a page that are looked at
_MOST_PAIRS: Final = 20_000_000
_LEAST_SIZE: Final = 0.1  # points


def has_signs(lines: Sequence[Sequence[Word]], colours: Collection[Colour]) -> bool:
    """Whether text may lie over other text: any is crossed by other or, larger or paler than most, may do so."""
    words = [word for line in lines for word in line]
    if not words:
        return False
    if (len(colours) > 1 and _contrast(colours) > _PALER) or any(word.crossed for word in words):
        return True
    sizes = [word.glyphs[0].size for word in words]
    usual = median(sizes)
    large = [word for word, size in zip(words, sizes, strict=True) if size >= _LARGER * usual]
    return any(
        one.glyphs[0].size >= 2 * _LARGER * usual
        or any(
            _overlap(one, other)
            for other in words
            if other.glyphs[0].size * _LARGER <= one.glyphs[0].size
        )
        for one in large[:_MOST_LARGE]
    )


def _contrast(colours: Iterable[Colour]) -> float:
    shades = [_shade(colour) for colour in colours]
    return max(shades) - min(shades)


def _shade(colour: Colour) -> float:
    """How pale a colour is on white paper: 0 for black, 1 for white."""
    red, green, blue, opaque = colour
    return 1 - opaque / 255 * (1 - (0.3 * red + 0.59 * green + 0.11 * blue) / 255)


def _overlap(large: Word, small: Word) -> bool:
    middle = (small.top + small.bottom) / 2
    return small.x0 < large.x1 and small.x1 > large.x0 and large.top < middle < large.bottom


def overlaid(
    glyphs: Sequence[Glyph],
    owners: Sequence[int],
    colours: Mapping[int, Colour],
    rules: Sequence[RulingLine],
) -> set[int]:
    """Which of the texts that own the characters of a page are drawn over it.

    ``owners`` has the text of each character, ``colours`` the colour of each text.
    """
    lettered = [at for at, glyph in enumerate(glyphs) if glyph.text.isalnum()]
    lettered = [at for at in lettered if owners[at] in colours and glyphs[at].size > _LEAST_SIZE]
    if not lettered:
        return set()
    page = _Lettering([glyphs[at] for at in lettered], [owners[at] for at in lettered], rules)
    return page.larger() | page.paler(colours)


def faint(
    glyphs: Sequence[Glyph],
    owners: Sequence[int],
    colours: Mapping[int, Colour],
    rules: Sequence[RulingLine],
    coloured: Sequence[Box],
) -> list[Box]:
    """Places within ruled tables where a figure is far paler than all other text, but lies over nothing.

    It may be a watermark in a blank cell. What stands on a coloured ground is pale to be read there, and where more
    than a few figures are pale, they are so printed.
    """
    if not rules or len(colours) < 2 or _contrast(colours.values()) < _FAINT:
        return []
    usual = _darkest(np.sort([_shade(colours[owner]) for owner in owners if owner in colours]))
    texts: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph, owner in zip(glyphs, owners, strict=True):
        if owner in colours and _shade(colours[owner]) >= usual + _FAINT:
            texts[owner].append(glyph)
    x0, top, x1, bottom = np.array(rules).T
    left, above, right, below = x0.min(), top.min(), x1.max(), bottom.max()
    found: dict[str, list[Box]] = defaultdict(list)
    for members in texts.values():
        box = Box(
            min(glyph.x0 for glyph in members),
            min(glyph.top for glyph in members),
            max(glyph.x1 for glyph in members),
            max(glyph.bottom for glyph in members),
        )
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        said = "".join(glyph.text for glyph in members)
        within = left < x < right and above < y < below
        grounds = (
            ground.x0 < x < ground.x1 and ground.top < y < ground.bottom for ground in coloured
        )
        if within and any(map(str.isdigit, said)) and not any(grounds):
            found[said].append(box)
    return [box for boxes in found.values() for box in boxes] if len(found) <= _FEW else []


def pale(colour: Colour) -> bool:
    """Whether a colour can't be told well from white paper."""
    return _shade(colour) > 1 - _PALER


def _darkest(shades: NDArray[np.float64]) -> float:
    """The shade of the darkest text that is more than a mark: a watermark may well have more letters than all else."""
    return float(np.sort(shades)[min(_MARK, len(shades) - 1)])


class _Lettering:
    """Letters and digits of a page, as boxes; the text that each belongs to; the lines across them."""

    def __init__(
        self, glyphs: Sequence[Glyph], owners: Sequence[int], rules: Sequence[RulingLine]
    ) -> None:
        self.glyphs = glyphs
        self.owners = np.array(owners, dtype=np.int64)
        self.boxes = np.array([(g.x0, g.top, g.x1, g.bottom) for g in glyphs])
        self.sizes = np.array([glyph.size for glyph in glyphs])
        self.baselines = np.array([glyph.baseline for glyph in glyphs])
        self.centres = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
        self.rules = np.array(rules) if rules else np.empty((0, 4))

    def larger(self) -> set[int]:
        """Texts that are larger than what they lie over, or than most, and run across lines."""
        large = _LARGER * float(np.median(self.sizes))
        found: set[int] = set()
        for at in map(int, np.flatnonzero(self.sizes >= large)):
            if self.owners[at] in found:
                continue
            smaller = self.sizes * _LARGER <= self.sizes[at]
            if (self._within(at) & smaller).any() or self._is_crossed(at):
                size = self.sizes[at]
                level = abs(self.baselines - self.baselines[at]) < _LEVEL
                same = (self.sizes < size * _ALIKE) & (self.sizes * _ALIKE > size)
                found.update(map(int, self.owners[level & same]))
        return found

    def paler(self, colours: Mapping[int, Colour]) -> set[int]:
        """Texts paler than most that lie over others, with all that repeat them."""
        shades = np.array([_shade(colours[int(owner)]) for owner in self.owners])
        usual = _darkest(shades)
        styles: defaultdict[tuple[Colour, int], list[int]] = defaultdict(list)
        for at in map(int, np.flatnonzero(shades > usual + _PALER)):
            style = (
                colours[int(self.owners[at])],
                round(float(self.glyphs[at].bottom - self.glyphs[at].top)),
            )
            styles[style].append(at)
        found: set[int] = set()
        darker = shades <= usual + _PALER / 2
        for members in styles.values():
            if len(members) * len(self.glyphs) > _MOST_PAIRS:
                continue
            texts: defaultdict[int, str] = defaultdict(str)
            for at in members:
                texts[int(self.owners[at])] += self.glyphs[at].text
            few = len(set(texts.values()))
            if few <= _FEW and (
                len(texts) >= _OFTEN * few
                or any((self._meets(at) & darker).any() or self._is_crossed(at) for at in members)
            ):
                found.update(texts)
        return found

    def _within(self, at: int) -> NDArray[np.bool_]:
        """Which characters have their centre within one."""
        x0, top, x1, bottom = self.boxes[at]
        x, y = self.centres.T
        return np.asarray((x > x0) & (x < x1) & (y > top) & (y < bottom))

    def _meets(self, at: int) -> NDArray[np.bool_]:
        """Which characters have their centre within one, or hold the centre of it."""
        x, y = self.centres[at]
        x0, top, x1, bottom = self.boxes.T
        holds = (x0 < x) & (x < x1) & (top < y) & (y < bottom)
        return np.asarray(holds | self._within(at))

    def _is_crossed(self, at: int) -> bool:
        """Whether a level line runs through the middle of a character, from side to side."""
        x0, top, x1, bottom = self.boxes[at]
        left, above, right, below = self.rules.T
        inset = _INNER * (bottom - top)
        across = (above == below) & (above > top + inset) & (above < bottom - inset)
        return bool((across & (left < x0 + inset) & (right > x1 - inset)).any())
