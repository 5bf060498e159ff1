"""One job: a notebook executed by papermill, and its page."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from qy_finance.files import replacing, sha256_of
from qy_finance.language import EN
from qy_finance.publish import pages
from qy_finance.publish.cards import Look, nothing
from qy_finance.publish.finish import Cited
from qy_finance.publish.plan import INDEX, INDEX_EN, SOURCE, Job, title_of
from qy_finance.publish.translated import in_english

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from qy_finance.publish.kernels import Kernels


_CODE_POINT: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


@dataclass(frozen=True)
class JobResult:
    """How a job ended.

    Attributes
    ----------
    title : str
        First heading of the notebook.
    error : str
        ``name: message`` of the error in one line; empty if all went well.
    started, seconds : str, float
        When (ISO 8601, UTC), and how long it took to the finished page.
    outputs : mapping
        SHA-256 of the files that it left, by their names.
    cited : mapping
        The figures that its page links to.
    unchanged : bool
        Whether it was not run, since nothing has changed since it was.
    """

    job: Job
    title: str
    error: str
    started: str
    seconds: float
    outputs: Mapping[str, str]
    cited: Cited
    unchanged: bool = False

    @property
    def ok(self) -> bool:
        """Whether the notebook ran to its end."""
        return not self.error


def execute(job: Job, kernels: Kernels, look: Look = nothing) -> JobResult:
    """Run a notebook, and put the executed notebook and its page in place.

    A notebook that fails leaves both as well: they show how far it came, and the error. What the page's cards show,
    ``look`` says.

    Raises
    ------
    CancelledError
        The run was interrupted; nothing is put in place.
    """
    from qy_finance.notebooks import nbformat

    with ExitStack() as kernel:
        kernel.enter_context(kernels.free)
        if kernels.ended.is_set():
            raise CancelledError
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
        with replacing(job.outputs[0]) as notebook_file, replacing(job.outputs[1]) as page_file:
            notebook, error = _papermill(job, str(notebook_file), kernels)
            kernel.close()  # the next notebook runs while this page is made
            # papermill notes the paths of this machine and the temporary name
            name = job.notebook.name
            notebook.metadata.papermill.update(input_path=name, output_path=name)
            nbformat.write(notebook, notebook_file)
            title = title_of(notebook) or job.name
            page = _page(job, title, started, error)
            text, cited = pages.export(notebook, page, job.notebook.parent, look)
            page_file.write_text(text, encoding="utf-8", newline="\n")
            made = zip(job.outputs, (notebook_file, page_file), strict=True)
            outputs = {path.name: sha256_of(file) for path, file in made}
    seconds = round(time.perf_counter() - clock, 2)
    return JobResult(job, title, error, started, seconds, outputs, cited)


def _page(job: Job, title: str, started: str, error: str) -> pages.NotebookPage:
    subject, entry = job.subject, job.subject.entry
    year, scope = (entry.year, entry.scope) if entry else (None, "")
    source = ("Source" if job.language == EN else "出处", SOURCE)
    beside = [*job.beside, source] if entry and not error else job.beside
    index = subject.index.replace(INDEX, INDEX_EN) if job.language == EN else subject.index
    return pages.NotebookPage(
        title, subject.name, year, scope, job.name, started, error,
        index, beside, subject.sources, job.pages, subject.beside, job.language, job.sister,
    )  # fmt: skip


def _papermill(job: Job, output: str, kernels: Kernels) -> tuple[NotebookNode, str]:
    from qy_finance.notebooks import nbformat, papermill  # isort: skip
    from papermill.exceptions import PapermillExecutionError
    from papermill.iorw import load_notebook_node

    source = nbformat.read(job.notebook, as_version=4)
    if job.language == EN:
        source = in_english(source, job.notebook)
    message = ""
    with kernels.one() as kernel:
        try:
            notebook = papermill.execute_notebook(
                source,
                output,
                dict(job.parameters),
                kernel_name="python3",  # the environment that this package is installed in
                progress_bar=False,
                request_save_on_cell_execute=False,
                kernel_manager_class=kernel.manager_class,
                # no advice of each kernel on its own set-up
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
                # the kernel's folder; papermill's own cwd moves this whole process, threads and all
                resources={"metadata": {"path": str(job.notebook.parent)}},
            )
        except PapermillExecutionError as error:
            notebook, message = (
                nbformat.read(output, as_version=4),
                f"{error.ename}: {error.evalue}",
            )
        except RuntimeError as error:  # the kernel did not start or died: no output to show
            notebook, message = load_notebook_node(source), f"{type(error).__name__}: {error}"
    if kernels.ended.is_set():
        raise CancelledError
    if message and kernel.ended.is_set():
        message = f"TimeoutError: not done within {kernels.timeout:g} s"
    # those that papermill added have random names, and Chinese as codes of characters
    written = {cell.get("id") for cell in source.cells}
    for number, cell in enumerate(notebook.cells):
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = readable(cell.source)
        if "id" in cell and cell.id not in written:
            cell.id = f"papermill-{number}"
    return notebook, " ".join(message.split())


def readable(code: str) -> str:
    """Code in which characters stand as themselves instead of as ``\\u6e05``, where it means the same then."""

    def itself(code_point: re.Match[str]) -> str:
        one = chr(int(code_point[code_point.lastindex or 0], 16))
        return one if one.isprintable() else code_point[0]

    plain = _CODE_POINT.sub(itself, code)
    with suppress(SyntaxError, ValueError):
        if ast.dump(ast.parse(plain)) == ast.dump(ast.parse(code)):
            return plain
    return code
