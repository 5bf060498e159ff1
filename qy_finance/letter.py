"""A letter to a department: what contradicts itself in its final account, as a Word document in Chinese.

Each finding is quoted as printed, with its page, recalculated, and with the wording that would mend it where that is
determined. Last stands what was checked and what could not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qy_finance.analysis.findings import Break
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.checks.model import KINDS
from qy_finance.checks.sentence import Piece, Sentence, Told
from qy_finance.display import words
from qy_finance.facts import Fact
from qy_finance.files import replacing
from qy_finance.text.fairness import checked_document, objection, only
from qy_finance.text.reconciliation import on_extent

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph

_SERIF: Final = "宋体"
_LATIN: Final = "Times New Roman"
_UNPRINTABLE: Final = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED: Final = 4  # places that are quoted of one finding
_LACKING: Final = 12  # kinds of missing figures that are listed
_ADVICE: Final = {
    "figures": "请核对以上各处，更正有误的一处，并查看引用它的其他地方。",
    "words": "请核对所说的话与数字，更正其中有误的。",
    "years": "请核对两年的报告；如有口径调整或追溯更正，请在报告中说明。",
}
"""Where the wording that would mend it is not determined."""


def write_letter(found: Reconciliation, path: Path, day: date) -> None:
    """Write the letter of a report, all of it or nothing; ``day`` is the date that it bears.

    Raises
    ------
    OSError
        It can't be written there.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    word = _paper()
    identity = found.reading.identity
    word.add_heading(_clean(f"关于《{identity.unit}{identity.year}年度部门决算》的核对意见"), 0)
    _say(word, f"{identity.unit}：")
    _say(word, f"{_opening(found)}{only()}", indent=True)
    for kind, name in KINDS.items():
        if some := found.by_kind[kind]:
            word.add_heading(f"{name}（{len(some):,} 处）", 1)
            for one in some:
                _finding(word, found.breaks.index(one) + 1, one)
    _checked(word, found)
    word.add_heading("如有异议", 1)
    _say(word, objection(), indent=True)
    closing = _say(word, f"{day.year} 年 {day.month} 月 {day.day} 日")
    closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    with replacing(path) as temporary, temporary.open("wb") as file:
        word.save(file)


def _opening(found: Reconciliation) -> str:
    document = checked_document(found.reading)
    if not found.breaks:
        return f"贵单位公开的 {found.reading.identity.year} 年度部门决算（{document}），没有发现自相矛盾之处。"
    return (
        f"贵单位公开的 {found.reading.identity.year} 年度部门决算（{document}），"
        f"有 {len(found.breaks):,} 处前后不一致，逐处列在下面，供更正时参考。"
    )


def _finding(word: Word, number: int, one: Break) -> None:
    """A finding: what it is, where it is printed, how it was recalculated, what would mend it."""
    word.add_heading(_clean(f"{number}. {one.heading}"), 2)
    for source in one.sources[:_QUOTED]:
        place = f"{source.place}{f'，{source.name}' if source.name else ''}"
        _labelled(word, "原文", ("“", *source.said, f"”（{place}）"))
    if len(one.sources) > _QUOTED:
        _say(word, f"另有 {len(one.sources) - _QUOTED:,} 处，从略。")
    _labelled(word, "核算", one.formula)
    if one.consequences:
        _labelled(
            word, "连带", (f"另有 {len(one.consequences):,} 条关系因此不符，更正后应随之相符。",)
        )
    _labelled(word, "建议", _advice(one))
    _labelled(word, "依据", (f"{one.identity.purpose}（{one.identity.id}）。",))


def _advice(one: Break) -> Iterable[Piece]:
    """The sentence or the cell as it would be right; otherwise what is to be looked at."""
    if one.mended is None:
        return (_ADVICE[one.kind],)
    fact, right = one.mended
    source = next((source for source in one.sources if fact in _facts(source.said)), None)
    if source is None or source.name:  # a cell
        where = f"{source.place} {source.name} " if source else f"{fact.place} {fact.full} "
        return (f"如其他数字无误，{where}的 {fact.printed} 应为 {right}。",)
    said = (_Right(right) if _is_of(piece, fact) else piece for piece in source.said)
    return ("如其他数字无误，改为：“", *said, "”")


class _Right(str):
    """Characters that are set in the place of wrong ones."""

    __slots__ = ()


def _facts(said: Sentence) -> Iterator[Fact]:
    for piece in said:
        if isinstance(piece, Told) and isinstance(piece.source, Fact):
            yield piece.source


def _is_of(piece: Piece, fact: Fact) -> bool:
    return isinstance(piece, Told) and piece.source is fact


def _checked(word: Word, found: Reconciliation) -> None:
    """What was checked, how it came out, and what could not be."""
    word.add_heading("核对了什么", 1)
    _say(word, words(on_extent(found.extent)).replace("**", ""))
    frame = found.groups
    table = word.add_table(len(frame) + 1, len(frame.columns), style="Table Grid")
    lines: list[Iterable[object]] = [frame.columns, *frame.itertuples(index=False)]
    for row, values in zip(table.rows, lines, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = f"{value:,}" if isinstance(value, int) else str(value)
    _say(word, "尾差：四舍五入或截尾可以解释的差，不算不一致。")
    word.add_heading("没有核对什么", 1)
    for name, error in found.reading.unread.items():
        _say(word, f"{found.reading.form.name(name)}没有读出：{error}")
    lacking = found.not_run
    for name, count in lacking.iloc[:_LACKING, :2].itertuples(index=False):
        _say(word, f"缺{name}：{count:,} 条关系没有核对。")
    if len(lacking) > _LACKING:
        rest = int(lacking.iloc[_LACKING:, 1].sum())
        _say(word, f"缺其他数：{rest:,} 条关系没有核对。")
    if lacking.empty and not found.reading.unread:
        _say(word, "能用的关系都核对了。")


def _labelled(word: Word, label: str, said: Iterable[Piece]) -> None:
    """A paragraph with a label; figures of the report are bold, what would mend them underlined too."""
    paragraph = word.add_paragraph(style="List Bullet")
    paragraph.add_run(f"{label}：").bold = True
    for piece in said:
        text = _clean(str(Sentence((piece,))))
        run = paragraph.add_run(text)
        run.bold = not isinstance(piece, str) or isinstance(piece, _Right)
        run.underline = isinstance(piece, _Right)


def _say(word: Word, text: str, indent: bool = False) -> Paragraph:
    paragraph = word.add_paragraph(_clean(text))
    if indent:
        from docx.shared import Pt

        paragraph.paragraph_format.first_line_indent = Pt(24)
    return paragraph


def _clean(text: str) -> str:
    """Without characters that a Word document can't hold."""
    return _UNPRINTABLE.sub("", text)


def _paper() -> Word:
    """An empty A4 document with Chinese letters and page numbers."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    word = docx.Document()
    for name, size in (("Normal", 12), ("Title", 18), ("Heading 1", 14), ("Heading 2", 12)):
        style = word.styles[name]
        style.font.name, style.font.size = _LATIN, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for kind in ("ascii", "hAnsi"):
            fonts.set(qn(f"w:{kind}"), _LATIN)
        fonts.set(qn("w:eastAsia"), _SERIF)
    word.styles["Normal"].paragraph_format.space_after = Pt(4)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run()
    (run,) = footer.part.element.iter(qn("w:r"))
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run.append(element)
    return word
