"""Which language is spoken: one of the process, and another for a while where both are needed in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

ZH, EN = "zh", "en"
LANGUAGES: Final = (ZH, EN)

_process = ZH
_here: ContextVar[str] = ContextVar("language", default="")
_strict: ContextVar[bool] = ContextVar("strict", default=False)


class MissingEnglishError(LookupError):
    """A Chinese template that the catalogue has no English for."""


def speak(language: str) -> None:
    """Set the language of this process; a notebook does by its parameter ``lang``.

    Raises
    ------
    ValueError
        It is none of :data:`LANGUAGES`.
    """
    global _process  # noqa: PLW0603 - a kernel speaks one language, in all its cells and threads
    _process = _known(language)


@contextmanager
def speaking(language: str, *, strict: bool = False) -> Iterator[None]:
    """Speak a language within a block, and the former one behind it.

    Where it is ``strict``, a template without English is an error (:class:`MissingEnglishError`), not shown in Chinese.
    """
    tokens = _here.set(_known(language)), _strict.set(strict)
    try:
        yield
    finally:
        _here.reset(tokens[0])
        _strict.reset(tokens[1])


def spoken() -> str:
    """The language that is spoken, of :data:`LANGUAGES`."""
    return _here.get() or _process


def is_english() -> bool:
    """Whether it is English."""
    return spoken() == EN


def is_strict() -> bool:
    """Whether a template without English is an error."""
    return _strict.get()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"lang: {' | '.join(LANGUAGES)} expected, found {language!r}")
    return language
