"""The index: the front page of an output folder, with every report, its headline figures and its contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from qy_finance.figures import decimals_of
from qy_finance.html import assets

if TYPE_CHECKING:
    from qy_finance.batch.manifest import Manifest

#: The columns of a report: figures of `qy_finance.analysis.headlines.NAMES` in 万元, and the percentage below each.
COLUMNS: Final = (
    ("income", "本年收入", "Income", "", ""),
    ("expenditure", "本年支出", "Expenditure", "project_share", "项目支出占"),
    ("operating", "机关运行经费", "Operating expenses", "operating_change", "比上年"),
    ("three_public", "“三公”经费", "Three public expenses", "", ""),
    ("procurement", "政府采购", "Procurement", "sme_share", "中小企业占"),
)
MISSING: Final = "—"

_SEVERITIES: Final = {"error": "数字矛盾", "warning": "用语矛盾"}
_PLACES: Final = 2
_COMPUTED: Final = ("project_share", "sme_share")
_SIGNED: Final = "operating_change"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is shown: its text, its address in the source page, and whether others contradict it."""

    text: str
    address: str = ""
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A headline figure with its names, and the percentage below it (``note``, None where there is none)."""

    name: str
    english: str
    figure: Figure
    note_name: str
    note: Figure | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A finding: what kind it is, its sentence, its address in the source page."""

    kind: str
    message: str
    address: str


@dataclass(frozen=True, slots=True)
class Notebook:
    """A page: its title, name and address; the error that ended it; the day it was run."""

    title: str
    name: str
    address: str
    error: str
    started: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the index shows of one report.

    Attributes
    ----------
    year : int
        年度.
    source : str
        Address of the source page.
    error : str
        Why it could not be read.
    columns : list of Column
        Its headline figures; none if it could not be read.
    checked : int
        Identities that were checked.
    kinds : list of (str, int)
        How many contradictions there are of each kind, none of 0.
    contradictions : list of Contradiction
        The foremost of them.
    more : int
        Those that are not listed.
    notebooks : list of Notebook
        Its pages.
    """

    year: int
    source: str
    error: str
    columns: list[Column]
    checked: int
    kinds: list[tuple[str, int]]
    contradictions: list[Contradiction]
    more: int
    notebooks: list[Notebook]


def index(manifests: Sequence[Manifest], output_dir: Path) -> str:
    """HTML of the index.

    Parameters
    ----------
    manifests : sequence of Manifest
        Ordered as they shall stand: reports of a unit and scope beside each other.
    output_dir : Path
        Folder that the index lies in; links are relative to it.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(assets.TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    reports = [manifest for manifest in manifests if manifest.year is not None]
    units = [
        (unit, scope, [_account(manifest, output_dir) for manifest in group])
        for (unit, scope), group in groupby(reports, key=lambda m: (m.unit, m.scope))
    ]
    years = sorted({manifest.year for manifest in reports if manifest.year is not None})
    script = assets.read("contents.js")
    render = environment.get_template("contents.html.j2").render
    context = {
        "units": units,
        "total": len(reports),
        "years": " 至 ".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else "",
        "panel": [
            notebook
            for manifest in manifests
            if manifest.year is None
            for notebook in _notebooks(manifest, output_dir)
        ],
        "disputed": any(
            figure.disputed
            for _, _, accounts in units
            for account in accounts
            for column in account.columns
            for figure in (column.figure, column.note)
            if figure
        ),
        "policy": assets.policy(script),
        "style": assets.read("style.css") + assets.read("contents.css"),
        "script": script,
    }
    return render(**context, font=assets.font_face(render(**context, font="")))


def _account(manifest: Manifest, output_dir: Path) -> Account:
    summary = manifest.summary
    source = _address(manifest, output_dir, "source.html")
    figures = {row["figure"]: row for row in summary.get("headlines", [])}
    checks = summary.get("checks", {})
    listed = [
        Contradiction(_SEVERITIES[row["severity"]], row["message"], _anchored(source, row["rows"]))
        for row in summary.get("contradictions", [])
    ]
    return Account(
        int(manifest.year or 0),
        source,
        summary.get("error", ""),
        [
            Column(
                name,
                english,
                _figure(figures[key], source),
                note_name,
                _figure(figures[note], source) if note else None,
            )
            for key, name, english, note, note_name in COLUMNS
            if figures
        ],
        sum(checks.get(status, 0) for status in ("exact", "tail", "break")),
        [(name, checks[kind]) for kind, name in _SEVERITIES.items() if checks.get(kind)],
        listed,
        checks.get("break", 0) - len(listed),
        _notebooks(manifest, output_dir),
    )


def _figure(row: dict[str, Any], source: str) -> Figure:
    if row["value"] is None:
        return Figure(MISSING)
    value = Decimal(row["value"])
    # as printed where that has fewer decimals
    printed = min(_PLACES, decimals_of(value))
    places = 1 if row["figure"] in _COMPUTED else printed
    text = f"{value:{'+' if row['figure'] == _SIGNED else ''},.{places}f}".replace("-", "−")
    suffix = "%" if row["unit"] == "%" else ""
    address = _anchored(source, row["rows"]) if row["rows"] else ""
    return Figure(text + suffix, address, row["disputed"])


def _notebooks(manifest: Manifest, output_dir: Path) -> list[Notebook]:
    return [
        Notebook(
            run["title"],
            name,
            _address(manifest, output_dir, f"{name}.html"),
            "" if run["status"] == "ok" else run["error"],
            run["started"],
        )
        for name, run in manifest.notebooks.items()
    ]


def _address(manifest: Manifest, output_dir: Path, file: str) -> str:
    return quote((manifest.folder / file).relative_to(output_dir).as_posix())


def _anchored(source: str, rows: Sequence[int]) -> str:
    """Address of figures in the source page: ``source.html#n12``, of several ``source.html#n12.15``."""
    return f"{source}#n{'.'.join(map(str, rows))}" if rows else source
