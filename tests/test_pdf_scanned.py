"""Reports of which pages are pictures: recognised where the extra is installed, told of where it isn't."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from layout.pdf_options import SHANGHAI
from layout.pdf_writer import LaidPdf, lay_out_pdf
from layout.sample import SAMPLE
from layout.scan import scan
from layout.text_writer import lay_out
from mutation.edit import edited

import qy_finance
from qy_finance import read_report
from qy_finance.errors import (
    ReviewWarning,
    ScannedReportError,
)
from qy_finance.readers import read_document
from qy_finance.readers.scanned import ocr
from qy_finance.report import report_of

needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")
TABLE = "general_budget_expenditure"
PLAIN = replace(SHANGHAI, seed=3)


@dataclass(frozen=True)
class Original:
    """A PDF with text, and what is laid out on it."""

    path: Path
    laid: LaidPdf

    def pages_of(self, table: str) -> list[int]:
        return sorted({place.page for cell, place in self.laid.cells if cell.table == table})


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    path = tmp_path_factory.mktemp("scanned") / "original.pdf"
    return Original(path, lay_out_pdf(SAMPLE, PLAIN, path))


@pytest.fixture(scope="module")
def mixed(original: Original) -> qy_finance.Report:
    """One table as a tilted, noisy picture, everything else as text."""
    path = original.path.with_name("mixed.pdf")
    scan(original.path, path, original.pages_of(TABLE), tilt=0.6, noise=6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReviewWarning)
        return read_report(path)


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)


COLUMNS = ["side", "code", "item", "column", "printed", "value", "page"]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[COLUMNS].sort_values(COLUMNS, ignore_index=True)


@needs_ocr
def test_a_table_as_a_picture_among_text_reads_the_same(
    original: Original, mixed: qy_finance.Report
) -> None:
    printed = read_report(original.path).observations
    read = mixed.observations
    assert mixed.meta["missing_tables"] == ()
    for table, expected in printed.groupby("table"):
        pd.testing.assert_frame_equal(_plain(read[read["table"] == table]), _plain(expected))


@needs_ocr
def test_only_what_was_recognised_has_a_confidence(mixed: qy_finance.Report) -> None:
    read = mixed.observations
    recognised = read["table"].eq(TABLE).fillna(value=False)
    assert read.loc[recognised, "confidence"].between(0, 1).all()
    assert read.loc[~recognised, "confidence"].isna().all()
    assert set(mixed.review()["table"]) <= {TABLE}


@needs_ocr
def test_boxes_lie_where_the_tilted_page_shows_the_figure(
    original: Original, mixed: qy_finance.Report
) -> None:
    """Turned by 0.6 degrees about its middle, a page moves by up to 4 points at its margin."""
    both = read_report(original.path).observations.merge(
        mixed.observations.dropna(subset="confidence"), on=["table", "code", "item", "column"]
    )
    assert len(both) > 10
    shift = both[["x0_y", "top_y"]].to_numpy() - both[["x0_x", "top_x"]].to_numpy()
    assert abs(shift).max() > 2.5  # the page is tilted
    page = 842, 595
    x = both["x0_x"] - page[0] / 2
    y = both["top_x"] - page[1] / 2
    sine = 0.01047
    assert abs(shift[:, 0] - y * sine).max() < 2
    assert abs(shift[:, 1] + x * sine).max() < 2


def test_without_the_extra_an_error_names_the_pages_and_what_to_install(
    original: Original, without_ocr: None
) -> None:
    pages = original.pages_of("income")
    path = original.path.with_name("income.pdf")
    scan(original.path, path, pages)
    with pytest.raises(ScannedReportError) as caught:
        read_report(path)
    assert caught.value.place == f"page {', '.join(map(str, pages))}"
    assert "qy_finance[ocr]" in str(caught.value)


def test_a_cover_that_is_a_picture_is_no_loss(original: Original, without_ocr: None) -> None:
    path = original.path.with_name("cover.pdf")
    scan(original.path, path, [1])
    report = read_report(path)
    assert report.meta["unit"] == SAMPLE.unit
    assert report.meta["missing_tables"] == ()


def test_a_pdf_of_pictures_only(original: Original, without_ocr: None) -> None:
    path = original.path.with_name("two.pdf")
    scan(original.path, path, range(1, original.laid.pages + 1))
    with pytest.raises(ScannedReportError, match="pictures"):
        read_report(path)


def test_a_figure_that_the_sums_contradict_is_in_doubt(tmp_path: Path) -> None:
    """The wrong one alone where the other sums determine it."""
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE).text, encoding="utf-8")
    report = read_report(path)
    assert report.checks.misread == set()
    frame = report.observations
    row = frame[(frame["table"] == "expenditure") & (frame["column"] == "基本支出")].index[-1]
    start, end = int(frame.loc[row, "start"]), int(frame.loc[row, "end"])
    document = edited(read_document(path), start, end, "9,999.99")
    assert report_of(document).checks.misread == {row}
