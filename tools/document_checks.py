"""Write docs/checks.md from the identity data, with an example of each from real or fictional reports.

``python tools/document_checks.py [FILE]``; ``make docs`` does it.
"""

from __future__ import annotations

import sys
import tomllib
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from qy_finance import read_report
from qy_finance.checks.knowledge import Denied, TableIdentity, identities
from qy_finance.checks.model import Check, Identity, Status
from qy_finance.errors import MissingTableWarning
from qy_finance.files import write_text
from qy_finance.form import final_accounts

ROOT: Final = Path(__file__).parent.parent
REPORTS: Final = (
    *sorted((ROOT / "data" / "raw").glob("*/*.txt")),
    *sorted((ROOT / "tests" / "reconciliation").glob("*.txt")),
)
INVENTED: Final = tomllib.loads(
    (Path(__file__).parent / "examples.toml").read_text(encoding="utf-8")
)
SHOWN: Final = (Status.EXACT, Status.TAIL, Status.BREAK)
GROUPS: Final = {
    "表内": "Within a table 表内",
    "表间": "Between tables 表间",
    "表文": "Tables and prose 表文",
    "文字": "Within the prose 文字",
    "用语": "Words and figures 用语",
    "年度间": "Between years 年度间",
}
HEAD: Final = """\
# What is checked

`Report.check()` and `qy-finance check` apply these {count} identities (勾稽关系). This page is written by
`make docs` from the data in `qy_finance/checks/*.toml`; the relations are stated in the terms of the reports.

Every printed figure stands for an interval: itself, give or take half of its last digit. An amount with a
trimmed zero (6.2 for 6.20) is as precise as its neighbours. A check is `exact` 相符 if the printed figures agree
as they are, `tail` 尾差 if the intervals meet (rounding explains the difference, a percentage may be truncated),
otherwise `break` 不符. It is `not_run` 未核对 if an operand is missing, and `n/a` 不适用 if there is nothing to
hold against each other, as in an empty table. A blank cell counts as zero among the parts of a sum. The severity
of a break is `error` where figures contradict figures, `warning` where words do.

Where a report evidently computes its percentages from its printed amounts (several of them would otherwise agree
by luck alone), all of them are held to the printed amounts; elsewhere the rounding of the amounts counts.

A wrong figure gives one break: the figure of which one other value would make all its checks hold is named
first, and what else breaks because of it is attached as its `consequences`. Where several figures can be the
wrong one, none is named.

Where one assumption about the reading explains what does not agree (a column that is not counted, a total of another
scope), the check is `not_run` with that reason. A check is data in a file, or found by Python in the sentences: each
entry says which.

Examples are from the reports in `data/raw`, from the fictional ones in `tests/reconciliation`, or
invented (`tools/examples.toml`).
"""


def examples(reports: Iterable[Path]) -> dict[str, str]:
    """For each identity one application of it, best the first that holds exactly."""
    found: dict[Status, dict[str, str]] = {status: {} for status in SHOWN}
    for path in reports:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingTableWarning)
            report = read_report(path)
        for check in report.checks.made:
            if isinstance(check, Check) and check.status in found:
                found[check.status].setdefault(check.identity.id, str(check.rule.formula()))
    return {name: text for status in reversed(SHOWN) for name, text in found[status].items()}


def page() -> str:
    """The text of docs/checks.md."""
    shown = examples(REPORTS)
    known = identities(final_accounts()).values()
    parts = [HEAD.format(count=len(known))]
    for group, title in GROUPS.items():
        parts.append(f"\n## {title}\n")
        parts.extend(_entry(one, shown) for one in known if one.group == group)
    return "".join(parts)


def _entry(identity: Identity, shown: dict[str, str]) -> str:
    lines = [
        f"\n### `{identity.id}`\n",
        f"{identity.purpose}\n",
        f"- 公式 formula: {identity.formula}",
        f"- 须有 required: {identity.requires}",
    ]
    if identity.id in shown:
        lines.append(f"- 例 example: {shown[identity.id]}")
    else:
        lines.append(f"- 设例 invented example: {INVENTED[identity.id]}")
    lines.append(f"- 核对 evaluated: {_evaluated(identity)}")
    if identity.severity == "warning":
        lines.append("- 不符的程度 severity: `warning`")
    return "\n".join(lines) + "\n"


def _evaluated(identity: Identity) -> str:
    """As data, or by which modules."""
    if identity.by:
        return "、".join(f"`checks/{module}.py`" for module in identity.by.split("/"))
    files = {TableIdentity: "tables", Denied: "words"}
    return f"data, `checks/{files.get(type(identity), 'prose')}.toml`"


if __name__ == "__main__":
    write_text(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "checks.md", page())
