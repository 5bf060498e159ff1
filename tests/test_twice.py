"""A text that was pasted twice: the second time it says nothing new, and that is told."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import qy_finance
from qy_finance.errors import ReviewWarning

pytest.importorskip("qy_finance.readers.copies")
pytestmark = [
    pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning"),
    pytest.mark.filterwarnings("ignore::qy_finance.errors.IdentityWarning"),
]

TEXT = (Path(__file__).parent / "reconciliation" / "anhui_water.txt").read_text("utf-8")
PROSE = TEXT[TEXT.index("第三部分 皖江市水利局2023年度部门决算情况说明") :]


def _read(folder: Path, text: str) -> qy_finance.Report:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return qy_finance.read_report(path)


@pytest.mark.parametrize("between", ["", "\n\n", "\f"], ids=["at once", "lines", "page"])
def test_a_text_pasted_twice_counts_once(between: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ReviewWarning)
        once = _read(tmp_path, TEXT)
    with pytest.warns(ReviewWarning, match="printed again"):
        twice = _read(tmp_path, TEXT + between + TEXT)
    columns = ["table", "section", "item", "column", "printed", "start"]
    assert twice.observations[columns].equals(once.observations[columns])
    assert twice.meta["report_id"] == once.meta["report_id"]
    again = twice.unclaimed().query("reason == 'printed again'")
    assert again["start"].min() >= len(TEXT)
    assert len(again) >= len(once.observations)


def test_its_explanations_pasted_twice_count_once(tmp_path: Path) -> None:
    once = _read(tmp_path, TEXT)
    with pytest.warns(ReviewWarning, match="printed again"):
        twice = _read(tmp_path, TEXT + PROSE)
    assert list(twice.facts["printed"]) == list(once.facts["printed"])


def test_a_sentence_that_stands_twice_is_no_copy(tmp_path: Path) -> None:
    sentence = "皖江市水利局2023年度机关运行经费支出62.41万元，比上年增加1.20万元，增长1.96%。\n"
    once = _read(tmp_path, TEXT + sentence)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ReviewWarning)
        twice = _read(tmp_path, TEXT + sentence + "第五部分 附件\n" + sentence)
    assert len(twice.facts) == len(once.facts) + 3
