"""The objects of a PDF as written: dictionaries, names, references; as much as is needed to follow what draws what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeGuard

_TOKEN: Final = re.compile(
    rb"<<|>>|[\[\]]|/[^\s/<>\[\](){}%\0]*|\((?:\\.|[^()\\])*\)?|<[^<>]*>|%[^\r\n]*|[^\s/<>\[\](){}%\0]+|.",
    re.DOTALL,
)
_HEADER: Final = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_HEX: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_DIGITS: Final = re.compile(rb"\d{1,10}")
_LONGEST: Final = 100_000  # bytes of an object that is read
_DEEPEST: Final = 60  # of its arrays and dictionaries


class Reference(NamedTuple):
    """That an object stands elsewhere in the file."""

    number: int


def name_of(token: bytes) -> bytes:
    """A name without its slash, and with the characters that it escapes."""
    if b"#" in token:
        token = _HEX.sub(lambda found: bytes([int(found[1], 16)]), token)
    return token[1:]


def value_of(data: bytes) -> Any:
    """The dictionary or array that an object is, with all that stands in it; None where it is something else.

    Names and all other words are bytes.
    """
    stack: list[list[Any]] = []
    for match in _TOKEN.finditer(data, 0, _LONGEST):
        token = match[0]
        if token in (b"<<", b"["):
            if len(stack) > _DEEPEST:
                return None
            stack.append([token])
        elif token in (b">>", b"]") and stack:
            kind, *items = stack.pop()
            value = _dictionary(items) if kind == b"<<" else items
            if not stack:
                return value
            stack[-1].append(value)
        elif stack and token.strip():
            _take(stack[-1], token)
    return None


def _dictionary(items: list[Any]) -> dict[bytes, Any]:
    pairs = zip(items[::2], items[1::2], strict=False)
    return {key: value for key, value in pairs if isinstance(key, bytes)}


def _take(items: list[Any], token: bytes) -> None:
    numbers = items[-2:]
    if token == b"R" and len(numbers) > 1 and all(map(_is_number, numbers)):
        items[-2:] = [Reference(int(numbers[0]))]
    elif not token.startswith(b"%"):
        items.append(name_of(token) if token.startswith(b"/") else token)


def _is_number(value: Any) -> TypeGuard[bytes]:
    return isinstance(value, bytes) and _DIGITS.fullmatch(value) is not None


class Objects:
    """The objects of a file by their numbers; a number may be given several times, then any of them may count."""

    def __init__(self, data: bytes, packed: Iterable[tuple[bytes, bytes]]) -> None:
        self.data = data
        self.starts: dict[int, list[int]] = {}
        for header in _HEADER.finditer(data):
            self.starts.setdefault(int(header[1]), []).append(header.end())
        self.packed: dict[int, list[bytes]] = {}
        for dictionary, content in packed:
            found = value_of(dictionary[dictionary.find(b"<<") :])
            self._unpack(found if isinstance(found, dict) else {}, content)
        self.known: dict[int, list[Any]] = {}

    def _unpack(self, dictionary: dict[bytes, Any], content: bytes) -> None:
        """Keep the objects of a stream that holds objects."""
        first = dictionary.get(b"First")
        if not _is_number(first):
            return
        numbers = [int(word) for word in content[: int(first)].split() if _DIGITS.fullmatch(word)]
        places = [int(first) + at for at in numbers[1::2]]
        for number, start, end in zip(
            numbers[::2], places, [*places[1:], len(content)], strict=False
        ):
            self.packed.setdefault(number, []).append(content[start : max(start, end)])

    def _written(self, number: int) -> Iterator[bytes]:
        for start in self.starts.get(number, ()):
            end = self.data.find(b"endobj", start, start + _LONGEST)
            yield self.data[start : end if end >= 0 else start + _LONGEST]
        yield from self.packed.get(number, ())

    def __getitem__(self, number: int) -> list[Any]:
        """The dictionaries and arrays that an object may be."""
        if number not in self.known:
            values = map(value_of, self._written(number))
            self.known[number] = [value for value in values if value is not None]
        return self.known[number]

    def all(self, key: bytes) -> Iterator[tuple[int, dict[bytes, Any]]]:
        """All dictionaries with a key, each with its object's number."""
        for number in {**self.starts, **self.packed}:
            if any(key in written for written in self._written(number)):
                found = self.dictionaries(Reference(number))
                yield from ((number, value) for value in found if key in value)

    def dictionaries(self, value: Any) -> list[dict[bytes, Any]]:
        """The dictionaries that a value is, or refers to."""
        if isinstance(value, Reference):
            return [found for found in self[value.number] if isinstance(found, dict)]
        return [value] if isinstance(value, dict) else []

    def arrays(self, value: Any) -> list[list[Any]]:
        """The arrays that a value is, or refers to."""
        if isinstance(value, Reference):
            return [found for found in self[value.number] if isinstance(found, list)]
        return [value] if isinstance(value, list) else []
