"""A corpus says what its reports say, and stays so: what is new is read, what is gone is gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from corpora import (
    OTHER,
    UNIT,
    AtOnce,
    account,
    assert_same,
    left_over,
    rows,
    snapshot,
    whole,
    write,
)
from layout.pdf_options import GUANGDONG, VARIANTS
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from package import catalogue_of
from papers.description import Piece
from papers.generated import template_of
from papers.office import page, workbook

from qy_finance import read_report
from qy_finance.cli import main
from qy_finance.corpus import making as building
from qy_finance.corpus import worker
from qy_finance.corpus.build import CorpusBuilt, build
from qy_finance.corpus.database import open_corpus
from qy_finance.decisions import COLUMNS, VERDICTS
from qy_finance.entries import Catalogue, load
from qy_finance.errors import CorpusError, DecisionError
from qy_finance.files import TEMPORARY, sha256_of
from qy_finance.report import Report
from qy_finance.store import parts
from qy_finance.store.files import MEMBERS, listing
from qy_finance.store.keeping import MEMBER, member
from qy_finance.store.merging import merged
from qy_finance.tidy.records import Record, records_of

Build = Callable[..., CorpusBuilt]
FULLER = account(more=20.5) + "其中，财政拨款收入100.00万元。\n"
YEARS = {"a/2022.txt": account(year=2022, total=100), "a/2023.txt": account(more=20.5)}
TWO = {**YEARS, "b/2023.txt": account(OTHER, total=7.5)}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are read here and now; tests/test_corpus_processes.py has the processes."""
    monkeypatch.setattr(worker, "Bounded", AtOnce)


@pytest.fixture
def here(tmp_path: Path) -> SimpleNamespace:
    """A folder of reports, and that of a corpus."""
    return SimpleNamespace(source=tmp_path / "reports", into=tmp_path / "corpus")


def assert_equal_reports(one: Report, other: Report, before: Report | None = None) -> None:
    """Two reports say the same, whatever file they were read from."""
    for name in ("observations", "facts", "kpis", "decisions"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    pd.testing.assert_frame_equal(one.other_tables.cells, other.other_tables.cells)
    for name in ("unclaimed", "review", "disclosures"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(other, name)(), obj=name)
    pd.testing.assert_frame_equal(one.check(before), other.check(before))
    assert list(one.tables) == list(other.tables)
    assert (one.text, one.meta) == (other.text, other.meta)


# what is in it


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of several makings: a text and that of the year before, PDFs, one in two files."""
    there = tmp_path_factory.mktemp("reports")
    write(there, {"2022.txt": whole(), "2021.txt": whole(year=2021)})
    lay_out_pdf(
        replace(SAMPLE, unit="某市某局"), VARIANTS["pages rotated by 90"], there / "turned.pdf"
    )
    template = template_of(replace(SAMPLE, unit="某市第三局"), GUANGDONG)
    at = next(
        k for k, one in enumerate(template.pieces) if isinstance(one, Piece) and one.mark == "~"
    )
    prose = template.pieces[at:]
    template.pieces[at:] = []
    workbook(template, there).rename(there / "tables.xlsx")
    template.pieces[:] = [Piece("=", "某市第三局"), Piece("=", "2022年度部门决算"), *prose]
    page(template, there).rename(there / "prose.html")
    return there


def test_it_says_what_the_reports_say(reports: Path, tmp_path: Path) -> None:
    built = build(reports, tmp_path / "corpus")
    assert (built.reports, built.failures, built.is_lacking) == (4, [], False)
    corpus = open_corpus(tmp_path / "corpus")
    before = read_report(reports / "2021.txt")
    of = corpus.reports.set_index("report_id")
    assert len(of) == 4
    for report_id, row in of.iterrows():
        files = [reports / name for name in row["file"].split(";")]
        report = read_report(files if len(files) > 1 else files[0])
        previous = before if row["file"] == "2022.txt" else None
        assert_equal_reports(corpus.report(str(report_id)), report, previous)
        checked = None if pd.isna(row["previous"]) else row["previous"]
        assert checked == (previous and previous.meta["report_id"])
        checks = report.check(previous)
        found = corpus.sql("SELECT * FROM data.checks WHERE report_id = ?", [report_id])
        assert sorted(found["check_id"]) == sorted(checks["check_id"])
        assert dict(zip(found["check_id"], found["status"], strict=True)) == dict(
            zip(checks["check_id"], checks["status"], strict=True)
        )
        observed = corpus.sql(
            "FROM data.observations WHERE report_id = ? ORDER BY start", [report_id]
        )
        wanted = report.observations.sort_values("start")
        for column in (
            "start",
            "end",
            "page",
            "printed",
            "value",
            "x0",
            "bottom",
            "file",
            "figure",
        ):
            assert observed[column].equals(
                wanted[column].reset_index(drop=True).astype(observed[column].dtype)
            ), column
    assert of.loc[of["file"].str.contains(";"), "kind"].tolist() == ["several"]
    assert corpus.sql("SELECT count(*) FROM data.documents").iloc[0, 0] == 5
    assert "Corpus(" in repr(corpus)
    with pytest.raises(CorpusError, match="one of its reports"):
        corpus.report("nobody_2022_本级")


def test_a_catalogue_gives_the_rows_of_its_data_package(tmp_path: Path) -> None:
    """Those against the year before, and the versions of a report, among them."""
    files = write(tmp_path, {"1.txt": account(more=20.5), "0.txt": account(year=2022, total=100)})
    data = catalogue_of(tmp_path / "data", files / "1.txt", files / "0.txt")
    made = load(data)
    write(data, {"raw/2023/new.txt": account(total=121, more=21)})
    digest = sha256_of(data / "raw/2023/new.txt")
    first = next(one for one in made.lines if one.year == 2023)
    new = first._replace(file="raw/2023/new.txt", sha256=digest, replaces=first.sha256)
    (data / "reports.csv").write_text(Catalogue(data, (*made.lines, new)).text, "utf-8")
    build(data, tmp_path / "corpus")
    corpus = open_corpus(tmp_path / "corpus")
    catalogue = load(data)
    wanted: dict[str, list[Record]] = {}
    for entry in catalogue.entries:
        before = catalogue.before(entry.key)
        report, previous = (one and read_report(catalogue.path(one)) for one in (entry, before))
        assert report is not None
        for name, found in records_of(
            entry, report, previous, catalogue.versions(entry)[1:]
        ).items():
            wanted.setdefault(name, []).extend(found)
    assert len(wanted["versions"]) == 1
    assert {name: some for name, some in rows(corpus.folder).items() if name in wanted} == {
        name: sorted(some, key=repr) for name, some in wanted.items()
    }


# what changes


def test_a_new_report_costs_one_and_what_is_gone_is_gone(here: SimpleNamespace) -> None:
    source, into = write(here.source, TWO), here.into
    assert (build(source, into).read, build(source, into).read) == (3, 0)
    before = snapshot(into)
    assert build(source, into).read == 0
    assert snapshot(into) == before
    write(source, {"b/2022.txt": account(OTHER, 2022, 6)})
    built = build(source, into)
    assert (built.read, built.reports) == (1, 4)
    (source / "a/2023.txt").unlink()
    built = build(source, into)
    assert (built.read, built.reports) == (0, 3)
    assert left_over(into) == []
    assert set(open_corpus(into).reports["file"]) == {"a/2022.txt", "b/2022.txt", "b/2023.txt"}


@pytest.mark.parametrize(
    ("changed", "read"),
    [
        ({"a/2022.txt": account(year=2022, total=101)}, 1),
        ({"a/2022.txt": None, "c/2022.txt": YEARS["a/2022.txt"]}, 0),
        ({"a/2022.txt": account(OTHER, 2022, 8), "b/x.txt": b"%PDF-1.7\ncut"}, 2),
        ({"a/another.txt": FULLER, "b/2023.txt": "通知\n"}, 2),
    ],
    ids=["changed", "renamed", "of another and junk", "fuller and no report"],
)
def test_what_changes_leaves_the_corpus_that_would_be_built_anew(
    here: SimpleNamespace, changed: dict[str, str | None], read: int
) -> None:
    """The checks against the year before among it, when that comes, changes or goes."""
    source, into = write(here.source, TWO), here.into
    build(source, into)
    first = rows(into)
    for name, data in changed.items():
        (source / name).unlink(missing_ok=True)
        if data is not None:
            write(source, {name: data})
    assert build(source, into).read == read
    build(source, into.with_name("anew"))
    assert_same(into, into.with_name("anew"))
    assert rows(into) != first
    for name in changed:
        (source / name).unlink(missing_ok=True)
    write(source, TWO)
    build(source, into)
    assert rows(into) == first
    assert left_over(into) == []


def test_the_year_before_is_checked_when_it_comes(here: SimpleNamespace) -> None:
    source = write(here.source, {"2023.txt": YEARS["a/2023.txt"]})
    crossing = "SELECT check_id FROM data.checks WHERE starts_with(check_id, 'years.') ORDER BY 1"
    build(source, here.into)
    assert open_corpus(here.into).sql(crossing).empty
    assert open_corpus(here.into).reports["previous"].isna().all()
    write(source, {"2022.txt": YEARS["a/2022.txt"]})
    assert build(source, here.into).read == 1
    corpus = open_corpus(here.into)
    wanted = read_report(source / "2023.txt").check(read_report(source / "2022.txt"))["check_id"]
    assert corpus.sql(crossing)["check_id"].tolist() == sorted(
        one for one in wanted if one.startswith("years.")
    )
    assert corpus.reports["previous"].tolist() == [pd.NA, f"{UNIT}_2022_部门汇总"]


def test_other_rows_are_made_of_the_documents_and_no_file_is_read(
    here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(here.source, TWO)
    build(source, here.into)
    first = rows(here.into)
    made = building.made_by()
    monkeypatch.setattr(building, "made_by", lambda: {**made, "rows": "another"})
    monkeypatch.setattr("qy_finance.readers.read_document", None)
    monkeypatch.setattr("qy_finance.readers.kinds.kind_of", None)
    assert build(source, here.into).read == 0
    told = json.loads((here.into / "corpus.json").read_text("utf-8"))
    assert told["made_by"]["rows"] == "another"
    assert rows(here.into) == first
    monkeypatch.undo()
    monkeypatch.setattr(worker, "Bounded", AtOnce)
    monkeypatch.setattr(building, "made_by", lambda: dict.fromkeys(made, "other readers"))
    assert build(source, here.into).read == 3


def test_a_line_of_the_catalogue_that_changes_changes_its_row(tmp_path: Path) -> None:
    files = write(tmp_path, {"a.txt": account()})
    data = catalogue_of(tmp_path / "data", files / "a.txt")
    build(data, tmp_path / "corpus")
    lines = (data / "reports.csv").read_text("utf-8")
    (data / "reports.csv").write_text(lines.replace("公开网站", "https://example.org"), "utf-8")
    assert build(data, tmp_path / "corpus").read == 0
    assert open_corpus(tmp_path / "corpus").reports["source"].tolist() == ["https://example.org"]


def test_what_a_person_decided_counts_when_it_is_decided(tmp_path: Path) -> None:
    files = write(tmp_path, {"a.txt": account()})
    data = catalogue_of(tmp_path / "data", files / "a.txt")
    build(data, tmp_path / "corpus")
    observed = open_corpus(tmp_path / "corpus").sql("SELECT report_id, figure FROM observations")
    report_id, figure = observed.iloc[0]
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {"report_id": report_id, "figure": figure, "verdict": next(iter(VERDICTS))}
    cells |= {"who": "某人", "when": "2024-05-06", "why": "核对过原件"}
    (data / "decisions.csv").write_text(
        ",".join(COLUMNS) + "\n" + ",".join(cells[name] for name in COLUMNS) + "\n", "utf-8"
    )
    assert build(data, tmp_path / "corpus").read == 0
    assert open_corpus(tmp_path / "corpus").sql("SELECT figure FROM decisions").iloc[0, 0] == figure
    (data / "decisions.csv").write_text("nothing\n", "utf-8")
    with pytest.raises(DecisionError):
        build(data, tmp_path / "corpus")
    (data / "decisions.csv").unlink()
    build(data, tmp_path / "corpus")
    assert open_corpus(tmp_path / "corpus").sql("FROM decisions").empty


# what is no corpus


def test_a_folder_with_other_things_is_no_corpus(here: SimpleNamespace) -> None:
    source = write(here.source, YEARS)
    for theirs in ("notes.txt", "observations/mine.csv", "tables/x.parquet"):
        into = write(here.into / theirs.replace("/", "-"), {theirs: "mine"})
        with pytest.raises(CorpusError, match="nothing in it"):
            build(source, into)
        assert snapshot(into) == {theirs: b"mine"}
    into = here.into / "good"
    build(source, into)
    write(into, {"notes.txt": "mine", "tables/x.parquet": "mine"})
    (source / "a/2022.txt").unlink()
    assert build(source, into).reports == 1
    assert (into / "tables/x.parquet").read_bytes() == (into / "notes.txt").read_bytes() == b"mine"


def test_a_corpus_in_the_folder_of_its_reports_is_none_of_them(here: SimpleNamespace) -> None:
    source = write(here.source, YEARS)
    for _ in range(2):
        built = build(source, source / "corpus")
        assert (built.reports, built.failures) == (2, [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda into: (into / "corpus.json").write_text("{", "utf-8"),
        lambda into: (into / "corpus.json").write_text("[]", "utf-8"),
        lambda into: (into / "corpus.json").write_text('{"format": 1, "files": 3}', "utf-8"),
        lambda into: next((into / "observations").iterdir()).unlink(),
        lambda into: next((into / "inputs").iterdir()).write_bytes(b"PAR1"),
        lambda into: (into / ".inputs.json").write_text('{"x": 3}', "utf-8"),
    ],
    ids=["cut list", "no list", "strange list", "file gone", "file damaged", "digests"],
)
def test_a_damaged_corpus_is_built_again(
    here: SimpleNamespace, damage: Callable[[Path], Any]
) -> None:
    source = write(here.source, YEARS)
    build(source, here.into)
    whole = snapshot(here.into)
    damage(here.into)
    build(source, here.into)
    assert snapshot(here.into) == whole


def test_nothing_to_build_is_one_error(
    here: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CorpusError, match="none"):
        build(here.source, here.into)
    assert not here.into.exists()
    here.source.mkdir()
    with pytest.raises(CorpusError, match="expected reports, found none"):
        build(here.source, here.into)
    write(here.source, YEARS)
    for wrong in ({"jobs": 0}, {"seconds": 0}, {"seconds": -1}, {"seconds": float("nan")}):
        with pytest.raises(CorpusError, match="more than none"):
            build(here.source, here.into, **wrong)
    assert main(["corpus", "query", "FROM reports", "--corpus", str(here.into)]) != 0
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert main(["corpus", "build", str(here.source), "--into", str(here.into)]) == 0
    assert "报告 reports 2" in capsys.readouterr().out
    assert main(["corpus", "query", "FROM nowhere", "--corpus", str(here.into)]) != 0
    assert len(capsys.readouterr().err.splitlines()) == 1
    asked = ["corpus", "query", "SELECT year FROM reports ORDER BY 1", "--corpus", str(here.into)]
    assert main([*asked, "--format", "csv"]) == 0
    assert capsys.readouterr().out == "year\n2022\n2023\n"
    assert main([*asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"year": 2022}, {"year": 2023}]
    assert main(asked) == 0
    assert capsys.readouterr().out.split() == ["year", "2022", "2023"]


# what is asked


def test_a_bad_question_is_one_line(here: SimpleNamespace) -> None:
    build(write(here.source, YEARS), here.into)
    corpus = open_corpus(here.into)
    for query in (
        "SELEC 1",
        "SELECT x\nFROM reports",
        "SELECT 1/",
        "FROM reports WHERE unit = ?",
        "\ud800",
    ):
        with pytest.raises(CorpusError) as told:
            corpus.sql(query)
        assert len(str(told.value).splitlines()) == 1, query
    assert corpus.sql("SET threads = 1").empty
    assert corpus.sql(
        "SELECT 1 AS a, 2 AS a, DATE '2024-01-02' AS d, sum(start) FROM observations"
    ).shape == (1, 4)
    assert corpus.sql("FROM reports WHERE unit = $who", {"who": "' OR 1=1"}).empty


def test_a_corpus_that_is_built_anew_while_it_is_open_says_so(here: SimpleNamespace) -> None:
    source = write(here.source, YEARS)
    build(source, here.into)
    corpus, late = open_corpus(here.into), open_corpus(here.into)
    assert len(corpus.reports) == 2
    write(source, {"a/2022.txt": account(year=2022, total=99)})
    build(source, here.into)
    for ask in (lambda: late.sql("FROM amounts"), lambda: late.report(f"{UNIT}_2022_部门汇总")):
        with pytest.raises(CorpusError, match="open it again"):
            ask()
    with pytest.raises(CorpusError, match="open it again"):
        corpus.sql("FROM observations")
    assert len(open_corpus(here.into).sql("FROM observations")) == 6


@pytest.mark.parametrize("name", ["it's", "a[b]c*?", "a b;--", "某'"])
def test_folders_may_be_called_anything(tmp_path: Path, name: str) -> None:
    build(write(tmp_path / "reports" / name, YEARS), tmp_path / name)
    corpus = open_corpus(tmp_path / name)
    assert len(corpus.sql("FROM observations")) == 6
    assert corpus.report(f"{UNIT}_2022_部门汇总").meta["year"] == 2022
    build(tmp_path / "reports" / name, tmp_path / name)
    assert left_over(tmp_path / name) == []


def test_units_may_be_called_anything(here: SimpleNamespace) -> None:
    names = ["某县'; DROP TABLE reports;--局", '某县"水利"局', "某县/水利局", "某县%水利_局"]
    source = write(here.source, {f"{n}.txt": account(name) for n, name in enumerate(names)})
    built = build(source, here.into)
    corpus = open_corpus(here.into)
    assert built.reports == len(corpus.reports) > 0
    for report_id in corpus.reports["report_id"]:
        assert corpus.report(report_id).meta["report_id"] == report_id
    assert all("'" not in path.name for path in listing(here.into).paths("reports"))


def test_views_never_add_the_same_money_twice(here: SimpleNamespace) -> None:
    """Both scopes of a unit, two years, three funds, sums and their parts."""
    own, both = SAMPLE.unit, SAMPLE.unit.removesuffix("本级")
    files = {
        "own.txt": whole(own), "both.txt": whole(both), "before.txt": whole(own, 2021),
        "other.txt": whole("某市某局"),
    }  # fmt: skip
    build(write(here.source, files), here.into)
    corpus = open_corpus(here.into)
    assert len(corpus.reports) == 4
    sums = corpus.sql(
        "SELECT unit, year, fund, sum(yuan) AS yuan, count(*) AS n, count(DISTINCT code) AS codes"
        " FROM amounts GROUP BY ALL ORDER BY ALL"
    )
    assert sums["n"].equals(sums["codes"])
    assert set(zip(sums["unit"], sums["year"], strict=True)) == {
        (own, 2021), (own, 2022), ("某市某局", 2022),
    }  # fmt: skip
    report = read_report(here.source / "own.txt")
    spent = {
        "一般公共预算": ("general_budget_expenditure", "本年支出合计"),
        "政府性基金预算": ("government_fund", "本年支出/小计"),
    }
    of_own = sums[(sums["unit"] == own) & (sums["year"] == 2022)].set_index("fund")["yuan"]
    for fund, (table, column) in spent.items():
        total = report.tables[table].set_index("item").loc["合计", column]
        assert of_own[fund] == pytest.approx(total * 10_000)
    assert of_own["国有资本经营预算"] == pytest.approx(80_100)
    for view, keys in {
        "single": "unit, year", "measured": "unit, year, measure", "operating": "unit, year",
        "procurement": "unit, year", "three_public": "unit, year, head", "kpis": "report_id, number",
        "breaks": "report_id, check_id", "amounts": "unit, year, fund, code",
    }.items():  # fmt: skip
        found = corpus.sql(f"SELECT count(*) AS n FROM {view} GROUP BY {keys}")
        assert not len(found) or found["n"].max() == 1, view
    operating = corpus.sql(
        "SELECT year, derived, value FROM operating WHERE unit = ? ORDER BY 1", [own]
    )
    # of 2021 what the report of 2021 states, not what that of 2022 implies
    assert operating["year"].tolist()[-2:] == [2021, 2022]
    assert not operating.set_index("year").loc[2021, "derived"]
    public = corpus.sql(
        "FROM three_public WHERE unit = ? AND year = 2022 AND phase = '决算'", [own]
    )
    assert public[["total", "vehicles", "reception"]].iloc[0].tolist() == [25_200, 18_900, 6_300]


# how it is made


def test_a_merge_that_fails_leaves_nothing_and_the_next_build_reads_nothing_again(
    here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, into = write(here.source, TWO), here.into

    def broken(path: Path, name: str) -> object:
        if name == "observations":
            raise OSError("no space left")
        return table(path, name)

    table = parts.table
    with monkeypatch.context() as patch:
        patch.setattr(parts, "table", broken)
        with pytest.raises(OSError, match="no space left"):
            build(source, into)
    assert not (into / "corpus.json").exists()
    assert not list(into.rglob(f"*{TEMPORARY}*"))
    read: list[str] = []
    monkeypatch.setattr(worker, "answer", lambda request: read.append(request["part"]))
    build(source, into)
    assert read == []
    assert left_over(into) == []
    other = here.into.with_name("other")
    monkeypatch.undo()
    monkeypatch.setattr(worker, "Bounded", AtOnce)
    build(source, other)
    assert snapshot(into) == snapshot(other)


def test_a_merge_that_is_stopped_has_no_file(tmp_path: Path) -> None:
    part = tmp_path / "one.part"
    parts.write(part, {}, {MEMBERS: member("x", {}, {})})
    made = (tmp_path / MEMBERS, "2023-", MEMBER, (), {"x": part}, frozenset[str]())
    with pytest.raises(CancelledError):
        merged(*made, lambda: True)
    assert not (tmp_path / MEMBERS).exists()
    assert (tmp_path / MEMBERS / merged(*made)).is_file()


def test_a_file_does_not_tell_how_its_rows_came_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = {}
    for name in "abcdefg":
        fresh[name] = tmp_path / f"{name}.part"
        parts.write(fresh[name], {}, {MEMBERS: member(name, {"value": name * 9}, {})})
    made = (tmp_path / MEMBERS, "2023-", MEMBER, (), fresh, frozenset[str]())
    usual = merged(*made)
    monkeypatch.setattr("qy_finance.store.merging._TOGETHER", 2)
    assert merged(*made) == usual  # a name tells the content
    rows = pq.read_table(tmp_path / MEMBERS / usual)
    assert rows["report_id"].to_pylist() == list("abcdefg")
    assert json.loads(rows["told"][6].as_py()) == {"value": "g" * 9}


def test_the_largest_file_is_begun_first(
    here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = YEARS["a/2023.txt"] + "没有其他需要说明的情况。\n" * 20
    source = write(here.source, {**YEARS, "z.txt": longer.replace(UNIT, OTHER)})
    begun: list[str] = []
    monkeypatch.setattr(
        worker, "perform", lambda request, do=worker.perform: begun.extend(request["names"]) or do(request)
    )  # fmt: skip
    build(source, here.into, jobs=1)
    assert begun[:3] == ["z.txt", "a/2023.txt", "a/2022.txt"]
