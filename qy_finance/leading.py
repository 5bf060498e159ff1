"""Where the numbers of an output are printed, folded away below it, in a notebook that somebody works in.

Pages lead from a number to its source by a link; in Jupyter each number names its sources where the mouse rests on it,
and below stands how to ask for their cards. It is plain HTML, which a notebook shows that is not trusted. Notebooks
that a batch runs, whose outputs are compared and become pages, do not have it.
"""

from __future__ import annotations

import json
import re
import sys
from html import escape, unescape
from typing import Any, Final
from urllib.parse import unquote

from qy_finance.language import t

_MARKED: Final = re.compile(
    r'<span class="src[^"]*" data-at="([^"]*)" title="([^"]*)">(.*?)</span>', re.S
)
_MOST: Final = 40  # numbers of one output
_NAMED: Final = 4  # cards of one number, as its sources are named


def below(html: str) -> str:
    """What is folded away below an output; nothing where nobody works in it, or it has no number with a source."""
    shell = _shell()
    if not shell or not (found := dict.fromkeys(_MARKED.findall(html))):
        return ""
    own = _own(shell)
    listed = [_line(at, title, number, own) for at, title, number in list(found)[:_MOST]]
    if len(found) > _MOST:
        listed.append(f"<li>{escape(t('其余 {n} 个数从略', n=len(found) - _MOST))}</li>")
    head = escape(t("这里的数印在哪里（{n}）", n=len(found)))
    return f"<details><summary>{head}</summary><ul>{''.join(listed)}</ul></details>"


def _line(at: str, title: str, number: str, own: str) -> str:
    """A number: what it is, where that is printed, and the code of its cards."""
    codes = [
        f"<code>{escape(f'{_named(unquote(report), own)}.observation({json.dumps(id)})')}</code>"
        for report, ids in (place.split("#", 1) for place in at.split(" "))
        for id in ids.split(".")
    ]
    told = "<br>".join(escape(line) for line in unescape(title).split("\n"))
    shown = "<br>".join([*codes[:_NAMED], *(["…"] if len(codes) > _NAMED else [])])
    return f"<li><b>{number}</b> {told}<br>{shown}</li>"


def _shell() -> Any:
    """The shell of a notebook in which somebody runs a cell: their programs say which, those of batches do not."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell: Any = get_ipython()
    asked = getattr(shell, "parent_header", None) or {}
    return shell if asked.get("metadata", {}).get("cellId") else None


def _own(shell: Any) -> str:
    """The report that the notebook calls ``report``."""
    reading = getattr(shell.user_ns.get("report"), "reading", None)
    return str(getattr(getattr(reading, "identity", None), "report_id", ""))


def _named(report_id: str, own: str) -> str:
    """A report as code has it."""
    parts = report_id.rsplit("_", 2)
    if report_id == own or len(parts) < 3:
        return "report"
    return f"open_report({parts[1]}, {json.dumps(parts[0], ensure_ascii=False)})"
