"""The marks by which lines of any report are known, each in one place, as pieces of patterns."""

from __future__ import annotations

import re
from typing import Final

YEAR: Final = r"(?:19|20)\d\d"
NUMBER: Final = "[一二三四五六七八九十]"
"""A digit of a Chinese ordinal."""

CHAPTER: Final = rf"{NUMBER}+、"
"""The ordinal of a chapter (一、), and of a row on the first level of a table."""

OPENS_CHAPTER: Final = re.compile(CHAPTER)
OPENS_ROW: Final = re.compile(
    rf"[\[［【]?\d{{3}}|{CHAPTER}|其中|[（(](?:{NUMBER}+|\d+)[)）]|\d{{1,2}}[.．、](?!\d)|.{{0,8}}[合总小]\s*计$"
    "|年[初末].*结|本年(?:收入|支出)|结余分配|使用(?:非财政|专用)|用事业基金"
)
"""What the name of a row begins with, and no further line of one: a code, an ordinal, a row behind the accounts."""

PART: Final = re.compile(rf"第{NUMBER}部分")
CODE: Final = re.compile(r"\d{3}(?:\d\d){0,2}", re.ASCII)
"""A functional or economic classification code (科目编码): 类, 款 or 项."""

CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
LEVELS: Final = frozenset("类款项")
"""What heads the columns over which codes are split."""

COLUMN_NUMBERS: Final = frozenset({"栏次", "栏", "次"}) | LEVELS
"""What stands before the numbers of columns."""

NUMBERED: Final = COLUMN_NUMBERS | {"行次"}
"""What does in the grid of a table, with the head of the numbers of rows."""

PAGE_NUMBER: Final = re.compile(r"(?!0+$)\d{1,3}")
MARKED_PAGE_NUMBER: Final = re.compile(r"[-—–]+\d{1,4}[-—–]+|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?")
MONEY_UNIT: Final = re.compile(r"单位[:：](?:人民币)?(亿元|万元|千元|元)")

PIECES: Final = {"year": YEAR, "number": NUMBER}
"""Those that the patterns of a form may name."""
