"""The cells that notebooks leave to their readers (自己接着算), and that of functions: on reports of several kinds."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from corpora import account
from plain import plain

import qy_finance
from qy_finance import display
from qy_finance.analysis.measures import ReportingUnit
from qy_finance.analysis.members import member
from qy_finance.analysis.panel import Panel
from qy_finance.charts import spending as charts
from qy_finance.language import t
from qy_finance.report import Report
from qy_finance.text import panel as text

ROOT = Path(__file__).parents[1]
FICTIONAL = ROOT / "tests" / "reconciliation"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
REAL = next((ROOT / "data" / "raw" / "2022").glob("*.txt"))

pytestmark = [
    pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning"),
    pytest.mark.filterwarnings("ignore::qy_finance.errors.IdentityWarning"),
]

Shown = list[pd.DataFrame | str]


def cells(notebook: Path, name: str) -> list[str]:
    told = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(one["source"]) for one in told if one["id"] == name]


def run(source: str, report: Report, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What a cell shows: tables as frames, sentences as they are read."""
    shown: Shown = []

    def show_table(frame: pd.DataFrame, **_: object) -> None:
        shown.append(frame)

    def say(said: str) -> None:
        shown.append(plain(said))

    monkeypatch.setattr(display, "show_table", show_table)
    year, who = report.reading.identity.year, report.reading.identity
    subject = ReportingUnit(who.unit, who.unit, who.scope)
    named: dict[str, Any] = {
        "report": report, "year": year, "money": report.meta["money_unit"], "say": say, "charts": charts, "text": text,
        "show_table": show_table, "t": t, "show": lambda figure, alt: shown.append(alt),
        "panel": Panel([member(report.checks, subject)]), "every": SimpleNamespace(reports=[report]),
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        exec(source, named)
    return shown


KINDS = ("shanghai_school", "central_2019_research", "beijing_hospital", "shandong_street")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Of several kinds; one without any table."""
    folder = tmp_path_factory.mktemp("reports")
    bare = folder / "bare.txt"
    bare.write_text(account(), encoding="utf-8")
    paths = (REAL, *(FICTIONAL / f"{name}.txt" for name in KINDS), bare)
    return {path.stem: qy_finance.read_report(path) for path in paths}


def test_every_notebook_ends_with_a_cell_to_change() -> None:
    for notebook in NOTEBOOKS:
        (said,), (source,) = cells(notebook, "own"), cells(notebook, "own-code")
        assert said.startswith("## 自己接着算\n*Compute on your own*"), notebook.name
        own = [line for line in source.splitlines() if line and not line.startswith("from ")]
        assert len(own) <= 4, notebook.name


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_cell_shows_one_thing_on_any_report(
    notebook: Path, reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = cells(notebook, "own-code")
    for name, report in reports.items():
        (shown,) = run(source, report, monkeypatch)
        is_said = isinstance(shown, str)
        assert shown.endswith("。") if is_said else 0 < len(shown) <= 10, name
        assert is_said or name != "bare"


def of(number: str, report: Report, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    (notebook,) = (one for one in NOTEBOOKS if one.stem.startswith(number))
    (frame,) = run(*cells(notebook, "own-code"), report, monkeypatch)
    assert isinstance(frame, pd.DataFrame)
    return frame


def test_the_cells_compute_what_is_printed(
    reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reports[REAL.stem]
    income = of("00", real, monkeypatch).set_index("column")
    assert income["value"].to_dict() == {"财政拨款收入": 7212.52}
    assert income["share"].tolist() == [100]
    projects = of("01", real, monkeypatch)
    assert projects["value"].tolist()[:2] == [3740.53, 2469.07]
    assert set(projects["code"].str.len()) == {7}
    running = of("02", real, monkeypatch)
    assert running["value"].is_monotonic_decreasing
    assert running["share"].sum() < 100
    bought = of("03", real, monkeypatch)
    assert bought[["item", "value"]].iloc[0].tolist() == ["政府采购支出总额", 2915.76]
    assert bought["ratio"].tolist()[:2] == pytest.approx([100, 100 * 2792.96 / 2915.76])
    missed = of("04", real, monkeypatch).set_index("name")
    assert missed.loc["人工话务接通率", "gap"] == pytest.approx(-17.17)
    broken = of("05", real, monkeypatch)
    assert broken["count"].sum() <= (real.check()["status"] == "break").sum()
    (plan,) = run(*cells(NOTEBOOKS[7], "own-code"), reports["beijing_hospital"], monkeypatch)
    if isinstance(plan, pd.DataFrame):
        assert (plan["final"] > 2 * plan["initial"]).all()
    assert of("06", real, monkeypatch)["median"].iloc[0] == pytest.approx(89.67, abs=0.01)


def test_the_cell_of_functions_runs_on_any_report(
    reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    for prefix, cell in (("01", "cofog-figure"), ("06", "cofog-table")):
        (notebook,) = (one for one in NOTEBOOKS if one.stem.startswith(prefix))
        (source,) = cells(notebook, cell)
        for name, report in reports.items():
            shown = run(source, report, monkeypatch)
            assert any("职能" in one for one in shown if isinstance(one, str)), name
            assert any(isinstance(one, pd.DataFrame) for one in shown) == (name != "bare")
    (source,) = cells(NOTEBOOKS[1], "cofog-figure")
    assert run(source, reports["bare"], monkeypatch) == ["报告没有支出决算表，不能按职能归类。"]
