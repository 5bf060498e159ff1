"""The run: several notebooks at a time, a line for each, an index of all."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qy_finance.digests import Digests
from qy_finance.entries import read
from qy_finance.errors import CatalogueError
from qy_finance.files import TEMPORARY, locked, write_text
from qy_finance.garbage import seldom_collected
from qy_finance.language import EN, ZH
from qy_finance.publish import manifest
from qy_finance.publish.execute import JobResult, execute
from qy_finance.publish.forking import Forks
from qy_finance.publish.index import write_index
from qy_finance.publish.plan import Job, Subject, find_notebooks, plan
from qy_finance.publish.reading import Reader
from qy_finance.publish.sources import SourceJob, source_jobs

#: Kernels that run at the same time, where it is not said how many.
JOBS = 2


#: In each folder with pages, whatever they were made from: a page that can't load it was taken out of it.
_HERE = "here.svg"

#: An empty picture in each folder: a page that can't load it has no source page that it may link to.
_NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'


@dataclass(frozen=True)
class RunResult:
    """What a run left: how each job ended, in the order of the plan; the index; whether every source page was made.

    And what is at fault in the catalogue: those reports have no part in it.
    """

    results: list[JobResult]
    index: Path
    sourced: bool
    faults: list[CatalogueError] = field(default_factory=list)

    def __str__(self) -> str:
        count = Counter("unchanged" if one.unchanged else "run" for one in self.results)
        failed = sum(not one.ok for one in self.results)
        return (
            f"{len(self.results)} 页 pages：{count['run']} 运行 run，{count['unchanged']} 未变 unchanged，"
            f"{failed} 失败 failed"
        )

    @property
    def ok(self) -> bool:
        """Whether every notebook ran to its end, now or when it was last run, and has its source page."""
        return self.sourced and not self.faults and all(result.ok for result in self.results)


def run(
    years: Sequence[int] | None,
    units: Sequence[str] = (),
    notebooks: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
    data_dir: str | Path = "",
    notebook_dir: str | Path = "",
    output_dir: str | Path = "",
    *,
    jobs: int = JOBS,
    fork: bool = True,
    timeout: float | None = None,
    languages: Sequence[str] = (ZH,),
) -> RunResult:
    """Run notebooks for the reports of the catalogue, export them and rebuild the index.

    A notebook whose parameters have neither ``year`` nor ``unit`` is about the whole catalogue and runs once.
    What would come out as it did before is not run again: report files, notebook, parameters, this package
    and its libraries are the same, and the pages are as they were left.

    Parameters
    ----------
    years : sequence of int or None
        Fiscal years (年度); None for all reports of the catalogue.
    units, notebooks : sequence of str
        Names; none for all.
    parameters : mapping of str to str, optional
        Further notebook parameters; each gets the type of the notebook's default.
    data_dir, notebook_dir : str or Path
        Empty for the nearest ``data`` and ``notebooks`` from the working directory upward.
    output_dir : str or Path
        Empty for ``outputs`` beside the notebooks' folder.
    jobs : int
        Notebooks that run at the same time.
    fork : bool
        Whether kernels are forked from one process that has the libraries in memory, where the system can; they leave
        the same.
    timeout : float, optional
        Seconds that a notebook may take; one that takes longer is ended and has failed.
    languages : sequence of str
        Of the pages: zh, en, or both. English pages stand beside the Chinese ones, and each leads to the other.

    Raises
    ------
    UnknownReportError, ParameterError, CatalogueError
        Before anything runs: an unknown year, unit, notebook or parameter, a catalogue that can't be read. A line of it
        that is at fault, or whose file is another, is told at the end, and its report alone is not run.
    ReportError
        Another run is writing to the same output folder, or a manifest in it is damaged.
    """
    paths = find_notebooks(notebook_dir, notebooks)
    output = Path(output_dir) if str(output_dir) else paths[0].parent.parent / "outputs"
    catalogue = read(data_dir)
    digests = Digests(catalogue.data_dir)
    catalogue = catalogue.verified(digests)
    digests.save()
    planned = plan(catalogue, paths, years, units, parameters or {}, output, languages)
    if planned.foreign:
        names = ", ".join(path.name for path in planned.foreign)
        print(f"! 没有 parameters 单元格，跳过 no cell tagged parameters, left out  {names}")
    english = {*planned.foreign, *(job.notebook for job in planned.jobs if job.language == EN)}
    for path in paths if EN in languages else ():
        if path not in english:
            print(f"! 没有 lang 参数，不做英文页 no parameter lang, no English page  {path.stem}")
    with (
        locked(output),
        seldom_collected(),
        closing(Forks(fork)) as forks,
        closing(Reader(forks, catalogue)) as reader,
    ):
        for unfinished in output.glob(f"*/**/.*{TEMPORARY}.*"):
            unfinished.unlink()
        finished = _run_jobs(planned.jobs, planned.reports, reader, forks, jobs, timeout)
        subjects = [*planned.reports, planned.everything]
        # what the catalogue has no longer may still lie in the output folder
        folders = {subject.folder for subject in subjects}
        manifests = [one for one in manifest.read_all(output) if one.folder in folders]
        sourced = _make_sources(source_jobs(planned.reports, manifests), subjects, reader)
        index = write_index(subjects, output, catalogue)
    faults = [fault.error for fault in catalogue.faults]
    for error in faults:
        print(f"! 目录有误 catalogue  {error}")
    results = [finished[i] for i in range(len(planned.jobs))]
    return RunResult(results, index, sourced, faults)


def _run_jobs(
    jobs: Sequence[Job],
    reports: Sequence[Subject],
    reader: Reader,
    forks: Forks,
    at_once: int,
    timeout: float | None,
) -> dict[int, JobResult]:
    finished, unread = _known(jobs, reports)
    waiting = [i for i in range(len(jobs)) if i not in finished]
    for number, result in enumerate(finished.values(), start=1):
        print(_line(result, number, len(jobs)))
    if not waiting and not unread:
        return finished
    if waiting:
        forks.start(jobs[0].notebook.parent)
    from tqdm import tqdm

    from qy_finance.publish.kernels import Kernels

    kernels = Kernels(at_once, forks, timeout)
    # one more makes a page meanwhile, another waits for what its cards show
    pool, reading = ThreadPoolExecutor(at_once + 2), ThreadPoolExecutor(1)
    try:
        runs: dict[Future[Any], int] = {
            pool.submit(execute, jobs[i], kernels, reader.printed): i for i in waiting
        }
        summaries: dict[Future[Any], Subject] = {
            reading.submit(reader.summary, subject.entry.report_id, english): subject
            for subject, english in unread
            if subject.entry is not None
        }
        # below the lines a bar of the notebooks, where somebody looks on
        hidden, failed = not sys.stderr.isatty(), 0
        with tqdm(total=len(waiting), unit="nb", leave=False, disable=hidden) as bar:
            for future in as_completed([*runs, *summaries]):
                if future in runs:
                    result = future.result()
                    manifest.record(result)
                    finished[runs[future]] = result
                    bar.write(_line(result, len(finished), len(jobs)))
                    failed += not result.ok
                    if failed:
                        bar.set_postfix_str(f"失败 failed {failed}", refresh=False)
                    bar.update()
                else:
                    subject, summary = summaries[future], future.result()
                    manifest.record_summary(subject, summary)
                    if summary["error"]:
                        bar.write(f"! 报告没有读出 not read  {subject.name}  {summary['error']}")
    except BaseException:  # also Ctrl-C: nothing more starts, and what runs is ended
        kernels.end()
        reader.close()
        raise
    finally:
        for executor in (pool, reading):
            executor.shutdown(cancel_futures=True)
    return finished


def _known(
    jobs: Sequence[Job], reports: Sequence[Subject]
) -> tuple[dict[int, JobResult], list[tuple[Subject, bool]]]:
    """The jobs that need not be run; the reports that must be read for the index, and whether in English too.

    Each manifest is read once.
    """
    of_folder: dict[Path, list[int]] = defaultdict(list)
    for i, job in enumerate(jobs):
        of_folder[job.subject.folder].append(i)
    finished: dict[int, JobResult] = {}
    unread = []
    # those that are not run too: the index links to their source pages, which are made again
    subjects = {one.folder: one for one in (*reports, *(job.subject for job in jobs))}
    for folder, subject in subjects.items():
        own = of_folder.get(folder, ())
        if not own and not (folder / manifest.NAME).is_file():
            continue
        told = manifest.manifest_of(subject)
        for i in own:
            if result := manifest.unchanged(jobs[i], told):
                finished[i] = result
        english = any(
            name.endswith(f".{EN}") for name in (*told.notebooks, *(jobs[i].name for i in own))
        )
        if subject.entry and not manifest.is_read(subject, told, english):
            unread.append((subject, english))
    return dict(sorted(finished.items())), unread


def _make_sources(jobs: Sequence[SourceJob], subjects: Sequence[Subject], reader: Reader) -> bool:
    """Make the source pages that are not as they would be made; returns whether all are.

    Pages that were made from something else lose their witness before, since their links would lead to other
    figures; the others get one at the end. A source page of another reading goes before too: the index of the run
    before has links into it, and where it can't be made anew the index of this run would have.
    """
    waiting = [job for job in jobs if not job.is_made()]
    for subject in subjects:
        for witness in subject.folder.glob("beside*.svg"):
            if witness.name != subject.beside:
                witness.unlink()
    for job in waiting:
        if not (job.subject.folder / job.subject.beside).is_file():
            job.page.unlink(missing_ok=True)
    failed: set[Path] = set()
    for job in waiting:
        if error := reader.source(job.request):
            failed.add(job.subject.folder)
            print(f"! 出处没有做成 no source page  {job.subject.name}  {error}")
        else:
            job.record()
    for subject in subjects:
        good = subject.folder not in failed if subject.entry else not failed
        witness = subject.folder / subject.beside
        there = subject.folder.is_dir()
        for file in (witness, subject.folder / _HERE) if good else (subject.folder / _HERE,):
            if there and not file.is_file():
                write_text(file, _NOTHING)
    return not failed


def _line(result: JobResult, number: int, of: int) -> str:
    """How a job ended, and how many of all have."""
    label = f"{number:>{len(str(of))}}/{of}  {result.job.label}"
    if result.unchanged:
        return f"= {label}  未变 unchanged"
    line = f"{'✓' if result.ok else '✗'} {label}  {result.seconds:.1f} s"
    return line if result.ok else f"{line}  {result.error}"
