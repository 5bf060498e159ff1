"""The catalogue says what is wrong with it, and a report is added wholly or not at all."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

import qy_finance
from qy_finance import catalogue
from qy_finance.catalogue import add, load, open_report, remove
from qy_finance.entries import COLUMNS, FURTHER
from qy_finance.errors import (
    CatalogueError,
    DuplicateReportError,
    ReportError,
    UnknownReportError,
)
from qy_finance.files import locked, safe_name, sha256_of

ROOT = Path(__file__).parent.parent
UNIT = "某市某局"


def write(folder: Path, *lines: dict[str, str]) -> None:
    rows = [",".join(COLUMNS), *(",".join(line[c] for c in COLUMNS) for line in lines)]
    (folder / "reports.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture
def line(tmp_path: Path) -> dict[str, str]:
    """A correct line; its file exists."""
    file = tmp_path / "raw" / "2022" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_text("某报告", encoding="utf-8")
    values = [UNIT, "2022", "本级", "raw/2022/a.txt", sha256_of(file), "text", "网站"]
    return dict(zip(COLUMNS, values, strict=True))


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What `read_report` finds, whatever the file."""
    meta: dict[str, object] = {"unit": UNIT, "year": 2022, "scope": "本级"}
    monkeypatch.setattr(qy_finance, "read_report", lambda path: SimpleNamespace(meta=meta))
    return meta


def test_the_catalogue_of_the_repository_is_in_order() -> None:
    entry = load(ROOT / "data").find(2022)
    assert entry.unit == "清远市政务服务数据管理局本级"
    assert entry.scope == "本级"
    assert open_report(2022, entry.unit, ROOT / "data").meta["unit"] == entry.unit


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("unit", "", "line 2, unit"),
        ("year", "二〇二二", "line 2, year"),
        ("year", "1066", "line 2, year"),
        ("scope", "全部", "本级 | 部门汇总"),
        ("kind", "mp3", "text | pdf | docx"),
        ("file", "../a.txt", "inside the data folder"),
        ("file", "/etc/passwd", "inside the data folder"),
        ("file", "raw/2022/a.txt;", "inside the data folder"),
        ("file", "raw/\0.txt", "inside the data folder"),
    ],
)
def test_a_line_at_fault_is_named(
    tmp_path: Path, line: dict[str, str], column: str, value: str, says: str
) -> None:
    write(tmp_path, line | {column: value})
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "unit,year\n", f"{','.join(COLUMNS)}\na,2022\n"])
def test_other_columns_are_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "reports.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"line [12]"):
        load(tmp_path)


def test_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_bytes("单位".encode("gbk"))
    with pytest.raises(CatalogueError, match="UTF-8"):
        load(tmp_path)


def test_a_byte_order_mark_is_none(tmp_path: Path, line: dict[str, str]) -> None:
    write(tmp_path, line)
    path = tmp_path / "reports.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load(tmp_path).find(2022).unit == UNIT


def test_two_lines_for_one_report_are_an_error(tmp_path: Path, line: dict[str, str]) -> None:
    write(tmp_path, line, line)
    with pytest.raises(DuplicateReportError, match=r"line 3.*line 2"):
        load(tmp_path)


def test_unknown_years_and_units_say_which_there_are(tmp_path: Path, line: dict[str, str]) -> None:
    write(tmp_path, line)
    with pytest.raises(UnknownReportError, match=r"2022.*found 2030"):
        load(tmp_path).find(2030)
    with pytest.raises(UnknownReportError, match=rf"{UNIT}.*found 别局"):
        load(tmp_path).find(2022, "别局")


def test_one_unit_with_two_scopes_is_told_apart(tmp_path: Path, line: dict[str, str]) -> None:
    (tmp_path / "b.txt").write_text("另一份", encoding="utf-8")
    other = {"scope": "部门汇总", "file": "b.txt", "sha256": sha256_of(tmp_path / "b.txt")}
    write(tmp_path, line, line | other)
    there = load(tmp_path)
    with pytest.raises(UnknownReportError, match=rf"{UNIT}（本级） . {UNIT}（部门汇总）"):
        there.find(2022, UNIT)
    assert there.find(2022, f"{UNIT}（部门汇总）").file == "b.txt"
    assert len(there.select(2022)) == 2


def test_the_year_before_is_of_the_same_unit_and_scope(
    tmp_path: Path, line: dict[str, str]
) -> None:
    others = [("2021", "部门汇总"), ("2021", "本级"), ("2020", "本级")]
    lines = [line]
    for year, scope in others:
        file = tmp_path / f"{year}{scope}.txt"
        file.write_text(file.name, encoding="utf-8")
        told = {"year": year, "scope": scope, "file": file.name, "sha256": sha256_of(file)}
        lines.append(line | told)
    write(tmp_path, *lines)
    there = load(tmp_path)
    found = [there.before(entry.key) for entry in there.entries]
    assert found == [there.entries[2], None, there.entries[3], None]


def test_the_data_folder_is_found_from_below(
    tmp_path: Path, line: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, line)
    # below the folder of this test alone, so that no other test finds it
    inner = tmp_path.rename(tmp_path.with_name(f"{tmp_path.name}_"))
    data, below = tmp_path / "data", tmp_path / "notebooks"
    below.mkdir(parents=True)
    inner.rename(data)
    monkeypatch.chdir(below)
    assert load().data_dir == data
    with pytest.raises(CatalogueError, match=r"reports\.csv"):
        load("elsewhere")


def test_adding_copies_and_notes(tmp_path: Path, report: dict[str, object]) -> None:
    data, file = tmp_path / "data", tmp_path / "决算.TXT"
    data.mkdir()
    write(data)
    file.write_bytes("正文\r\n".encode())
    entry = add(file, data, "网站, “公开”栏")
    assert load(data).entries == (entry,)
    assert entry.file == f"raw/2022/{UNIT}_2022年度部门决算.txt"
    assert (data / entry.file).read_bytes() == file.read_bytes()

    for again in (file, tmp_path / "again.txt"):
        again.write_bytes(file.read_bytes() + (b"" if again is file else b"other"))
        with pytest.raises(DuplicateReportError, match=UNIT):
            add(again, data)
    report["scope"] = "部门汇总"
    assert add(tmp_path / "again.txt", data).file.endswith("_部门汇总.txt")
    assert len(load(data).entries) == 2


def test_a_units_name_cannot_leave_the_folder(tmp_path: Path, report: dict[str, object]) -> None:
    data, file = tmp_path / "data", tmp_path / "a.txt"
    data.mkdir()
    write(data)
    file.write_text("正文", encoding="utf-8")
    report["unit"] = "../../../某局"
    entry = add(file, data)
    assert (data / "raw" / "2022").resolve() == (data / entry.file).resolve().parent
    assert load(data).find(2022).unit == "../../../某局"


def test_a_failure_leaves_nothing(
    tmp_path: Path, report: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    before = (tmp_path / "reports.csv").read_bytes()
    file = tmp_path / "a.txt"
    file.write_text("正文", encoding="utf-8")

    def full(path: Path, text: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(catalogue, "write_text", full)
    with pytest.raises(OSError, match="no space"):
        add(file, tmp_path)
    assert (tmp_path / "reports.csv").read_bytes() == before
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]


def test_two_at_once_do_not_lose_a_line(tmp_path: Path, report: dict[str, object]) -> None:
    write(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("正文", encoding="utf-8")
    with locked(tmp_path), pytest.raises(ReportError, match=r"another qy-finance"):
        add(file, tmp_path)
    assert add(file, tmp_path).unit == UNIT


def test_another_kind_of_file_is_refused(tmp_path: Path, report: dict[str, object]) -> None:
    write(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(CatalogueError, match=r"text, pdf, docx.* found picture"):
        add(tmp_path / "a.pdf", tmp_path)


def test_what_a_file_is_its_name_does_not_say(tmp_path: Path, report: dict[str, object]) -> None:
    write(tmp_path)
    file = tmp_path / "决算.pdf"
    file.write_text("<html><body><p>某局2022年度部门决算</p></body></html>", encoding="utf-8")
    entry = add(file, tmp_path)
    assert entry.kind == "page"
    assert entry.file.endswith(".html")


def test_a_report_in_two_files_is_one_line(tmp_path: Path, report: dict[str, object]) -> None:
    write(tmp_path)
    files = [tmp_path / "a.txt", tmp_path / "b.html"]
    files[0].write_text("正文", encoding="utf-8")
    files[1].write_text("<html><p>正文</p></html>", encoding="utf-8")
    entry = add(files, tmp_path)
    assert entry.kind == "several"
    assert load(tmp_path).entries == (entry,)
    stem = f"raw/2022/{UNIT}_2022年度部门决算"
    assert entry.file == f"{stem}_1.txt;{stem}_2.html"
    assert load(tmp_path).path(entry) == (
        tmp_path / f"{stem}_1.txt",
        tmp_path / f"{stem}_2.html",
    )
    with pytest.raises(DuplicateReportError, match=r"_1\.txt"):
        add(files[1], tmp_path)


def test_a_corrected_report_keeps_the_first(tmp_path: Path, report: dict[str, object]) -> None:
    write(tmp_path)
    first, later = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("正文", encoding="utf-8")
    later.write_text("更正", encoding="utf-8")
    old = add(first, tmp_path, "https://a.gov.cn/1", published="2023-09-01")
    with pytest.raises(DuplicateReportError, match="--replace"):
        add(later, tmp_path)
    new = add(later, tmp_path, published="2023-10-12", retrieved="2024-01-02", replace=True)
    there = load(tmp_path)
    assert there.lines == (old, new)
    assert there.entries == (new,)
    assert there.versions(new) == [new, old]
    assert new.replaces == old.sha256
    assert (tmp_path / old.file).read_text(encoding="utf-8") == "正文"

    assert remove(2022, data_dir=tmp_path) == new
    assert load(tmp_path).entries == (old,)
    assert not (tmp_path / new.file).exists()


@pytest.mark.parametrize(
    ("column", "value"), [("published", "9月1日"), ("retrieved", "2024"), ("replaces", "0" * 64)]
)
def test_further_columns_are_checked(
    tmp_path: Path, line: dict[str, str], column: str, value: str
) -> None:
    further = dict.fromkeys(FURTHER, "") | {column: value}
    rows = [[*COLUMNS, *FURTHER], [*line.values(), *further.values()]]
    (tmp_path / "reports.csv").write_text(
        "".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match=f"line 2, {column}"):
        load(tmp_path)


@pytest.mark.parametrize(
    "name", ["..", "", "a/b", "a\\b", "CON", "某局\u202e", "长" * 300, "a:b", ".hidden", "a\x00b"]
)
def test_safe_names_are_names(name: str) -> None:
    safe = safe_name(name)
    assert safe != name
    assert len(safe.encode()) < 200
    assert not set(safe) & set('/\\:*?"<>|.\x00\u202e')


def test_safe_names_keep_what_is_harmless_and_tell_texts_apart() -> None:
    assert safe_name("清远市政务服务数据管理局本级") == "清远市政务服务数据管理局本级"
    assert safe_name("某局（本级）") == "某局（本级）"
    assert safe_name("a/b") != safe_name("a:b")
    # on some file systems they would be one folder
    assert safe_name("Ab局").lower() != safe_name("aB局").lower()


def test_what_a_report_lacks_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No path of this machine: what notebooks print goes into pages that are shared."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "reports.csv").write_text("unit,year,scope,file,sha256,kind,source\n", encoding="utf-8")
    text = lay_out(SAMPLE, Options(), skip=("government_fund",)).text
    report = tmp_path / "report.txt"
    report.write_text(text, encoding="utf-8")
    entry = add(report, data)
    capsys.readouterr()
    open_report(entry.year, entry.unit, data)
    name = Path(entry.file).name
    assert capsys.readouterr().err == f"MissingTableWarning: {name}: no table government_fund\n"
