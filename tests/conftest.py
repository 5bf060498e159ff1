"""What several tests begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from reports import Reader

from qy_finance import Report, read_report


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads a text as a report."""

    def reading(text: str) -> Report:
        path = tmp_path / "report.txt"
        path.write_text(text, encoding="utf-8")
        return read_report(path)

    return reading
