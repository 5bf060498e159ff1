"""What is written for readers: both languages say the same, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ENGLISH = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
TWINS = [path for path in ENGLISH if path.with_suffix(".zh-CN.md").is_file()]
WRITTEN = sorted({*ENGLISH, *(path.with_suffix(".zh-CN.md") for path in TWINS)})

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```", re.M | re.S)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def skeleton(path: Path) -> dict[str, list[str]]:
    """What is the same in every language: commands and code without remarks, links, names in backticks of tables."""
    text = text_of(path)
    blocks = _CODE.findall(text)
    prose = _CODE.sub("", text)
    return {
        "code": [re.split(r"\s+#", line)[0] for block in blocks for line in block.splitlines()],
        "headings": [line.split(" ")[0] for line in prose.splitlines() if line.startswith("#")],
        "items": [line[:2] for line in prose.splitlines() if line.startswith(("- ", "| "))],
        "rows": re.findall(r"^\| (`[^`]+`) \|", prose, re.M),
        "links": sorted(
            link.partition("#")[0].replace(".zh-CN", "")
            for link in _LINK.findall(prose)
            if Path(link).name not in (path.name, f"{path.stem}.zh-CN.md")
        ),
    }


def anchors(path: Path) -> set[str]:
    """What headings are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", text_of(path)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_twins() -> None:
    assert {"README.md", "using.md", "data.md", "notebooks.md"} <= {path.name for path in TWINS}


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.name)
def test_both_languages_say_the_same(path: Path) -> None:
    chinese = path.with_suffix(".zh-CN.md")
    ours, theirs = skeleton(path), skeleton(chinese)
    for part, said in ours.items():
        other = [one for one in theirs[part] if one not in (path.name, f"docs/{path.name}")]
        assert other == [one for one in said if one not in (chinese.name, path.name)], part


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in _LINK.findall(_CODE.sub("", text_of(path))):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_notebook_is_told_of() -> None:
    names = {f"`{path.stem}`" for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb")}
    assert names <= set(skeleton(PROJECT / "docs" / "using.md")["rows"])


def test_the_first_screen_is_one_screen() -> None:
    for path in (PROJECT / "README.md", PROJECT / "README.zh-CN.md"):
        assert len(text_of(path).splitlines()) <= 60
