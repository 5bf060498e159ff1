"""Templates of other departments as Word documents, workbooks and web pages: all of each is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.description import Template, templates
from papers.generated import samples
from papers.office import OFFICE
from papers.outcome import held, read

TEMPLATES = [*templates(), *samples()]


@pytest.mark.parametrize("paper", OFFICE)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_template_is_read(template: Template, paper: str, tmp_path: Path) -> None:
    held(read(OFFICE[paper](template, tmp_path), template), template.name, paper)
