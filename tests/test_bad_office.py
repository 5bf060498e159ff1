"""Office files and pages that were made to do harm: a report or one typed error, nothing fetched, nothing computed."""

from __future__ import annotations

import http.server
import io
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from layout.pdf_options import GUANGDONG
from layout.sample import SAMPLE
from papers.generated import template_of
from papers.office import page, word, workbook

from qy_finance.errors import DamagedReportError, LimitError, ReportError
from qy_finance.readers import Limits, read_document
from qy_finance.readers.office.converted import PROGRAMS
from qy_finance.readers.office.numbering import numeral
from qy_finance.readers.office.shown import shown

BODY, BOOK, SHEET = "word/document.xml", "xl/workbook.xml", "xl/worksheets/sheet2.xml"
PARAGRAPH = "<w:p><w:r><w:t>x 1.00</w:t></w:r></w:p>"
needs_office = pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="no LibreOffice")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A report as a document, a workbook and a page."""
    there, template = tmp_path_factory.mktemp("papers"), template_of(SAMPLE, GUANGDONG)
    made = (pen(template, there) for pen in (word, workbook, page))
    return {path.suffix: path.read_bytes() for path in made}


def changed(package: bytes, part: str, change: Callable[[str], str | None]) -> bytes:
    """A package with one of its parts changed, or left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            said = change(data.decode()) if name == part else data
            if said is not None:
                new.writestr(name, said)
    return made.getvalue()


def in_front(markup: str) -> Callable[[str], str]:
    return lambda text: text.replace("<w:body>", f"<w:body>{markup}", 1)


def in_sheet(markup: str) -> Callable[[str], str]:
    return lambda text: text.replace("</sheetData>", f"{markup}</sheetData>", 1)


def merged(*references: str) -> Callable[[str], str]:
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in references)
    return lambda text: re.sub(
        "<mergeCells.*</mergeCells>", f"<mergeCells>{cells}</mergeCells>", text
    )


def outcome(data: bytes, folder: Path, name: str, limits: Limits | None = None) -> str:
    """The text that is read, or the type of the error."""
    path = folder / name
    path.write_bytes(data)
    try:
        return read_document(path, limits).text
    except ReportError as error:
        return type(error).__name__


ROW = (
    "<w:tr><w:trPr>{}</w:trPr><w:tc><w:tcPr>{}</w:tcPr>"
    + PARAGRAPH
    + "</w:tc><w:tc>"
    + PARAGRAPH
    + "</w:tc></w:tr>"
)


@pytest.mark.parametrize(
    "markup",
    [
        "<w:tbl><w:tr><w:tc>" * 80 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 80,
        ("<w:tbl><w:tr><w:tc>" + PARAGRAPH + "</w:tc><w:tc>") * 60 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 60,
        *("<w:tbl>" + ROW.format("", f'<w:gridSpan w:val="{n}"/>') * 2 + "</w:tbl>" for n in (-5, 0, 10**9, 10**30)),
        *("<w:tbl>" + ROW.format(f'<w:gridBefore w:val="{n}"/>', "") * 2 + "</w:tbl>" for n in (-5, 10**9)),
    ],
)  # fmt: skip
def test_tables_within_and_beyond_each_other_are_read(
    markup: str, papers: dict[str, bytes], tmp_path: Path
) -> None:
    text = outcome(changed(papers[".docx"], BODY, in_front(markup)), tmp_path, "a.docx")
    assert "x 1.00" in text
    assert "8,091.85" in text


@pytest.mark.parametrize(("level", "start"), [(10**9, 1), (-1, 1), (0, 10**9), (0, -7)])
def test_numbers_that_no_list_has(
    level: int, start: int, papers: dict[str, bytes], tmp_path: Path
) -> None:
    paragraph = (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>end</w:t></w:r></w:p>"
    )
    lists = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="lowerRoman"/>'
        f'<w:lvlText w:val="{"%1" * 9999}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    data = changed(papers[".docx"], BODY, in_front(paragraph))
    text = outcome(changed(data, "word/numbering.xml", lambda _: lists), tmp_path, "a.docx")
    first = text.split("\n")[0]
    assert first.endswith("end")
    assert len(first) < 5000


def test_a_number_that_no_list_reaches_is_none() -> None:
    assert numeral(32_768, "lowerLetter") == numeral(32_768, "decimal") == ""
    assert numeral(-1, "chineseCounting") == ""


def test_a_part_of_xml_that_is_too_large_is_not_opened(
    papers: dict[str, bytes], tmp_path: Path
) -> None:
    data = changed(papers[".docx"], BODY, in_front(" " * 2_000_000))
    assert outcome(data, tmp_path, "a.docx", Limits(markup=1_000_000)) == "LimitError"
    assert "8,091.85" in outcome(data, tmp_path, "a.docx")


@pytest.mark.parametrize("name", [".docx", ".xlsx", ".html"])
def test_more_text_than_a_report_has_is_refused(
    name: str, papers: dict[str, bytes], tmp_path: Path
) -> None:
    assert outcome(papers[name], tmp_path, f"a{name}", Limits(characters=5000)) == "LimitError"


def test_cells_are_counted(papers: dict[str, bytes], tmp_path: Path) -> None:
    for name in (".docx", ".xlsx", ".html"):
        assert outcome(papers[name], tmp_path, f"a{name}", Limits(cells=500)) == "LimitError"


@pytest.mark.parametrize(
    "change",
    [
        merged("A1:XFD1048576"),
        merged(*(f"A{row}:H{row + 500}" for row in range(1, 900))),
        in_sheet("".join(f'<row r="{n}"><c r="{c}{n}"><v>1</v></c></row>' for n, c in enumerate(
            (a + b + c for a in "ABC" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for c in "ABCDEFGHIJKLMNOPQRST"), 100))),
    ],
)  # fmt: skip
def test_a_sheet_of_more_cells_than_a_report_has_is_refused(
    change: Callable[[str], str], papers: dict[str, bytes], tmp_path: Path
) -> None:
    assert outcome(changed(papers[".xlsx"], SHEET, change), tmp_path, "a.xlsx") == "LimitError"


@pytest.mark.parametrize(
    "change",
    [
        in_sheet('<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        in_sheet('<row r="1048576" hidden="1"/>'),
        in_sheet("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(100, 60_000))),
        lambda text: text.replace("<sheetData>", '<cols><col min="99" max="999999999" hidden="1"/></cols><sheetData>'),
        lambda text: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', text),
        merged("A1:C2", "B2:XFD2", "B3:D900"),
    ],
)  # fmt: skip
def test_what_stands_far_away_and_shows_nothing_is_nothing(
    change: Callable[[str], str], papers: dict[str, bytes], tmp_path: Path
) -> None:
    assert "8,091.85" in outcome(changed(papers[".xlsx"], SHEET, change), tmp_path, "a.xlsx")


def test_a_sheet_that_is_listed_and_not_there_is_told(
    papers: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(changed(papers[".xlsx"], SHEET, lambda _: None))
    with pytest.raises(DamagedReportError, match=r"with the 11 sheets that it lists, found 10"):
        read_document(path)


def test_one_part_is_not_read_as_many_sheets(papers: dict[str, bytes], tmp_path: Path) -> None:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100, 300))
    data = changed(
        papers[".xlsx"], BOOK, lambda text: text.replace("</sheets>", f"{sheets}</sheets>")
    )
    assert outcome(data, tmp_path, "a.xlsx") == "DamagedReportError"


@pytest.mark.parametrize("part", ["xl/styles.xml", SHEET])
def test_a_style_that_is_not_there_is_damage(
    part: str, papers: dict[str, bytes], tmp_path: Path
) -> None:
    data = changed(
        papers[".xlsx"], part, lambda text: re.sub('<xf .*?/>|(?<= s=)"\\d', '"9999', text)
    )
    assert outcome(data, tmp_path, "a.xlsx") == "DamagedReportError"


def test_a_package_with_places_outside_it_is_damaged(
    papers: dict[str, bytes], tmp_path: Path
) -> None:
    for name in (".docx", ".xlsx"):
        data = bytearray(papers[name])
        at = data.index(b"PK\x01\x02") + 42  # where the first part stands
        data[at : at + 4] = b"\xff\xff\xff\x7f"
        assert outcome(bytes(data), tmp_path, f"a{name}") == "DamagedReportError"


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (1e300, "0.00", "1" + "0" * 300 + ".00"),
        (1.5, "0" + "%" * 100, "15" + "0" * 199 + "%" * 100),
        (1.5, "0." + "0" * 300, "1.5"),
        (10**400, "0.00", "1" + "0" * 400),
    ],
)  # fmt: skip
def test_numbers_and_formats_without_measure(value: float, form: str, said: str) -> None:
    assert shown(value, form) == said


@pytest.mark.parametrize("encoding", ["undefined", "idna", "punycode", "zlib_codec", "nonsense"])
def test_encodings_that_are_none(encoding: str, papers: dict[str, bytes], tmp_path: Path) -> None:
    data = papers[".html"].replace(b"charset=utf-8", f"charset={encoding}".encode())
    assert "8,091.85" in outcome(data.decode().encode("gb18030"), tmp_path, "a.html")


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<table>" + ("<tr>" + "<td colspan=1000 rowspan=1000>1" * 50 + "</tr>") * 50 + "</table>", "LimitError"),
        ("<table><tr><td>1.00<td>" * 1000, "8,091.85"),
        ("<div>" * 50_000, "LimitError"),
        ("<span>" * 9_000, "8,091.85"),
        ("<table><tr><td colspan=-5>甲<td rowspan=0>乙<td colspan=x>丙</table>", "甲\t乙\t丙"),
    ],
)  # fmt: skip
def test_pages_without_measure(
    markup: str, said: str, papers: dict[str, bytes], tmp_path: Path
) -> None:
    data = papers[".html"].decode().replace("<div class=content>", f"<div class=content>{markup}")
    assert said in outcome(data.encode(), tmp_path, "a.html")


def test_parts_of_a_mail_within_each_other_are_refused(tmp_path: Path) -> None:
    kind = 'Content-Type: multipart/related; boundary="b{}"\r\n\r\n'
    head = "From: x\r\nMIME-Version: 1.0\r\n" + kind.format(0)
    parts = "".join(f"--b{at}\r\n{kind.format(at + 1)}" for at in range(3000))
    assert outcome((head + parts).encode(), tmp_path, "a.mht") in ("LimitError", "EmptyReportError")


class _Listening(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of a server that notes what is asked of it."""
    _Listening.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a.png"
        server.shutdown()


def open_document(kind: str, body: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    names = {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "svg": "svg-compatible",
    }  # fmt: skip
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in names.items()
    )
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", mime)
        package.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{spaces} office:version="1.2"><office:body>{body}'
            "</office:body></office:document-content>",
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{mime}"/>'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )
    return made.getvalue()


@needs_office
def test_libreoffice_fetches_nothing(listening: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("9,999.99", encoding="utf-8")
    body = (
        f'<office:text><text:p>公开<draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="{listening}"/>'
        f'</draw:frame></text:p><text:section text:name="s"><text:section-source xlink:href="{secret.as_uri()}"/>'
        "<text:p>正文</text:p></text:section></office:text>"
    )
    text = outcome(open_document("text", body), tmp_path, "a.odt")
    assert text.split() == ["公开", "正文"]
    assert _Listening.asked == []


@needs_office
def test_libreoffice_computes_nothing(tmp_path: Path) -> None:
    cells = "".join(
        f'<table:table-cell{formula} office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
        for formula, value in (
            (' table:formula="of:=1+1"', 7),
            ("", 8),
            (" table:formula='of:=[.B1]*2'", 99),
        )
    )
    body = (
        f'<office:spreadsheet><table:table table:name="a"><table:table-row>{cells}</table:table-row></table:table>'
        "</office:spreadsheet>"
    )
    assert outcome(open_document("spreadsheet", body), tmp_path, "a.ods").split() == [
        "7",
        "8",
        "99",
    ]


def test_what_memory_does_not_hold_is_a_typed_error(
    papers: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("qy_finance.readers.office.books.shown", full)
    path = tmp_path / "a.xlsx"
    path.write_bytes(papers[".xlsx"])
    with pytest.raises(LimitError, match="fits into memory"):
        read_document(path)
