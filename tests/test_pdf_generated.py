"""Reports of fictional departments, laid out as PDFs and read back.

The writer records every figure and where it draws it; nothing here shares code with the parser.
What an observation's box holds is asked of pdfplumber, which reads the same pages in its own way.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pdfplumber
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from layout.accounts import Account
from layout.draws import accounts
from layout.facts import Fact
from layout.pdf_options import GUANGDONG, SHANGHAI, VARIANTS, PdfOptions, options
from layout.pdf_paper import Place
from layout.pdf_writer import LaidPdf, lay_out_pdf
from layout.sample import SAMPLE
from test_generated import ACCOUNTS, check_kpis, check_meta, check_prose

import qy_finance
from qy_finance.errors import UnreadableNumberError, UnreadableRowError

Case = tuple[Account, PdfOptions]
pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

CASES: dict[str, Case] = {
    **{name: (SAMPLE, layout) for name, layout in VARIANTS.items()},
    **{name: (account, GUANGDONG) for name, account in ACCOUNTS.items()},
    "Shanghai, no government fund": (ACCOUNTS["no government fund"], SHANGHAI),
    "Shanghai, 2025": (ACCOUNTS["2025"], SHANGHAI),
}
# Layouts in which what stands in a box is not a matter of course.
BOXED = (
    "Guangdong",
    "Shanghai",
    "no ruling lines",
    "digits of the Chinese font",
    "digits lower",
    "digits higher",
    "justified lines",
    "each character by itself",
    "pages rotated by 90",
    "pages rotated by 270",
    "portrait pages rotated by 90",
)
NOWHERE = Place(0, 0.0, 0.0, 0.0, 0.0)
NEAR = 2.5  # points: a glyph's box against the place that its type takes


class Read:
    """A PDF, what was laid out in it, and what was read in it."""

    def __init__(self, account: Account, layout: PdfOptions, path: Path) -> None:
        self.path, self.account = path, account
        self.laid: LaidPdf = lay_out_pdf(account, layout, path)
        self.report = qy_finance.read_report(path)


def assert_same(laid: Iterable[object], found: Iterable[object]) -> None:
    """Fail with what was laid out and isn't read (-) and what is read and wasn't laid out (+)."""
    lines = difflib.unified_diff([*map(str, laid)], [*map(str, found)], n=0, lineterm="")
    wrong = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    if wrong:
        pytest.fail("\n".join(["", *wrong]), pytrace=False)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _cell(cell: Any) -> tuple[str, ...]:
    """A figure of a table by what it says, of the writer's or of the reader's making."""
    parts = (cell.table, cell.side, cell.code, cell.item, cell.column, cell.printed)
    return tuple(map(_text, parts))


def _number(printed: str) -> float:
    return float(printed.replace(",", ""))


def _of_tables(report: qy_finance.Report) -> list[Any]:
    rows = report.observations.dropna(subset=["table"])
    return sorted(rows.itertuples(), key=_cell)


def _of_prose(report: qy_finance.Report) -> list[Any]:
    observations = report.observations
    return list(observations[observations["table"].isna()].sort_values("start").itertuples())


def check_tables(read: Read) -> None:
    """Every cell of every table with its value, year and page, and no other."""
    cells = sorted(read.laid.cells, key=lambda pair: _cell(pair[0]))
    wanted = [
        (*_cell(cell), _number(cell.printed), read.account.year, place.page)
        for cell, place in cells
    ]
    found = [
        (*_cell(row), float(row.value), int(row.year), int(row.page))
        for row in _of_tables(read.report)
    ]
    assert_same(wanted, found)


def check_sentences(read: Read) -> None:
    check_prose(read.laid, read.account, read.report)  # type: ignore[arg-type]


def check_account(read: Read) -> None:
    check_meta(read.laid, read.account, read.report)  # type: ignore[arg-type]
    check_kpis(read.laid, read.account, read.report)  # type: ignore[arg-type]


def check_numerals(read: Read) -> None:
    """Each figure stands where it is said to stand, and no numeral is left unexplained."""
    report = read.report
    for row in report.observations.itertuples():
        assert report.text[row.start : row.end] == row.printed
        assert report.text.count("\n", 0, row.start) + 1 == row.line
    unclaimed = report.unclaimed()
    unknown = unclaimed[unclaimed["reason"] == "unknown"]
    assert unknown.empty, unknown.to_string()


def check_places(read: Read) -> None:
    """Each figure's box lies where it was drawn."""
    laid = read.laid
    found = [(_cell(row), row) for row in _of_tables(read.report)]
    drawn = {_cell(cell): place for cell, place in laid.cells}
    pairs = [(drawn[cell], row) for cell, row in found if cell in drawn]
    pairs += _of_facts(laid, _of_prose(read.report))
    wrong = [
        f"{row.printed} {_box(row)}, drawn at {place}" for place, row in pairs if _far(place, row)
    ]
    assert not wrong, "\n".join(wrong)


def _of_facts(laid: LaidPdf, rows: list[Any]) -> list[tuple[Place, Any]]:
    """Each figure that is read in the prose with the place of the fact that it is."""
    pairs: list[tuple[Place, Any]] = []
    facts = iter(zip(laid.facts, laid.places, strict=True))
    for row in rows:
        pairs += [next(((place, row) for fact, place in facts if _is(fact, row)), (NOWHERE, row))]
    return pairs


def _is(fact: Fact, row: Any) -> bool:
    return fact.printed == row.printed and (not fact.optional or row.measure in fact.measures)


def _box(row: Any) -> tuple[float, ...]:
    return (row.x0, row.top, row.x1, row.bottom)


def _far(place: Place, row: Any) -> bool:
    """Whether a figure's box and the place where it was drawn are not one."""
    beside = abs(row.x0 - place.x0) > NEAR or abs(row.x1 - place.x1) > NEAR
    middle = (place.top + place.bottom) / 2
    return bool(row.page != place.page or beside or not row.top < middle < row.bottom)


def check_boxes(read: Read) -> None:
    """The characters of the page inside a figure's box are the figure.

    Looked at are the pages with most figures of tables with two sides, of others and of prose.
    """
    observations = read.report.observations
    kinds = [observations["table"].isna(), observations["side"].isna()]
    pages = observations.groupby(kinds)["page"].agg(lambda page: page.mode()[0])
    with pdfplumber.open(read.path, pages=sorted({*pages})) as pdf:
        for page in pdf.pages:
            rows = observations[observations["page"] == page.page_number]
            wrong = [
                f"{row.printed} {_box(row)}: {inside!r}"
                for row in rows.itertuples()
                if (inside := _inside(page.chars, row)) != row.printed
            ]
            assert not wrong, "\n".join([f"page {page.page_number}", *wrong])
            assert (rows["x0"] >= 0).all()
            assert (rows["top"] >= 0).all()
            assert (rows["x1"] <= page.width).all()
            assert (rows["bottom"] <= page.height).all()


def _inside(chars: list[dict[str, Any]], row: Any) -> str:
    middles = sorted(
        ((c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2, c["text"]) for c in chars
    )
    return "".join(
        text for x, y, text in middles if row.x0 <= x <= row.x1 and row.top <= y <= row.bottom
    )


CHECKS: tuple[Callable[[Read], None], ...] = (
    check_tables,
    check_sentences,
    check_account,
    check_numerals,
    check_places,
)


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    read = Read(*CASES[name], tmp_path / "report.pdf")
    for check in (*CHECKS, check_boxes) if name in BOXED else CHECKS:
        check(read)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated") / "report.pdf"


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(account=accounts(), layout=options)
def test_any_account_in_any_layout(account: Account, layout: PdfOptions, scratch: Path) -> None:
    read = Read(account, layout, scratch)
    for check in CHECKS:
        check(read)


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(account=accounts(), layout=options)
def test_without_ruling_lines_nothing_wrong_is_read(
    account: Account, layout: PdfOptions, scratch: Path
) -> None:
    """Where the columns of a table without lines are in doubt, the reader says so.

    Nor does it take the rows of such a table for sentences.
    """
    try:
        read = Read(account, replace(layout, ruled="none"), scratch)
    except (UnreadableRowError, UnreadableNumberError):
        return
    laid = {_cell(cell) for cell, _ in read.laid.cells}
    assert_same([], sorted({_cell(row) for row in _of_tables(read.report)} - laid))
    check_sentences(read)
