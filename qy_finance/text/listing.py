"""Lists in sentences: the first are named, and of more it is said how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from qy_finance.language import join, t

NAMED: Final = 5
"""That a sentence names where they are examples."""

MOST: Final = 50
"""That are named where each is of interest: nobody reads ten thousand."""


def names(named: Iterable[str], most: int = NAMED) -> str:
    """Names, of units or the like: ``甲局、乙局等 20 个``."""
    every = list(named)
    told = join(every[:most])
    return told if len(every) <= most else t("{named}等 {n} 个", named=told, n=len(every))


def clauses(said: Iterable[str], most: int = NAMED, of_reports: bool = True) -> str:
    """What is said of reports or other things: ``甲局 2022 年（…）；乙局 2021 年（…）；等 20 份``."""
    every = list(said)
    told = join(every[:most], "；")
    if len(every) <= most:
        return told
    if of_reports:
        return t("{named}；等 {n} 份", named=told, n=len(every))
    return t("{named}；等 {n} 个", named=told, n=len(every))
