"""Templates of other departments as copied text, each on every paper of :mod:`papers.text`.

What is wrong or invented fails always. What is missing fails too, unless ``papers/unread.toml`` lists it with its
reason (and what it lists must be missing), or a row that lost its blanks tells nothing of its columns and the report
says what was not read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.description import Template, templates
from papers.outcome import held, read
from papers.text import PAPERS


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_template_is_read(template: Template, paper: str, tmp_path: Path) -> None:
    copy = tmp_path / "report.txt"
    copy.write_text(PAPERS[paper].print(template), encoding="utf-8", newline="")
    held(read(copy, template, PAPERS[paper].loses_blanks), template.name, paper)
