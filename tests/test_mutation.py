"""Reports in which one printed figure is changed: the checks must notice, and name it.

Changed is the document, as its reader makes it, so that text and PDF go the same way; that this is what a
changed file gives is a test of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from golden import shanghai_2024
from hypothesis import HealthCheck, Phase, given, settings
from layout.accounts import Account
from layout.canvas import Options
from layout.draws import accounts
from layout.pdf_options import GUANGDONG, SHANGHAI, PdfOptions
from layout.pdf_options import options as pdf_options
from layout.pdf_writer import contents, lay_out_contents, lay_out_pdf
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from layout.text_writer import options as text_options
from mutation.edit import edited
from mutation.harness import KINDS, Outcome, Tally, changed, outcomes, read, share, summary

from qy_finance import catalogue
from qy_finance.form import final_accounts
from qy_finance.readers import Document, read_document
from qy_finance.report import Report

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

QINGYUAN = catalogue.load(Path(__file__).parents[1] / "data")
TALL = 2.5  # points by which digits differ in height

# ------------------------------------------------------------- an edited document is what a changed file gives


def _text(account: Account, layout: Options, folder: Path) -> Document:
    path = folder / "report.txt"
    path.write_text(lay_out(account, layout).text, encoding="utf-8", newline="")
    return read_document(path)


def _pdf(account: Account, layout: PdfOptions, folder: Path) -> Document:
    lay_out_pdf(account, layout, folder / "report.pdf")
    return read_document(folder / "report.pdf")


def _places(report: Report) -> list[tuple[int, int, str]]:
    rows = report.observations[["start", "end", "printed"]].itertuples(index=False)
    return [(int(start), int(end), str(printed)) for start, end, printed in rows]


@pytest.fixture(scope="module")
def qingyuan() -> Document:
    return read_document(QINGYUAN.path(QINGYUAN.find(2022)))


def observed(document: Document) -> pd.DataFrame:
    """What is read of it, but for the ids: they tell files apart, and an edited document is of none."""
    return read(document).observations.drop(columns="figure")


def test_an_edited_text_is_what_its_file_gives(qingyuan: Document, tmp_path: Path) -> None:
    path = tmp_path / qingyuan.path.name
    for at, (start, end, printed) in list(enumerate(_places(read(qingyuan))))[::120]:
        for replacement in (changed(printed, at, separators=True), "1,234,567.8"):
            document = edited(qingyuan, start, end, replacement)
            path.write_text(document.text, encoding="utf-8", newline="")
            assert observed(document).equals(observed(read_document(path)))


@pytest.mark.parametrize(
    ("layout", "printed", "replacement"),
    [
        (GUANGDONG, "237.24", "236.74"),
        (GUANGDONG, "0.63", "10.13"),
        (SHANGHAI, "35.45", "35.95"),
        (SHANGHAI, "62.83", "63.33"),
    ],
)
def test_an_edited_pdf_is_what_its_print_gives(
    layout: PdfOptions, printed: str, replacement: str, tmp_path: Path
) -> None:
    """For the first cell, or else the first figure of the prose, that is printed so."""
    says = contents(SAMPLE, layout)
    at = next((at for at, cell in enumerate(says.cells) if cell.printed == printed), None)
    if at is None:
        prose = "\n".join(says.explanations)
        explanations = prose.replace(printed, replacement, 1).split("\n")
        again = replace(says, explanations=explanations)
    else:
        cells = [*says.cells]
        cells[at] = replace(cells[at], printed=replacement)
        again = replace(says, cells=cells)
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    lay_out_contents(says, layout, before)
    lay_out_contents(again, layout, after)
    document, wanted = read_document(before), read_document(after)
    start, end, _ = next(place for place in _places(read(document)) if place[2] == printed)
    found = edited(document, start, end, replacement)
    assert found.text == wanted.text
    assert found.lines == wanted.lines
    assert found.furniture == wanted.furniture
    assert [grid._replace(xs=()) for grid in found.grids] == [
        grid._replace(xs=()) for grid in wanted.grids
    ]
    boxes = ["x0", "top", "x1", "bottom"]
    one, other = observed(found), observed(wanted)
    assert one.drop(columns=boxes).equals(other.drop(columns=boxes))
    same = one["start"] != start if len(printed) != len(replacement) else one["start"] >= 0
    assert (one.loc[same, boxes] - other.loc[same, boxes]).abs().to_numpy().max() < TALL


# -------------------------------------------------------------------------------------------- the harness itself


def _one_row(report: Report) -> pd.DataFrame:
    """As checks: whether 合计 of one table is 基本支出 and 项目支出."""
    frame = report.observations
    table = frame["table"].eq("general_budget_expenditure") & frame["item"].eq("合计")
    rows = frame[table.fillna(value=False)]
    total, basic, project = rows["value"]
    difference = round(total - basic - project, 2)
    return pd.DataFrame(
        {
            "check_id": ["sum"],
            "status": ["break" if difference else "exact"],
            "lhs": [total],
            "rhs": [basic + project],
            "difference": [difference],
            "observations": [tuple(rows.index)],
        }
    )


def test_the_harness_sees_what_a_check_notices(tmp_path: Path) -> None:
    others = [table for table in final_accounts().ids if table != "general_budget_expenditure"]
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, skip=others).text, encoding="utf-8")
    document = read_document(path)
    found = list(outcomes(document, _one_row, prose=20))
    assert not [o for o in found if o.refused]
    tallies = {kind: Tally.of(kind, found) for kind in KINDS}
    assert {kind: len(tally.noticed) for kind, tally in tallies.items()} == {
        "table": 3,
        "amount": 0,
        "percent": 0,
    }
    table = tallies["table"]
    assert (len(table.reached), len(table.missed), len(table.single)) == (3, 0, 3)
    assert len(table.named) == 1  # of a single sum, what stands first is named
    assert len(table.unreached) == len(table.counted) - 3


@pytest.mark.parametrize(
    ("printed", "row", "replacement"),
    [
        ("3,471.99", 1, "3,471.49"),
        ("999.80", 2, "1,000.30"),
        ("0.00", 1, "0.50"),
        ("62.7", 1, "62.2"),
        ("100", 2, "100.5"),
        ("6467.51", 2, "6468.01"),
    ],
)
def test_a_changed_figure_keeps_its_style(printed: str, row: int, replacement: str) -> None:
    assert changed(printed, row, separators=True) == replacement


# --------------------------------------------------------------------------------------------------- the bars


def _rich_accounts(count: int) -> list[Account]:
    """Accounts of a likely size with most to say, always the same."""
    drawn: list[Account] = []

    @settings(
        max_examples=100,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(accounts(least=1_000, largest=150_000))
    def collect(account: Account) -> None:
        drawn.append(account)

    collect()
    in_wan = sorted((a for a in drawn if a.money_unit == "万元"), key=_richness)
    richest = {account.unit: account for account in in_wan}
    return sorted(richest.values(), key=_richness)[-count:]


def _richness(account: Account) -> int:
    """How many of the amounts that a report speaks of are not zero."""
    bought = [amount for p in account.purchases for amount in (p.amount, p.sme, p.micro)]
    spent = [entry.appropriation[0] for entry in account.entries]
    return sum(map(bool, [*account.amounts().values(), *bought, *spent[:3]]))


def _generated(folder: Path) -> dict[str, Document]:
    first, second, third, fourth = _rich_accounts(4)
    return {
        "text, Guangdong": _text(first, Options(), folder),
        "text, Shanghai": _text(second, Options(prose_style="shanghai", seed=3), folder),
        "pdf, Guangdong": _pdf(third, GUANGDONG, folder),
        "pdf, Shanghai": _pdf(fourth, SHANGHAI, folder),
    }


@pytest.fixture(scope="module")
def of_real_text(qingyuan: Document) -> list[Outcome]:
    return list(outcomes(qingyuan, cells=40, prose=3))


@pytest.fixture(scope="module")
def of_real_pdf() -> list[Outcome]:
    if not shanghai_2024.REPORT.exists():
        pytest.skip(f"no {shanghai_2024.REPORT.name} beside the checkout")
    return list(outcomes(read_document(shanghai_2024.REPORT), cells=10, prose=3))


@pytest.fixture(scope="module")
def of_generated(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    documents = _generated(tmp_path_factory.mktemp("generated"))
    return [
        found for document in documents.values() for found in outcomes(document, cells=80, prose=5)
    ]


@pytest.fixture(params=["of_real_text", "of_real_pdf", "of_generated"])
def found(request: pytest.FixtureRequest) -> list[Outcome]:
    result: list[Outcome] = request.getfixturevalue(request.param)
    return result


def _report(kind: str, tally: Tally, which: Iterable[Outcome]) -> str:
    lines = (f"{o.place} → {o.replacement} {o.unreached}" for o in which)
    return "\n".join([summary(kind, tally), *lines])


def test_nothing_else_is_read_differently(found: list[Outcome]) -> None:
    assert [(o.place, o.refused) for o in found if o.refused] == []


def test_cells_that_take_part_in_an_identity_are_noticed(found: list[Outcome]) -> None:
    tally = Tally.of("table", found)
    seen = [o for o in tally.reached if o.noticed]
    part = share(seen, tally.reached)
    assert part >= 0.99, _report("table", tally, tally.missed)


def test_amounts_of_the_prose_are_noticed(found: list[Outcome]) -> None:
    tally = Tally.of("amount", found)
    missed = [o for o in tally.counted if not o.noticed]
    part = share(tally.noticed, tally.counted)
    assert part >= 0.9, _report("amount", tally, missed)


def test_percentages_that_the_report_states_otherwise_too_are_noticed(
    found: list[Outcome],
) -> None:
    """An indicator that is printed once, and nothing else of the report implies, can change unnoticed."""
    tally = Tally.of("percent", found)
    seen = [o for o in tally.reached if o.noticed]
    part = share(seen, tally.reached)
    assert part >= 0.9, _report("percent", tally, tally.missed)


def test_one_changed_cell_is_one_break(found: list[Outcome]) -> None:
    tally = Tally.of("table", found)
    several = [o for o in tally.noticed if o not in tally.single]
    part = share(tally.single, tally.noticed)
    assert part >= 0.95, _report("table", tally, several)


def test_the_break_names_the_cell_where_it_is_determined(found: list[Outcome]) -> None:
    tally = Tally.of("table", found)
    other = [o for o in tally.determined if o not in tally.named]
    named = [o for o in tally.determined if o in tally.named]
    part = share(named, tally.determined)
    assert part >= 0.95, _report("table", tally, other)


# ------------------------------------------------------------------------------------------------ no false alarm


FIXED = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _breaks(document: Document) -> str:
    checks = read(document).check()
    return "\n".join(checks.loc[checks["status"] == "break", "message"])


@settings(FIXED, max_examples=15)
@given(account=accounts(), layout=text_options)
def test_a_consistent_text_has_no_break(
    account: Account, layout: Options, tmp_path_factory: pytest.TempPathFactory
) -> None:
    breaks = _breaks(_text(account, layout, tmp_path_factory.getbasetemp()))
    assert not breaks, breaks


@settings(FIXED, max_examples=4)
@given(account=accounts(), layout=pdf_options)
def test_a_consistent_pdf_has_no_break(
    account: Account, layout: PdfOptions, tmp_path_factory: pytest.TempPathFactory
) -> None:
    breaks = _breaks(_pdf(account, layout, tmp_path_factory.getbasetemp()))
    assert not breaks, breaks
