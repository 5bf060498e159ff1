"""Several files that are one report: what one lacks another gives, and what two print is one."""

from __future__ import annotations

import html
import re
import shutil
import warnings
from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest
from layout.canvas import Options
from layout.pdf_options import GUANGDONG, VARIANTS
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from papers.description import Piece
from papers.generated import template_of
from papers.office import page, workbook

from qy_finance import Report, read_report
from qy_finance.errors import NotAReportError, ReviewWarning
from qy_finance.publish.source_page import source_page

WHAT = ["table", "side", "code", "item", "column", "measure", "printed", "year"]


def figures(report: Report) -> Counter[tuple[str, ...]]:
    rows = report.observations[WHAT].itertuples(index=False)
    return Counter(tuple(map(str, row)) for row in rows)


def told(*files: Path) -> tuple[Report, str]:
    """A report, and what was said of it while it was read."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = read_report(files)
    return report, "\n".join(str(one.message) for one in caught if one.category is ReviewWarning)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One report: whole as a text, its tables as a workbook, its prose as a page."""
    there = tmp_path_factory.mktemp("files")
    text = lay_out(SAMPLE, Options()).text
    (there / "whole.txt").write_text(text, encoding="utf-8")
    template = template_of(SAMPLE, GUANGDONG)
    prose = next(
        at for at, one in enumerate(template.pieces) if isinstance(one, Piece) and one.mark == "~"
    )
    template.pieces[prose:] = []
    workbook(template, there).rename(there / "tables.xlsx")
    page(template, there).rename(there / "tables.html")
    lines = [line for line in text.split("\n") if line.strip()]
    parts = [at for at, line in enumerate(lines) if re.match(r"\s*第.部分", line)]
    kept = lines[: parts[1]] + lines[parts[2] :]
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in kept)
    (there / "prose.html").write_text(
        f"<html><meta charset=utf-8><body>{paragraphs}</body></html>", encoding="utf-8"
    )
    return there


@pytest.mark.parametrize("order", [("tables.xlsx", "prose.html"), ("prose.html", "tables.xlsx")])
def test_tables_and_prose_in_two_files_are_one_report(folder: Path, order: tuple[str, str]) -> None:
    whole = read_report(folder / "whole.txt")
    report, said = told(*(folder / name for name in order))
    assert said == ""
    assert figures(report) == figures(whole)
    assert report.meta["missing_tables"] == ()
    assert report.check()["status"].tolist() == whole.check()["status"].tolist()
    observed = report.observations
    assert set(observed.loc[observed["table"].notna(), "file"]) == {"tables.xlsx"}
    assert set(observed.loc[observed["table"].isna(), "file"]) == {"prose.html"}
    assert observed["page"].isna().all()
    text = report.text
    places = zip(observed["start"], observed["end"], observed["printed"], strict=True)
    assert all(text[start:end] == printed for start, end, printed in places)


def test_a_figure_tells_its_file_and_place(folder: Path) -> None:
    report, _ = told(folder / "tables.xlsx", folder / "prose.html")
    row = report.observations.index[report.observations["table"] == "income"][0]
    shown = report.observation(int(row))
    assert shown.place == f"tables.xlsx {report.observations.loc[row, 'place']}"
    assert report.meta["file"] == "tables.xlsx; prose.html"


def test_what_two_files_print_alike_is_one(folder: Path) -> None:
    whole = read_report(folder / "whole.txt")
    report, said = told(folder / "tables.xlsx", folder / "whole.txt", folder / "prose.html")
    assert said == ""
    assert figures(report) == figures(whole)
    assert "printed again" in set(report.unclaimed()["reason"])
    assert "unknown" not in set(report.unclaimed()["reason"])
    assert len(report.other_tables) == len(whole.other_tables)


def named(report: Report) -> dict[str, str]:
    """What is printed under each id: figures, cells of other tables and indicators."""
    frames = (report.observations, report.other_tables.cells.assign(printed="cell"))
    rows = [row for frame in frames for row in frame[["figure", "printed"]].itertuples(index=False)]
    found = dict(rows)
    assert len(found) == len(rows)
    return found | dict.fromkeys(report.kpis["figure"], "indicator")


def test_the_ids_of_figures_are_those_of_their_files_in_any_order(
    folder: Path, tmp_path: Path
) -> None:
    """What two files print alike is of the same one in any order; what differs, of both."""
    other = tmp_path / "other.html"
    printed = (folder / "tables.html").read_text(encoding="utf-8")
    other.write_text(printed.replace("8,090.68", "8,099.68", 1), encoding="utf-8")
    files = [folder / "tables.xlsx", folder / "prose.html", folder / "whole.txt", other]
    first = named(told(*files)[0])
    for order in permutations(files):
        report, _ = told(*order)
        assert named(report) == first
        assert [part.document.path for part in report.reading.document.parts] == [*order]
    alone = named(read_report(files[2])) | named(read_report(other))
    together = named(told(*files[2:])[0])
    assert together.items() <= alone.items()


def test_a_file_that_is_there_twice_is_read_once(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    shutil.copyfile(folder / "prose.html", again)
    report, said = told(folder / "tables.xlsx", folder / "prose.html", again)
    assert "again.html: the same file as prose.html" in said
    assert named(report) == named(told(folder / "tables.xlsx", folder / "prose.html")[0])


def test_a_cell_that_differs_is_told_and_checked(folder: Path, tmp_path: Path) -> None:
    printed = (folder / "tables.html").read_text(encoding="utf-8")
    other = tmp_path / "other.html"
    other.write_text(printed.replace("8,090.68", "8,099.68", 1), encoding="utf-8")
    report, said = told(folder / "tables.xlsx", other, folder / "prose.html")
    assert re.search(r"other.html and tables.xlsx differ|tables.xlsx and other.html differ", said)
    observed = report.observations
    tables = observed[observed["table"].notna()]
    rarer = tables["file"].value_counts().idxmin()
    assert tables.loc[tables["file"] == rarer, "printed"].tolist() in (["8,099.68"], ["8,090.68"])
    assert tables["file"].nunique() == 2
    checks = report.check()
    copies = checks[checks["check_id"].str.startswith("copies")]
    assert (copies["status"] == "break").any()


def test_a_sentence_that_differs_is_told(folder: Path, tmp_path: Path) -> None:
    printed = (folder / "prose.html").read_text(encoding="utf-8")
    sentence = re.search(r"(?<![\d,.])(\d+\.\d\d)\s*万元", printed)
    assert sentence is not None
    other = tmp_path / "other.html"
    changed = sentence[0].replace(sentence[1], "77.77")
    other.write_text(printed.replace(sentence[0], changed), encoding="utf-8")
    report, said = told(folder / "tables.xlsx", folder / "prose.html", other)
    assert re.search(r"(?:other|prose)\.html says other figures", said)
    observed = report.observations
    assert "77.77" in set(observed.loc[observed["file"] == "other.html", "printed"])
    assert sentence[1] in set(observed.loc[observed["file"] == "prose.html", "printed"])


def test_files_of_different_years_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    printed = (folder / "prose.html").read_text(encoding="utf-8")
    other.write_text(printed.replace("2022", "2019"), encoding="utf-8")
    with pytest.raises(NotAReportError, match=r"files of one report.*2019.*2022"):
        read_report([folder / "tables.xlsx", other])


def test_files_of_different_scopes_are_refused(tmp_path: Path) -> None:
    text = "某县水利局{}2023年度部门决算\n第三部分 2023年度部门决算情况说明\n2023年度收入总计120.50万元。\n"
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, scope in zip(files, ("（本级）", "（汇总）"), strict=True):
        file.write_text(text.format(scope), encoding="utf-8")
    with pytest.raises(NotAReportError, match=r"b\.txt: scope: .*部门汇总 where a\.txt is of 本级"):
        read_report(files)


def test_pages_count_within_their_file(folder: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    lay_out_pdf(SAMPLE, VARIANTS["Guangdong"], pdf)
    alone = read_report(pdf)
    report, _ = told(folder / "prose.html", pdf)
    observed = report.observations
    own = observed[(observed["file"] == "report.pdf") & observed["table"].notna()]
    there = alone.observations[alone.observations["table"].notna()]
    assert own["page"].tolist() == there["page"].tolist()
    assert own["x0"].tolist() == there["x0"].tolist()
    assert observed.loc[observed["file"] == "prose.html", "page"].isna().all()
    first = report.observation(int(own.index[0]))
    assert first.picture == alone.observation(int(there.index[0])).picture
    assert first.place == f"report.pdf 第{own['page'].iloc[0]}页"
    made = source_page(report, [], {})
    assert made.count("<img") == len(alone.reading.document.layout.pages)  # type: ignore[union-attr]
    assert made.count('class="fig"') == len(observed) + len(report.reading.evaluated)


def test_the_source_page_shows_tables_as_tables(folder: Path) -> None:
    report, _ = told(folder / "tables.xlsx", folder / "prose.html")
    made = source_page(report, [], {})
    assert made.count('<table class="printed">') == len(report.tables)
    assert 'title="Z02!C6"' in made
    assert made.count('class="fig"') == len(report.observations)


def test_no_file_is_an_error() -> None:
    with pytest.raises(NotAReportError, match="the files of one report"):
        read_report([])
