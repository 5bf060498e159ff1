"""From the text of a TOML file to values, with errors that say where in it."""

from __future__ import annotations

import re
import tomllib
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_origin

from qy_finance.errors import FormError

if TYPE_CHECKING:
    from cattrs import Converter

Value = TypeVar("Value")
_PIECE: Final = re.compile(r"\{([a-z_]+)\}")
_GROUP_NAME: Final = re.compile(r"\?P<\w+>")


def load(path: Path, kind: type[Value], pieces: Mapping[str, str] | None = None) -> Value:
    """A value of this class from what a file says; each pattern is compiled.

    A pattern names words, pieces and other phrases of the file in braces: ``{up}`` is any word of that list, the
    longest first so that none is cut short by another, ``{unit}`` the pattern of that name without its groups; so it
    does those of ``pieces``. A pattern that is a list is any of them.

    Raises
    ------
    FormError
        The file is no TOML, a key is unknown or missing, or a value is none of its kind; the error tells the way to
        each.
    """
    from cattrs import BaseValidationError, Converter, transform_error

    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormError(path.name, "", "TOML", str(error)) from error
    parts = (data.get(part, {}) for part in ("pieces", "words", "phrases"))
    named = ChainMap(dict(pieces or {}), *parts)

    def pattern(source: str | list[str], _: Any) -> re.Pattern[str]:
        return re.compile(_expanded(source if isinstance(source, str) else "|".join(source), named))

    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook_func(_made_of(re.Pattern), pattern)
    converter.register_structure_hook_factory(_made_of(tuple), _listed)
    try:
        return converter.structure(data, kind)
    except BaseValidationError as error:
        wrong = "; ".join(transform_error(error, format_exception=_said))
        raise FormError(path.name, "", kind.__name__.lstrip("_"), wrong) from None


def _expanded(source: str, pieces: Mapping[str, str | list[str]]) -> str:
    def piece(match: re.Match[str]) -> str:
        if match[1] not in pieces:
            raise ValueError(f"there is no {match[0]}")
        found = pieces[match[1]]
        if isinstance(found, str):
            return f"(?:{_GROUP_NAME.sub('?:', _expanded(found, pieces))})"
        words = sorted(found, key=len, reverse=True)
        return "(?:" + "|".join(map(re.escape, words)) + ")"

    return _PIECE.sub(piece, source)


def _made_of(origin: type) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


def _listed(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    """A tuple is made of a list, not of the letters of a word."""
    from cattrs.cols import homogenous_tuple_structure_factory

    made = homogenous_tuple_structure_factory(kind, converter)

    def structure(value: Any, kind: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")
        return made(value, kind)

    return structure


def _said(error: BaseException, _: type | None) -> str:
    """What is wrong at one place of a file."""
    from cattrs import ForbiddenExtraKeysError

    if isinstance(error, ForbiddenExtraKeysError):
        return "unknown key " + ", ".join(sorted(error.extra_fields))
    return f"no key {error}" if isinstance(error, KeyError) else str(error)
