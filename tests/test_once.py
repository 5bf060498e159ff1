"""A page computes each thing once: in one run of a notebook no public function of the analyses runs twice for the same.

The cells of a notebook are run here, in one process, and the interpreter tells of every call.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

import matplotlib as mpl
import pytest

import qy_finance

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ANALYSIS = str(Path(qy_finance.__file__).parent / "analysis")
GENERATOR = 0x20

Call = tuple[str, tuple[object, ...]]


def same(value: object) -> object:
    """What tells one argument from another: plain values by what they are, others by which they are."""
    plain = isinstance(value, str | int | float | type(None))
    return (type(value).__name__, value) if plain else id(value)


class Calls:
    """Counts the calls of public functions of the analyses; they are kept, so that no argument takes another's id."""

    def __init__(self) -> None:
        self.counts: Counter[Call] = Counter()
        self._kept: list[object] = []

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(ANALYSIS):
            return
        public = not code.co_name.startswith(("_", "<")) and "." not in code.co_qualname
        if public and not code.co_flags & GENERATOR:
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            given = [frame.f_locals[name] for name in names]
            self._kept += given
            named = f"{Path(code.co_filename).stem}.{code.co_name}"
            self.counts[named, tuple(map(same, given))] += 1


@pytest.mark.parametrize(
    "notebook", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem
)
@pytest.mark.filterwarnings("ignore")
def test_nothing_is_computed_twice(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(NOTEBOOKS)
    mpl.use("agg")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    calls = Calls()
    sys.setprofile(calls)
    try:
        exec(compile(code, notebook.name, "exec"), {"__name__": "__main__"})  # as a kernel does
    finally:
        sys.setprofile(None)
    assert calls.counts
    again = Counter({name: n for (name, _), n in calls.counts.items() if n > 1})
    assert not again
