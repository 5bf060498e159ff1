"""Frames whose columns are made as the types that are said."""

import pandas as pd

from qy_finance.framing import framed, framed_rows

KINDS = {
    "name": "string",
    "row": "Int64",
    "value": "Float64",
    "met": "boolean",
    "rows": "object",
}


def test_columns_are_of_their_types_and_what_is_missing_is_missing() -> None:
    columns = {
        "rows": [(1, 2), ()], "name": ["某局", None], "row": [None, 3], "value": [1.5, None], "met": [None, True]
    }  # fmt: skip
    frame = framed(columns, KINDS)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == KINDS
    assert frame["rows"].tolist() == [(1, 2), ()]
    assert frame["name"].isna().tolist() == [False, True]
    assert (frame["row"][1], frame["value"][0], frame["met"][1]) == (3, 1.5, True)
    converted = pd.DataFrame(columns, columns=list(KINDS)).astype(KINDS)
    pd.testing.assert_frame_equal(frame, converted)


def test_rows_are_columns_and_none_are_a_frame_too() -> None:
    rows = [("某局", 1, 2.0, False, ()), (None, None, None, None, None)]
    frame = framed_rows(rows, KINDS)
    assert frame["row"].tolist() == [1, pd.NA]
    assert frame["rows"].tolist() == [(), None]
    empty = framed_rows([], KINDS)
    assert len(empty) == 0
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == KINDS
