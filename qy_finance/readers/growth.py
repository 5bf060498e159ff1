"""How much a page draws when the forms that it draws, and the forms that these draw, are all drawn out.

A file of few bytes can draw gigabytes; pdfium draws all of it out. So it is counted before pdfium is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from qy_finance.readers.limits import Limits
from qy_finance.readers.syntax import Objects, Reference, name_of

_USES: Final = re.compile(rb"(/[^\s/<>\[\](){}%\0]+)\s+(?:Do|scn|SCN)\b")
_PAINTS: Final = re.compile(rb"(?<![^\s)>\]])(?:[fFBb]\*?|S|s|T[jJ]|['\"])(?!\S)")
_KINDS: Final = b"XObject", b"Pattern"
_DEEPEST: Final = 100  # more than pdfium follows
_EACH: Final = 500  # bytes that a form counts besides what it draws, each time
ANY: Final = b""
"""The name for whatever a drawing that can't be read may draw."""


class Content(NamedTuple):
    """A stream that draws: the number of its object, how long it is, what it draws and how often."""

    number: int
    size: int
    uses: Counter[bytes]
    is_form: bool


def used(content: bytes) -> Counter[bytes]:
    """Which forms and patterns a piece of a drawing uses, by name; a pattern counts with all that is painted."""
    found = (
        Counter(name_of(name) for name in _USES.findall(content))
        if _may_use(content)
        else Counter[bytes]()
    )
    if found and (b"scn" in content or b"SCN" in content):
        paints = len(_PAINTS.findall(content))
        found = Counter({name: count + paints for name, count in found.items()})
    return found


def _may_use(content: bytes) -> bool:
    return b"Do" in content or b"scn" in content or b"SCN" in content


def verify_growth(
    path: Path,
    data: bytes,
    contents: Sequence[Content],
    packed: Iterable[tuple[bytes, bytes]],
    limits: Limits,
) -> None:
    """Refuse a file of which a page draws more than ``limits`` allow.

    ``packed`` are its streams of objects, each with its dictionary.
    """
    if _at_most(contents, limits.drawing) <= limits.drawing:
        return
    growth = _Growth(Objects(data, packed), contents, limits.drawing)
    for number, size in growth.sizes():
        limits.allow(path, f"object {number}", "drawing", size)


def _at_most(contents: Sequence[Content], enough: int) -> int:
    """More than any page can draw: each form that draws others is drawn as often as all of them together say."""
    forms = [content for content in contents if content.is_form]
    if not forms:
        return 0
    times = max(sum(content.uses.values()) for content in contents)
    for form in forms:
        times *= max(1, sum(form.uses.values()))
        if times > enough:
            return times
    return times * max(form.size + _EACH for form in forms)


class _Growth:
    """The drawings of a file, each with those that it uses."""

    def __init__(self, objects: Objects, contents: Sequence[Content], most: int) -> None:
        self.objects = objects
        self.most = most
        self.contents: dict[int, list[Content]] = {}
        for content in contents:
            self.contents.setdefault(content.number, []).append(content)
        self.named: dict[bytes, set[int]] = {}  # wherever in the file
        for kind in _KINDS:
            for _, value in [*objects.all(kind), *self._inner(kind)]:
                for name, number in self._targets(value, kind):
                    self.named.setdefault(name, set()).add(number)
        self.grown: dict[int, int] = {}

    def sizes(self) -> Iterator[tuple[int, int]]:
        """What each drawing comes to, and each page."""
        of_pages: set[int] = set()
        for page, value in self.objects.all(b"Contents"):
            own = self._names(value)
            parts = [value[b"Contents"], *chain(*self.objects.arrays(value[b"Contents"]))]
            numbers = {part.number for part in parts if isinstance(part, Reference)}
            of_pages |= numbers
            yield page, sum(self._drawn(number, own, 0) for number in numbers)
        yield from ((number, self._size(number, 0)) for number in self.contents.keys() - of_pages)

    def _inner(self, kind: bytes) -> Iterator[tuple[int, dict[bytes, Any]]]:
        """The resources that stand within other objects."""
        for number, value in self.objects.all(b"Resources"):
            for found in self.objects.dictionaries(value[b"Resources"]):
                if kind in found:
                    yield number, found

    def _targets(self, resources: dict[bytes, Any], kind: bytes) -> Iterator[tuple[bytes, int]]:
        for names in self.objects.dictionaries(resources.get(kind)):
            for name, target in names.items():
                if isinstance(target, Reference):
                    yield name, target.number

    def _names(self, value: dict[bytes, Any]) -> dict[bytes, set[int]]:
        """What names mean in a page or form: by its own resources, or by those of the pages above it."""
        found: dict[bytes, set[int]] = {}
        for _ in range(_DEEPEST):
            for resources in self.objects.dictionaries(value.get(b"Resources")):
                for kind in _KINDS:
                    for name, number in self._targets(resources, kind):
                        found.setdefault(name, set()).add(number)
            above = self.objects.dictionaries(value.get(b"Parent"))
            if found or not above:
                break
            value = above[0]
        return found

    def _size(self, number: int, depth: int) -> int:
        if number not in self.grown:
            self.grown[number] = self.most  # of those that draw each other there is no end
            names: dict[bytes, set[int]] = {}
            for value in self.objects[number]:
                for name, numbers in self._names(value).items():
                    names.setdefault(name, set()).update(numbers)
            self.grown[number] = self._drawn(number, names, depth)
        return self.grown[number]

    def _drawn(self, number: int, names: dict[bytes, set[int]], depth: int) -> int:
        """What a drawing comes to if its names mean these; names that it does not know, anything in the file."""
        largest = 0
        for content in self.contents.get(number, ()):
            size = content.size
            for name, count in content.uses.items():
                targets = names.get(name) or self.named.get(name, set())
                if name == ANY:
                    targets = set().union(*names.values())
                if depth < _DEEPEST and size <= self.most:
                    drawn = (self._size(t, depth + 1) for t in targets if t in self.contents)
                    size += count * max((each + _EACH for each in drawn), default=0)
            largest = max(largest, size)
        return largest
