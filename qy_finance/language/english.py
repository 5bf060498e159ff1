"""Names and measures in English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from qy_finance.language.catalogue import catalogue
from qy_finance.language.spoken import is_english

CHINESE: Final = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff]")
"""A Chinese character."""

_NAME: Final = re.compile(r"\{(.+?)\}")


class Verbatim(str):
    """What a report prints word by word: it stays as it is in every language."""

    __slots__ = ()


_WORD: Final = re.compile("[A-Za-z]{3}")
_RUN: Final = re.compile(
    "([\u3007\u3400-\u9fff\uf900-\ufaff](?:[\u3000-\u9fff\uf900-\uffef·“”\\d.]*[\u3000-\u9fff\uf900-\uffef])?)"
)
_PLACE: Final = " · "  # between table, row and column, or section and item
_BETWEEN: Final = re.compile("(/|、|；)")
_SEPARATORS: Final = {" 至 ": " to ", "、": ", ", "，": ", ", "；": "; ", "。": ". ", "：": ": "}


@lru_cache(maxsize=4096)
def english(name: str) -> str | None:
    """The English of a name as the catalogue has it; None where it has none."""
    known = catalogue()
    if (found := known.names.get(name)) is not None:
        return found
    if name in known.money:
        return known.money[name][1]
    for shape, said in known.shapes:
        match = shape.fullmatch(name)
        if match and (filled := _filled(match.expand(said))):
            return filled
    return None


def _filled(said: str) -> str | None:
    """The English of a shape, with that of the names in it; None where one of these has none."""
    named = {name: english(name) if CHINESE.search(name) else name for name in _NAME.findall(said)}
    if None in named.values():
        return None
    return _NAME.sub(lambda match: str(named[match[1]]), said)


def accounts_in_english() -> list[tuple[str, str, str]]:
    """Each account that has an English name: Chinese, English, and ``settled`` or ``ours``."""
    known = catalogue()
    return [(name, known.names[name], basis) for name, basis in known.accounts.items()]


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Text in English as far as its names have any: pieces, and whether each is still Chinese.

    It is looked up as a whole, then name by name where several are joined (表 · 行 · 列, 预算数/合计).
    """
    if not CHINESE.search(text) or english(text) is not None:
        return tuple(_runs(text))
    found: list[tuple[str, bool]] = []
    for number, name in enumerate(text.split(_PLACE)):
        found += [(_PLACE, False)] if number else []
        parts = [name] if english(name) is not None else _BETWEEN.split(name)
        for at, part in enumerate(parts):
            found += [(_SEPARATORS.get(part, part), False)] if at % 2 else _runs(part)
    return tuple(found)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """A piece; of an English sentence with Chinese in it, that and the rest."""
    if not CHINESE.search(text):
        yield text, False
    elif (said := english(text)) is not None:
        yield said, False
    elif _WORD.search(text):
        for number, part in enumerate(_RUN.split(text)):
            if part:
                yield (part, False) if number % 2 == 0 else next(_runs(part))
    else:
        yield text, True


def plain(text: str) -> str:
    """A name where nothing can be marked, as in a picture: in English where that is spoken and known."""
    if isinstance(text, Verbatim):
        return text
    return "".join(said for said, _ in pieces(text)) if is_english() else text


def join(parts: Iterable[str], between: str = "、") -> str:
    """Some of one kind after each other, with the comma or semicolon of the language."""
    return (_SEPARATORS.get(between, between) if is_english() else between).join(parts)


def unit_form(unit: str, *, one: bool = False) -> str | None:
    """How a number with this unit is said, with ``{}`` for it; None where that is number and unit, as in Chinese.

    An amount keeps its digits (``CNY {} ten thousand``), for those are printed. ``one`` says that the number is 1.
    """
    if not is_english():
        return None
    known = catalogue()
    if unit in known.money:
        return known.money[unit][0]
    name = known.counted.get(unit)
    return None if name is None else f"{{}} {name[not one]}".rstrip()


def measured(number: str, unit: str, *, one: bool = False) -> str:
    """A number with its unit as plain text: ``1,234.56 万元``, ``CNY 1,234.56 ten thousand``."""
    form = unit_form(unit, one=one)
    if form is not None:
        return form.format(number)
    return f"{number}{'' if unit in ('', '%') else ' '}{plain(unit)}"


def unit_name(unit: str) -> str:
    """A unit as a caption or an axis names it: 万元, CNY 10,000."""
    if not is_english():
        return unit
    known = catalogue()
    if unit in known.counted:
        return known.counted[unit][1]
    return english(unit) or unit
