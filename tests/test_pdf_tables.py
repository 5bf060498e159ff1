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
from qy_finance.errors import MissingTableError, MissingTableWarning, UnreadableNumberError
from qy_finance.readers import read_document
from qy_finance.report import report_of

TABLE = "expenditure"
MISPRINT = "3,4O1.99"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("misprint") / "report.pdf"
    account = contents(SAMPLE, GUANGDONG)
    at = next(at for at, cell in enumerate(account.cells) if cell.table == TABLE)
    cells = list(account.cells)
    cells[at] = replace(cells[at], printed=MISPRINT)
    lay_out_contents(replace(account, cells=cells), GUANGDONG, path)
    with pytest.warns(MissingTableWarning, match=rf"not read: .*{MISPRINT}") as caught:
        read = read_report(path)
    assert len(caught) == 1
    return read


def test_it_is_missing_and_the_others_are_there(report: Report) -> None:
    assert report.meta["missing_tables"] == (TABLE,)
    assert len(report.tables) == 8
    with pytest.raises(MissingTableError):
        report.tables[TABLE]


def test_its_figures_are_unknown_not_gone(report: Report) -> None:
    unclaimed = report.unclaimed()
    unknown = unclaimed[unclaimed["reason"] == "unknown"]
    assert len(unknown) > 10
    assert not report.observations["table"].eq(TABLE).fillna(value=False).any()


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


def test_a_document_says_how_strictly_it_is_to_be_read(tmp_path: Path) -> None:
    """Whether one table is refused or all: not because a source has no pages, but because it says so."""
    laid = lay_out(SAMPLE)
    printed = next(cell.printed for cell in laid.cells if cell.table == TABLE)
    at = laid.text.index(printed, laid.spans[TABLE].rows)
    path = tmp_path / "report.txt"
    text = laid.text[:at] + MISPRINT + laid.text[at + len(printed) :]
    path.write_text(text, encoding="utf-8")
    document = read_document(path)
    assert (document.strict, document.paged, document.layout) == (True, False, None)
    with pytest.raises(UnreadableNumberError):
        report_of(document)
    with pytest.warns(MissingTableWarning, match="not read"):
        read = report_of(replace(document, strict=False))
    assert read.meta["missing_tables"] == (TABLE,)
    offset = document.text.index(MISPRINT)
    line = document.text.count("\n", 0, offset) + 1
    assert (document.place(offset), document.where(offset)) == (f"line {line}", f"第{line}行")
