"""What ``en/*.toml`` say: English templates, names, and units of measure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

#: How sure the English of an account is.
_BASES: Final = ("ours", "settled")

FOLDER: Final = Path(__file__).with_name("en")


class English(NamedTuple):
    """The catalogue.

    Attributes
    ----------
    templates : mapping
        The English template of a Chinese one; with a context, of ``中文 | context``.
    names : mapping
        The English name of what reports and our own tables call so in Chinese.
    accounts : mapping
        Of each account that has an English name, whether that is ``settled`` or our translation (``ours``).
    shapes : tuple of (pattern, str)
        Names that differ in a number (第702行) or in another name, and the English of each with ``\\1`` for it, or
        ``{\\1}`` for its English.
    money : mapping
        Of a unit of money, how an amount in it is said (``CNY {} ten thousand``), and its name (``CNY 10,000``).
    counted : mapping
        Of a unit of what is counted or measured, its name behind 1 and behind other numbers.
    """

    templates: Mapping[str, str]
    names: Mapping[str, str]
    accounts: Mapping[str, str]
    shapes: tuple[tuple[re.Pattern[str], str], ...]
    money: Mapping[str, tuple[str, str]]
    counted: Mapping[str, tuple[str, str]]


@cache
def catalogue() -> English:
    """All files together. What two of them say differently is an error of theirs.

    Raises
    ------
    ValueError
        Two files have another English for the same Chinese.
    """
    parts: dict[str, dict[str, Any]] = {part: {} for part in (*English._fields, *_BASES)}
    for path in sorted(FOLDER.glob("*.toml")):
        for part, told in tomllib.loads(path.read_text("utf-8")).items():
            known = parts[part]
            for chinese, said in told.items():
                if known.setdefault(chinese, said) != said:
                    raise ValueError(f"{path.name}: {part}: another English of {chinese}")
    shapes = tuple((re.compile(shape), said) for shape, said in parts["shapes"].items())
    return English(
        parts["templates"],
        parts["names"] | parts["ours"] | parts["settled"],
        {name: basis for basis in _BASES for name in parts[basis]},
        shapes,
        {unit: (said, name) for unit, (said, name) in parts["money"].items()},
        {unit: (one, many) for unit, (one, many) in parts["counted"].items()},
    )
