"""What is not a whole, readable final account gets one clear error, and never a partial answer."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layout.canvas import Options
from layout.facts import Laid
from layout.headers import TITLES
from layout.sample import SAMPLE
from layout.text_writer import lay_out

import qy_finance
from qy_finance.errors import (
    DamagedReportError,
    EmptyReportError,
    MissingTableError,
    MissingTableWarning,
    NotAReportError,
    ReportError,
    TruncatedReportError,
    UnreadableNumberError,
)
from qy_finance.readers import Document
from qy_finance.reading import reading_of

LAID = lay_out(SAMPLE, Options(page_numbers=" {} "))
TABLES = tuple(TITLES)
WHOLE = reading_of(Document(Path("whole.txt"), LAID.text))

NEWS = """我市召开数字政府建设推进会

本报讯（记者 李明）5 月 12 日，我市召开数字政府建设推进会，总结 2022 年工作，部署 2023 年任务。

会议指出，去年全市 12345 热线共受理群众诉求 114.86 万件，同比增长 51.07%，财政投入 3,471.99 万元，
比上年增加 849.61 万元。会议强调，要持续优化营商环境，推动政务服务提质增效。
"""

BUDGET = """第一部分：洛阳市教育局概况

一、部门主要职责

第二部分：洛阳市教育局 2022 年部门预算表

表 1

收支总体情况表

单位名称：洛阳市教育局  单位：万元

收入 支出

项目 2022 年预算 项目 2022 年预算

一、财政拨款 1,200.00 一、基本支出 800.00

二、财政专户拨款 0.00 二、项目支出 400.00

本年收入合计 1,200.00 本年支出合计 1,200.00

第三部分：洛阳市教育局 2022 年部门预算情况说明

2022 年本部门收入预算 1,200.00 万元，比上年增加 100.00 万元，增长 9.09%。
"""


def _file(folder: Path, content: str | bytes, name: str = "某部门决算.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _tells(error: ReportError, path: Path, line: int | None = None) -> None:
    """One line that names the file, perhaps the line in it, and says what was expected."""
    assert path.name in str(error)
    assert "expected" in str(error)
    assert error.expected
    assert "\n" not in str(error)
    if line:
        assert re.search(rf"\b{line}\b", error.place)


@pytest.mark.parametrize("content", [b"", b" \n\n \t\r\n", "\u3000\n\ufeff".encode(), b"\f\n\f"])
def test_a_file_without_text(content: bytes, tmp_path: Path) -> None:
    path = _file(tmp_path, content)
    with pytest.raises(EmptyReportError) as caught:
        qy_finance.read_report(path)
    _tells(caught.value, path)


@pytest.mark.parametrize(
    "content",
    [
        random.Random(1).randbytes(20_000),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + random.Random(2).randbytes(500),
        bytes(range(256)),
        NEWS,
        BUDGET,
        "部门决算",
        LAID.text[: LAID.spans[TABLES[0]].start].split("第二部分")[0],
    ],
    ids=["random", "png", "bytes", "news", "budget", "two words", "first part only"],
)
def test_another_kind_of_file(content: str | bytes, tmp_path: Path) -> None:
    path = _file(tmp_path, content)
    with pytest.raises(NotAReportError) as caught:
        qy_finance.read_report(path)
    _tells(caught.value, path)


def test_a_package_that_is_cut_off(tmp_path: Path) -> None:
    path = _file(tmp_path, b"PK\x03\x04" + random.Random(3).randbytes(500))
    with pytest.raises(DamagedReportError) as caught:
        qy_finance.read_report(path)
    _tells(caught.value, path)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_cut_off_inside_a_table(data: st.DataObject, tmp_path: Path) -> None:
    """Wherever among its rows the text stops, the report is said to be cut off there."""
    table = data.draw(st.sampled_from(TABLES))
    span = LAID.spans[table]
    end = span.last_row if span.last_row > span.rows else _after_five_cells(LAID, table)
    offset = data.draw(st.integers(span.rows + 1, end))
    path = _file(tmp_path, LAID.text[:offset])
    with pytest.raises(TruncatedReportError) as caught:
        qy_finance.read_report(path)
    _tells(caught.value, path)
    assert caught.value.place


def _after_five_cells(laid: Laid, table: str) -> int:
    """A place in the middle of a table that has a single row."""
    row = laid.text[laid.spans[table].rows :]
    cells = list(re.finditer(r"[\d,]+\.\d\d ", row))
    return laid.spans[table].rows + cells[min(4, len(cells) - 1)].start()


@pytest.mark.parametrize("last", range(len(TABLES) - 1), ids=TABLES[:-1])
def test_cut_off_after_a_whole_table(last: int, tmp_path: Path) -> None:
    """The tables that are there are read, those after them are listed; or it is an error."""
    path = _file(tmp_path, LAID.text[: LAID.spans[TABLES[last + 1]].start])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingTableWarning)
            report = qy_finance.read_report(path)
    except TruncatedReportError as error:
        _tells(error, path)
    else:
        assert set(report.meta["missing_tables"]) == set(TABLES[last + 1 :])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_missing(table: str, tmp_path: Path) -> None:
    """The others are read as ever, the lack is announced, listed and an error where it matters."""
    laid = lay_out(SAMPLE, skip=[table])
    path = _file(tmp_path, laid.text)
    with pytest.warns(MissingTableWarning) as warned:
        report = qy_finance.read_report(path)
    assert any(table in str(w.message) or TITLES[table][0] in str(w.message) for w in warned)
    assert tuple(report.meta["missing_tables"]) == (table,)
    rows = report.observations.dropna(subset=["table"]).sort_values("start")
    found = list(zip(rows["table"], rows["column"], rows["printed"], strict=True))
    assert found == [(c.table, c.column, c.printed) for c in laid.cells]
    with pytest.raises(MissingTableError) as caught:
        report.tables[table]
    assert table in str(caught.value) or TITLES[table][0] in str(caught.value)
    for other in set(TABLES) - {table}:
        assert len(report.tables[other])


def test_a_whole_report_gives_no_warning(tmp_path: Path) -> None:
    path = _file(tmp_path, LAID.text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = qy_finance.read_report(path)
    assert tuple(report.meta["missing_tables"]) == ()
    assert set(report.tables) == set(TABLES)


def _spoilt(table: str, printed: str) -> tuple[str, int]:
    """The text with one figure in the middle of a table replaced, and the line of that figure."""
    span = LAID.spans[table]
    rows = LAID.text[span.rows : span.end]
    figures = list(re.finditer(r"(?<= )[\d,]+\.\d\d(?= )", rows))
    figure = figures[len(figures) // 2]
    start = span.rows + figure.start()
    text = LAID.text[:start] + printed + LAID.text[start + len(figure.group()) :]
    return text, text.count("\n", 0, start) + 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("printed", ["3,4O1.99", "12.3.4", "３,471", "#REF!"])
def test_a_figure_that_is_none(table: str, printed: str, tmp_path: Path) -> None:
    """That table is missing with its reason, its numerals are told, and everything else is read."""
    text, line = _spoilt(table, printed)
    path = _file(tmp_path, text)
    with pytest.warns(MissingTableWarning) as warned:
        report = qy_finance.read_report(path)
    error = report.reading.unread[table]
    assert isinstance(error, UnreadableNumberError)
    _tells(error, path, line)
    assert printed in str(error)
    assert any(str(error) in str(warning.message) for warning in warned)
    assert report.meta["unread_tables"] == {table: str(error)}
    assert report.meta["missing_tables"] == (table,)
    rows = report.observations.dropna(subset=["table"]).sort_values("start")
    found = list(zip(rows["table"], rows["column"], rows["printed"], strict=True))
    others = [cell for cell in LAID.cells if cell.table != table]
    assert found == [(cell.table, cell.column, cell.printed) for cell in others]
    prose = report.observations.loc[report.observations["table"].isna(), "printed"]
    assert list(prose) == [f.printed for f in WHOLE.prose]
    span, unclaimed = LAID.spans[table], report.unclaimed()
    told = unclaimed[unclaimed["reason"] == "unread table"]
    assert told["start"].between(span.start, span.end + len(printed)).all()
    assert len(told) >= sum(cell.table == table for cell in LAID.cells) - 1


@pytest.mark.parametrize("table", TABLES)
def test_a_dash_is_a_blank_or_an_error(table: str, tmp_path: Path) -> None:
    """A dash where a figure belongs may stand for nothing, but never for another figure."""
    text, line = _spoilt(table, "—")
    path = _file(tmp_path, text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        report = qy_finance.read_report(path)
    rows = report.observations.dropna(subset=["table"])
    if error := report.reading.unread.get(table):
        _tells(error, path, line)
        assert len(rows) == sum(cell.table != table for cell in LAID.cells)
    else:
        assert len(rows) == len(LAID.cells) - 1


def test_a_row_that_lacks_a_figure_and_ends_with_a_dash(tmp_path: Path) -> None:
    span = LAID.spans["income"]
    rows = LAID.text[span.rows : span.end]
    ends = re.search(r" [\d,.]+ [\d,.]+ ?\n", rows)
    assert ends
    start, end = (span.rows + at for at in ends.span())
    path = _file(tmp_path, f"{LAID.text[:start]} — \n{LAID.text[end:]}")
    report = qy_finance.read_report(path)
    unread = report.unclaimed().query("reason == 'unread cell'")
    assert set(unread["line"]) == {LAID.text.count("\n", 0, start) + 1}
    assert report.meta["unread_tables"] == {}


def _first_figure(row: re.Match[str]) -> int:
    figure = re.search(r"\d", row.group())
    assert figure
    return figure.start()


@pytest.mark.parametrize("separators", [True, False])
def test_copies_that_contradict_each_other(separators: bool, tmp_path: Path) -> None:
    """The 合计 row that every page repeats is one row; a copy that differs is not taken for a copy."""
    laid = lay_out(SAMPLE, Options(rows_per_page=4, separators=separators))
    span = laid.spans["expenditure"]
    copies = list(re.finditer(r" 合计 [^\n]+", laid.text[span.rows : span.end]))
    assert len(copies) > 1
    figure = re.search(r"\d(?=\.\d\d )", copies[1].group())
    assert figure
    at = span.rows + copies[1].start() + figure.start()
    changed = str((int(laid.text[at]) + 1) % 10)
    path = _file(tmp_path, laid.text[:at] + changed + laid.text[at + 1 :])
    observations = qy_finance.read_report(path).observations
    totals = observations[
        (observations["table"] == "expenditure") & (observations["item"] == "合计")
    ]
    twice = totals[totals.duplicated("column", keep=False)]
    assert list(twice["start"]) == [
        twice["start"].iloc[0],
        span.rows + copies[1].start() + _first_figure(copies[1]),
    ]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("gbk"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode("gbk"),
    ],
    ids=["GB18030", "GBK", "BOM", "CRLF", "BOM and CRLF", "GBK and CRLF"],
)
def test_encodings_and_line_ends(encode: Callable[[str], bytes], tmp_path: Path) -> None:
    """The same text in another encoding is the same report."""
    plain = qy_finance.read_report(_file(tmp_path, LAID.text, "plain.txt"))
    other = qy_finance.read_report(_file(tmp_path, encode(LAID.text), "other.txt"))
    columns = ["table", "side", "code", "item", "column", "measure", "printed", "line"]
    assert other.observations[columns].equals(plain.observations[columns])
    for row in other.observations.itertuples():
        assert other.text[row.start : row.end] == row.printed


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises((FileNotFoundError, ReportError), match=r"nowhere\.txt"):
        qy_finance.read_report(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_cut_off_within_a_character(encoding: str, tmp_path: Path) -> None:
    """A download that stopped leaves half a character: the report is cut off, not binary."""
    whole = LAID.text[: LAID.spans["income"].rows].rstrip() + "表"
    path = _file(tmp_path, whole.encode(encoding)[:-1])
    with pytest.raises(TruncatedReportError) as caught:
        qy_finance.read_report(path)
    _tells(caught.value, path)


@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_a_heading_that_names_nobody_is_no_unit(tmp_path: Path) -> None:
    """Where the tables name no unit, “第一部分 部门概况” does not either; the cover does."""
    text = (Path(__file__).parent / "reconciliation" / "anhui_water.txt").read_text("utf-8")
    assert "第一部分 部门概况" in text
    unnamed = text.replace("部门：皖江市水利局 金额单位", "金额单位")
    report = qy_finance.read_report(_file(tmp_path, unnamed))
    assert report.meta["unit"] == "皖江市水利局"
