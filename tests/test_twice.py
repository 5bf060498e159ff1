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


SHORT = """某县水利局2023年度部门决算情况说明
2023年度收入总计120.30万元，支出总计120.30万元，其中年初结转和结余8.10万元。
“三公”经费支出决算为2.10万元，完成预算的70.00%，比上年减少0.40万元。
机关运行经费支出12.00万元。
"""


@pytest.mark.parametrize("copies", [2, 3])
def test_a_short_text_that_follows_itself_counts_once(copies: int, tmp_path: Path) -> None:
    once = _read(tmp_path, SHORT)
    with pytest.warns(ReviewWarning, match="printed again"):
        twice = _read(tmp_path, SHORT * copies)
    assert list(twice.facts["start"]) == list(once.facts["start"])
    assert len(once.facts) == 7


def test_lines_alike_that_tell_of_several_things_are_no_copies(tmp_path: Path) -> None:
    """One sentence at once behind itself, and forms of words that stand under two headings."""
    lines = SHORT.splitlines()
    text = "\n".join(
        [lines[0], lines[1], lines[1], "二、所属单位", lines[2], "三、所属单位", lines[2]]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ReviewWarning)
        assert len(_read(tmp_path, text).facts) == 12
