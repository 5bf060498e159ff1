"""The batch run: two notebooks at a time, a line for each, an index of all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qy_finance import catalogue, html
from qy_finance.batch import manifest
from qy_finance.batch.execute import KERNELS, Kernels, Outcome, execute
from qy_finance.batch.plan import Job, find_notebooks, plan
from qy_finance.files import TEMPORARY, locked, write_text

#: Jobs at the same time: one for each kernel, and one that makes its page meanwhile.
WORKERS = KERNELS + 1


@dataclass(frozen=True)
class RunResult:
    """What a batch run left.

    Attributes
    ----------
    outcomes : list of Outcome
        In the order of the plan.
    index : Path
        The page that lists everything in the output folder.
    """

    outcomes: list[Outcome]
    index: Path

    @property
    def ok(self) -> bool:
        """Whether every notebook ran to its end."""
        return all(outcome.ok for outcome in self.outcomes)


def run(
    years: Sequence[int],
    units: Sequence[str] = (),
    notebooks: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
    data_dir: str | Path = "",
    notebook_dir: str | Path = "",
    output_dir: str | Path = "",
) -> RunResult:
    """Run notebooks for the reports of the catalogue, export them and rebuild the index.

    Parameters
    ----------
    years : sequence of int
        Fiscal years (年度).
    units, notebooks : sequence of str
        Names; none for all.
    parameters : mapping of str to str, optional
        Further notebook parameters; each gets the type of the notebook's default.
    data_dir, notebook_dir : str or Path
        Empty for the nearest ``data`` and ``notebooks`` from the working directory upward.
    output_dir : str or Path
        Empty for ``outputs`` beside the notebooks' folder.

    Raises
    ------
    UnknownReportError, ParameterError, CatalogueError
        Before anything runs: an unknown year, unit, notebook or parameter, a catalogue at fault.
    ReportError
        Another run is writing to the same output folder.
    """
    paths = find_notebooks(notebook_dir, notebooks)
    output = Path(output_dir) if str(output_dir) else paths[0].parent.parent / "outputs"
    jobs = plan(catalogue.load(data_dir), paths, years, units, parameters, output)
    with locked(output):
        for folder in {job.folder for job in jobs}:
            for unfinished in folder.glob(f".*{TEMPORARY}.*"):
                unfinished.unlink()
        finished = _run_jobs(jobs)
        index = output / "index.html"
        write_text(index, html.index(manifest.read_all(output), output))
    return RunResult([finished[job] for job in range(len(jobs))], index)


def _run_jobs(jobs: Sequence[Job]) -> dict[int, Outcome]:
    kernels = Kernels()
    finished = {}
    pool = ThreadPoolExecutor(WORKERS)
    try:
        futures = {pool.submit(execute, job, kernels): i for i, job in enumerate(jobs)}
        with _progress(len(jobs)) as show:
            for future in as_completed(futures):
                outcome = finished[futures[future]] = future.result()
                manifest.record(outcome)
                show(outcome)
    finally:
        # after an error or Ctrl-C nothing more starts, and what runs is ended; else nothing is left
        if len(finished) < len(jobs):
            kernels.end()
        pool.shutdown(cancel_futures=True)
    return finished


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Outcome], None]]:
    """Show outcomes: lines on standard output, below them a bar where somebody looks on."""
    from tqdm import tqdm

    with tqdm(total=total, unit="nb", leave=False, disable=not sys.stderr.isatty()) as bar:

        def show(outcome: Outcome) -> None:
            bar.write(_line(outcome))
            bar.update()

        yield show


def _line(outcome: Outcome) -> str:
    job = outcome.job
    line = (
        f"{'✓' if outcome.ok else '✗'} {job.name}  {job.unit}  {job.year}  {outcome.seconds:.1f} s"
    )
    return line if outcome.ok else f"{line}  {outcome.error}"
