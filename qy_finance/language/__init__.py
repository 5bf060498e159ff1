"""The two languages of pages: which is spoken, and how what is Chinese in the code is said in English.

Sentences stand in the code in Chinese, as templates; :func:`t` fills them in, in English by the template that
``en/*.toml`` has for the Chinese one. Names that reports print (accounts, tables, columns, verdicts) are looked up by
:func:`english`. What has no English stays Chinese: :func:`qy_finance.display.escape` marks it, for a page says which
language its words are in. ``docs/languages.md`` tells how to write a sentence.
"""

from qy_finance.language.english import (
    CHINESE,
    Verbatim,
    accounts_in_english,
    english,
    join,
    measured,
    pieces,
    plain,
    unit_form,
    unit_name,
)
from qy_finance.language.pinyin import pinyin
from qy_finance.language.spoken import (
    EN,
    LANGUAGES,
    ZH,
    MissingEnglishError,
    is_english,
    speak,
    speaking,
    spoken,
)
from qy_finance.language.templates import FIELD, capital, heading, is_one, t, template_of

__all__ = [
    "CHINESE",
    "EN",
    "FIELD",
    "LANGUAGES",
    "ZH",
    "MissingEnglishError",
    "Verbatim",
    "accounts_in_english",
    "capital",
    "english",
    "heading",
    "is_english",
    "is_one",
    "join",
    "measured",
    "pieces",
    "pinyin",
    "plain",
    "speak",
    "speaking",
    "spoken",
    "t",
    "template_of",
    "unit_form",
    "unit_name",
]
