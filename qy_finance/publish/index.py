"""The index: the front page of an output folder, with every report, its headline figures and its contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from qy_finance.contract import LISTS
from qy_finance.figures import decimals_of
from qy_finance.publish.assets import render
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

_SEVERITIES: Final = {name: LISTS["severity"][name].split()[0] for name in ("error", "warning")}
_PLACES: Final = 2
_COMPUTED: Final = ("project_share", "sme_share")
_SIGNED: Final = "operating_change"


def index_page(manifests: Sequence[Manifest], output_dir: Path) -> str:
    """HTML of the index that lies in a folder.

    The manifests are ordered as they shall stand: reports of a unit and scope beside each other.
    """
    reports = [manifest for manifest in manifests if manifest.year is not None]
    years = sorted({manifest.year or 0 for manifest in reports})
    units = [
        (unit, scope, [_account(manifest, output_dir) for manifest in group])
        for (unit, scope), group in groupby(reports, key=lambda m: (m.unit, m.scope))
    ]
    accounts = [account for _, _, group in units for account in group]
    return render(
        "contents",
        units=units,
        total=len(reports),
        years=" 至 ".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else "",
        columns=COLUMNS,
        panel=[page for m in manifests if m.year is None for page in _pages(m, output_dir)],
        disputed=any(row["disputed"] for one in accounts for row in one["figures"].values()),
    )


def _account(manifest: Manifest, output_dir: Path) -> dict[str, Any]:
    """What the index shows of one report: its figures, checks, contradictions and pages."""
    summary = failed("") | manifest.summary
    source = address(manifest.folder / SOURCE, output_dir)
    checks = summary["checks"]
    listed = [
        row | {"kind": _SEVERITIES[row["severity"]], "address": _anchored(source, row["figures"])}
        for row in summary["contradictions"]
    ]
    return {
        "year": manifest.year,
        "error": summary["error"],
        "figures": {row["figure"]: _figure(row, source) for row in summary["headlines"]},
        "checked": sum(checks.get(status, 0) for status in ("exact", "tail", "break")),
        "kinds": [(name, checks[kind]) for kind, name in _SEVERITIES.items() if checks.get(kind)],
        "extent": _extent(summary["extent"]),
        "thin": summary["extent"].get("thin", False),
        "contradictions": listed,
        "more": checks.get("break", 0) - len(listed),
        "notebooks": _pages(manifest, output_dir),
    }


def _extent(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """How much of a report was checked: each share with its names; what there is nothing of is left out."""
    return [(name, english, told[key]) for key, name, english in EXTENT if key in told]


def _figure(row: dict[str, Any], source: str) -> dict[str, Any]:
    """A number as it is shown: its text, its address in the source page, and whether others contradict it."""
    if row["value"] is None:
        return {"text": MISSING, "address": "", "disputed": False}
    value, sign = Decimal(row["value"]), "+" if row["figure"] == _SIGNED else ""
    # as printed where that has fewer decimals
    places = 1 if row["figure"] in _COMPUTED else min(_PLACES, decimals_of(value))
    text = f"{value:{sign},.{places}f}".replace("-", "−")
    return {
        "text": text + ("%" if row["unit"] == "%" else ""),
        "address": _anchored(source, row["figures"]) if row["figures"] else "",
        "disputed": row["disputed"],
    }


def _pages(manifest: Manifest, output_dir: Path) -> list[dict[str, str]]:
    """Each page: its title, name and address; the error that ended it; when it was run."""
    return [
        run | {"name": name, "address": address(manifest.folder / f"{name}.html", output_dir)}
        for name, run in manifest.notebooks.items()
    ]


def _anchored(source: str, figures: Sequence[str]) -> str:
    """Address of figures in the source page: ``source.html#n1f``, of several ``source.html#n1f.2e``."""
    return f"{source}#n{'.'.join(figures)}" if figures else source
