"""How fast it is. Run by `make bench`, never by `make test`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import qy_finance
from qy_finance import catalogue

ROOT = Path(__file__).parents[2]
YEAR = 2022
READ_SECONDS = 0.040
RUN_RATIO = 1.3

# What a run costs at least: the same notebooks, executed by nbclient alone, two at a time.
BARE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import nbformat
from nbclient import NotebookClient

def execute(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": "notebooks"}}).execute()

with ThreadPoolExecutor(2) as pool:
    list(pool.map(execute, sorted(Path("notebooks").glob("*.ipynb"))))
"""


def test_read_report(benchmark: BenchmarkFixture) -> None:
    """Reading the 2022 report once warm: the least disturbed round, as other processes only add to a time."""
    book = catalogue.load(ROOT / "data")
    path = book.path(book.find(YEAR))
    benchmark.pedantic(
        lambda: qy_finance.read_report(path), rounds=40, iterations=1, warmup_rounds=5
    )
    assert benchmark.stats.stats.min <= READ_SECONDS


@pytest.mark.benchmark(min_rounds=1)
def test_run_against_bare_notebooks(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A whole run with its pages and index, as a ratio to the bare notebooks in the same minutes."""
    command = [sys.executable, "-m", "qy_finance.cli", "run", "--year", str(YEAR)]

    def run() -> None:
        _call([*command, "--output-dir", str(tmp_path / "outputs")])

    bare = []
    for _ in range(2):
        started = time.perf_counter()
        _call([sys.executable, "-c", BARE])
        bare.append(time.perf_counter() - started)
        if len(bare) == 1:
            benchmark.pedantic(run, rounds=2, iterations=1)
    ratio = benchmark.stats.stats.min / min(bare)
    benchmark.extra_info["ratio_to_bare_nbclient"] = round(ratio, 2)
    print(f"\nrun / bare nbclient: {ratio:.2f}")
    assert ratio <= RUN_RATIO


def _call(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
