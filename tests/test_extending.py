"""The examples of docs/extending.md: each is applied to a copy of the package, in the place that it names, and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qy_finance

ROOT = Path(__file__).parents[1]
PACKAGE = Path(qy_finance.__file__).parent
SECTIONS = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8").split("\n## ")[1:]
EXAMPLES = {section.partition("\n")[0]: section for section in SECTIONS if "```python" in section}


def blocks(section: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_addition_is_made_in_one_place(title: str, tmp_path: Path) -> None:
    section = EXAMPLES[title]
    shutil.copytree(
        PACKAGE,
        tmp_path / "qy_finance",
        ignore=shutil.ignore_patterns("__pycache__", "*.otf", "*.ttf", "*.woff2"),
    )
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (name,) = re.findall(r"`([\w/]+\.toml)`[^\n]*:\n\n```", section)
    file = tmp_path / name
    for change in blocks(section, "diff"):
        old, new = (line[1:] for line in change.splitlines())
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")
    for entry in blocks(section, "toml"):
        with file.open("a", encoding="utf-8") as end:
            end.write(f"\n{entry}")
    (code,), (wanted,) = blocks(section, "python"), blocks(section, "text")
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.stderr == ""
    assert run.stdout == wanted
