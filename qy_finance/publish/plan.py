"""What is to be run: notebooks, their parameters, and the reports that they are run for.

Everything is checked here, before the first kernel starts.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qy_finance.decisions import NAME as DECISIONS
from qy_finance.entries import Catalogue
from qy_finance.errors import LinkError, ParameterError
from qy_finance.files import digest_of, find_upward, safe_name, sha256_of
from qy_finance.language import EN, ZH
from qy_finance.lines import NAME as CATALOGUE
from qy_finance.lines import SCOPES, Entry
from qy_finance.publish.basis import package_digest, versions
from qy_finance.publish.translated import english_file, in_english
from qy_finance.units.links import NAME as LINKS
from qy_finance.units.links import Succession, links, names_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Parameters that say what a notebook is about; `run` sets them from the catalogue.
REPORT_PARAMETERS, DATA_DIR = ("year", "unit"), "data_dir"
OWN_PARAMETERS = (*REPORT_PARAMETERS, DATA_DIR)

#: The one that says in which language, which a notebook may have.
LANGUAGE = "lang"

#: Where the pages about the whole catalogue go, beside the folders of the years.
PANEL = "panel"

#: The front page of an output folder, and the source page of a report beside its notebooks' pages.
INDEX, INDEX_EN, SOURCE = "index.html", "index.en.html", "source.html"

_PARAMETERS = "cell tagged parameters"

#: Files beside a notebook that it may import or show.
_BESIDE = {".py", ".png", ".jpg", ".jpeg", ".svg", ".gif"}


class Sources(Mapping[str, str]):
    """Address of every report's source page as seen from one folder, by its ``report_id``.

    All folders share what they are made from, and an address is made when it is asked for.
    """

    def __init__(self, folders: Mapping[str, Path], here: Path) -> None:
        self._folders, self._here = folders, here

    def __getitem__(self, report_id: str) -> str:
        return address(self._folders[report_id] / SOURCE, self._here)

    def __contains__(self, report_id: object) -> bool:
        return report_id in self._folders

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


@dataclass(frozen=True)
class Subject:
    """What a notebook is run about: one report, or all reports of the catalogue.

    Attributes
    ----------
    name, entry : str, Entry or None
        How the catalogue tells the report from the others, and its line there; None for the whole catalogue.
    basis : mapping
        What its figures depend on, as a manifest has it: ``inputs`` (SHA-256 of each file by its name in the
        data folder: all years of the unit, under whatever name, or the whole catalogue), ``package_sha256``,
        ``versions``.
    folder : Path
        Where the pages go.
    sources : mapping of str to str
        Address of every report's source page as seen from there, by its ``report_id``.
    """

    name: str
    entry: Entry | None
    basis: Mapping[str, object]
    folder: Path
    sources: Mapping[str, str]

    @property
    def index(self) -> str:
        """Address of the index as seen from its folder."""
        return f"../../{INDEX}" if self.entry else f"../{INDEX}"

    @cached_property
    def beside(self) -> str:
        """Name of the file by which a page sees that the source pages were made from what it was made from itself.

        Rows of a report that is read anew, or by another version, may be other figures.
        """
        digest = sha256(json.dumps(dict(self.basis), sort_keys=True).encode()).hexdigest()
        return f"beside-{digest[:8]}.svg"


@dataclass(frozen=True)
class Job:
    """One notebook for one subject.

    Attributes
    ----------
    notebook, sha256 : Path, str
        The notebook as written; its digest, with that of the files beside it, when the run was planned.
    subject, parameters : Subject, mapping
        What it is about; what is injected into the notebook, parameters of the catalogue among it.
    beside : sequence of (str, str)
        Title and address of each page of this run about the same subject, its own among them.
    pages : mapping of str to str
        Address of the page of each notebook of this run as seen from this one's page, by its name; those about one
        report for the same report.
    language : str
        That of its page: zh or en.
    sister : str
        Address of the page in the other language; empty where this run makes none and none lies there.
    """

    notebook: Path
    sha256: str
    subject: Subject
    parameters: Mapping[str, object]
    beside: Sequence[tuple[str, str]]
    pages: Mapping[str, str]
    language: str = ZH
    sister: str = ""

    @property
    def name(self) -> str:
        """Name of the notebook without its ending; of its English pages, with that language."""
        return _named(self.notebook, self.language)

    @property
    def outputs(self) -> tuple[Path, Path]:
        """Files that this job leaves: the executed notebook and its page."""
        folder = self.subject.folder
        return folder / f"{self.name}.ipynb", folder / f"{self.name}.html"

    @property
    def basis(self) -> Mapping[str, object]:
        """Everything that its pages depend on, as a manifest has it."""
        made = {"notebook_sha256": self.sha256, "parameters": dict(self.parameters)}
        sister = {"sister": self.sister} if self.sister else {}
        return {**self.subject.basis, **made, **sister}

    @property
    def label(self) -> str:
        """What it is called in a line of the console."""
        entry = self.subject.entry
        return "  ".join([self.name, self.subject.name, *([str(entry.year)] if entry else [])])


@dataclass(frozen=True)
class Plan:
    """What is to be run, every report of the catalogue, whether it is run or not, and all of them together.

    ``foreign`` are notebooks of the folder that are not run: they have no cell tagged ``parameters``, so nobody wrote
    them for this.
    """

    jobs: list[Job]
    reports: list[Subject]
    everything: Subject
    foreign: list[Path]


def find_notebooks(notebook_dir: str | Path = "", names: Sequence[str] = ()) -> list[Path]:
    """Notebooks of a folder in order of their names, or those that are named.

    An empty folder is the nearest ``notebooks`` from the working directory upward; folders in it (``templates``)
    are not looked into, and hidden files (those of a Mac, ``._…``) are none. The names are with or without ``.ipynb``,
    or paths.

    Raises
    ------
    ParameterError
        No notebooks, or none of that name; the message says which there are.
    """
    folder = Path(notebook_dir) if str(notebook_dir) else find_upward("notebooks", "*.ipynb")
    there = sorted(folder.glob("[!.]*.ipynb")) if folder else []
    if folder is None or not there:
        expected = "a folder notebooks/ with *.ipynb (qy-finance init FOLDER makes one)"
        raise ParameterError(folder or Path.cwd(), "", expected, "none")
    chosen: set[Path] = set()
    for name in names:
        wanted = Path(name)
        named = {path for path in there if path.stem == wanted.name.removesuffix(".ipynb")}
        if wanted.parent != Path():
            named = {path for path in named if path.resolve() == wanted.resolve()}
        if not named:
            known = " | ".join(path.stem for path in there)
            raise ParameterError(folder, "notebook", known, name)
        chosen |= named
    return sorted(chosen) if names else there


def plan(
    catalogue: Catalogue,
    found: Sequence[Path],
    years: Iterable[int] | None,
    units: Sequence[str],
    parameters: Mapping[str, str],
    output_dir: Path,
    languages: Sequence[str] = (ZH,),
) -> Plan:
    """Jobs for each year (None is every report), each unit and each notebook; then those about the whole catalogue.

    In English only the notebooks that have a parameter ``lang``.

    Raises
    ------
    UnknownReportError
        A year or unit that the catalogue does not have, or an empty catalogue.
    ParameterError
        A notebook that is neither about one report nor about all, a parameter that a notebook does not
        have, a value of another type than its default, or no notebook at all that has parameters.
    """
    read = {path: _read(path) for path in found}
    notebooks = [path for path in found if _tagged(read[path])]
    if not notebooks:
        raise ParameterError(found[0], _PARAMETERS, " and ".join(OWN_PARAMETERS), "no such cell")
    known = {path: _parameters(path, read[path]) for path in notebooks}
    given = {
        path: {name: _typed(path, name, value, known[path]) for name, value in parameters.items()}
        for path in notebooks
    }
    chosen = dict.fromkeys(
        entry
        for year in ([None] if years is None else years)
        for unit in units or (None,)
        for entry in catalogue.select(year, unit)
    )
    reports, everything = _subjects(catalogue, output_dir)
    about_one = [path for path in notebooks if set(REPORT_PARAMETERS) <= set(known[path])]
    about_all = [path for path in notebooks if path not in about_one]
    digests = {path: _digest(path) for path in notebooks}
    seen = {path: _seen_from(path, catalogue.data_dir) for path in notebooks}
    speak = {path for path in notebooks if LANGUAGE in known[path]}
    jobs = []
    for language, (all_of_them, subjects, to_others) in product(
        languages,
        (
            (about_one, [reports[entry] for entry in chosen], about_all),
            (about_all, [everything], []),
        ),
    ):
        group = [path for path in all_of_them if language == ZH or path in speak]
        titles = {path: _short_title(path, read[path], language) for path in group}
        beside = [(titles[path], _page_of(path, language)) for path in group]
        pages = {path.stem: _page_of(path, language) for path in group}
        for path in to_others:
            spoken = language if path in speak else ZH
            pages[path.stem] = f"../../{PANEL}/{_page_of(path, spoken)}"
        for subject, path in product(subjects, group):
            own: dict[str, object] = {DATA_DIR: seen[path]}
            if subject.entry:
                own = {"year": subject.entry.year, "unit": subject.name, **own}
            sister = ""
            if path in speak:
                own[LANGUAGE] = language
                other = ZH if language == EN else EN
                there = subject.folder / f"{_named(path, other)}.html"
                if other in languages or there.is_file():
                    sister = _page_of(path, other)
            jobs.append(
                Job(
                    path, digests[path], subject, given[path] | own, beside, pages, language, sister
                )
            )  # fmt: skip
    taken: dict[Path, Path] = {}
    for job in jobs:  # a notebook may be called as the English page of another
        first = taken.setdefault(job.outputs[1], job.notebook)
        if first != job.notebook:
            raise ParameterError(
                job.notebook, "", f"another name than the pages of {first.name}", job.name
            )
    foreign = [path for path in found if path not in known]
    return Plan(jobs, list(reports.values()), everything, foreign)


def address(page: Path, folder: Path) -> str:
    """Relative address of a page as seen from a folder."""
    return quote(Path(os.path.relpath(page, folder)).as_posix())


def title_of(notebook: NotebookNode) -> str:
    """First heading of a notebook, empty if it has none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^#\s+(.+)$", cell.source, re.M)):
            return found[1].strip()
    return ""


def _named(notebook: Path, language: str) -> str:
    return notebook.stem if language == ZH else f"{notebook.stem}.{language}"


def _page_of(notebook: Path, language: str) -> str:
    return quote(f"{_named(notebook, language)}.html")


def _short_title(path: Path, notebook: NotebookNode, language: str) -> str:
    """Its title to where that is divided."""
    said = in_english(notebook, path) if language == EN else notebook
    return re.split("：|: ", title_of(said) or path.stem)[0]


def _subjects(catalogue: Catalogue, output_dir: Path) -> tuple[dict[Entry, Subject], Subject]:
    """Every report of the catalogue, and all of them together."""
    tools = {"package_sha256": package_digest(), "versions": versions()}
    beside = (catalogue.data_dir / name for name in (DECISIONS, LINKS))
    decided = {path.name: sha256_of(path) for path in beside if path.is_file()}
    renamed: list[Succession] = []
    with suppress(LinkError):  # the pages that need them tell it
        renamed = [one for one in links(catalogue.data_dir) if one.is_renaming]
    folders = {
        entry.report_id: output_dir / str(entry.year) / safe_name(catalogue.name(entry))
        for entry in catalogue.entries
    }

    def basis(of: Iterable[Entry], further: Mapping[str, str]) -> Mapping[str, object]:
        inputs = {e.file: e.sha256 for e in sorted(of, key=lambda e: e.file)}
        return {"inputs": {**inputs, **decided, **further}, **tools}

    reports = {}
    for entry in catalogue.entries:
        folder = folders[entry.report_id]
        reports[entry] = Subject(
            catalogue.name(entry),
            entry,
            basis(_years(catalogue, entry, renamed), {}),
            folder,
            Sources(folders, folder),
        )
    listed = {CATALOGUE: sha256_of(catalogue.data_dir / CATALOGUE)}
    folder = output_dir / PANEL
    every = basis(catalogue.entries, listed)
    return reports, Subject("全部报告", None, every, folder, Sources(folders, folder))


def _years(catalogue: Catalogue, entry: Entry, renamed: Sequence[Succession]) -> list[Entry]:
    """All years of a report's unit, under whatever name and of either scope: its pages tell of them."""
    names = names_of(entry.unit, renamed) if renamed else [entry.unit]
    return [one for name in names for scope in SCOPES for one in catalogue.all_years(name, scope)]


def _digest(notebook: Path) -> str:
    """Digest of a notebook and of the modules and images beside it."""
    beside = [path for path in notebook.parent.iterdir() if path.suffix.lower() in _BESIDE]
    if (said := english_file(notebook)).is_file():
        beside.append(said)
    return digest_of(notebook.parent, [notebook, *beside])


def _seen_from(notebook: Path, folder: Path) -> str:
    """Relative path of a folder for a notebook, so that no path of this machine gets into a page."""
    here, there = notebook.resolve().parent, folder.resolve()
    if here.anchor != there.anchor:
        return str(there)
    return Path(os.path.relpath(there, here)).as_posix()


def _read(path: Path) -> NotebookNode:
    """A notebook as it is written."""
    from qy_finance.notebooks import nbformat

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if not isinstance(cell.source, str) or not isinstance(_tags(cell), list):
                raise TypeError("a cell whose source is no text or whose tags are no list")
    except Exception as error:  # whatever a damaged file makes nbformat raise
        found = str(error).partition("\n")[0] or type(error).__name__
        raise ParameterError(path, "", "a notebook", found) from error
    return notebook


def _parameters(path: Path, notebook: NotebookNode) -> Mapping[str, str]:
    """Parameters of a notebook with their defaults as they are written, by name."""
    known = _assigned(path, _tagged(notebook)[0])
    wanted = (DATA_DIR,) if known.keys().isdisjoint(REPORT_PARAMETERS) else OWN_PARAMETERS
    for name in wanted:
        if name not in known:
            raise ParameterError(path, _PARAMETERS, " and ".join(wanted), f"no {name}")
    return known


def _tagged(notebook: NotebookNode) -> list[str]:
    """Cells tagged ``parameters``: the first is where papermill puts what is given."""
    return [cell.source for cell in notebook.cells if "parameters" in _tags(cell)]


def _tags(cell: NotebookNode) -> Any:
    return cell.metadata.get("tags", [])


def _assigned(path: Path, cell: str) -> dict[str, str]:
    """The names that a cell gives a value, each with the text of that."""
    code = re.sub(r"^[%!].*$", "", cell, flags=re.M)  # IPython's own commands
    try:
        lines = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = str(error) or type(error).__name__
        raise ParameterError(path, _PARAMETERS, "Python", why) from error
    found: dict[str, str] = {}
    for line in lines:
        if isinstance(line, ast.Assign | ast.AnnAssign) and line.value:
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            default = ast.get_source_segment(code, line.value) or ""
            found |= {target.id: default for target in targets if isinstance(target, ast.Name)}
    return found


def _typed(path: Path, name: str, value: str, known: Mapping[str, str]) -> object:
    """Give a value the type of the notebook's default, so that 0602 stays a string where one is."""
    if name in (*OWN_PARAMETERS, LANGUAGE):
        raise ParameterError(path, "parameter", "another than the catalogue's own", name)
    if name not in known:
        raise ParameterError(path, "parameter", " | ".join(known), name)
    default = known[name]
    try:
        kind = type(ast.literal_eval(default))
    except (ValueError, SyntaxError):  # an expression: its type is not known
        return value
    if kind in (type(None), str):
        return value
    try:
        typed = kind(value) if kind in (int, float) else ast.literal_eval(value)
    except (ValueError, SyntaxError):
        typed = None
    if type(typed) is not kind:
        expected = f"{kind.__name__} as in {name} = {default}"
        raise ParameterError(path, f"parameter {name}", expected, value)
    return typed
