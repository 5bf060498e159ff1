"""What a run makes again, and what it leaves: --all, the whole catalogue, and what is unchanged."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from corpora import whole
from workbook import UNIT, write_notebook, write_project

import qy_finance
from qy_finance import catalogue, entries, read_report
from qy_finance.cli import main
from qy_finance.corpus.build import build
from qy_finance.errors import ParameterError, ReportError, UnknownReportError
from qy_finance.files import digest_of, sha256_of, write_text
from qy_finance.foremost import foremost
from qy_finance.identity import report_id
from qy_finance.lines import COLUMNS
from qy_finance.publish import run
from qy_finance.publish.cards import Look
from qy_finance.publish.execute import JobResult
from qy_finance.publish.forking import Forks
from qy_finance.publish.kernels import Kernels
from qy_finance.publish.plan import Job, Subject, find_notebooks, plan
from qy_finance.publish.reading import Reader, failed

HOUSE = str(Path(qy_finance.__file__).parent)
OTHER = "某县某局"
PANEL = ("c", "全部报告", None)
Name = tuple[str, str, int | None]


def id_of(unit: str, year: int) -> str:
    return report_id(unit, year, "本级")


def name(subject: Subject) -> tuple[str, int | None]:
    return subject.name, subject.entry.year if subject.entry else None


class Work:
    """Stands in for kernels and readers, and notes what it was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran: set[Name] = set()
        self.read: set[str] = set()
        self.fails: set[str] = set()
        self.sources: dict[Path, Mapping[str, Any]] = {}
        self.cited: dict[str, Any] = {}
        self.interrupt = ""
        monkeypatch.setattr("qy_finance.publish.plan.package_digest", lambda: "0" * 64)
        monkeypatch.setattr("qy_finance.publish.runner.execute", self.execute)
        monkeypatch.setattr(Reader, "summary", lambda _, report, _english: self.summary(report))
        monkeypatch.setattr(Reader, "source", lambda _, request: self.source(request))

    def execute(self, job: Job, _: Kernels, __: Look) -> JobResult:
        self.ran.add((job.name, *name(job.subject)))
        for path in job.outputs:
            write_text(path, f"{job.name} {len(self.ran)}")
        if job.name == self.interrupt:
            raise KeyboardInterrupt
        outputs = {path.name: sha256_of(path) for path in job.outputs}
        error = "E: x" if job.name in self.fails else ""
        cited = self.cited.get(job.name, {})
        return JobResult(job, "甲", error, "2026-01-02T03:04:05+00:00", 0.1, outputs, cited)

    def summary(self, report: str) -> dict[str, object]:
        self.read.add(report)
        return failed("")

    def source(self, request: Mapping[str, Any]) -> str:
        page = Path(request["page"])
        self.sources[page] = request
        write_text(page, "source")
        return ""


class Project:
    """Two notebooks about one report, one about all; a unit with two years and one with one."""

    def __init__(self, root: Path, work: Work) -> None:
        self.root, self.work = root, work
        write_project(root)
        self.add(OTHER, 2022, "other")
        for notebook in "ab":
            self.notebook(notebook)
        self.notebook("c", 'data_dir = ""')

    def notebook(self, stem: str, parameters: str | None = None, cell: str = "1") -> None:
        path = self.root / "notebooks" / f"{stem}.ipynb"
        write_notebook(path, stem, [cell], **({"parameters": parameters} if parameters else {}))

    def add(self, unit: str, year: int, content: str) -> None:
        file = self.root / "data" / "raw" / f"{content}.txt"
        file.write_text(content, encoding="utf-8")
        with (self.root / "data" / "reports.csv").open("a", encoding="utf-8") as catalogue:
            catalogue.write(f"{unit},{year},本级,raw/{content}.txt,{sha256_of(file)},text,\n")

    def change(self, file: str) -> None:
        path = self.root / "data" / "raw" / file
        before = sha256_of(path)
        path.write_text("another", encoding="utf-8")
        catalogue = self.root / "data" / "reports.csv"
        text = catalogue.read_text(encoding="utf-8").replace(before, sha256_of(path))
        catalogue.write_text(text, encoding="utf-8")

    def output(self, pattern: str) -> Path:
        (found,) = self.root.glob(f"outputs/{pattern}")
        return found

    def ran(self, **request: object) -> set[Name]:
        self.work.ran.clear()
        self.work.read.clear()
        self.work.sources.clear()
        run(**({"years": None} | request))  # type: ignore[arg-type]
        return set(self.work.ran)


ALL = {
    (notebook, unit, year)
    for notebook in "ab"
    for unit, year in ((UNIT, 2021), (UNIT, 2022), (OTHER, 2022))
} | {PANEL}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


@pytest.fixture
def project(tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, work)


def of(chosen: Callable[[Name], bool]) -> set[Name]:
    return set(filter(chosen, ALL))


def test_all_is_every_report_and_each_notebook_about_all_once(project: Project) -> None:
    assert project.ran() == ALL
    assert project.work.read == {id_of(UNIT, 2021), id_of(UNIT, 2022), id_of(OTHER, 2022)}
    assert project.ran() == set()
    assert project.work.read == set()


def test_a_run_of_a_year_covers_the_whole_catalogue_too(project: Project) -> None:
    assert project.ran(years=[2021]) == of(lambda job: job[2] in (2021, None))
    listed = json.loads(project.output("panel/manifest.json").read_text(encoding="utf-8"))
    inputs = listed["notebooks"]["c"]["inputs"]
    assert set(inputs) == {"reports.csv", "raw/2021.txt", "raw/2022.txt", "raw/other.txt"}
    assert project.ran(years=[2022], notebooks=["a"]) == of(lambda job: job[::2] == ("a", 2022))
    assert project.ran(units=[UNIT]) == {("b", UNIT, 2022)}
    assert project.ran() == {("b", OTHER, 2022)}


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda p: p.notebook("a", cell="2"), of(lambda job: job[0] == "a")),
        (lambda p: p.notebook("c", 'data_dir = ""', "2"), {PANEL}),
        (lambda p: (p.root / "notebooks" / "help.py").write_text("x = 1"), ALL),
        (lambda p: p.change("other.txt"), of(lambda job: job[1] != UNIT)),
        # the year after is compared with it
        (lambda p: p.change("2021.txt"), of(lambda job: job[1] != OTHER)),
        (lambda p: p.add("新局", 2019, "new"), {PANEL, ("a", "新局", 2019), ("b", "新局", 2019)}),
        (lambda p: p.output("2022/某县*/a.html").write_text("<p>"), {("a", OTHER, 2022)}),
        (lambda p: p.output("2022/某县*/b.ipynb").write_text("{}"), {("b", OTHER, 2022)}),
        (lambda p: p.output("2021/*/b.html").unlink(), {("b", UNIT, 2021)}),
        (
            lambda p: p.output("2021/*/manifest.json").unlink(),
            of(lambda job: job[2] == 2021),
        ),
        (lambda p: shutil.rmtree(p.root / "outputs"), ALL),
        (lambda p: p.output("index.html").unlink(), set()),
    ],
)
def test_a_change_makes_again_what_depends_on_it(
    project: Project, change: Callable[[Project], object], again: set[Name]
) -> None:
    project.ran()
    change(project)
    assert project.ran() == again
    assert project.ran() == set()
    assert project.output("index.html").is_file()


@pytest.mark.parametrize(
    ("tool", "value"), [("package_digest", "another"), ("versions", {"python": "4"})]
)
def test_another_package_or_library_makes_everything_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, tool: str, value: object
) -> None:
    project.ran()
    monkeypatch.setattr(f"qy_finance.publish.plan.{tool}", lambda: value)
    assert project.ran() == ALL
    assert len(project.work.read) == 3
    assert project.ran() == set()


def test_other_parameters_are_another_run(project: Project) -> None:
    project.ran()
    request: dict[str, object] = {"notebooks": ["a"], "parameters": {"limit": "2"}}
    assert project.ran(**request) == of(lambda job: job[0] == "a")
    assert project.ran(**request) == set()
    assert project.ran() == of(lambda job: job[0] == "a")


def test_what_failed_is_run_again(project: Project) -> None:
    project.work.fails = {"b"}
    project.ran()
    assert not run(None).ok
    project.work.fails = set()
    assert project.ran() == of(lambda job: job[0] == "b")
    assert run(None).ok


def test_an_interrupted_run_leaves_nothing_that_looks_finished(project: Project) -> None:
    project.ran()
    for notebook in "ab":
        project.notebook(notebook, cell="2")
    project.work.interrupt = "b"
    with pytest.raises(KeyboardInterrupt):
        project.ran()
    project.work.interrupt = ""
    again = project.ran()
    assert of(lambda job: job[0] == "b") <= again <= of(lambda job: job[0] in "ab")
    assert project.ran() == set()


def test_a_manifest_of_another_format_says_nothing(project: Project) -> None:
    project.ran()
    manifest = project.output("2021/*/manifest.json")
    manifest.write_text('{"format": 1, "unit": "x", "notebooks": {"a": {}}}', encoding="utf-8")
    assert project.ran(years=[2022]) == set()  # nor does it stop a run of another report
    assert project.ran() == of(lambda job: job[2] == 2021)
    assert project.ran() == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": 3}',
        '{"format": 3, "unit": "x", "year": 1, "scope": "", "notebooks": {"a": {"title": "x"}}}',
        '{"format": 3, "x": 1}',
    ],
)
def test_a_damaged_manifest_is_an_error(project: Project, text: str) -> None:
    project.ran()
    project.output("2021/*/manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=r"manifest\.json: expected a manifest \(delete it"):
        run([2021])


def test_a_source_page_knows_the_pages_that_use_its_figures(project: Project) -> None:
    own, other = f"{UNIT}_2022_本级", f"{OTHER}_2022_本级"
    project.work.cited = {
        "a": {own: {7: {"多少-钱": "多少 钱"}}},
        "c": {own: {7: {"比": "比"}}, other: {1: {"比": "比"}}},
    }
    project.ran(years=[2022], units=[UNIT])
    # the report that was run, and the one that the page about all reports cites
    made = {path.parent: request for path, request in project.work.sources.items()}
    folder = project.output("2022/某市*").resolve()
    cited = project.output("2022/某县*").resolve()
    assert {path.resolve() for path in made} == {folder, cited}
    (request,) = (r for path, r in made.items() if path.resolve() == folder)
    assert request["uses"] == {
        "7": [
            ["甲", "多少 钱", "a.html#%E5%A4%9A%E5%B0%91-%E9%92%B1"],
            ["甲", "比", "../../panel/c.html#%E6%AF%94"],
        ]
    }
    assert request["notebooks"] == [["甲", "a.html"], ["甲", "b.html"]]
    assert project.output("2022/某市*/beside-*.svg").is_file()


def test_a_page_of_another_basis_than_the_source_page_loses_its_witness(project: Project) -> None:
    """The rows of a report that is read anew may be other figures: old links must not lead there in silence."""
    project.ran()
    before = set(project.root.glob("outputs/**/beside-*.svg"))
    assert len(before) == 4
    project.ran()
    assert before == set(project.root.glob("outputs/**/beside-*.svg"))
    project.change("other.txt")
    # one notebook of one report: its other page and that about all are not run
    assert project.ran(units=[OTHER], notebooks=["a"]) == {("a", OTHER, 2022)}
    after = set(project.root.glob("outputs/**/beside-*.svg"))
    gone = {path.parent.name for path in before - after}
    assert gone == {OTHER, "panel"}
    assert len(after) == 4


def test_a_source_page_of_another_reading_goes_before_it_is_made_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index of the run before has links into it, which would lead to other figures."""
    project.work.cited = {"a": {f"{OTHER}_2022_本级": {7: {"x": "x"}}}}
    project.ran()
    page = project.output(f"2022/{OTHER}*/source.html")
    others = {one for one in project.root.glob("outputs/**/source.html") if one != page}
    assert len(others) == 2
    project.change("other.txt")
    monkeypatch.setattr(Reader, "source", lambda _, request: "OSError: no space")
    assert not run(None).ok
    assert set(project.root.glob("outputs/**/source.html")) == others


def test_a_report_that_is_not_run_is_read_for_the_index_too(project: Project) -> None:
    project.ran()
    project.change("other.txt")
    assert project.ran(years=[2021], notebooks=["a"]) == set()
    assert {path.parent.name for path in project.work.sources} == {OTHER}
    assert id_of(OTHER, 2022) in project.work.read


def test_a_source_page_that_fails_fails_the_run_and_bears_no_witness(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.work.cited = {"c": {f"{OTHER}_2022_本级": {7: {"x": "x"}}}}

    def source(_: Reader, request: Mapping[str, Any]) -> str:
        if OTHER in request["page"]:
            return "OSError: no space"
        return project.work.source(request)

    monkeypatch.setattr(Reader, "source", source)
    result = run(None)
    assert not result.ok
    left = {path.parent.name for path in project.root.glob("outputs/**/beside-*.svg")}
    assert OTHER not in left
    assert "panel" not in left
    assert len(left) == 1


def test_a_source_page_is_made_again_only_when_it_would_differ(project: Project) -> None:
    own = f"{UNIT}_2022_本级"
    project.work.cited = {"a": {own: {7: {"x": "x"}}}}
    project.ran()
    assert len(project.work.sources) == 3
    project.ran()
    assert project.work.sources == {}
    page = project.output("2022/某市*/source.html")
    page.write_text("cut", encoding="utf-8")
    project.ran()
    assert [path.resolve() for path in project.work.sources] == [page.resolve()]
    project.work.cited = {"a": {own: {8: {"x": "x"}}}}
    project.notebook("a", cell="2")
    project.ran()
    assert [path.resolve() for path in project.work.sources] == [page.resolve()]


def test_the_manifest_says_what_was_made_from_what(project: Project) -> None:
    project.ran()
    listed = json.loads(project.output("2022/某市*/manifest.json").read_text(encoding="utf-8"))
    entry = listed["notebooks"]["a"]
    raw = project.root / "data" / "raw"
    assert entry["inputs"] == {
        f"raw/{year}.txt": sha256_of(raw / f"{year}.txt") for year in (2021, 2022)
    }
    folder = project.output("2022/某市*/manifest.json").parent
    assert entry["outputs"] == {file: sha256_of(folder / file) for file in ("a.ipynb", "a.html")}
    assert entry["parameters"] == {"year": 2022, "unit": UNIT, "data_dir": "../data"}
    assert {"python", "pandas", "papermill"} <= set(entry["versions"])
    assert len(entry["package_sha256"]) == len(entry["notebook_sha256"]) == 64
    assert (entry["started"], entry["seconds"]) == ("2026-01-02T03:04:05+00:00", 0.1)


def test_a_digest_knows_names_and_contents(tmp_path: Path) -> None:
    for file in "xy":
        (tmp_path / file).write_text(file)
    both = digest_of(tmp_path, [tmp_path / "x", tmp_path / "y"])
    assert both == digest_of(tmp_path, [tmp_path / "y", tmp_path / "x"])
    (tmp_path / "y").rename(tmp_path / "z")
    renamed = digest_of(tmp_path, [tmp_path / "x", tmp_path / "z"])
    (tmp_path / "z").write_text("z")
    edited = digest_of(tmp_path, [tmp_path / "x", tmp_path / "z"])
    assert len({both, renamed, edited}) == 3


@pytest.mark.parametrize("parameters", ["year = 2022", 'unit = ""\ndata_dir = ""', "x = 1"])
def test_a_notebook_is_about_one_report_or_about_all(project: Project, parameters: str) -> None:
    project.notebook("d", parameters)
    with pytest.raises(ParameterError, match=r"d\.ipynb: cell tagged .*, found no "):
        run(None)
    assert not (project.root / "outputs").exists()


def test_parameters_may_be_written_in_any_way(project: Project) -> None:
    project.notebook(
        "d", "%matplotlib inline\nyear: int = (\n  2022\n)\nunit = data_dir = ''\nlimit: float = .5"
    )
    asked: dict[str, Any] = {"years": [2022], "notebooks": ["d"]}
    assert {job[0] for job in project.ran(**asked, parameters={"limit": "2"})} == {"d"}
    with pytest.raises(ParameterError, match=r"expected float as in limit = \.5, found x"):
        run(**asked, parameters={"limit": "x"})
    project.notebook("d", "year =")
    with pytest.raises(ParameterError, match=r"d\.ipynb: cell tagged parameters: expected Python"):
        run(**asked)


def test_all_of_nothing_and_of_an_unknown_unit_are_errors(project: Project) -> None:
    with pytest.raises(UnknownReportError, match=OTHER):
        run(None, units=["别局"])
    catalogue = project.root / "data" / "reports.csv"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").splitlines()[0] + "\n")
    with pytest.raises(UnknownReportError, match="the catalogue is empty"):
        run(None)


def test_the_command_says_what_is_unchanged(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["run", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted({line[0] for line in lines[:7]}) == ["✓"]
    for said in (f"  a  {UNIT}  2022  未变 unchanged", "  c  全部报告  未变 unchanged"):
        assert [line for line in lines[9:-2] if line.endswith(said) and line[0] == "="]
    assert len(lines) == 18
    with pytest.raises(SystemExit) as caught:
        main(["run", "--all", "--year", "2022"])
    assert caught.value.code == 2


def test_kernels_do_not_start_for_what_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real notebooks, one of them about all reports."""
    monkeypatch.chdir(write_project(tmp_path))
    monkeypatch.setattr("qy_finance.publish.plan.package_digest", lambda: "0" * 64)
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "甲", ["limit"])
    count = "sum(1 for _ in open(data_dir + '/reports.csv')) - 1"
    write_notebook(tmp_path / "notebooks" / "c.ipynb", "全", [count], 'data_dir = ""')
    before = run([2022], parameters=None)
    page = (tmp_path / "outputs" / "panel" / "c.html").read_text(encoding="utf-8")
    assert 'href="../index.html"' in page
    assert "<b>全部报告</b>" in page
    assert '<pre class="output">2</pre>' in page
    assert "年度</span>" not in page
    # nothing parses these reports: that is said, and tried again
    said = capsys.readouterr().out
    assert said.count("! 报告没有读出 not read") == 1

    def no(*_: object) -> None:
        raise AssertionError("a kernel")

    monkeypatch.setattr("qy_finance.publish.runner.execute", no)
    after = run([2022])
    assert [outcome.unchanged for outcome in after.results] == [True, True]
    assert [o.started for o in after.results] == [o.started for o in before.results]
    assert "! 报告没有读出 not read" in capsys.readouterr().out


def test_a_reader_that_dies_is_one_unread_report(tmp_path: Path) -> None:
    files = sorted((Path(__file__).parent / "reconciliation").glob("*.txt"))[:3]
    (tmp_path / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    one, two, gone = [catalogue.add(file, tmp_path) for file in files]
    (tmp_path / gone.file).unlink()
    reader = Reader(Forks(), entries.read(tmp_path))
    assert reader.summary(one.report_id)["error"] == ""
    assert reader._process is not None
    reader._process.kill()
    assert "ended with status" in reader.summary(two.report_id)["error"]
    assert reader.summary(two.report_id)["error"] == ""
    assert gone.file in reader.summary(gone.report_id)["error"]
    assert reader.summary(one.report_id)["error"] == ""
    reader.close()
    assert reader._process is None


@pytest.mark.parametrize("change", ["gone", "replaced", "at fault"])
def test_a_line_that_changes_in_a_run_is_told(tmp_path: Path, change: str) -> None:
    file = next((Path(__file__).parent / "reconciliation").glob("*.txt"))
    path = tmp_path / "reports.csv"
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    entry = catalogue.add(file, tmp_path)
    listed = entries.read(tmp_path)
    text, digest = path.read_text("utf-8"), "0" * 64
    if change == "replaced":
        (tmp_path / "other.txt").write_bytes((tmp_path / entry.file).read_bytes() + b"\n")
        digest = sha256_of(tmp_path / "other.txt")
        text = text.replace(entry.file, "other.txt").replace(entry.sha256, digest)
    elif change == "gone":
        text = text.splitlines()[0] + "\n"
    else:
        text = text.replace(",text,", ",parchment,")
    write_text(path, text)
    with closing(Reader(Forks(), listed)) as reader:
        error = reader.summary(entry.report_id)["error"]
        assert reader.printed(entry.report_id, ["1"]) is None
        assert reader.printed("another", ["1"]) is None
    assert error.startswith(f"{path}: expected {entry.report_id} as it was when the run began")
    assert (digest in error) == (change == "replaced")


def test_what_the_run_has_as_at_fault_is_not_compared_with(tmp_path: Path) -> None:
    # a corpus beside the catalogue still has what the file was
    (tmp_path / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for year in (2022, 2023):
        (tmp_path / f"{year}.txt").write_text(whole(year=year), encoding="utf-8")
    before, entry = [catalogue.add(tmp_path / f"{year}.txt", tmp_path) for year in (2022, 2023)]
    build(tmp_path, tmp_path / "corpus")
    with closing(Reader(Forks(), entries.read(tmp_path).verified())) as reader:
        compared = reader.summary(entry.report_id)
    (tmp_path / before.file).write_text("购物清单", encoding="utf-8")
    with closing(Reader(Forks(), entries.read(tmp_path).verified())) as reader:
        alone = reader.summary(entry.report_id)
    assert alone == json.loads(json.dumps(foremost(read_report(tmp_path / "2023.txt"), None)))
    assert alone["contradictions"] != compared["contradictions"]


def test_the_index_lists_what_the_catalogue_has(project: Project) -> None:
    project.ran()
    catalogue = project.root / "data" / "reports.csv"
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    catalogue.write_text("".join(line for line in lines if OTHER not in line), encoding="utf-8")
    assert OTHER in project.output("index.html").read_text(encoding="utf-8")
    project.ran()
    assert OTHER not in project.output("index.html").read_text(encoding="utf-8")
    assert project.output("2022/某县*/manifest.json").is_file()


def test_an_entry_at_fault_is_a_line_and_stops_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.ran()
    file = project.root / "data" / "raw" / "2021.txt"
    content = file.read_bytes()
    file.unlink()
    project.add("又一局", 2022, "又")
    project.work.ran.clear()
    capsys.readouterr()
    assert main(["run", "--all"]) == 2
    said = capsys.readouterr().out.splitlines()
    # its year after is compared with nothing now; others but the new one are as they were
    assert {job[1] for job in project.work.ran} == {UNIT, "又一局", "全部报告"}
    assert {job[2] for job in project.work.ran} == {2022, None}
    told = [line for line in said if line.startswith("!")]
    assert len(told) == 1
    assert told[0].endswith("line 2, file: expected a file that exists, found raw/2021.txt")

    file.write_bytes(content)
    again = project.ran()
    assert again == of(lambda job: job[1] != OTHER and job[2] != 2021)
    assert run(None).ok


def test_a_file_that_changed_under_the_catalogue_is_a_fault(project: Project) -> None:
    project.ran()
    (project.root / "data" / "raw" / "other.txt").write_text("OTHER", encoding="utf-8")
    result = run(None)
    assert not result.ok
    assert [error.place for error in result.faults] == ["line 4, sha256"]
    assert OTHER not in {result.job.subject.name for result in result.results}


def test_pages_that_were_not_touched_are_not_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.ran()

    def no(path: Path) -> str:
        raise AssertionError(path)

    for module in ("manifest", "sources"):
        monkeypatch.setattr(f"qy_finance.publish.{module}.sha256_of", no)
    assert project.ran() == set()
    assert project.work.sources == {}


def test_pages_that_were_copied_are_read_and_known(project: Project) -> None:
    """In another place the times of files are others."""
    project.ran()
    shutil.copytree(project.root / "outputs", project.root / "copied")
    assert project.ran(output_dir=project.root / "copied") == set()
    assert project.work.sources == {}


def test_a_year_before_that_cannot_be_read_leaves_the_summary(tmp_path: Path) -> None:
    file = next((Path(__file__).parent / "reconciliation").glob("*.txt"))
    (tmp_path / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    entry = catalogue.add(file, tmp_path)
    (tmp_path / "before.txt").write_text("购物清单", encoding="utf-8")
    digest = sha256_of(tmp_path / "before.txt")
    with (tmp_path / "reports.csv").open("a", encoding="utf-8") as lines:
        lines.write(f"{entry.unit},{entry.year - 1},{entry.scope},before.txt,{digest},text,\n")
    with closing(Reader(Forks(), entries.read(tmp_path))) as reader:
        told = reader.summary(entry.report_id)
    assert told == json.loads(json.dumps(foremost(read_report(file), None)))
    assert told["headlines"]


class Steps:
    """Counts the lines of this package that are run, and the calls of whatever it calls."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> Steps | None:
        self.count += 1
        return self if frame.f_code.co_filename.startswith(HOUSE) else None

    def of(self, work: Callable[[], object]) -> int:
        """How many a piece of work takes."""
        self.count = 0
        sys.settrace(self)
        try:
            work()
        finally:
            sys.settrace(None)
        return self.count


def test_work_does_not_grow_faster_than_the_catalogue(project: Project) -> None:
    """Four times the new reports take four times the steps more, to plan one page and to see that nothing changed."""
    steps, notebooks, output = Steps(), find_notebooks("", ["a"]), Path("outputs")
    to_plan, to_see = [], []

    def plan_one() -> None:
        plan(entries.read().verified(), notebooks, [2022], [UNIT], {}, output)

    for first, count in pairwise((0, 70, 100, 220)):
        for at in range(first, count):
            project.add(f"第{at // 3}局", 2020 + at % 3, f"{at}")
        ids = [f"第{at // 3}局_{2020 + at % 3}_本级" for at in range(count)]
        project.work.cited = {"c": {report: {"1": {"x": "x"}} for report in ids}}
        assert project.ran() >= {PANEL}
        to_plan.append(steps.of(plan_one))
        to_see.append(steps.of(lambda: run(None)))
        assert project.ran() == set()
    for one, two, three in (to_plan, to_see):
        assert 0 < three - two <= 4.3 * (two - one)
