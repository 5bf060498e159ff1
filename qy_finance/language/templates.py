"""Sentences: a Chinese template in the code, filled in in the language that is spoken."""

from __future__ import annotations

import re
from typing import Final

from qy_finance.language.catalogue import catalogue
from qy_finance.language.english import english
from qy_finance.language.spoken import MissingEnglishError, is_english, is_strict

#: ``{n}``, ``{n:,}``, and ``{n|figure|figures}``: the first where n is 1.
FIELD: Final = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*)|:([^{}]*))?\}")
_LITTLE: Final = re.compile(r" ((?:<[^>]*>|\*\*)*不到 0\.1%)")
_MARKS: Final = re.compile(r"<[^>]*>|\*\*")


def t(chinese: str, context: str = "", /, **values: object) -> str:
    """A template filled in: ``t("共有 {n:,} 处不符", n=5)``.

    In English it is the catalogue's template for the Chinese one that is filled in. It may choose by a number,
    ``{n:,} {n|break|breaks}``. What ends with 。 has a blank behind its full stop, so that sentences can be added to
    each other. A value that is a name with an English one (万元, 相符) is said in English too.

    Parameters
    ----------
    chinese : str
        The template, always written out; its names in braces are those of ``values``, with the formats of
        :func:`format`. What comes from a report has gone through :func:`qy_finance.display.escape` or ``cite``, as in
        any sentence.
    context : str
        Tells two uses of the same Chinese from each other that are not the same in English (增加: rose, increase).

    Raises
    ------
    MissingEnglishError
        There is no English for it, and the language is spoken strictly; otherwise it is said in Chinese.
    """
    english_template = template_of(chinese, context)
    if english_template is None:
        if not values:
            return chinese
        # Chinese characters follow each other without the blank that stands before a numeral
        return _LITTLE.sub(r"\1", chinese.format(**values))
    said = FIELD.sub(lambda field: _filled(field, values), english_template)
    return f"{said} " if chinese.endswith("。") else said


def capital(text: str) -> str:
    """A clause as the first of its sentence: with a capital letter."""
    return text[:1].upper() + text[1:]


def heading(chinese: str, english: str) -> str:
    """A heading of a page that code writes, in Markdown: in Chinese with its English below, as in text cells."""
    return f"## {english}" if is_english() else f"## {chinese}\n*{english}*"


def template_of(chinese: str, context: str = "") -> str | None:
    """The English template where English is spoken and the catalogue has one; None where Chinese is said.

    Raises
    ------
    MissingEnglishError
        As for :func:`t`.
    """
    if not is_english():
        return None
    key = f"{chinese} | {context}" if context else chinese
    found = catalogue().templates.get(key)
    if found is None and is_strict():
        raise MissingEnglishError(key)
    return found


def _filled(field: re.Match[str], values: dict[str, object]) -> str:
    name, one, many, form = field.groups()
    value = values[name]
    if one is not None:
        return str(one if is_one(value) else many)
    if type(value) is str:
        value = english(value) or value
    return format(value, form or "")


def is_one(value: object) -> bool:
    """Whether a number is 1, also one that is marked as bold or as a link."""
    return _MARKS.sub("", value).strip() == "1" if isinstance(value, str) else value == 1
