"""The contract: frames have the columns that it describes, and what is wrong in it is named."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

import qy_finance
from qy_finance import contract, read_report
from qy_finance.contract import Contract
from qy_finance.errors import FormError
from qy_finance.load import load

QINGYUAN = next((Path(__file__).parents[1] / "data" / "raw" / "2022").glob("*.txt"))


def test_frames_have_the_columns_of_the_contract() -> None:
    report = read_report(QINGYUAN)
    frames: dict[str, pd.DataFrame] = {
        "observations": report.observations,
        "kpis": report.kpis,
        "unclaimed": report.unclaimed(),
    }
    for name, frame in frames.items():
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == contract.columns(
            name
        )
        assert list(frame) == list(contract.columns(name))


def test_every_frame_says_which_contract_it_keeps() -> None:
    report = read_report(QINGYUAN)
    frames = [report.observations, report.facts, report.kpis, report.unclaimed(), report.check()]
    assert {frame.attrs["contract"] for frame in (*frames, *report.tables.values())} == {
        qy_finance.CONTRACT
    }


def test_the_id_of_a_figure_is_the_same_wherever_its_file_is(tmp_path: Path) -> None:
    here, there = read_report(QINGYUAN), tmp_path / "moved.txt"
    there.write_bytes(QINGYUAN.read_bytes())
    ids = here.observations["figure"]
    assert ids.is_unique
    assert list(ids) == list(read_report(there).observations["figure"])
    there.write_bytes(QINGYUAN.read_bytes() + b"\n")
    assert set(ids).isdisjoint(read_report(there).observations["figure"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "单位", ', "", r"no key 'title' @ \$\.resource\[0\]\.fields\[1\]"),
        ('title = "单位", ', 'titel = "单位", ', r"titel @ \$\.resource\[0\]\.fields\[1\]"),
    ],
)
def test_an_error_in_the_contract_has_its_path(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    text = files("qy_finance").joinpath("contract.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "contract.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormError, match=says):
        load(file, Contract)
