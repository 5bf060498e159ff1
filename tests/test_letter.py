"""The letter to a department: read again as a word processor reads it, and held against the report that it quotes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import docx
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

import qy_finance
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.cli import main
from qy_finance.errors import NotAReportError
from qy_finance.letter import write_letter

QINGYUAN = next((Path(__file__).parent.parent / "data" / "raw" / "2022").glob("*.txt"))
DAY = date(2024, 9, 3)


def written(path: Path, folder: Path) -> list[tuple[str, str]]:
    """Style and text of each paragraph of the letter of a report."""
    letter = folder / "letter.docx"
    write_letter(Reconciliation(qy_finance.read_report(path).checks), letter, DAY)
    return [(one.style.name, one.text) for one in docx.Document(str(letter)).paragraphs]


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    return written(QINGYUAN, tmp_path_factory.mktemp("letter"))


def test_it_says_of_whom_by_what_and_no_more(letter: list[tuple[str, str]]) -> None:
    texts = [text for _, text in letter]
    assert texts[0] == "关于《清远市政务服务数据管理局本级2022年度部门决算》的核对意见"
    assert texts[1] == "清远市政务服务数据管理局本级："
    assert "有 14 处前后不一致" in texts[2]
    assert re.search(r"SHA-256 [0-9a-f]{16}…），由 qy_finance \d+\.\d+\.\d+ 核对", texts[2])
    assert "只说这份文件自身前后不一致" in texts[2]
    assert texts[-1] == "2024 年 9 月 3 日"
    assert not re.search("造假|虚报|违规|违法|隐瞒", "".join(texts))


def test_a_finding_has_quote_recalculation_wording_and_rule(letter: list[tuple[str, str]]) -> None:
    texts = [text for _, text in letter]
    at = next(at for at, text in enumerate(texts) if text.endswith("占比算错：4.20% 应为 4.40%"))
    quote, sums, advice, rule = texts[at + 1 : at + 5]
    said = (
        "授予中小企业合同金额2,792.96万元，占政府采购支出总额的95.8%，其中：授予小微企业合同金额122.8万元，"
        "占授予中小企业合同金额的{}%；"
    )
    assert quote == f"原文：“{said.format('4.20')}”（第1272行）"
    assert sums.startswith(
        "核算：授予小微企业合同金额 122.8 ÷ 授予中小企业合同金额 2,792.96 = 4.40%"
    )
    assert advice == f"建议：如其他数字无误，改为：“{said.format('4.40')}”"
    assert rule.endswith("（prose.share）。")


def test_findings_are_numbered_as_on_the_page_and_counted_by_kind(
    letter: list[tuple[str, str]],
) -> None:
    kinds = [text for style, text in letter if style == "Heading 1"]
    assert kinds[:2] == ["数字矛盾（6 处）", "用语问题（8 处）"]
    found = [text for style, text in letter if style == "Heading 2"]
    assert [int(text.split(".")[0]) for text in found] == list(range(1, 15))


def test_a_wrong_cell_is_named_with_what_it_should_be(tmp_path: Path) -> None:
    told = lay_out(SAMPLE, Options()).text
    report = qy_finance.read_report(_saved(tmp_path, told))
    cell = report.observations.query("table == 'income' and code == '2010301'").iloc[0]
    start, end = int(cell["start"]), int(cell["end"])
    wrong = f"{float(cell['value']) + 1000:,.2f}"
    letter = written(_saved(tmp_path, told[:start] + wrong + told[end:]), tmp_path)
    (advice,) = (text for _, text in letter if text.startswith("建议："))
    assert f"的 {wrong} 应为 {float(cell['value']):,.2f}" in advice
    assert "第" in advice


def test_a_report_without_contradictions_is_said_to_have_none(tmp_path: Path) -> None:
    letter = written(_saved(tmp_path, lay_out(SAMPLE, Options()).text), tmp_path)
    assert "没有发现自相矛盾之处" in letter[2][1]
    assert not [text for style, text in letter if style == "Heading 2"]


def test_what_a_word_document_cannot_hold_is_left_out(tmp_path: Path) -> None:
    told = QINGYUAN.read_text(encoding="utf-8")
    hostile, number = re.subn(r"授予小\s*微", "授予小微\ufffe<w:p>&", told)
    assert number == 1
    letter = written(_saved(tmp_path, hostile), tmp_path)
    quotes = [text for style, text in letter if style == "List Bullet" and "<w:p>&企业" in text]
    assert quotes
    assert not any("\ufffe" in quote for quote in quotes)


def test_the_command_writes_one_for_each_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", str(QINGYUAN), "--format", "docx"]) == 1
    name = f"{QINGYUAN.stem}_核对意见.docx"
    assert capsys.readouterr().out == f"{name}\n"
    assert main(["check", str(QINGYUAN), "--format", "docx", "--output", "to/me.docx"]) == 1
    assert (tmp_path / "to" / "me.docx").stat().st_size > 10_000
    assert (tmp_path / name).is_file()
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".docx"] == ["to"]


def _saved(folder: Path, text: str) -> Path:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_letter_is_no_final_account(tmp_path: Path) -> None:
    written(QINGYUAN, tmp_path)
    with pytest.raises(NotAReportError, match="an opinion on an account"):
        qy_finance.read_report(tmp_path / "letter.docx")
