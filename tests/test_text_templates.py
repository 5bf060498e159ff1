"""Templates of other departments as copied text, each on every paper of :mod:`papers.text`.

What is wrong or invented fails always. What is missing fails too, unless ``papers/unread.toml`` lists it with its
reason (and what it lists must be missing), or a row that lost its blanks tells nothing of its columns and the report
says what was not read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from layout.accounts import Account
from layout.canvas import Form
from layout.draws import accounts
from papers.description import Template, templates
from papers.generated import forms, samples, template_of
from papers.outcome import Outcome, held, read
from papers.text import PAPERS

TEMPLATES = [*templates(), *samples()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("text") / "report.txt"


def _read(template: Template, paper: str, copy: Path) -> Outcome:
    copy.write_text(PAPERS[paper].print(template), encoding="utf-8", newline="")
    return read(copy, template, PAPERS[paper].loses_blanks)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_template_is_read(template: Template, paper: str, copy: Path) -> None:
    held(_read(template, paper, copy), template.name, paper)


@pytest.mark.parametrize("paper", PAPERS)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(account=accounts(), form=forms)
def test_nothing_wrong_is_read_of_any_account(
    account: Account, form: Form, paper: str, copy: Path
) -> None:
    outcome = _read(template_of(account, form), paper, copy)
    assert not outcome.wrong
