"""Numbers that Word sets before paragraphs by itself (自动编号): 一、, （一）, 1., 第一部分."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DIGITS: Final = "零一二三四五六七八九"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_LEVEL: Final = re.compile(r"%(\d)")
_LEVELS: Final = 9
_LONGEST: Final = 255  # characters of what a level sets
_MOST: Final = 32_767  # to which it counts


@dataclass
class _Level:
    """How a level of a list is numbered."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False  # all numbers in decimal
    behind: str = ""  # what stands between number and text
    restarts: int | None = None


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, part: Element | None, styles: Mapping[str, tuple[str, int]]) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._styles = styles
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if part is None:
            return
        kinds = {
            str(one.get(qn("w:abstractNumId"))): _levels(one)
            for one in part.iterchildren(qn("w:abstractNum"))
        }
        for one in part.iterchildren(qn("w:num")):
            kind = one.find(qn("w:abstractNumId"))
            name = str(kind.get(qn("w:val"))) if kind is not None else ""
            levels = dict(kinds.get(name, {}))
            counter = name
            for override in one.iterchildren(qn("w:lvlOverride")):
                at = int(override.get(qn("w:ilvl"), "0"))
                start = override.find(qn("w:startOverride"))
                own = override.find(qn("w:lvl"))
                if own is not None:
                    levels[at] = _level(own)
                if start is not None:
                    base = levels.get(at, _Level())
                    levels[at] = _Level(**{**vars(base), "start": int(start.get(qn("w:val"), "1"))})
                    counter = f"num {one.get(qn('w:numId'))}"  # it counts anew
            self._lists[str(one.get(qn("w:numId")))] = (counter, levels)

    def before(self, paragraph: Element) -> str:
        """What Word sets before a paragraph; empty where it sets nothing."""
        name, at = self._of(paragraph)
        counter, levels = self._lists.get(name, ("", {}))
        level = levels.get(at)
        if level is None:
            return ""
        counts = self._counts[counter]
        for lower in range(at):  # of which none was printed yet
            counts.setdefault(lower, levels.get(lower, _Level()).start)
        counts[at] = counts[at] + 1 if at in counts else level.start
        for higher in range(at + 1, _LEVELS):
            if levels.get(higher, _Level()).restarts != 0:
                counts.pop(higher, None)

        def number(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            shown = levels.get(which, _Level())
            kind = "decimal" if level.legal else shown.format
            return numeral(counts.get(which, shown.start), kind)

        if level.format == "bullet":
            return ""
        return f"{_LEVEL.sub(number, level.text[:_LONGEST])}{level.behind}"

    def _of(self, paragraph: Element) -> tuple[str, int]:
        """List and level of a paragraph, its own or those of its style."""
        properties = paragraph.find(qn("w:pPr"))
        style, own = "", None
        if properties is not None:
            named = properties.find(qn("w:pStyle"))
            style = str(named.get(qn("w:val"))) if named is not None else ""
            own = properties.find(qn("w:numPr"))
        name, at = self._styles.get(style, ("", 0))
        if own is not None:
            given, level = own.find(qn("w:numId")), own.find(qn("w:ilvl"))
            name = str(given.get(qn("w:val"))) if given is not None else name
            at = int(level.get(qn("w:val"), "0")) if level is not None else at
        return name if 0 <= at < _LEVELS else "", at


def _levels(kind: Element) -> dict[int, _Level]:
    return {int(one.get(qn("w:ilvl"), "0")): _level(one) for one in kind.iterchildren(qn("w:lvl"))}


def _level(one: Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = one.find(qn(name))
        return default if found is None else str(found.get(qn("w:val"), default))

    legal = one.find(qn("w:isLgl"))
    restart = one.find(qn("w:lvlRestart"))
    return _Level(
        int(value("w:start", "1")),
        value("w:numFmt", "decimal"),
        value("w:lvlText", ""),
        legal is not None and legal.get(qn("w:val"), "1") not in ("0", "false"),
        " " if value("w:suff", "tab") == "space" else "",
        int(restart.get(qn("w:val"), "0")) if restart is not None else None,
    )


def numeral(number: int, kind: str) -> str:
    """A number as Word writes it in one of its formats, in digits in another; nothing for one that it never reaches."""
    return _FORMATS.get(kind, str)(number) if 0 <= number <= _MOST else ""


def chinese(number: int) -> str:
    """一, 十, 十一, 二十三, 一百零五: as headings are counted."""
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
    hundreds, rest = divmod(number, 100)
    if hundreds > 9:
        return str(number)
    if not rest:
        return f"{_DIGITS[hundreds]}百"
    middle = "零" if rest < 10 else "一" if rest < 20 else ""
    return f"{_DIGITS[hundreds]}百{middle}{chinese(rest)}"


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _letters(number: int) -> str:
    times, at = divmod(max(number, 1) - 1, 26)
    return chr(ord("a") + at) * (times + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        times, number = divmod(number, value)
        text += sign * times
    return text


_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(d)] for d in str(number)),
    "japaneseDigitalTenThousand": lambda n: "".join("〇一二三四五六七八九"[int(d)] for d in str(n)),
    "ideographTraditional": _of(_STEMS),
    "decimalEnclosedCircle": _of(_CIRCLED),
    "decimalEnclosedCircleChinese": _of(_CIRCLED),
    "decimalFullWidth": lambda number: str(number).translate(
        {48 + d: 0xFF10 + d for d in range(10)}
    ),
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
