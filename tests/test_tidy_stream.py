"""Data of many reports: read one after another, none keeps another back, and the workbook says what it lacks."""

from __future__ import annotations

import csv
import gc
import json
import pickle
import shutil
import weakref
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from package import errors, rows_of, snapshot

from qy_finance import Report, read_report
from qy_finance.catalogue import add
from qy_finance.cli import main
from qy_finance.contract import ACCOUNTS, FAILURES, LISTS, RESOURCES
from qy_finance.decisions import COLUMNS as DECIDED
from qy_finance.decisions import VERDICTS
from qy_finance.entries import COLUMNS, FURTHER, load
from qy_finance.errors import ReportError
from qy_finance.files import sha256_of
from qy_finance.form import final_accounts
from qy_finance.tidy import build
from qy_finance.tidy.records import records_of
from qy_finance.tidy.workbook import HELD, SHEETS

TEXT = lay_out(SAMPLE, Options()).text
CITIES = ("洛阳市", "甲市", "乙市")
WHO = [("甲市", 2022), ("洛阳市", 2021), ("乙市", 2022), ("洛阳市", 2022)]
"""The reports in the order of the catalogue: neighbours are apart."""


def report_id(city: str, year: int) -> str:
    return f"{city}12345政务服务便民热线中心本级_{year}_本级"


def text_of(city: str, year: int) -> str:
    years = {"2021": str(year - 1), "2022": str(year)}
    text = TEXT.replace("洛阳市", city)
    for printed, meant in years.items() if year < 2022 else ():
        text = text.replace(printed, meant)
    return text


def written(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {name: rows_of(folder / "tidy" / f"{name}.csv") for name in RESOURCES}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with these reports, and the data made of it."""
    folder = tmp_path_factory.mktemp("stream") / "data"
    folder.mkdir()
    (folder / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for number, who in enumerate(WHO):
        file = folder.parent / f"{number}.txt"
        file.write_text(text_of(*who), encoding="utf-8")
        add(file, folder, source="公开网站")
    build(folder)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(made, tmp_path / "data")


def spoil(folder: Path, at: int, text: str = "2022年度部门决算") -> str:
    """Another text in the place of a report, and the catalogue says so; returns the file as the catalogue names it."""
    entry = load(folder).entries[at]
    (folder / entry.file).write_text(text, encoding="utf-8")
    lines = (folder / "reports.csv").read_text(encoding="utf-8")
    lines = lines.replace(entry.sha256, sha256_of(folder / entry.file))
    (folder / "reports.csv").write_text(lines, encoding="utf-8")
    return entry.file


def decide(folder: Path, figure: str, **said: str) -> None:
    told = {"verdict": "misprint", "who": "张三", "when": "2024-09-30", "why": "与附件不符"} | said
    line = {"report_id": report_id(*WHO[0]), "figure": figure} | told
    with (folder / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([DECIDED, [line.get(name, "") for name in DECIDED]])


# ---- one after another ------------------------------------------------------------------------------------------


def test_reports_come_in_the_order_of_the_catalogue_each_with_its_year_before(made: Path) -> None:
    tables = written(made)
    order = [report_id(*who) for who in WHO]
    assert [row["report_id"] for row in tables["reports"]] == order
    for name in ("observations", "amounts", "checks", "unclaimed"):
        assert list(dict.fromkeys(row["report_id"] for row in tables[name])) == order
    before = {row["report_id"]: row["previous"] for row in tables["reports"]}
    assert before.pop(report_id("洛阳市", 2022)) == report_id("洛阳市", 2021)
    assert set(before.values()) == {""}


def test_the_rows_of_a_report_depend_on_no_other_but_that_of_the_year_before(made: Path) -> None:
    catalogue = load(made)
    entry = catalogue.entries[3]
    report, before = read_report(made / entry.file), read_report(made / catalogue.entries[1].file)
    rows = records_of(entry, report, before)
    assert set(rows) == set(RESOURCES) - {FAILURES, ACCOUNTS}
    assert pickle.loads(pickle.dumps(rows)) == rows  # another process may make them
    own = report_id("洛阳市", 2022)
    for name, records in rows.items():
        table = pq.read_table(made / "tidy" / f"{name}.parquet").to_pylist()
        assert records == [row for row in table if row["report_id"] == own]
    assert len(records_of(entry, report)["checks"]) < len(rows["checks"])


def test_no_more_than_a_report_and_its_year_before_is_held(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[weakref.ref[Report]] = []
    alive: list[int] = []

    def read(path: Path) -> Report:
        gc.collect()
        alive.append(sum(one() is not None for one in known))
        report = read_report(path)
        known.append(weakref.ref(report))
        return report

    monkeypatch.setattr("qy_finance.report.read_report", read)
    build(made, tmp_path / "again")
    assert len(alive) == len(WHO)
    assert max(alive) == 1


def test_row_groups_hold_the_rows_of_whole_reports(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qy_finance.tidy.formats._GROUP", 3)
    build(made, tmp_path / "again")
    for name in RESOURCES:
        file, whole = tmp_path / "again" / f"{name}.parquet", made / "tidy" / f"{name}.parquet"
        assert pq.read_table(file).equals(pq.read_table(whole), check_metadata=True)
        assert file.with_suffix(".csv").read_bytes() == whole.with_suffix(".csv").read_bytes()
    parts = pq.ParquetFile(tmp_path / "again" / "observations.parquet")
    groups = [parts.read_row_group(at, ["report_id"]) for at in range(parts.num_row_groups)]
    named = [set(group["report_id"].to_pylist()) for group in groups]
    assert named == [{report_id(*who) for who in part} for part in (WHO[:3], WHO[3:])]


# ---- a report that can't be read --------------------------------------------------------------------------------


def test_a_report_that_cannot_be_read_keeps_no_other_back(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(data)
    file = spoil(data, 0)
    assert main(["data", "--data-dir", str(data)]) == 1
    told = capsys.readouterr()
    assert told.out == f"{data / 'tidy' / 'datapackage.json'}\n"
    (line,) = told.err.splitlines()
    assert line.startswith(f"{file}: expected ")
    after = written(data)
    (failure,) = after.pop(FAILURES)
    after.pop(ACCOUNTS)  # of all reports together
    assert failure["file"] == file
    assert (failure["number"], failure["year"], failure["scope"]) == ("1", "2022", "本级")
    assert (failure["unit"], failure["error"]) == (
        report_id(*WHO[0]).split("_")[0],
        "NotAReportError",
    )
    assert failure["expected"]
    for name, rows in after.items():
        gone = report_id(*WHO[0])
        assert rows == [row for row in before[name] if row["report_id"] != gone]
    assert not errors(data / "tidy")


def test_the_workbook_says_what_could_not_be_read(data: Path) -> None:
    spoil(data, 1)
    build(data)
    book = openpyxl.load_workbook(data / "tidy" / "final_accounts.xlsx")
    header, *rows, total = book.worksheets[0].iter_rows(values_only=True)
    assert book.sheetnames[0] == HELD
    assert len(header) == 5
    assert [row[:4] for row in rows] == [(2022, 3, 3, 0), (2021, 1, 0, 1)]
    assert total[1:4] == (4, 3, 1)
    assert SHEETS[FAILURES] in rows[1][4]
    assert book[SHEETS[FAILURES]].max_row == 2


def test_a_year_that_cannot_be_read_is_no_year_before(data: Path) -> None:
    spoil(data, 1)
    build(data)
    assert {row["previous"] for row in written(data)["reports"]} == {""}
    assert not errors(data / "tidy")


@pytest.mark.parametrize("instead", ["3,739.940000001", "9" * 400])
def test_a_number_that_no_form_can_hold_is_that_report_alone(data: Path, instead: str) -> None:
    text = text_of("洛阳市", 2021)
    assert "3,739.94" in text
    file = spoil(data, 1, text.replace("3,739.94", instead))
    build(data)
    after = written(data)
    assert [row["file"] for row in after[FAILURES]] == [file]
    assert len(after["reports"]) == 3
    assert {row["previous"] for row in after["reports"]} == {""}
    assert not errors(data / "tidy")


def test_a_report_of_another_unit_than_its_line_says_is_that_line_alone(data: Path) -> None:
    file = spoil(data, 2, text_of(*WHO[0]) + "\n")
    build(data)
    after = written(data)
    told = [(row["file"], row["error"], row["place"]) for row in after[FAILURES]]
    assert told == [(file, "CatalogueError", "reports.csv: line 4, unit")]
    assert len(after["reports"]) == 3
    assert not errors(data / "tidy")


def test_failures_are_the_same_on_every_machine(data: Path, tmp_path: Path) -> None:
    spoil(data, 0)
    elsewhere = shutil.copytree(data, tmp_path / "another" / "folder")
    build(data)
    build(elsewhere)
    assert snapshot(data / "tidy") == snapshot(elsewhere / "tidy")


def test_where_no_report_can_be_read_nothing_is_changed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(data / "tidy")
    for at in range(len(WHO)):
        spoil(data, at, f"{at}年度部门决算")
    assert main(["data", "--data-dir", str(data)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "none of 4" in told.err
    assert len(told.err.splitlines()) == 1
    assert snapshot(data / "tidy") == before


# ---- what the workbook holds ------------------------------------------------------------------------------------


def test_beyond_the_rows_of_a_sheet_the_workbook_holds_the_newest(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(data / "tidy")
    tables = written(data)
    two = {
        report_id(*WHO[0]),
        report_id(*WHO[2]),
    }  # of the newest year, in the order of the catalogue
    most = max(
        sum(row["report_id"] in two for row in tables[name]) for name in ("observations", "checks")
    )
    monkeypatch.setattr("qy_finance.tidy.holding.ROWS", most + 1)
    build(data)
    after = snapshot(data / "tidy")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"final_accounts.xlsx", "datapackage.json"}
    book = openpyxl.load_workbook(data / "tidy" / "final_accounts.xlsx")
    assert book.sheetnames[0] == HELD
    _, newest, older, total = book[HELD].iter_rows(values_only=True)
    assert newest[:4] == (2022, 3, 2, 0)
    assert older[:4] == (2021, 1, 0, 0)
    assert total[1:4] == (4, 2, 0)
    assert "CSV" in newest[4]
    for name in ("报告", "数值", "勾稽"):
        ids = [row[0] for row in book[name].iter_rows(min_row=2, values_only=True)]
        assert set(ids) == two
    for name in map(final_accounts().name, final_accounts().ids):
        shown = {row[0] for row in book[name].iter_rows(min_row=2, values_only=True)}
        assert shown <= {one.split("_")[0] for one in two}
    assert not errors(data / "tidy")


def test_no_report_fits_and_the_rest_is_written(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qy_finance.tidy.holding.ROWS", 10)
    build(data)
    book = openpyxl.load_workbook(data / "tidy" / "final_accounts.xlsx")
    assert book["数值"].max_row == 1
    assert len(written(data)["reports"]) == 4
    assert not errors(data / "tidy")


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        (["--workbook-year", "2021"], {("洛阳市", 2021)}),
        (["--workbook-unit", "{洛阳市}"], {("洛阳市", 2021), ("洛阳市", 2022)}),
        (
            ["--workbook-unit", "{洛阳市}", "--workbook-unit", "{甲市}", "--workbook-year", "2022"],
            {("洛阳市", 2022), ("甲市", 2022)},
        ),
    ],
)
def test_a_workbook_of_some_years_and_units(
    data: Path, asked: list[str], held: set[tuple[str, int]]
) -> None:
    names = {f"{{{city}}}": report_id(city, 2022).split("_")[0] for city in CITIES}
    assert main(["data", "--data-dir", str(data), *(names.get(one, one) for one in asked)]) == 0
    book = openpyxl.load_workbook(data / "tidy" / "final_accounts.xlsx")
    ids = [row[0] for row in book["报告"].iter_rows(min_row=2, values_only=True)]
    assert set(ids) == {report_id(*who) for who in held}
    assert book.sheetnames[0] == HELD
    assert len(written(data)["reports"]) == 4


@pytest.mark.parametrize(
    "asked",
    [
        ["--workbook-year", "2019"],
        ["--workbook-unit", "没有这个单位"],
        ["--workbook-year", "2021", "--workbook-unit", report_id("甲市", 2022).split("_")[0]],
    ],
)
def test_a_workbook_of_what_is_not_there_is_an_error(
    data: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(data)
    assert main(["data", "--data-dir", str(data), *asked]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert snapshot(data) == before


def test_a_workbook_that_holds_everything_has_no_note(made: Path) -> None:
    book = openpyxl.load_workbook(made / "tidy" / "final_accounts.xlsx")
    assert book.sheetnames[0] == SHEETS["reports"]
    assert HELD not in book.sheetnames


# ---- what persons say of it -------------------------------------------------------------------------------------


def test_decisions_are_in_the_data(data: Path) -> None:
    observed = written(data)["observations"][0]
    decide(data, observed["figure"], value="4,318.88")
    build(data)
    (row,) = written(data)["decisions"]
    assert row == {
        "report_id": report_id(*WHO[0]), "figure": observed["figure"], "printed": observed["printed"],
        "value": "4318.88", "verdict": "misprint", "who": "张三", "when": "2024-09-30", "why": "与附件不符",
    }  # fmt: skip
    assert written(data)["observations"][0] == observed
    assert not errors(data / "tidy")
    book = openpyxl.load_workbook(data / "tidy" / "final_accounts.xlsx")
    assert [cell.value for cell in book["人工判定"][2]][3] == 4318.88


def test_a_decision_on_a_figure_that_is_gone_is_that_report_alone(data: Path) -> None:
    decide(data, "0" * 16)
    build(data)
    (failure,) = written(data)[FAILURES]
    assert failure["error"] == "DecisionError"
    assert failure["place"].startswith("decisions.csv: ")


def test_decisions_that_cannot_be_read_change_nothing(data: Path) -> None:
    decide(data, "0" * 16, when="gestern")
    before = snapshot(data)
    with pytest.raises(ReportError, match=r"decisions\.csv: line 2, when"):
        build(data)
    assert snapshot(data) == before


def test_verdicts_are_those_that_persons_give() -> None:
    assert list(LISTS["decision"]) == list(VERDICTS)
    for verdict, told in VERDICTS.items():
        assert LISTS["decision"][verdict].startswith(told)


def test_versions_and_dates_are_those_of_the_catalogue(data: Path) -> None:
    later = data.parent / "later.txt"
    later.write_text(text_of(*WHO[0]) + "\n", encoding="utf-8")
    dates = ("2023-09-30", "2024-01-02")
    add(later, data, "更正公告", published=dates[0], retrieved=dates[1], replace=True)
    first, last = load(data).lines[0], load(data).lines[-1]
    build(data)
    tables = written(data)
    row = next(one for one in tables["reports"] if one["report_id"] == report_id(*WHO[0]))
    assert [row[name] for name in FURTHER] == [*dates, first.sha256]
    assert row["sha256"] == last.sha256
    assert tables["versions"] == [
        {"report_id": report_id(*WHO[0]), "file": first.file, "sha256": first.sha256, "kind": "text",
         "source": "公开网站", "published": "", "retrieved": "", "replaces": ""}
    ]  # fmt: skip
    assert len(tables["reports"]) == 4
    assert not errors(data / "tidy")


# ---- units, accounts, version -----------------------------------------------------------------------------------


def test_each_report_has_its_unit(made: Path) -> None:
    rows = written(made)["units"]
    assert [row["report_id"] for row in rows] == [report_id(*who) for who in WHO]
    luoyang = next(row for row in rows if row["report_id"] == report_id("洛阳市", 2022))
    assert (luoyang["division"], luoyang["region"]) == ("410300", "河南省洛阳市")
    assert (luoyang["level"], luoyang["sure"]) == ("city", "name")
    assert luoyang["kind"] == ""  # a centre is none of the authorities
    assert "名称不能说明" in luoyang["why"]


def test_accounts_are_what_the_amounts_say(made: Path) -> None:
    tables = written(made)
    years = {row["report_id"]: row["year"] for row in tables["reports"]}
    seen: dict[tuple[str, str, str], set[str]] = {}
    for row in tables["amounts"]:
        for field, name in (("function_code", "功能分类"), ("economic_code", "经济分类")):
            if row[field]:
                key = name, row[field], row["item"]
                seen.setdefault(key, set()).add(years[row["report_id"]])
    found = {(row["classification"], row["code"], row["item"]): row for row in tables["accounts"]}
    assert found.keys() == seen.keys()
    assert seen
    for key, row in found.items():
        assert row["years"].split("; ") == sorted(seen[key])
        assert (row["first_year"], row["last_year"]) == (min(seen[key]), max(seen[key]))


def test_an_account_that_is_renamed_has_a_row_for_each_name(made: Path, data: Path) -> None:
    before = {(row["code"], row["item"]) for row in written(made)["accounts"]}
    code, name = sorted(one for one in before if len(one[0]) == 7)[0]
    entry = load(data).entries[0]
    text = (data / entry.file).read_text(encoding="utf-8")
    spoil(data, 0, text.replace(name, f"{name}新"))
    build(data)
    rows = [row for row in written(data)["accounts"] if row["code"] == code]
    assert {row["item"] for row in rows} == {name, f"{name}新"}
    (new,) = (row for row in rows if row["item"] == f"{name}新")
    assert new["first_year"] == new["last_year"] == str(entry.year)
    assert new["reports"] == "1"


def test_amounts_can_be_added_as_floats(made: Path) -> None:
    frame = pq.read_table(made / "tidy" / "amounts.parquet").to_pandas()
    assert str(frame["yuan_float"].dtype) == "float64"
    assert (frame["yuan_float"] / 10_000).sum() > 0
    assert [float(yuan) for yuan in frame["yuan"]] == frame["yuan_float"].tolist()


def test_the_data_have_a_version_of_their_own(data: Path) -> None:
    def told() -> dict[str, object]:
        package: dict[str, object] = json.loads(
            (data / "tidy" / "datapackage.json").read_text("utf-8")
        )
        return package

    assert "version" not in told()
    (data / "VERSION").write_text("2.1.0\n", encoding="utf-8")
    build(data)
    assert told()["version"] == "2.1.0"
    assert told()["generator"] == f"qy_finance {version('qy_finance')}"
    assert [one["name"] for one in told()["licenses"]] == ["CC-BY-4.0"]  # type: ignore[attr-defined]
    before = (data / "tidy" / "datapackage.json").read_bytes()
    for wrong in ("", "二", "v1", "1.0", "1.0.0\n<b>", "1" * 99):
        (data / "VERSION").write_text(wrong, encoding="utf-8")
        with pytest.raises(ReportError, match="VERSION"):
            build(data)
    assert (data / "tidy" / "datapackage.json").read_bytes() == before
