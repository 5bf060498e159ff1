"""Frames whose columns have the types that are said: each is made as such, nothing is guessed and converted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd


def framed(columns: Mapping[str, Sequence[Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """A frame with exactly these columns and dtypes, in the order of the dtypes."""
    made = {
        name: pd.Series(columns[name], dtype="object") if dtype == "object" else _array(columns[name], dtype)
        for name, dtype in dtypes.items()
    }  # fmt: skip
    return pd.DataFrame(made, columns=list(dtypes), copy=False)


def framed_rows(rows: Iterable[Sequence[Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The same of rows, whose values stand in the order of the dtypes."""
    columns: Iterable[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(dtypes)
    return framed(dict(zip(dtypes, map(list, columns), strict=True)), dtypes)


def _array(values: Sequence[Any], dtype: str) -> Any:
    return pd.array(values, dtype=dtype)  # type: ignore[call-overload]
