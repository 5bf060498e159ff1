"""What a laid-out report must be read back as; recorded while the report is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .accounts import Indicator
from .canvas import Options


@dataclass(frozen=True)
class Cell:
    """A figure of one of the nine tables."""

    table: str
    side: str | None
    code: str | None
    item: str
    column: str
    printed: str


@dataclass(frozen=True)
class Fact:
    """A figure of the prose; its item must contain one of the keywords (any, if there are none).

    ``measures`` are the readings that are right. An ``optional`` figure may be read as an
    observation or be left with a reason: the 0 of 基数为0, the 100 of 单位价值100万元以上.
    """

    printed: str
    value: Decimal
    unit: str
    measures: tuple[str, ...]
    keywords: tuple[str, ...]
    year: int
    optional: bool = False


@dataclass(frozen=True)
class Span:
    """Where a table stands in the text: all of it, and from its first to its last row."""

    start: int
    rows: int
    last_row: int
    end: int


@dataclass(frozen=True)
class Laid:
    """A report as text, and everything that a reader must find in it."""

    text: str
    cells: list[Cell]
    facts: list[Fact]
    indicators: tuple[Indicator, ...]
    spans: dict[str, Span]
    options: Options = field(default_factory=Options)
