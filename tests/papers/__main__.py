"""What is read of every template on every paper.

``python -m papers``: a line a template, a column a paper; sums below. ``-t NAME`` (a pattern) and ``-p PAPER`` (more
than one may be given; ``pdf`` too) choose some; ``--show`` prints the paper and what is wrong or missing in it;
``--list`` writes the list of what is not read today (``unread.toml``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from .description import Template, templates
from .generated import samples
from .office import OFFICE
from .outcome import UNREAD, Outcome, read, unread
from .text import PAPERS

HEAD = """\
# What is not read today, by paper and for what reason: `python -m papers --list` writes it. A template that is read now
# fails its test until it is taken off the list.
"""


@contextmanager
def pens(papers: list[str], folder: Path) -> Iterator[dict[str, Callable[[Template], Path]]]:
    """How a template is put on each of the papers."""

    def pen(name: str) -> Callable[[Template], Path]:
        def write(template: Template) -> Path:
            path = folder / "report.txt"
            path.write_text(PAPERS[name].print(template), encoding="utf-8", newline="")
            return path

        return write

    found = {name: pen(name) for name in papers if name in PAPERS}
    for name in papers:
        if name in OFFICE:
            found[name] = partial(OFFICE[name], folder=folder)
    if "pdf" not in papers:
        yield found
        return
    from .pdf import Printer

    printer = Printer(folder / "profile")
    try:
        yield found | {"pdf": lambda template: printer.print(template, folder)}
    finally:
        printer.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="papers", description=__doc__)
    parser.add_argument("-t", "--template", default="*")
    parser.add_argument("-p", "--paper", action="append", choices=[*PAPERS, *OFFICE, "pdf"])
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    papers = asked.paper or [*PAPERS]
    found: dict[str, dict[str, Outcome]] = defaultdict(dict)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        (folder / "profile").mkdir()
        with pens(papers, folder) as written:
            for template in (*templates(), *samples()):
                if not fnmatch(template.name, asked.template):
                    continue
                for paper, pen in written.items():
                    path = pen(template)
                    loses = paper in PAPERS and PAPERS[paper].loses_blanks
                    outcome = found[template.name][paper] = read(path, template, loses)
                    if asked.show:
                        _show(template, paper, path, outcome)
    if asked.list:
        _list(found)
    else:
        _matrix(found, papers)


def _show(template: Template, paper: str, path: Path, outcome: Outcome) -> None:
    print(f"=== {template.name} on {paper}: {outcome}")
    if path.suffix == ".txt":
        print(path.read_text(encoding="utf-8").replace("\t", "⇥").replace("\f", "␌"))
    if outcome.refused or outcome.said:
        print("    " + outcome.reason)
    for word in ("wrong", "missing"):
        for figure, times in getattr(outcome, word).items():
            untold = ", untold" * (word == "missing" and figure in outcome.untold)
            print(f"    {word}{untold}: {' | '.join(figure)}" + f" ×{times}" * (times > 1))
    for numeral in outcome.unknown:
        print(f"    unknown: {numeral}")


def _matrix(found: dict[str, dict[str, Outcome]], papers: list[str]) -> None:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    print(f"{'':42}" + "".join(f"{paper:22}" for paper in papers))
    for name, outcomes in found.items():
        shown = []
        for paper, outcome in outcomes.items():
            wrong = f" {outcome.wrong.total()}wrong" if outcome.wrong else ""
            cells = f" {outcome.wanted - outcome.missing.total()}/{outcome.wanted}"
            shown.append(f"{outcome.kind}{cells}{wrong}")
            sums[paper][outcome.kind] += 1
            sums[paper]["cells"] += outcome.wanted
            sums[paper]["cells missing"] += outcome.missing.total()
            sums[paper]["cells untold"] += outcome.untold.total()
            sums[paper]["cells wrong"] += outcome.wrong.total()
        print(f"{name:42}" + "".join(f"{text:22}" for text in shown))
    kinds = ("read", "told", "untold", "refused", "wrong")
    for kind in (*kinds, "cells", "cells missing", "cells untold", "cells wrong"):
        print(f"{kind:42}" + "".join(f"{sums[paper][kind]:<22}" for paper in papers))


def _list(found: dict[str, dict[str, Outcome]]) -> None:
    """Write the list, less what is wrong, which is never on it; what was not read now stays there."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (name, paper), reason in unread().items():
        if paper not in found.get(name, {}):
            groups[paper][reason].append(name)
    for name, outcomes in found.items():
        for paper, outcome in outcomes.items():
            if outcome.falls_short and not outcome.wrong:
                groups[paper][outcome.reason].append(name)
    parts = [HEAD]
    for paper, reasons in sorted(groups.items()):
        parts.append(f"\n[{paper}]\n")
        for reason, names in sorted(reasons.items()):
            quoted = json.dumps(reason, ensure_ascii=False)
            whole = (json.dumps(name).replace(" ", "\0") for name in sorted(names))
            lines = textwrap.indent(textwrap.fill(", ".join(whole), 108), "  ").replace("\0", " ")
            parts.append(f"{quoted} = [\n{lines},\n]\n")
    UNREAD.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
