"""One bad entry of the catalogue is one line of what is told, everywhere, and stops nothing else."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from plain import plain

from qy_finance import catalogue, digests, entries, readers
from qy_finance.analysis.panel import Member, Panel, Unread
from qy_finance.cli import main
from qy_finance.digests import Digests
from qy_finance.entries import COLUMNS, FURTHER, load, read
from qy_finance.errors import CatalogueError, DuplicateReportError, UnknownReportError
from qy_finance.files import sha256_of
from qy_finance.text import panel as story

FICTIONAL = Path(__file__).parent / "reconciliation"
POLICE, WATER = FICTIONAL / "sichuan_police.txt", FICTIONAL / "anhui_water.txt"
UNIT, OTHER = "平武市公安局", "别局"


class Data:
    """A data folder whose catalogue is written line by line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[Sequence[str]] = []
        (folder / "raw").mkdir(parents=True)
        self.write()

    def write(self) -> None:
        rows = [[*COLUMNS, *FURTHER], *self.rows]
        text = "".join(f"{','.join(row)}\n" for row in rows)
        (self.folder / "reports.csv").write_text(text, encoding="utf-8")

    def line(self, unit: str, year: int, content: str | Path, /, **other: str) -> Path:
        """A line and its file; ``other`` says what stands in the line instead."""
        file = self.folder / "raw" / f"{len(self.rows)}.txt"
        if isinstance(content, Path):
            shutil.copyfile(content, file)
        else:
            file.write_text(content, encoding="utf-8")
        told = {"unit": unit, "year": str(year), "scope": "部门汇总", "file": f"raw/{file.name}"}
        told |= {"sha256": sha256_of(file), "kind": "text", "source": ""} | other
        self.rows.append([told.get(name, "") for name in (*COLUMNS, *FURTHER)])
        self.write()
        return file

    @property
    def told(self) -> list[str]:
        """What is at fault, with the files."""
        return [
            str(fault.error).partition(": ")[2] for fault in read(self.folder).verified().faults
        ]


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path / "data")


@pytest.fixture
def many(data: Data) -> Data:
    """One good report among bad lines: a year that is none, no file, another file, two for one report."""
    data.line(UNIT, 2021, POLICE)
    data.line("甲局", 2022, "甲", year="二〇二二")
    data.line("乙局", 2022, "乙").unlink()
    data.line("丙局", 2022, "丙").write_text("另", encoding="utf-8")
    data.line("丁局", 2022, "丁")
    data.line("丁局", 2022, "丁丁")
    return data


WRONG = [
    "line 3, year: expected a year, found 二〇二二",
    "line 7: expected one line for each report, found 丁局 2022 部门汇总 again, as in line 6",
    "line 4, file: expected a file that exists, found raw/2.txt",
]


def test_each_fault_is_told_and_the_rest_is_there(many: Data) -> None:
    assert many.told[:3] == WRONG
    assert many.told[3].startswith("line 5, sha256: expected ")
    assert len(many.told) == 4
    assert [entry.unit for entry in read(many.folder).entries] == [UNIT, "乙局", "丙局"]
    assert [entry.unit for entry in read(many.folder).verified().entries] == [UNIT]
    with pytest.raises(CatalogueError, match="line 3, year"):
        load(many.folder)


def test_what_is_asked_for_is_opened_or_says_why_not(many: Data) -> None:
    assert catalogue.open_report(2021, UNIT, many.folder).meta["unit"] == UNIT
    for unit, wrong in (("乙局", "line 4, file"), ("丙局", "line 5, sha256")):
        with pytest.raises(CatalogueError, match=wrong):
            catalogue.open_report(2022, unit, many.folder)
    with pytest.raises(DuplicateReportError, match=r"line 7.*line 6"):
        catalogue.open_report(2022, "丁局", many.folder)


def test_opening_a_report_hashes_its_file_alone(
    many: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def noted(path: Path) -> str:
        hashed.append(path.name)
        return sha256_of(path)

    for module in (entries, readers, digests):
        monkeypatch.setattr(module, "sha256_of", noted)
    catalogue.open_report(2021, UNIT, many.folder)
    assert set(hashed) == {"0.txt"}
    assert len(hashed) == 2  # once for the catalogue, once for what was read


def test_a_report_at_fault_still_has_its_name(data: Data) -> None:
    """Another's bad line moves no page to another folder, and nobody gets the other scope unasked."""
    data.line(UNIT, 2022, "一")
    data.line(UNIT, 2022, "二", scope="本级").unlink()
    there = read(data.folder).verified()
    (entry,) = there.entries
    assert there.name(entry) == f"{UNIT}（部门汇总）"
    for unit in (None, UNIT):
        with pytest.raises(UnknownReportError, match=f"{UNIT}（部门汇总） . {UNIT}（本级）"):
            there.find(2022, unit)
    assert there.find(2022, there.name(entry)) == entry
    assert there.select(2022) == [entry]
    with pytest.raises(CatalogueError, match="line 3, file"):
        there.find(2022, f"{UNIT}（本级）")


def test_what_was_corrected_does_not_come_back(data: Data) -> None:
    """Where the corrected version is at fault, the first one is no report of the catalogue again."""
    first = data.line(UNIT, 2022, "一")
    later = data.line(UNIT, 2022, "二", replaces=sha256_of(first))
    assert [entry.file for entry in read(data.folder).entries] == ["raw/1.txt"]
    later.unlink()
    assert read(data.folder).verified().entries == ()
    data.rows[1] = [*data.rows[1][:-2], "2022", sha256_of(first)]  # a date that is none
    data.write()
    assert read(data.folder).entries == ()
    assert data.told == ["line 3, retrieved: expected a date such as 2024-09-30, found 2022"]


def test_an_old_version_that_is_gone_is_told(data: Data) -> None:
    first = data.line(UNIT, 2022, "一")
    data.line(UNIT, 2022, "二", replaces=sha256_of(first))
    first.unlink()
    assert data.told == ["line 2, file: expected a file that exists, found raw/0.txt"]
    assert [entry.file for entry in read(data.folder).verified().entries] == ["raw/1.txt"]


def test_versions_that_replace_nothing_or_each_other(data: Data) -> None:
    data.line(UNIT, 2022, "一")
    data.line(UNIT, 2022, "二", replaces="0" * 64)
    data.line(OTHER, 2022, "三")
    assert [told.partition(":")[0] for told in data.told] == ["line 3, replaces"]
    assert [entry.unit for entry in read(data.folder).entries] == [OTHER]
    digests_ = [row[COLUMNS.index("sha256")] for row in data.rows]
    for row, replaced in ((0, 1), (1, 0)):
        data.rows[row] = [*data.rows[row][:-1], digests_[replaced]]
    data.write()
    assert data.told == ["line 2, replaces: expected a last version, found a circle of versions"]


def test_no_line_replaces_the_report_of_another(data: Data) -> None:
    first = data.line(UNIT, 2022, "一")
    data.line(OTHER, 2022, "二", replaces=sha256_of(first))
    assert [entry.unit for entry in read(data.folder).entries] == [UNIT]
    assert [told.partition(":")[0] for told in data.told] == ["line 3, replaces"]


def test_a_line_without_a_digest_is_told_which(data: Data) -> None:
    files = [data.line(unit, 2022, unit, sha256="") for unit in (UNIT, OTHER)]
    assert data.told == [
        f"line {at}, sha256: expected {sha256_of(file)} (that of raw/{file.name}), found nothing"
        for at, file in enumerate(files, start=2)
    ]


def test_one_file_of_two_reports_is_neither_and_a_line_twice_is_one(data: Data) -> None:
    data.line(UNIT, 2022, "一")
    data.line(OTHER, 2022, "一")
    data.line("丙局", 2022, "三")
    data.rows.append(data.rows[-1])
    data.write()
    assert [entry.unit for entry in read(data.folder).entries] == ["丙局"]
    assert [told.partition(":")[0] for told in data.told] == ["line 5", "line 3"]


def test_a_link_out_of_the_folder_is_not_followed(data: Data, tmp_path: Path) -> None:
    file = data.line(UNIT, 2022, "一")
    (tmp_path / "out.txt").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "out.txt")
    assert data.told == ["line 2, file: expected a path inside the data folder, found raw/0.txt"]


def test_a_name_that_no_file_can_have_is_a_fault(data: Data) -> None:
    data.line(UNIT, 2022, "一", file=f"raw/{'长' * 300}.txt")
    (told,) = data.told
    assert told.startswith("line 2, file: expected a file that ")


# ---- the commands and notebooks ---------------------------------------------------------------------------------


def test_verify_tells_each_line(many: Data, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--data-dir", str(many.folder)]) == 2
    said = capsys.readouterr()
    assert said.out == "相符 as the catalogue says: 1  有误 at fault: 4\n"
    assert len(said.err.splitlines()) == 4
    many.rows = many.rows[:1]
    many.write()
    assert main(["verify", "--data-dir", str(many.folder)]) == 0
    assert capsys.readouterr().err == ""


def test_verify_believes_no_earlier_digest(data: Data, capsys: pytest.CaptureFixture[str]) -> None:
    file = data.line(UNIT, 2022, "一")
    stamp = digests.stamp(file)
    kept = {"raw/0.txt": ["0" * 64, *stamp]}
    (data.folder / digests.NAME).write_text(json.dumps(kept), encoding="utf-8")
    assert main(["verify", "--data-dir", str(data.folder)]) == 0


def test_check_goes_on(many: Data, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--data-dir", str(many.folder)]) == 2
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 4
    assert said.out.startswith(f"{UNIT} 2021 部门汇总（0.txt）")


def test_data_takes_what_is_right_and_names_the_rest(
    many: Data, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "--data-dir", str(many.folder)]) == 1
    told = capsys.readouterr().err
    assert all(f"line {number}" in told for number in (3, 4, 5))
    failures = pd.read_csv(many.folder / "tidy" / "failures.csv")
    reports = pd.read_csv(many.folder / "tidy" / "reports.csv")
    assert reports["unit"].tolist() == [UNIT]
    assert {"乙局", "丙局", "丁局"} <= set(failures["unit"])


def test_the_panel_names_what_it_lacks(many: Data) -> None:
    found = list(catalogue.reports(many.folder))
    assert [one.subject.unit for one in found if isinstance(one, Member)] == [UNIT]
    lacks = [(one.subject.unit, one.year) for one in found if isinstance(one, Unread)]
    assert lacks == [("乙局", 2022), ("丙局", 2022), ("丁局", 2022), ("reports.csv", None)]
    assert not [one for one in found if isinstance(one, Unread) and str(many.folder) in one.error]
    panel = Panel(found)
    said = [plain(one) for one in story.readings(panel)]
    assert [one.partition("，")[0] for one in said] == ["有 3 份报告读不出", "目录里有 1 行不对"]
    assert "line 3, year: expected a year" in said[1]
    assert "另有 3 份读不出" in plain(story.bottom_line(panel))


@pytest.mark.parametrize("spoilt", ["gone", "no report"])
def test_a_year_before_at_fault_stops_no_year(
    spoilt: str, data: Data, capsys: pytest.CaptureFixture[str]
) -> None:
    data.line(UNIT, 2021, POLICE)
    report = catalogue.open_report(2021, UNIT, data.folder)
    capsys.readouterr()
    before = data.line(UNIT, 2020, "购物清单：白菜")
    if spoilt == "gone":
        before.unlink()
    assert catalogue.report_before(report, data.folder) is None
    said = capsys.readouterr().err
    assert said.startswith("CatalogueError: reports.csv: line 3" if spoilt == "gone" else "NotARep")
    assert str(data.folder) not in said
    assert len(said.splitlines()) == 1


def test_adding_waits_for_a_catalogue_that_is_right(many: Data, tmp_path: Path) -> None:
    """Who writes the file anew must have understood every line of it."""
    before = (many.folder / "reports.csv").read_bytes()
    for change in (
        lambda: catalogue.add(WATER, many.folder),
        lambda: catalogue.remove(2021, UNIT, many.folder),
    ):
        with pytest.raises(CatalogueError, match="line 3, year"):
            change()
    assert (many.folder / "reports.csv").read_bytes() == before


def test_a_report_without_its_file_can_be_removed(data: Data) -> None:
    data.line(UNIT, 2022, "一").unlink()
    data.line(OTHER, 2022, "二")
    assert catalogue.add(WATER, data.folder).year
    assert catalogue.remove(2022, UNIT, data.folder).file == "raw/0.txt"
    assert data.told == []


# ---- digests that are known again ---------------------------------------------------------------------------------


class Reads:
    """Which files were read for their digest."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        monkeypatch.setattr(digests, "sha256_of", self)

    def __call__(self, path: Path) -> str:
        self.names.append(path.name)
        return sha256_of(path)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour from now, when files that were just written are settled."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 3_600_000_000_000)


def of(folder: Path, *names: str) -> list[str]:
    known = Digests(folder)
    found = [known(folder / name) for name in names]
    known.save()
    return found


@pytest.mark.usefixtures("later")
def test_a_file_that_was_not_touched_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name, encoding="utf-8")
    reads = Reads(monkeypatch)
    first = of(tmp_path, "a", "b")
    assert first == of(tmp_path, "a", "b") == [sha256_of(tmp_path / name) for name in "ab"]
    assert reads.names == ["a", "b"]
    # the same size, and the time of change set back
    times = (tmp_path / "a").stat()
    time.sleep(0.02)
    (tmp_path / "a").write_text("c", encoding="utf-8")
    os.utime(tmp_path / "a", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert of(tmp_path, "a", "b") == [sha256_of(tmp_path / "a"), first[1]]
    assert reads.names == ["a", "b", "a"]


def test_a_file_that_was_just_written_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    reads = Reads(monkeypatch)
    assert of(tmp_path, "a") == of(tmp_path, "a")
    assert reads.names == ["a", "a"]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": [1, 2]}', "\xff"])
def test_what_is_kept_may_be_anything(text: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    kept = tmp_path / digests.NAME
    kept.write_bytes(text.encode("latin-1"))
    assert of(tmp_path, "a") == [sha256_of(tmp_path / "a")]
    assert list(json.loads(kept.read_text(encoding="utf-8"))) == ["a"]
