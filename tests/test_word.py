"""Word documents as people write them: numbered headings, revisions, hidden text, text boxes, merged cells."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import qy_finance
from qy_finance.errors import (
    DamagedReportError,
    EncryptedReportError,
    LimitError,
)
from qy_finance.readers import Limits, read_document
from qy_finance.readers.office.numbering import chinese, numeral


def text_of(document: docx.document.Document, folder: Path) -> str:
    path = folder / "report.docx"
    document.save(str(path))
    return read_document(path).text


def paragraph(markup: str) -> str:
    return f"<w:p {nsdecls('w')}>{markup}</w:p>"


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<w:r><w:t>收入</w:t></w:r><w:r><w:t>100.00万元</w:t></w:r>", "收入100.00万元"),
        ("<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
        ("<w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>来</w:t></w:r></w:moveTo>", "来"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>9.99</w:t></w:r><w:r><w:t>1.00</w:t></w:r>", "1.00"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>1.00</w:t></w:r>', "1.00"),
        ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "链接"),
        ("<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE 7</w:instrText></w:r>"
         "<w:r><w:t>甲</w:t></w:r>", "甲"),
        ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>", "一\n二"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件"),
    ],
)  # fmt: skip
def test_a_paragraph_is_what_is_seen(markup: str, seen: str, tmp_path: Path) -> None:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(paragraph(markup)))
    assert text_of(document, tmp_path) == f"{seen}\n"


def test_a_text_box_stands_behind_its_paragraph_and_once(tmp_path: Path) -> None:
    box = (
        f"<w:r {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        "<mc:AlternateContent>{}</mc:AlternateContent></w:r>"
    )
    held = "<w:txbxContent><w:p><w:r><w:t>框中 5.00</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:Choice Requires='wps'>{held}</mc:Choice><mc:Fallback>{held}</mc:Fallback>"
    document = docx.Document()
    document.add_paragraph("锚").runs[0].element.addnext(parse_xml(box.format(both)))
    document.add_paragraph("后")
    assert text_of(document, tmp_path) == "锚\n框中 5.00\n后\n"


def numbered(document: docx.document.Document, levels: list[tuple[str, str]]) -> None:
    """Add a list whose levels have these formats and texts, as number 77."""
    part = document.part.numbering_part.element
    shown = "".join(
        f"<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{kind}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for at, (kind, text) in enumerate(levels)
    )
    kind = f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'>{shown}</w:abstractNum>"
    part.insert(0, parse_xml(kind))
    number = f"<w:num {nsdecls('w')} w:numId='77'><w:abstractNumId w:val='77'/></w:num>"
    part.append(parse_xml(number))


def item(document: docx.document.Document, text: str, level: int) -> None:
    properties = document.add_paragraph(text).paragraph_format.element.get_or_add_pPr()
    number = f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='77'/></w:numPr>"
    properties.append(parse_xml(number))


def test_headings_have_the_numbers_that_word_sets(tmp_path: Path) -> None:
    document = docx.Document()
    numbered(
        document,
        [
            ("chineseCountingThousand", "第%1部分"),
            ("chineseCounting", "%2、"),
            ("decimal", "（%3）"),
        ],
    )
    for text, level in (
        ("概况", 0), ("职责", 1), ("机构", 1), ("决算表", 0), ("收入", 1), ("甲", 2), ("乙", 2), ("支出", 1), ("丙", 2),
    ):  # fmt: skip
        item(document, text, level)
    assert text_of(document, tmp_path).split("\n")[:-1] == [
        "第一部分概况", "一、职责", "二、机构", "第二部分决算表", "一、收入", "（1）甲", "（2）乙", "二、支出",
        "（1）丙",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (34, "三十四"),
        (100, "一百"),
        (105, "一百零五"),
        (115, "一百一十五"),
    ],
)
def test_numbers_in_chinese(number: int, said: str) -> None:
    assert chinese(number) == said


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [(3, "decimalEnclosedCircle", "③"), (4, "upperRoman", "IV"), (28, "lowerLetter", "bb"),
     (2, "ideographTraditional", "乙"), (7, "decimalFullWidth", "７"), (5, "of a later version", "5"), (6, "none", "")],
)  # fmt: skip
def test_numbers_of_other_formats(number: int, kind: str, said: str) -> None:
    assert numeral(number, kind) == said


def test_cells_have_their_spans_and_places(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("前")
    table = document.add_table(3, 3)
    for row, texts in enumerate(
        (("项目", "", "决算数"), ("", "名称", ""), ("201", "一般", "1.00"))
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 2).merge(table.cell(1, 2))
    path = tmp_path / "report.docx"
    document.save(str(path))
    read = read_document(path)
    (grid,) = read.grids
    shapes = [(cell.row, cell.column, cell.rows, cell.columns) for cell in grid.cells]
    assert shapes == [
        (0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip
    at = read.text.index("1.00")
    assert read.place(at) == "table 1, row 3, cell 3"
    assert read.where(at) == "表1第3行第3格"
    assert read.where(0) == "第1段"


def test_a_figure_of_a_report_leads_to_its_cell(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("某市水务局2023年度部门决算", "财政拨款“三公”经费支出决算表", "金额单位：万元"):
        document.add_paragraph(text)
    table = document.add_table(3, 12)
    names = [
        "合计",
        "因公出国（境）费",
        "小计",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ] * 2
    table.cell(0, 0).merge(table.cell(0, 5)).text = "预算数"
    table.cell(0, 6).merge(table.cell(0, 11)).text = "决算数"
    for column, name in enumerate(names):
        table.cell(1, column).text = name
        table.cell(2, column).text = f"{column}.50"
    path = tmp_path / "report.docx"
    document.save(str(path))
    report = qy_finance.read_report(path)
    frame = report.observations
    own = frame[frame["column"] == "决算数/公务接待费"].iloc[0]
    assert (own["printed"], own["place"]) == ("11.50", "table 1, row 3, cell 12")
    assert report.text[own["start"] : own["end"]] == "11.50"
    assert own[["page", "file"]].isna().all()


def test_what_is_no_whole_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    docx.Document().save(str(path))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedReportError):
        read_document(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w:document")
    with pytest.raises(DamagedReportError):
        read_document(path)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 20_000_000)
    with pytest.raises(LimitError, match="unpacks to"):
        read_document(path, Limits(unpacked=10_000_000))


def test_entities_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    docx.Document().save(str(path))
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = (
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document {nsdecls("w")}><w:body><w:p><w:r>'
        "<w:t>公开&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    parts["word/document.xml"] = body.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert "秘密" not in read_document(path).text


def test_a_locked_document_is_told(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    name = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name + bytes(600))
    with pytest.raises(EncryptedReportError):
        read_document(path)


def test_a_frame_around_a_table_is_no_table(tmp_path: Path) -> None:
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "支出决算表"
    frame.add_paragraph("金额单位：元")
    inner = frame.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "合计", "5.00"
    assert text_of(document, tmp_path) == "支出决算表\n金额单位：元\n合计\t5.00\n"


def test_columns_that_a_row_leaves_out_are_blank(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).text, table.cell(1, 1).text = "甲", "2.00"
    for row, cells, kept in ((table.rows[0], (1, 2), "After"), (table.rows[1], (0,), "Before")):
        for cell in [row.cells[at]._tc for at in cells]:
            row._tr.remove(cell)
        left = f"<w:grid{kept} {nsdecls('w')} w:val='{len(cells)}'/>"
        row._tr.get_or_add_trPr().append(parse_xml(left))
    path = tmp_path / "report.docx"
    document.save(str(path))
    (grid,) = read_document(path).grids
    assert [(c.row, c.column) for c in grid.cells] == [(r, c) for r in (0, 1) for c in (0, 1, 2)]
    assert read_document(path).text == "甲\t\t\n\t2.00\t\n"
