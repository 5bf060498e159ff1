"""``qy-finance check``: reports read and checked one after another, and what is printed of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.catalogue import years_before
from qy_finance.checks import CheckSet
from qy_finance.checks.model import KINDS, STATUSES
from qy_finance.letter import write_letter
from qy_finance.report import Report


class CheckedFile(NamedTuple):
    """A report, the file that it was read from, and its checks."""

    file: Path
    report: Report
    made: CheckSet

    @property
    def checks(self) -> pd.DataFrame:
        """Every check, a row each."""
        return self.made.frame

    @property
    def breaks(self) -> pd.DataFrame:
        """What contradicts itself, errors before warnings."""
        found = self.checks[self.checks["status"] == "break"]
        return found.sort_values("severity", kind="stable")


def checked(reports: Sequence[tuple[Path, Report]]) -> list[CheckedFile]:
    """Check reports, each against that of its unit for the year before where it is among them."""
    before = years_before([report for _, report in reports])
    pairs = zip(reports, before, strict=True)
    return [CheckedFile(*read, read[1].checks_against(previous)) for read, previous in pairs]


def as_text(found: Iterable[CheckedFile]) -> str:
    """The contradictions of each report as numbered sentences, under the counts and how much was checked."""
    return "\n".join(map(_text, found))


def _text(one: CheckedFile) -> str:
    meta, counts = one.report.meta, one.checks["status"].value_counts()
    told = "  ".join(f"{name} {counts.get(status, 0):,}" for status, name in STATUSES.items())
    extent = one.report.coverage()
    shares = {
        "勾稽关系核对了": extent.identities,
        "文字与表对上": extent.items,
        "数字读懂": extent.numerals,
    }
    checked = "  ".join(f"{name} {share.percent}" for name, share in shares.items() if share.whole)
    lines = [
        f"{meta['unit']} {meta['year']} {meta['scope']}（{one.file.name}）",
        f"  {told}",
        f"  {'只' if extent.is_thin else ''}{checked}",
    ]
    rows = one.breaks[["severity", "message", "consequences"]].to_numpy().tolist()
    for number, (severity, message, consequences) in enumerate(rows, start=1):
        mark = KINDS["figures" if severity == "error" else "words"]
        lines.append(f"{number:>4}. [{mark}] {message}")
        lines.extend(f"        同因：{other}" for other in consequences)
    return "\n".join(lines) + "\n"


def as_csv(found: Iterable[CheckedFile]) -> str:
    """Every check of every report, as a table of text; lists are divided by ``; ``."""
    text = ""
    for frame in map(_sourced, found):
        flat = frame.assign(
            observations=frame["observations"].map(lambda rows: "; ".join(map(str, rows))),
            consequences=frame["consequences"].map("; ".join),
        )
        text += flat.to_csv(index=False, lineterminator="\n", header=not text)
    return text


def as_json(found: Iterable[CheckedFile]) -> str:
    """Every check of every report, as a list of objects."""
    frames = (_sourced(one).to_json(orient="records", force_ascii=False) for one in found)
    records = [record for frame in frames for record in json.loads(frame)]
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def write_letters(found: Sequence[CheckedFile], output: Path | None, day: date) -> list[Path]:
    """Write a letter for each report, into a folder or, for one report, a file; by default into this folder."""
    written = []
    for one in found:
        path = Path(f"{one.file.stem}_核对意见.docx")
        if output is not None:
            path = output if output.suffix == ".docx" and len(found) == 1 else output / path
        path.parent.mkdir(parents=True, exist_ok=True)
        write_letter(Reconciliation(one.made), path, day)
        written.append(path)
    return written


def _sourced(one: CheckedFile) -> pd.DataFrame:
    """The checks with the report they are of, and the figures involved: as printed, and where."""
    observed = one.report.observations
    column = "line" if observed["page"].isna().all() else "page"
    frame = one.checks.copy()
    for name in ("printed", column):
        values = observed[name].astype(str).tolist()
        frame[name] = ["; ".join(values[row] for row in rows) for rows in frame["observations"]]
    frame.insert(0, "report_id", str(one.report.meta["report_id"]))
    return frame
