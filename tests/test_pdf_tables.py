"""A document of which one table can't be read: it says itself whether the others are read, or all is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from layout.pdf_options import GUANGDONG
from layout.pdf_writer import contents, lay_out_contents
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import Report, read_report
from qy_finance.errors import MissingTableError, MissingTableWarning
from qy_finance.readers import read_document

TABLE = "expenditure"
MISPRINT = "3,4O1.99"


def _misprinted(path: Path, number: int) -> int:
    """Print the sample report with that many misprints in a table; returns how many figures the table has."""
    account = contents(SAMPLE, GUANGDONG)
    places = [at for at, cell in enumerate(account.cells) if cell.table == TABLE]
    cells = list(account.cells)
    for at in places[::4][:number]:
        cells[at] = replace(cells[at], printed=MISPRINT)
    lay_out_contents(replace(account, cells=cells), GUANGDONG, path)
    return len(places)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("misprint") / "report.pdf"
    figures = _misprinted(path, 12)
    assert (figures - 12) / 10 + 1 < 12
    with pytest.warns(MissingTableWarning, match=rf"not read: .*{MISPRINT}") as caught:
        read = read_report(path)
    assert len(caught) == 1
    return read


def test_it_is_missing_and_the_others_are_there(report: Report) -> None:
    assert report.meta["missing_tables"] == (TABLE,)
    assert len(report.tables) == 8
    with pytest.raises(MissingTableError):
        report.tables[TABLE]


def test_its_figures_are_told(report: Report) -> None:
    unclaimed = report.unclaimed()
    assert (unclaimed["reason"] == "unread table").sum() > 10
    assert not (unclaimed["reason"] == "unknown").any()
    assert not report.observations["table"].eq(TABLE).fillna(value=False).any()


def test_a_cell_that_cannot_be_read_is_told_and_the_rest_of_its_table_is_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.pdf"
    figures = _misprinted(path, 1)
    report = read_report(path)
    assert report.meta["missing_tables"] == ()
    assert report.observations["table"].eq(TABLE).fillna(value=False).sum() == figures - 1
    unread = report.unclaimed().query("reason == 'unread cell'")
    assert list(unread["printed"]) == ["3,4", "1.99"] or list(unread["printed"]) == [
        "3",
        "4",
        "1.99",
    ]


def test_of_two_sets_of_tables_the_first_is_read(tmp_path: Path) -> None:
    """An annex that prints the tables again, of the same or another account, is not mixed with them."""
    text = lay_out(SAMPLE).text
    once, twice = tmp_path / "once.txt", tmp_path / "twice.txt"
    once.write_text(text, encoding="utf-8")
    twice.write_text(text + lay_out(replace(SAMPLE, year=2021)).text, encoding="utf-8")
    first, both = read_report(once), read_report(twice)
    figures = both.observations.dropna(subset="table")
    assert list(figures["start"]) == list(first.observations.dropna(subset="table")["start"])
    reasons = both.unclaimed().query("start >= @text.__len__()")["reason"]
    assert (reasons == "other table").sum() > 100


def test_a_place_is_a_line_where_there_are_no_pages(tmp_path: Path) -> None:
    laid = lay_out(SAMPLE)
    path = tmp_path / "report.txt"
    path.write_text(laid.text, encoding="utf-8")
    document = read_document(path)
    assert (document.open_ended, document.paged, document.layout) == (True, False, None)
    offset = document.text.index("合计", laid.spans[TABLE].rows)
    line = document.text.count("\n", 0, offset) + 1
    assert (document.place(offset), document.where(offset)) == (f"line {line}", f"第{line}行")
