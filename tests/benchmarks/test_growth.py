"""What a run costs besides its notebooks: little, and in proportion to the reports. Run by `make bench`.

``python tests/benchmarks/test_growth.py [N …] [--plan]`` prints CPU seconds, each command in a process of its own. The
catalogues are made up: five years of a unit, each report a small file; notebooks and reading cost nothing.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PLAN_SECONDS = 1
UNCHANGED_SECONDS = 5
TIMES = 4
SLACK = 1.3

ROOT = Path(__file__).parents[2]
YEARS = range(2020, 2025)
COLUMNS = ["unit", "year", "scope", "file", "sha256", "kind", "source"]

#: A run in a process of its own, with notebooks and reports that cost nothing: what is left is the run's own work.
RUN = """
import sys
from pathlib import Path
from qy_finance.files import sha256_of, write_text
from qy_finance.publish import runner
from qy_finance.publish.execute import JobResult
from qy_finance.publish.reading import Reader, failed

cited, size = int(sys.argv[1]), int(sys.argv[2])

def execute(job, kernels, look):
    for path in job.outputs:
        write_text(path, f"{job.name} {job.subject.folder}" + "x" * size)
    entry = job.subject.entry
    own = {f"{at:016x}": {"a-heading": "a heading"} for at in range(cited)}
    outputs = {path.name: sha256_of(path) for path in job.outputs}
    cites = {entry.report_id: own} if entry else {}
    return JobResult(job, job.name, "", "2026-01-02T03:04:05+00:00", 0.1, outputs, cites)

def source(self, request):
    write_text(Path(request["page"]), "source" + "x" * size)
    return ""

runner.execute = execute
Reader.summary = lambda self, report, english: failed("")
Reader.source = source
assert runner.run(None).ok
"""

#: The plan of one page.
PLAN = """
import sys
from pathlib import Path
from qy_finance import entries
from qy_finance.publish.plan import find_notebooks, plan
from qy_finance.digests import Digests
book = entries.read()
digests = Digests(book.data_dir)
book = book.verified(digests)
digests.save()
planned = plan(book, find_notebooks("", ["00_overview"]), [2022], ["某市第1局"], {}, Path("outputs"))
assert len(planned.jobs) == 1
"""


def write_catalogue(folder: Path, count: int) -> None:
    """A catalogue of so many reports."""
    rows = []
    for at in range(count):
        unit, year = f"某市第{at // len(YEARS)}局", YEARS[at % len(YEARS)]
        file = folder / "raw" / str(year) / f"{unit}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        content = f"{unit} {year} 年度部门决算".encode()
        file.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        name = file.relative_to(folder).as_posix()
        rows.append([unit, str(year), "本级", name, digest, "text", ""])
    with (folder / "reports.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def cpu(program: str, where: Path, *arguments: object) -> float:
    """CPU seconds of a Python program and of its children."""
    before = os.times()
    command = [sys.executable, "-c", program, *map(str, arguments)]
    subprocess.run(command, cwd=where, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    spent = (
        after.children_user - before.children_user,
        after.children_system - before.children_system,
    )
    return sum(spent)


def measured(count: int, *, run: bool) -> dict[str, float]:
    """CPU seconds of each command over so many reports, each page of 2 kB with 150 figures that it cites."""
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        write_catalogue(here / "data", count)
        shutil.copytree(ROOT / "notebooks", here / "notebooks")
        found = {"plan": cpu(PLAN, here), "plan again": cpu(PLAN, here)}
        if run:
            for what in ("run", "unchanged", "unchanged again"):
                found[what] = cpu(RUN, here, 150, 2000)
        return found


def test_planning_is_linear() -> None:
    """One page among 640 reports, and among four times as many."""
    few, many = (measured(count, run=False)["plan again"] for count in (640, 640 * TIMES))
    print(f"\nplan: {few:.2f} s, {many:.2f} s")
    assert few <= PLAN_SECONDS
    assert many <= few * TIMES * SLACK


def test_a_run_with_nothing_changed_is_linear() -> None:
    """All pages of 160 and of 640 reports as they were left."""
    few, many = (measured(count, run=True)["unchanged"] for count in (640 // TIMES, 640))
    print(f"\nunchanged: {few:.2f} s, {many:.2f} s")
    assert many <= UNCHANGED_SECONDS
    assert many <= few * TIMES * SLACK


if __name__ == "__main__":
    for count in [int(one) for one in sys.argv[1:] if one.isdigit()] or [160, 640, 2560]:
        told = measured(count, run="--plan" not in sys.argv)
        print(count, *(f"{name} {seconds:.2f}" for name, seconds in told.items()), sep="  ")
