"""What people take away: it says what is printed, in every form, is the same at every build, and harms nobody."""

from __future__ import annotations

import csv
import json
import re
import shutil
import socket
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from package import catalogue_of, errors, rows_of, snapshot, texts_of

from qy_finance import read_report
from qy_finance.catalogue import load
from qy_finance.checks.model import Status
from qy_finance.cli import main
from qy_finance.contract import CONTRACT as VERSION
from qy_finance.contract import RESOURCES
from qy_finance.errors import ParameterError, ReportError
from qy_finance.files import locked, sha256_of
from qy_finance.form import final_accounts
from qy_finance.tidy import build
from qy_finance.tidy.formats import Table
from qy_finance.tidy.holding import Holding
from qy_finance.tidy.package import LISTS
from qy_finance.tidy.workbook import write_workbook

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
TIDY = DATA / "tidy"
TABLE_IDS = final_accounts().ids
GOLDEN = ROOT / "tests" / "golden"
QINGYUAN = next((DATA / "raw" / "2022").glob("*.txt"))

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

CONTRACT = (
    "report_id", "unit", "year", "table", "section", "side", "code", "item", "column", "measure", "value",
    "unit_of_measure", "printed", "page", "line", "start", "end", "x0", "top", "x1", "bottom",
)  # fmt: skip
"""Columns of the observations as researchers know them, and then what recognition adds."""


def exact(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with many reports, two of them of one unit for two years, and the data made of it."""
    root = tmp_path_factory.mktemp("many")
    before = root / "before.txt"
    text = QINGYUAN.read_text(encoding="utf-8")
    before.write_text(text.replace("2021", "2020").replace("2022", "2021"), encoding="utf-8")
    fictional = sorted((ROOT / "tests" / "reconciliation").glob("*.txt"))[::4]
    folder = catalogue_of(root / "data", QINGYUAN, before, *fictional)
    build(folder)
    return folder


@pytest.fixture(params=["repository", "many"])
def tidy(request: pytest.FixtureRequest) -> Path:
    """The data of the repository, and that of many reports."""
    if request.param == "repository":
        return TIDY
    folder: Path = request.getfixturevalue("many")
    return folder / "tidy"


# ---- the same bytes ---------------------------------------------------------------------------------------------


def test_the_committed_data_is_what_a_rebuild_writes(tmp_path: Path) -> None:
    build(DATA, tmp_path / "again")
    written, committed = snapshot(tmp_path / "again"), snapshot(TIDY)
    made_by = {
        pq.ParquetFile(folder / "reports.parquet").metadata.created_by
        for folder in (TIDY, tmp_path / "again")
    }
    if len(made_by) > 1:
        pytest.skip(f"Parquet by {' and '.join(sorted(made_by))}: compare with the locked packages")
    assert set(written) == set(committed)
    assert [name for name in written if written[name] != committed[name]] == []


def test_line_ends_survive_a_checkout() -> None:
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "/data/tidy/** -text" in lines
    for path in (*TIDY.glob("*.csv"), *TIDY.glob("*.md"), *TIDY.glob("*.json")):
        data = path.read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        assert not data.startswith(b"\xef\xbb\xbf")


# ---- the data package -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("offline")
def test_frictionless_accepts_the_package_without_a_network(tidy: Path) -> None:
    assert errors(tidy) == Counter()


def test_every_file_is_listed_with_its_digest(tidy: Path) -> None:
    package = json.loads((tidy / "datapackage.json").read_text(encoding="utf-8"))
    listed = {one["path"]: one for one in package["resources"]}
    assert set(listed) == {path.name for path in tidy.iterdir()} - {"datapackage.json"}
    for name, one in listed.items():
        assert one["hash"] == f"sha256:{sha256_of(tidy / name)}"
        assert one["bytes"] == (tidy / name).stat().st_size
    assert package["licenses"]
    assert len(package["sources"]) == len(rows_of(tidy / "reports.csv"))


def test_nothing_that_validates_is_fetched(tidy: Path) -> None:
    package = json.loads((tidy / "datapackage.json").read_text(encoding="utf-8"))
    assert not {"profile", "$schema"} & set(package)
    assert not any({"profile", "$schema"} & set(one) for one in package["resources"])


def test_fiscal_columns_have_their_type() -> None:
    package = json.loads((TIDY / "datapackage.json").read_text(encoding="utf-8"))
    amounts = next(one for one in package["resources"] if one["name"] == "amounts")
    types = {f["name"]: f.get("columnType") for f in amounts["schema"]["fields"]}
    assert types["function_code"] == "functional-classification:generic:code"
    assert types["economic_code"] == "economic-classification:generic:code"
    assert types["unit"] == "administrative-classification:generic:label"
    assert types["year"] == "date:fiscal-year"
    assert types["yuan"] == "value"


@pytest.mark.parametrize(
    ("resource", "field", "value", "kind"),
    [
        ("observations", "value", "三千", "type-error"),
        ("observations", "year", "2022.5", "type-error"),
        ("observations", "measure", "money", "constraint-error"),
        ("observations", "printed", "", "constraint-error"),
        ("observations", "report_id", "没有这份报告", "foreign-key"),
        ("observations", "start", None, "primary-key"),
        ("kpis", "met", "也许", "type-error"),
        ("checks", "check_id", None, "primary-key"),
        ("check_figures", "start", "3", "foreign-key"),
        ("amounts", "start", "3", "foreign-key"),
        ("reports", "previous", "没有这份报告", "foreign-key"),
    ],
)
def test_a_spoilt_table_is_rejected(
    tmp_path: Path, resource: str, field: str, value: str | None, kind: str
) -> None:
    """``None`` repeats the row before. The digests are taken out: types and keys must tell by themselves."""
    folder = shutil.copytree(TIDY, tmp_path / "tidy")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    needed = {resource} | {foreign.resource for foreign in RESOURCES[resource].foreign}
    needed |= {foreign.resource for name in needed if name for foreign in RESOURCES[name].foreign}
    package["resources"] = [one for one in package["resources"] if one["name"] in needed]
    for one in package["resources"]:
        del one["hash"], one["bytes"]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    rows = rows_of(folder / f"{resource}.csv")
    at = min(1, len(rows) - 1)
    rows[at] = rows[at - 1] if value is None else rows[at] | {field: value}
    with (folder / f"{resource}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert errors(folder)[kind] >= 1


@pytest.mark.parametrize(
    "name", ["observations.csv", "observations.parquet", "final_accounts.xlsx"]
)
def test_a_changed_character_is_noticed(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(TIDY, tmp_path / "tidy")
    data = bytearray((folder / name).read_bytes())
    at = len(data) // 2
    data[at : at + 1] = bytes([data[at] ^ 1])
    (folder / name).write_bytes(bytes(data))
    assert errors(folder)["hash-count"] == 1


# ---- what is printed --------------------------------------------------------------------------------------------


def test_observations_are_the_printed_cells_of_the_tables() -> None:
    golden = rows_of(GOLDEN / "qingyuan_2022_tables.csv")
    rows = [row for row in rows_of(TIDY / "observations.csv") if row["table"]]
    keys = ("table", "side", "code", "item", "column", "printed")
    assert Counter(tuple(row[k] for k in keys) for row in rows) == Counter(
        tuple(row[k] for k in keys) for row in golden
    )


def test_observations_are_the_printed_figures_of_the_prose() -> None:
    golden = rows_of(GOLDEN / "qingyuan_2022_prose.csv")
    rows = [row for row in rows_of(TIDY / "observations.csv") if not row["table"]]

    def told(row: dict[str, str]) -> tuple[str | Decimal, ...]:
        keys = ("line", "printed", "unit_of_measure", "measure", "year")
        return Decimal(row["value"]), *(row[key] for key in keys)

    assert Counter(map(told, rows)) == Counter(map(told, golden))


def test_amounts_are_exact_and_in_yuan() -> None:
    golden = rows_of(GOLDEN / "qingyuan_2022_tables.csv")
    rows = rows_of(TIDY / "amounts.csv")
    assert [Decimal(row["amount"]) for row in rows] == [exact(row["printed"]) for row in golden]
    assert [Decimal(row["yuan"]) for row in rows] == [
        exact(row["printed"]) * 10_000 for row in golden
    ]
    for row, printed in zip(rows, golden, strict=True):
        economic = printed["table"] == "basic_expenditure"
        assert (row["economic_code"], row["function_code"]) == (
            (printed["code"], "") if economic else ("", printed["code"])
        )
        assert row["level"] == {0: "", 3: "类", 5: "款", 7: "项"}[len(printed["code"])]
        budget = printed["column"].startswith("预算数")
        assert row["phase"] == ("预算" if budget else "决算")
    sides = {
        (row["table"], row["side"]): row["side"] for row in golden if row["side"] in "收入支出"
    }
    assert sides
    for row, printed in zip(rows, golden, strict=True):
        if printed["table"] in ("income_expenditure_summary", "appropriation_summary"):
            assert row["direction"] == printed["side"]
        if printed["table"] in ("government_fund", "state_capital"):
            head = printed["column"].split("/")[0]
            assert row["direction"] == {"本年收入": "收入", "本年支出": "支出"}.get(head, "")
        if printed["table"] in ("income", "expenditure", "three_public", "basic_expenditure"):
            assert row["direction"] == ("收入" if printed["table"] == "income" else "支出")


def test_indicators_are_those_of_the_report() -> None:
    golden = rows_of(GOLDEN / "qingyuan_2022_kpis.csv")
    rows = rows_of(TIDY / "kpis.csv")
    for row, wanted in zip(rows, golden, strict=True):
        assert (row["name"], row["comparison"], row["met"]) == (
            wanted["name"],
            wanted["comparison"],
            wanted["met"],
        )
        assert (row["target"], row["actual"]) == (wanted["target"], wanted["actual"])
        assert row["unit_of_measure"] == wanted["unit"]
        assert row["reason"].rstrip("。") == wanted["reason"]


def test_derived_values_are_marked_and_printed_nowhere_as_such() -> None:
    rows = {row["item"]: row for row in rows_of(TIDY / "derived.csv")}
    operating = rows["机关运行经费支出"]  # 62.7 (0) 万元，增加 18.98 万元，增长 43.41 %
    assert (operating["previous"], operating["low"], operating["high"]) == (
        "43.72", "43.71", "43.73",
    )  # fmt: skip
    assert {row["origin"] for row in rows.values()} == {"推算"}
    assert {row["year"] for row in rows.values()} == {"2021"}
    printed = {row["start"]: row["printed"] for row in rows_of(TIDY / "observations.csv")}
    for row in rows.values():
        assert exact(printed[row["start"]]) == Decimal(row["current"])


def test_contradictions_name_their_figures() -> None:
    """The share whose whole is meant otherwise (docs/findings): the break names it first."""
    breaks = [row for row in rows_of(TIDY / "checks.csv") if row["status"] == "break"]
    findings = rows_of(GOLDEN / "qingyuan_2022_findings.csv")
    figures = rows_of(TIDY / "check_figures.csv")
    printed = {row["start"]: row["printed"] for row in rows_of(TIDY / "observations.csv")}
    involved = {
        printed[row["start"]]
        for row in figures
        if row["check_id"] in {one["check_id"] for one in breaks}
    }
    numerals = {row["printed"] for row in findings if re.fullmatch(r"[\d,.]+", row["printed"])}
    assert {row["finding"] for row in findings if row["printed"] in involved & numerals}
    (report,) = rows_of(TIDY / "reports.csv")
    assert int(report["break"]) == len(breaks)
    assert (report["figures"], report["unknown"]) == ("851", "0")  # 648 of tables, 203 of prose


def test_a_report_is_checked_against_the_year_before(many: Path) -> None:
    reports = {row["report_id"]: row for row in rows_of(many / "tidy" / "reports.csv")}
    unit = "清远市政务服务数据管理局本级"
    assert reports[f"{unit}_2022_本级"]["previous"] == f"{unit}_2021_本级"
    assert [row["previous"] for row in reports.values()].count("") == len(reports) - 1
    alone = {row["check_id"] for row in rows_of(TIDY / "checks.csv")}
    both = {
        row["check_id"]
        for row in rows_of(many / "tidy" / "checks.csv")
        if row["report_id"] == f"{unit}_2022_本级"
    }
    assert both - alone


# ---- one content in three forms ---------------------------------------------------------------------------------


def test_observations_are_those_of_the_reports(many: Path) -> None:
    catalogue = load(many)
    frames = [read_report(catalogue.path(entry)).observations for entry in catalogue.entries]
    wanted = pd.concat(frames, ignore_index=True).replace("", pd.NA)
    assert tuple(wanted.columns) == (*CONTRACT, "confidence", "file", "place", "figure")
    kinds = wanted.dtypes.to_dict()
    read = {"keep_default_na": False, "na_values": [""]}
    written = pd.read_csv(many / "tidy" / "observations.csv", dtype=kinds, **read)
    pd.testing.assert_frame_equal(written, wanted)
    typed = pq.read_table(many / "tidy" / "observations.parquet").to_pandas().astype(kinds)
    pd.testing.assert_frame_equal(typed, wanted)


@pytest.mark.parametrize("name", RESOURCES)
def test_csv_and_parquet_say_the_same(tidy: Path, name: str) -> None:
    table = pq.read_table(tidy / f"{name}.parquet")
    rows = rows_of(tidy / f"{name}.csv")
    parse: dict[pa.DataType, Callable[[str], object]] = {
        pa.string(): str,
        pa.int64(): int,
        pa.float64(): float,
        pa.decimal128(38, 8): Decimal,
        pa.bool_(): {"true": True, "false": False}.__getitem__,
    }
    assert table.num_rows == len(rows)
    for field in table.schema:
        cells = [row[field.name] for row in rows]
        values = [None if cell == "" else parse[field.type](cell) for cell in cells]
        assert table[field.name].to_pylist() == values
        assert field.nullable or None not in values


def test_parquet_says_its_units_and_nothing_of_the_machine() -> None:
    schema = pq.read_schema(TIDY / "amounts.parquet")
    assert schema.metadata == {b"contract": str(VERSION).encode()}
    assert schema.field("yuan").metadata[b"unit"].decode() == "元"
    assert schema.field("amount").metadata[b"unit"] == b"{money_unit}"
    assert schema.field("yuan").type == pa.decimal128(38, 8)
    keys = pq.ParquetFile(TIDY / "amounts.parquet").metadata.metadata
    assert set(keys) == {b"ARROW:schema", b"contract"}


def test_closed_lists_are_those_of_the_package() -> None:
    assert list(LISTS["status"]) == list(Status)
    assert tuple(LISTS["table"]) == final_accounts().ids
    used = {field.list for one in RESOURCES.values() for field in one.fields if field.list}
    assert used == set(LISTS)


def test_the_codebook_has_every_field_and_value() -> None:
    lines = (TIDY / "codebook.md").read_text(encoding="utf-8").splitlines()
    for name, resource in RESOURCES.items():
        section = lines[lines.index(f"## {name}") :]
        named = [line.split("|")[1].strip(" `") for line in section if line.startswith("| `")]
        assert named[: len(resource.fields)] == [field.name for field in resource.fields]
    for name, values in LISTS.items():
        section = lines[lines.index(f"### list {name}") :]
        named = [line.split("|")[1].strip(" `") for line in section if line.startswith("| `")]
        assert named[: len(values)] == list(values)


# ---- the workbook -----------------------------------------------------------------------------------------------


def test_the_sheets_of_the_tables_are_what_is_printed() -> None:
    book = openpyxl.load_workbook(TIDY / "final_accounts.xlsx")
    golden = rows_of(GOLDEN / "qingyuan_2022_tables.csv")
    for table, name in LISTS["table"].items():
        header, *rows = book[name].iter_rows()
        titles = [str(cell.value) for cell in header]
        found = Counter()
        for row in rows:
            side, code, item = (
                row[titles.index(title)].value or "" for title in ("栏", "科目编码", "项目")
            )
            assert row[titles.index("金额单位")].value == "万元"
            for cell, title in list(zip(row, titles, strict=True))[titles.index("项目") + 1 :]:
                if cell.value is not None:
                    assert cell.number_format == "#,##0.00"
                    found[side, code, item, title, Decimal(str(cell.value))] += 1
        assert found == Counter(
            (row["side"], row["code"], row["item"], row["column"], exact(row["printed"]))
            for row in golden
            if row["table"] == table
        )


def test_the_workbook_is_ready_to_read(tidy: Path) -> None:
    book = openpyxl.load_workbook(tidy / "final_accounts.xlsx")
    assert len(book.sheetnames) == 9 + len(final_accounts().ids)
    for sheet in book:
        assert len(sheet.title) <= 31
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.data_type in "snb" for row in sheet.iter_rows() for cell in row)
    rows = rows_of(tidy / "observations.csv")
    header, *cells = book["数值"].iter_rows(values_only=True)
    assert [str(title).split("\n")[1] for title in header] == list(rows[0])
    at = list(rows[0]).index("printed")
    assert [row[at] for row in cells] == [row["printed"] for row in rows]


NASTY = (
    '=HYPERLINK("http://x.example","看")', "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1+1",
    "<script>alert(1)</script>", r"\input{/etc/passwd} $x$", "[点](javascript:alert(1))", "{=1+1}", "'=1", "3,471.99",
    "http://x.example", "<r><t>a</t></r>", "<r>", "a\x01b_x0041_\x0b", "\ufffe\uffff", 'say "a,b"\nnext', "00123",
    "  spaces  ", "NA", "TRUE", "1e5", "&amp;<b>",
)  # fmt: skip


def workbook_of(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """A workbook whose only rows are these indicators; CSV and Parquet are beside it."""
    for name, resource in RESOURCES.items():
        with Table(folder, resource) as table:
            table.append(rows if name == "kpis" else [])
    held = Holding(frozenset(str(row["report_id"]) for row in rows), ())
    write_workbook(folder / "a.xlsx", folder, held)
    return folder / "a.xlsx"


def test_texts_stay_texts_in_the_workbook_and_exact_in_csv(tmp_path: Path) -> None:
    def row(text: str, at: int) -> dict[str, Any]:
        kinds = {"string": text, "integer": at, "number": 0.5, "boolean": True}
        return {field.name: kinds[field.type] for field in RESOURCES["kpis"].fields}

    made = workbook_of(tmp_path, [row(text, at) for at, text in enumerate(NASTY)])
    sheet = openpyxl.load_workbook(made, rich_text=False)["绩效指标"]
    for cells, text in zip(sheet.iter_rows(min_row=2), NASTY, strict=True):
        cell = cells[2]
        assert cell.data_type == "s"
        if "_x" not in cell.value:  # openpyxl does not read escapes back, see below
            assert cell.value == text
        assert cell.hyperlink is None
        assert cell.quotePrefix == text.startswith(tuple("=+-@\t\r＝"))
    assert set(NASTY) <= texts_of(made)
    assert [one["name"] for one in rows_of(tmp_path / "kpis.csv")] == list(NASTY)


def test_a_text_that_no_cell_can_hold_says_where_the_rest_is(tmp_path: Path) -> None:
    kinds = {"string": "字" * 40_000, "integer": 1, "number": 0.5, "boolean": True}
    row = {field.name: kinds[field.type] for field in RESOURCES["kpis"].fields}
    value = openpyxl.load_workbook(workbook_of(tmp_path, [row]))["绩效指标"]["A2"].value
    assert value.startswith("字字")
    assert value.endswith("全文见 CSV 文件）")


def test_figures_keep_the_digits_that_are_printed() -> None:
    sheet = openpyxl.load_workbook(TIDY / "final_accounts.xlsx")["数值"]
    header, *rows = sheet.iter_rows()
    names = [str(cell.value).split("\n")[1] for cell in header]
    value, printed = names.index("value"), names.index("printed")
    for row in rows:
        places = len(str(row[printed].value).replace("．", ".").partition(".")[2])
        assert row[value].number_format == ("#,##0." + "0" * places if places else "#,##0")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a unit, an account and an indicator that are formulas."""
    root = tmp_path_factory.mktemp("hostile")
    text = QINGYUAN.read_text(encoding="utf-8")
    for old, new in HOSTILE.items():
        assert old in text
        text = text.replace(old, new)
    (root / "report.txt").write_text(text, encoding="utf-8")
    return catalogue_of(root / "data", root / "report.txt")


HOSTILE = {
    "清远市政务服务数据管理局本级": '=HYPERLINK("http://x.example","看")本级',
    "差旅费": "=1+1差旅费",
    "邮电费": "<r>邮电</r>",
    "印刷费": "<script>印刷费</script>",
    "咨询费": r"\input{x}咨询费",
}


def test_a_hostile_report_is_data(hostile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "--data-dir", str(hostile)]) == 0
    told = capsys.readouterr()
    assert told.out == f"{hostile / 'tidy' / 'datapackage.json'}\n"
    assert "observations.csv: unit: 851 " in told.err
    assert "observations.csv: item: " in told.err
    assert "printed" not in told.err
    assert errors(hostile / "tidy") == Counter()
    book = openpyxl.load_workbook(hostile / "tidy" / "final_accounts.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    items = {row["item"] for row in rows_of(hostile / "tidy" / "observations.csv")}
    units = {row["unit"] for row in rows_of(hostile / "tidy" / "observations.csv")}
    shown = {cell.value for cell in cells}
    unit, *names = HOSTILE.values()
    assert units == {unit}
    assert set(names) <= items
    assert items | units <= shown


# ---- all or nothing ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one report, and its data."""
    return shutil.copytree(DATA, tmp_path / "data")


def spoil(folder: Path, text: str) -> None:
    """Another text in the place of the only report, and the catalogue says so."""
    (entry,) = load(folder).entries
    file = folder / entry.file
    file.write_text(text, encoding="utf-8")
    catalogue = folder / "reports.csv"
    lines = catalogue.read_text(encoding="utf-8").replace(entry.sha256, sha256_of(file))
    catalogue.write_text(lines, encoding="utf-8")


def test_a_report_that_cannot_be_read_leaves_the_data_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(folder / "tidy")
    spoil(folder, "2022年度部门决算")
    assert main(["data", "--data-dir", str(folder)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert snapshot(folder / "tidy") == before


def test_a_build_that_fails_late_leaves_the_data_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(folder / "tidy")
    spoil(folder, QINGYUAN.read_text(encoding="utf-8").replace("3,471.99", "3,471.98"))

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(sys.modules["qy_finance.tidy.build"], "write_workbook", full)
    with pytest.raises(OSError, match="no space"):
        build(folder)
    assert snapshot(folder / "tidy") == before
    assert sorted(path.name for path in (folder / "tidy").iterdir()) == sorted(before)


def test_what_a_killed_build_left_goes_with_the_next_and_one_at_work_keeps_its_own(
    folder: Path,
) -> None:
    dead, alive = (folder / "tidy" / f".{name}.tmp" for name in ("dead", "alive"))
    for left in (dead, alive):
        left.mkdir()
        (left / "observations.csv").write_text("half", encoding="utf-8")
    with locked(alive):
        build(folder)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_a_build_that_is_cut_off_never_looks_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the files are new: the descriptor, which comes last, does not accept them."""
    spoil(folder, QINGYUAN.read_text(encoding="utf-8").replace("3,471.99", "3,471.98"))
    replace, moved = Path.replace, []

    def some(self: Path, target: Path) -> Path:
        if target.parent == folder / "tidy":
            moved.append(target)
        if len(moved) > 9:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", some)
        with pytest.raises(KeyboardInterrupt):
            build(folder)
    assert errors(folder / "tidy")["hash-count"]
    build(folder)
    assert errors(folder / "tidy") == Counter()


def test_the_catalogue_is_never_replaced(folder: Path) -> None:
    before = snapshot(folder)
    with pytest.raises(ParameterError, match="a folder of its own"):
        build(folder, folder / "tidy" / "..")
    assert snapshot(folder) == before


def test_an_empty_catalogue_gives_empty_tables(tmp_path: Path) -> None:
    made = catalogue_of(tmp_path / "data")
    build(made)
    assert errors(made / "tidy") == Counter()


@pytest.mark.parametrize(
    ("printed", "instead", "says"),
    [
        ("3,471.99", "3,471.990000001", "at most 8 decimals"),
        ("3,471.99", "9" * 40, "at most 8 decimals"),
        ("247.49", "9" * 400, "at most 308 digits"),
    ],
)
def test_a_number_of_too_many_digits_is_one_error(
    folder: Path, printed: str, instead: str, says: str
) -> None:
    spoil(folder, QINGYUAN.read_text(encoding="utf-8").replace(printed, instead))
    with pytest.raises(ReportError, match=says):
        build(folder)


def test_long_numbers_stay_exact(folder: Path) -> None:
    amount = "1234567890123456789012345.67"
    spoil(folder, QINGYUAN.read_text(encoding="utf-8").replace("3,471.99", amount))
    build(folder)
    row = rows_of(folder / "tidy" / "amounts.csv")[0]
    assert (row["amount"], Decimal(row["yuan"])) == (
        amount,
        Decimal("12345678901234567890123456700"),
    )
    table = pq.read_table(folder / "tidy" / "amounts.parquet")
    assert table["yuan"][0].as_py() == Decimal("12345678901234567890123456700")
    assert errors(folder / "tidy") == Counter()
