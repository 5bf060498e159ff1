"""What the index shows of one report: its figures, its checks and what contradicts itself, its pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from qy_finance.contract import LISTS
from qy_finance.figures import decimals_of
from qy_finance.language import is_english
from qy_finance.publish.manifest import Manifest
from qy_finance.publish.plan import SOURCE, address
from qy_finance.publish.reading import failed

#: The figures of a report: those of `qy_finance.analysis.measures.headlines` in 万元, and the percentage below each.
COLUMNS: Final = (
    ("income", "本年收入", "Income", "", ""),
    ("expenditure", "本年支出", "Expenditure", "project_share", "项目支出占"),
    ("operating", "机关运行经费", "Operating expenses", "operating_change", "比上年"),
    ("three_public", "“三公”经费", "Three public expenses", "", ""),
    ("procurement", "政府采购", "Procurement", "sme_share", "中小企业占"),
)
#: How much of a report was checked, as `qy_finance.analysis.coverage` counts it.
EXTENT: Final = (
    ("identities", "勾稽关系核对了", "relations checked"),
    ("items", "文字与表对上", "amounts tied to tables"),
    ("numerals", "数字读懂", "numerals understood"),
)
MISSING: Final = "—"

SEVERITIES: Final = {name: LISTS["severity"][name].split()[0] for name in ("error", "warning")}
CLEAN, UNREAD, UNMADE = "没有矛盾", "没有读出", "还没有网页"
#: How a report stands, in the words that find it.
STATES: Final = (*SEVERITIES.values(), CLEAN, UNREAD, UNMADE)

_PLACES: Final = 2
_COMPUTED: Final = ("project_share", "sme_share")
_SIGNED: Final = "operating_change"
#: What a finding is stands in front of what it says of this report.
_KIND: Final = re.compile(r"[^：。\d]{2,24}")
_KIND_EN: Final = re.compile(r"[^:.\d]{2,80}")
#: A name that a shell takes as it is.
_PLAIN: Final = re.compile(r"\w[\w（）]*")


class Shown(NamedTuple):
    """A number as it is shown: its text, its address in the source page, and whether others contradict it."""

    text: str = MISSING
    address: str = ""
    disputed: bool = False


@dataclass(frozen=True)
class Account:
    """One report on the index.

    Attributes
    ----------
    unit, year, scope, folder
        The report, as in the catalogue; the address of its pages' folder.
    error : str
        Why it could not be read.
    figures : dict of Shown
        Its headline figures, by their keys.
    checked, kinds : int, list of (str, int)
        Checks that were made, and how many of each severity break.
    extent, thin
        How much of it was checked: each share with its names; whether that is too little to call it clean.
    contradictions, more : list of dict, int
        The foremost contradictions, and how many there are beyond these.
    notebooks : list of dict
        Each page: its title, name and address; the error that ended it; when it was run.
    lines : list of (str, str, str)
        What can be found in it (:mod:`qy_finance.foremost`): kind, text, and the fragment of its source page.
    """

    unit: str
    year: int
    scope: str
    folder: str
    error: str
    figures: dict[str, Shown]
    checked: int
    kinds: list[tuple[str, int]]
    extent: list[tuple[str, str, str]]
    thin: bool
    contradictions: list[dict[str, Any]]
    more: int
    notebooks: list[dict[str, str]]
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def disputed(self) -> bool:
        """Whether one of its figures is contradicted."""
        return any(figure.disputed for figure in self.figures.values())

    @property
    def command(self) -> str:
        """By which its pages are made."""
        name = self.unit if _PLAIN.fullmatch(self.unit) else shlex.quote(self.unit)
        return f"qy-finance run --year {self.year} --unit {name}"

    @property
    def states(self) -> list[str]:
        """Those of :data:`STATES` that are true of it."""
        found = [name for name, _ in self.kinds]
        if self.checked and not found and not self.thin:
            found.append(CLEAN)
        if self.error:
            found.append(UNREAD)
        if not self.notebooks:
            found.append(UNMADE)
        return found

    @property
    def finds(self) -> list[str]:
        """What its findings are, each once, without what they say of this report."""
        kind_of = _KIND_EN if is_english() else _KIND
        kinds = (kind_of.match(one["message"]) for one in self.contradictions)
        return list(dict.fromkeys(kind[0].strip() for kind in kinds if kind))


def account(manifest: Manifest, output_dir: Path) -> Account:
    """What the index shows of the report of a manifest; of an empty one, that it has no pages yet.

    Figures of a report without pages lead nowhere.
    """
    assert manifest.year is not None
    summary = failed("") | manifest.summary
    told = summary.get("english", []) if is_english() else []
    lines = (is_english() and summary.get("english_lines")) or summary.get("lines", ())
    folder = address(manifest.folder, output_dir)
    source = f"{folder}/{SOURCE}" if manifest.notebooks else ""
    checks = summary["checks"]
    listed = [
        row
        | {"kind": SEVERITIES[row["severity"]], "address": _anchored(source, row["figures"])}
        | ({"message": told[at]} if told else {})
        for at, row in enumerate(summary["contradictions"])
    ]
    return Account(
        unit=manifest.unit,
        year=manifest.year,
        scope=manifest.scope,
        folder=folder,
        error=summary["error"],
        figures={row["figure"]: _figure(row, source) for row in summary["headlines"]},
        checked=sum(checks.get(status, 0) for status in ("exact", "tail", "break")),
        kinds=[(name, checks[kind]) for kind, name in SEVERITIES.items() if checks.get(kind)],
        extent=_extent(summary["extent"]),
        thin=summary["extent"].get("thin", False),
        contradictions=listed,
        more=checks.get("break", 0) - len(listed),
        notebooks=pages(manifest, folder),
        lines=[(kind, text, ".".join(figures) if source else "") for kind, text, figures in lines],
    )


def pages(manifest: Manifest, folder: str) -> list[dict[str, str]]:
    """Each page in the language that is spoken: its title, name and address; the error that ended it; when it was run.

    A page that has no sister in that language stands for it.
    """
    return [
        {
            "name": name,
            "address": f"{folder}/{quote(f'{name}.html')}",
            **{said: run[said] for said in ("title", "error", "started")},
        }
        for name, run in manifest.spoken.items()
    ]


def by_unit(accounts: Iterable[Account]) -> list[tuple[str, str, list[Account]]]:
    """Unit and scope, with their reports that stand beside each other."""
    groups = groupby(accounts, key=lambda one: (one.unit, one.scope))
    return [(unit, scope, list(group)) for (unit, scope), group in groups]


def _extent(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """How much of a report was checked: each share with its names; what there is nothing of is left out."""
    return [(name, english, told[key]) for key, name, english in EXTENT if key in told]


def _figure(row: dict[str, Any], source: str) -> Shown:
    if row["value"] is None:
        return Shown()
    value, sign = Decimal(row["value"]), "+" if row["figure"] == _SIGNED else ""
    # as printed where that has fewer decimals
    places = 1 if row["figure"] in _COMPUTED else min(_PLACES, decimals_of(value))
    text = f"{value:{sign},.{places}f}".replace("-", "−") + ("%" if row["unit"] == "%" else "")
    return Shown(text, _anchored(source, row["figures"]) if row["figures"] else "", row["disputed"])


def _anchored(source: str, figures: Sequence[str]) -> str:
    """Address of figures in the source page, if there is one: ``source.html#n1f``, of several ``…#n1f.2e``."""
    return f"{source}#n{'.'.join(figures)}" if figures and source else source
