"""How fast it is. Run by `make bench`, never by `make test`."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
import pytest
from golden import shanghai_2024
from pytest_benchmark.fixture import BenchmarkFixture

import qy_finance
from qy_finance import catalogue

ROOT = Path(__file__).parents[2]
REPORTS = shanghai_2024.REPORT.parent
YEAR = 2022
READ_SECONDS = 0.040
CHECK_SECONDS = 0.060
RUN_RATIO = 1.3
PDF_RATIO = 7  # on each dense report; 8 is the aim
PDF_MEGABYTES = 250

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


def test_check(benchmark: BenchmarkFixture) -> None:
    """All checks of the 2022 report once warm: the least disturbed round."""
    book = catalogue.load(ROOT / "data")
    report = qy_finance.read_report(book.path(book.find(YEAR)))
    checks = benchmark.pedantic(report.check, rounds=40, iterations=1, warmup_rounds=3)
    assert len(checks) > len(report.observations) / 2
    assert benchmark.stats.stats.min <= CHECK_SECONDS


needs_pdf = pytest.mark.skipif(
    not shanghai_2024.REPORT.exists(), reason=f"no {shanghai_2024.REPORT.name} beside the checkout"
)


@pytest.mark.filterwarnings("ignore::qy_finance.errors.IdentityWarning")
@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.pdf")), ids=lambda path: path.stem)
def test_read_pdf_against_pdfplumber(benchmark: BenchmarkFixture, path: Path) -> None:
    """A whole report from its PDF, as a ratio to words and tables alone by pdfplumber, turn by turn.

    What the processor spends counts, and of both the least disturbed turn: other processes only add to it. The floor
    is what pdfium takes to tell all characters with their boxes.
    """

    def plumb() -> None:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_words()
                page.extract_tables()

    def floor() -> None:
        with pdfium.PdfDocument(path) as document:
            for text in (page.get_textpage() for page in document):
                text.get_text_range()
                for at in range(text.count_chars()):
                    text.get_charbox(at)

    def read() -> qy_finance.Report:
        return qy_finance.read_report(path)

    if read().reading.document.is_recognised:
        pytest.skip("scanned pages, which pdfplumber does not read")
    spent: dict[Callable[[], object], list[float]] = {plumb: [], floor: [], read: []}
    for work in (plumb, floor, *[read] * 4) * 4:
        started = time.process_time()
        work()
        spent[work].append(time.process_time() - started)
    benchmark.pedantic(read, rounds=5, iterations=1)
    bare, least, ours = (min(spent[work]) for work in (plumb, floor, read))
    ratio = bare / ours
    benchmark.extra_info["pdfplumber_to_read_report"] = round(ratio, 1)
    print(f"\npdfplumber {bare:.2f} s / read_report {ours:.3f} s: {ratio:.1f}; floor {least:.3f} s")
    assert ratio >= PDF_RATIO


@needs_pdf
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
def test_memory_of_reading_a_pdf(benchmark: BenchmarkFixture) -> None:
    """The most memory that a fresh process takes to read the PDF, its imports included."""
    program = (
        "import qy_finance;"
        f"len(qy_finance.read_report({str(shanghai_2024.REPORT)!r}).observations);"
        "print(open('/proc/self/status').read())"
    )
    command = [sys.executable, "-c", program]
    status = benchmark.pedantic(
        lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout,
        rounds=1,
        iterations=1,
    )
    # VmHWM is that of the program alone; getrusage would count what the test process had before it
    megabytes = int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024 / 1e6
    print(f"\n{megabytes:.0f} MB")
    assert megabytes <= PDF_MEGABYTES


@pytest.mark.benchmark(min_rounds=1)
def test_run_against_bare_notebooks(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A whole run with its pages and index, as a ratio to the bare notebooks in the same minutes."""
    command = [sys.executable, "-m", "qy_finance.cli", "run", "--year", str(YEAR)]

    folders = count()

    def run() -> None:  # into a new folder: what is there already is not run again
        _call([*command, "--output-dir", str(tmp_path / str(next(folders)))])

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
