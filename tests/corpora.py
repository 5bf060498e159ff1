"""Small corpora: the reports that they are made of, and what is compared of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance.store.files import FOLDERS, INPUTS, listing

UNIT = "某县水利局"
OTHER = "某县农业局"


def account(unit: str = UNIT, year: int = 2023, total: float = 120.5, more: float = 0) -> str:
    """A short report; ``more`` is what it says to have had more than the year before."""
    compared = f"，比上年增加{more:.2f}万元" if more else ""
    return (
        f"{unit}{year}年度部门决算\n第三部分 {year}年度部门决算情况说明\n一、收入支出决算总体情况说明\n"
        f"{unit}{year}年度收入总计{total:.2f}万元{compared}，支出总计{total:.2f}万元{compared}。\n"
    )


@cache
def whole(unit: str = SAMPLE.unit, year: int = SAMPLE.year) -> str:
    """A report with all tables and its prose."""
    return lay_out(replace(SAMPLE, unit=unit, year=year), Options()).text


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files of a corpus but what may be deleted at any time."""
    apart = {".inputs.json", ".lock"}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in apart
    }


def left_over(folder: Path) -> list[str]:
    """Files that the list of a corpus does not name."""
    told = json.loads((folder / "corpus.json").read_text("utf-8"))["files"]
    named = {f"{name}/{file}" for name, of in told.items() for some in of.values() for file in some}
    return sorted({*snapshot(folder)} - named - {"corpus.json"} | {*named} - {*snapshot(folder)})


def rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of all resources in the same order, whatever file they are in."""
    made = listing(folder)
    return {name: sorted(made.rows(name), key=repr) for name in FOLDERS if name != INPUTS}


def assert_same(one: Path, other: Path) -> None:
    """Two corpora have the same rows."""
    first, second = rows(one), rows(other)
    for name, found in first.items():
        assert found == second[name], name


class AtOnce:
    """Stands for a process of its own: answers here and now."""

    closed = False

    def __init__(self, function: Callable[[Any], Any], **_: Any) -> None:
        self.function = function

    def ask(self, request: Any) -> Any:
        return self.function(json.loads(json.dumps(request)))

    def close(self) -> None:
        self.closed = True
