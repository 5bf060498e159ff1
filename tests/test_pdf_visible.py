"""What a person sees on the page counts: hidden text is not read, what is drawn over a table is no figure of it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from golden import shanghai_2024 as golden
from layout.overlay import BLACK, Overlay
from layout.pdf_options import GUANGDONG
from layout.pdf_writer import LaidPdf, lay_out_pdf
from layout.sample import SAMPLE
from pypdfium2 import raw
from test_bad_pdfs import stream, written

import qy_finance
from qy_finance.errors import ReviewWarning
from qy_finance.readers import Document, read_document

XS, YS = (
    (50, 150, 250, 350),
    (720, 700, 680, 660),
)  # of the table's lines, from the foot of the page
PRINTED = [["101", "3.15", "2.00"], ["102", "4.25", "0.00"], ["103", "", "7.77"]]
BLANK = b"160 665"  # where the figure of the one blank cell would stand
FIGURE = b"160 685"  # where 4.25 stands


def text(words: bytes, place: bytes, size: float = 9, before: bytes = b"") -> bytes:
    return b"q BT %s /F %.1f Tf %s Td (%s) Tj ET Q\n" % (before, size, place, words)


def table(rows: Sequence[Sequence[str]] = PRINTED) -> bytes:
    """A table of three rows and columns with its lines."""
    lines = [b"%d %d m %d %d l S" % (XS[0], y, XS[-1], y) for y in YS]
    lines += [b"%d %d m %d %d l S" % (x, YS[0], x, YS[-1]) for x in XS]
    cells = [
        text(cell.encode(), b"%d %d" % (x + 10, y + 5))
        for y, row in zip(YS[1:], rows, strict=True)
        for x, cell in zip(XS, row, strict=False)
        if cell
    ]
    return b"\n".join([*lines, *cells, text(b"Title", b"50 760", 14)]) + b"\n"


def sheet(
    content: bytes, further: Sequence[bytes] = (), page: bytes = b"", pages: int = 1
) -> bytes:
    """A PDF with a font F, a state T that is transparent, layers On and Off; ``further`` objects from 8 on."""
    resources = (
        b"/Resources << /Font << /F 3 0 R >> /ExtGState << /T << /ca 0 >> /H << /ca 0.5 >> >>"
        b" /Properties << /On 4 0 R /Off 5 0 R >> /XObject << /X 8 0 R >> >>"
    )
    kids = b" ".join(b"7 0 R" for _ in range(pages))
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [4 0 R 5 0 R]"
            b" /D << /ON [4 0 R] /OFF [5 0 R] >> >> >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /OCG /Name (shown) >>",
            b"<< /Type /OCG /Name (hidden) >>",
            stream(content),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R %s %s >>"
            % (page, resources),
            *further,
        ]
    )


def form(content: bytes, more: bytes = b"/BBox [0 0 595 842]") -> bytes:
    return stream(
        content, b"/Type /XObject /Subtype /Form /Resources << /Font << /F 3 0 R >> >> " + more
    )


def read(folder: Path, data: bytes) -> Document:
    path = folder / "page.pdf"
    path.write_bytes(data)
    return read_document(path)


def cells(document: Document, number: int = 0) -> list[list[str]]:
    """The texts of a grid; one that is in doubt is its reason in brackets."""
    rows: dict[int, list[str]] = {}
    for cell in document.grids[number].cells:
        doubt = document.doubt(cell.start, cell.end)
        said = f"({doubt})" if doubt else document.text[cell.start : cell.end]
        rows.setdefault(cell.row, []).append(said)
    return list(rows.values())


def with_cell(row: int, column: int, said: str) -> list[list[str]]:
    rows = [list(row) for row in PRINTED]
    rows[row][column] = said
    return rows


HIDDEN = {
    "invisible": text(b"9.99", BLANK, before=b"3 Tr"),
    "only a clip path": text(b"9.99", BLANK, before=b"7 Tr"),
    "white on white": text(b"9.99", BLANK, before=b"1 1 1 rg"),
    "nearly white": text(b"9.99", BLANK, before=b"0.97 0.98 0.97 rg"),
    "transparent": b"/T gs\n" + text(b"9.99", BLANK),
    "clipped away": b"q 300 100 50 50 re W n\n" + text(b"9.99", BLANK) + b"Q",
    "clipped by two paths": b"q 0 0 595 842 re W n 160 640 9 9 re W n\n"
    + text(b"9.99", BLANK)
    + b"Q",
    "in a layer that is off": b"/OC /Off BDC\n" + text(b"9.99", BLANK) + b"EMC",
    "on a box of its colour": b"q 151 661 98 18 re f Q\n" + text(b"9.99", BLANK),
    "under a white box": text(b"9.99", BLANK) + b"q 1 g 151 661 98 18 re f Q",
    "under a broad white line": text(b"9.99", BLANK) + b"q 1 G 18 w 151 670 m 249 670 l S Q",
    "under a white picture": text(b"9.99", BLANK)
    + b"q 98 0 0 18 151 661 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q",
    "under a shape with a round corner": text(b"9.99", BLANK)
    + b"q 1 g 151 661 m 249 661 l 249 675 l 249 678 246 679 243 679 c 151 679 l h f Q",
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_what_nobody_sees_is_not_read(content: bytes, tmp_path: Path) -> None:
    document = read(tmp_path, sheet(table() + content))
    assert cells(document) == PRINTED
    assert "9.99" not in document.text


@pytest.mark.parametrize(
    ("dictionary", "said"),
    [
        (b"/BBox [0 0 595 842]", "9.99"),
        (b"/BBox [0 0 100 100]", ""),
        (b"/BBox [0 0 595 842] /OC 5 0 R", ""),
        (b"/BBox [0 0 595 842] /OC 4 0 R", "9.99"),
    ],
)
def test_text_in_a_form(dictionary: bytes, said: str, tmp_path: Path) -> None:
    drawn = form(text(b"9.99", BLANK), dictionary)
    document = read(tmp_path, sheet(table() + b"/X Do", [drawn]))
    assert cells(document) == with_cell(2, 1, said)


SEEN = {
    "in a layer that is on": b"/OC /On BDC\n" + text(b"9.99", BLANK) + b"EMC",
    "grey": text(b"9.99", BLANK, before=b"0.5 g"),
    "half transparent": b"/H gs\n" + text(b"9.99", BLANK),
    "red": text(b"9.99", BLANK, before=b"1 0 0 rg"),
    "white on blue": b"q 0 0 0.6 rg 151 661 98 18 re f Q\n" + text(b"9.99", BLANK, before=b"1 g"),
    "in a clip path": b"q 150 660 100 20 re W n\n" + text(b"9.99", BLANK) + b"Q",
    "on a white box": b"q 1 g 151 661 98 18 re f Q\n" + text(b"9.99", BLANK),
    "beside a box": text(b"9.99", BLANK) + b"q 1 g 200 661 40 18 re f Q",
    "under a transparent box": text(b"9.99", BLANK) + b"q /T gs 1 g 151 661 98 18 re f Q",
    "bold, by printing twice": text(b"9.99", BLANK) + text(b"9.99", b"160.3 665"),
    "shrunk to fit": text(b"9.99", BLANK, 5),
}


@pytest.mark.parametrize("content", SEEN.values(), ids=SEEN)
def test_what_a_person_sees_is_read(content: bytes, tmp_path: Path) -> None:
    document = read(tmp_path, sheet(table() + content))
    assert cells(document) == with_cell(2, 1, "9.99")


@pytest.mark.parametrize("new", [b"5.35", b"4.35", b"14.25", b"4.25", b"88,444.25"])
def test_a_white_box_with_the_new_figure_over_the_old(new: bytes, tmp_path: Path) -> None:
    box = b"q 1 g 155 681 60 16 re f Q\n"
    document = read(tmp_path, sheet(table() + box + text(new, FIGURE)))
    assert cells(document) == with_cell(1, 1, new.decode())


def test_a_box_over_one_figure_of_a_line_that_is_drawn_at_once(tmp_path: Path) -> None:
    line = b"BT /F 9 Tf 60 665 Td [(103) -9444 (8.88) -9166 (7.77)] TJ ET\n"
    drawn = table([*PRINTED[:2], ["", "", ""]]) + line
    assert cells(read(tmp_path, sheet(drawn))) == with_cell(2, 1, "8.88")
    box = b"q 1 g 151 661 98 18 re f Q\n"
    assert cells(read(tmp_path, sheet(drawn + box))) == PRINTED
    new = text(b"6.66", BLANK)
    assert cells(read(tmp_path, sheet(drawn + box + new))) == with_cell(2, 1, "6.66")


WATERMARKS = {
    "large": text(b"2024", b"120 670", 50, b"0.8 g"),
    "large and black": text(b"2024", b"120 670", 50),
    "in pieces": text(b"20", b"120 670", 50, b"0.8 g") + text(b"24", b"176 670", 50, b"0.8 g"),
    "upright": b"q 0 1 -1 0 200 600 cm\n" + text(b"2024.50", b"0 0", 40, b"0.8 g") + b"Q\n",
    "upside down": b"q -1 0 0 -1 340 700 cm\n" + text(b"2024.50", b"0 0", 40, b"0.8 g") + b"Q\n",
    "aslant": b"q 0.7 0.7 -0.7 0.7 150 600 cm\n" + text(b"2024.50", b"0 0", 30, b"0.8 g") + b"Q\n",
    "a little aslant": b"q 1 0.05 -0.05 1 100 660 cm\n"
    + text(b"2024.50", b"0 0", 45, b"0.8 g")
    + b"Q\n",
    "small and often": b"".join(
        text(b"2024", b"%d %d" % (x, y), 8, b"0.75 g")
        for x in range(40, 360, 37)
        for y in range(640, 740, 14)
    ),
    "small and pale": b"".join(
        text(b"2024", b"%d %d" % (x, 666 + x // 20), 9, b"0.8 g") for x in (60, 160, 260)
    ),
}


@pytest.mark.parametrize("under", [False, True], ids=["over", "under"])
@pytest.mark.parametrize("content", WATERMARKS.values(), ids=WATERMARKS)
def test_a_watermark_is_no_figure(content: bytes, under: bool, tmp_path: Path) -> None:
    document = read(tmp_path, sheet(content + table() if under else table() + content))
    assert cells(document) == PRINTED
    assert "2024" not in document.text
    assert not document.doubts


DOUBTED = {
    "another over it": (text(b"6.38", b"162 685"), "overlapping text"),
    "another a little lower": (text(b"6.38", b"161 682"), "overlapping text"),
    "another beside it": (text(b"2024", b"190 685"), "overlapping text"),
    "another sum beside it": (text(b"6.38", b"190 685"), "overlapping text"),
    "a small digit behind it": (text(b"1", b"178 688", 5), "odd size"),
    "cut by half": (b"q 1 g 151 688 98 10 re f Q", "covered"),
}


@pytest.mark.parametrize(("content", "reason"), DOUBTED.values(), ids=DOUBTED)
def test_a_cell_in_doubt(content: bytes, reason: str, tmp_path: Path) -> None:
    document = read(tmp_path, sheet(table() + content))
    assert cells(document) == with_cell(1, 1, f"({reason})")


@pytest.mark.parametrize("grey", [0.7, 0.85])
def test_a_pale_figure_alone_in_a_blank_cell_is_in_doubt(grey: float, tmp_path: Path) -> None:
    lone = text(b"2024", BLANK, before=b"%.2f g" % grey)
    document = read(tmp_path, sheet(table() + lone))
    assert cells(document) == with_cell(2, 1, "(faint)")


def test_pale_text_that_is_printed_so_is_read(tmp_path: Path) -> None:
    """On a coloured ground; beside the table nothing is in doubt."""
    ground = b"q 0 0 0.6 rg 151 661 98 18 re f Q\n" + text(b"9.99", BLANK, before=b"0.9 g")
    aside = text(b"2024", b"60 120", before=b"0.8 g")
    document = read(tmp_path, sheet(table() + ground + aside))
    assert cells(document) == with_cell(2, 1, "9.99")
    assert not document.doubts


def test_a_figure_of_odd_size(tmp_path: Path) -> None:
    document = read(tmp_path, sheet(table() + text(b"9.99", b"160 664", 16)))
    assert cells(document) == with_cell(2, 1, "(odd size)")


def note(kind: bytes, box: bytes, more: bytes = b"") -> bytes:
    return b"<< /Type /Annot /Subtype /%s /Rect [%s] /Contents (5.00) %s >>" % (kind, box, more)


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (note(b"FreeText", b"155 681 200 698"), "(annotation)"),
        (note(b"Stamp", b"155 681 200 698"), "(annotation)"),
        (note(b"StrikeOut", b"155 681 200 698"), "(annotation)"),
        (note(b"FreeText", b"155 100 200 198"), "4.25"),  # elsewhere
        (note(b"FreeText", b"155 681 200 698", b"/F 2"), "4.25"),  # hidden
        (note(b"Link", b"155 681 200 698"), "4.25"),
        (note(b"Stamp", b"0 0 595 842"), "4.25"),  # the background of the page
    ],
)
def test_annotations(annotation: bytes, said: str, tmp_path: Path) -> None:
    document = read(tmp_path, sheet(table(), [annotation], b"/Annots [8 0 R]"))
    assert cells(document) == with_cell(1, 1, said)


def pie(x: int, y: int) -> bytes:
    """Two slices, one blue, one orange."""
    blue = b"0 0 0.8 rg 0 0 m 60 0 l 60 40 30 60 0 60 c h f\n"
    orange = b"1 0.5 0 rg 0 0 m 0 60 l -60 60 -60 -60 0 -60 c 40 -60 60 -30 60 0 c h f\n"
    return b"q 1 0 0 1 %d %d cm %s%sQ\n" % (x, y, blue, orange)


def bars(x: int, y: int) -> bytes:
    heights = (40, 70, 90)
    drawn = (b"%d %d 20 %d re f\n" % (x + 40 * n, y, high) for n, high in enumerate(heights))
    return b"q 0.2 0.4 0.8 rg\n" + b"".join(drawn) + b"Q\n"


@pytest.mark.parametrize("chart", [pie, bars])
def test_labels_of_charts(chart: object, tmp_path: Path) -> None:
    x, y = 250, 400
    labels = text(b"73.25%", b"290 440", 9) + text(b"26.75%", b"215 380", 9)
    prose = text(b"12.5,before.", b"50 600") + text(b"13.5,behind.", b"50 250")
    assert callable(chart)
    document = read(tmp_path, sheet(table() + prose + chart(x, y) + labels))
    aside = [document.text[one.start : one.end].split() for one in document.asides]
    assert [one.reason for one in document.asides] == ["chart"]
    assert aside == [["73.25%", "26.75%"]]
    kept = [document.text[line.start : line.end] for line in document.lines]
    assert kept[-2:] == ["12.5,before.", "13.5,behind."]
    assert cells(document) == PRINTED


def test_shaded_cells_are_no_chart(tmp_path: Path) -> None:
    shade = b"q 0.7 0.8 1 rg 50 700 300 20 re f 50 680 100 20 re f 50 660 100 20 re f Q\n"
    document = read(tmp_path, sheet(shade + table()))
    assert not document.asides
    assert cells(document) == PRINTED


class TestReport:
    """The same in a whole report."""

    @pytest.fixture(scope="class")
    def laid(self, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LaidPdf]:
        path = tmp_path_factory.mktemp("laid") / "report.pdf"
        return path, lay_out_pdf(SAMPLE, GUANGDONG, path)

    @staticmethod
    def printed(report: qy_finance.Report) -> list[tuple[object, ...]]:
        frame = report.observations[["table", "code", "item", "column", "printed"]].astype(str)
        return list(frame.itertuples(index=False, name=None))

    def test_one_cell_in_doubt_is_told_and_all_others_are_read(
        self, laid: tuple[Path, LaidPdf], tmp_path: Path
    ) -> None:
        path, content = laid
        cell, place = next(
            one for one in content.cells if one[0].table == "expenditure" and one[0].code
        )
        over = Overlay(path)
        over.text([place.page], "7.5", place.x0, place.bottom, 8, BLACK)
        with pytest.warns(ReviewWarning, match=f"page {place.page}: overlapping text"):
            report = qy_finance.read_report(over.save(tmp_path / "report.pdf"))
        before, after = self.printed(qy_finance.read_report(path)), self.printed(report)
        lost = [one for one in before if one not in after]
        assert [one[0] for one in lost] == ["expenditure"]
        assert lost[0][1:3] == (cell.code, cell.item)
        assert [one for one in after if one not in before] == []
        assert "overlapping text" in set(report.unclaimed()["reason"])

    def test_an_account_whose_name_is_in_doubt(
        self, laid: tuple[Path, LaidPdf], tmp_path: Path
    ) -> None:
        path, content = laid
        cell, place = next(
            one for one in content.cells if one[0].table == "expenditure" and one[0].code
        )
        over = Overlay(path)
        over.note(place.page, raw.FPDF_ANNOT_FREETEXT, 0, place.top, place.x0 - 5, place.bottom)
        with pytest.warns(ReviewWarning, match="annotation"):
            report = qy_finance.read_report(over.save(tmp_path / "report.pdf"))
        rows = report.observations.query("table == 'expenditure'")
        assert cell.code not in set(rows["code"])
        assert len(set(rows["code"].dropna())) > 5
        assert "unknown" not in set(report.unclaimed()["reason"])

    def test_a_figure_of_the_prose_in_doubt(
        self, laid: tuple[Path, LaidPdf], tmp_path: Path
    ) -> None:
        path, content = laid
        place = content.places[len(content.places) // 2]
        over = Overlay(path)
        over.note(
            place.page, raw.FPDF_ANNOT_STAMP, place.x0, place.top - 2, place.x1, place.bottom + 2
        )
        with pytest.warns(ReviewWarning, match="annotation"):
            report = qy_finance.read_report(over.save(tmp_path / "report.pdf"))
        whole = qy_finance.read_report(path)
        assert len(report.facts) == len(whole.facts) - 1

    def test_pages_that_are_there_twice(self, laid: tuple[Path, LaidPdf], tmp_path: Path) -> None:
        path, content = laid
        over = Overlay(path)
        over.document.import_pages(over.document)
        over.pages = []
        twice = over.save(tmp_path / "report.pdf")
        with pytest.warns(
            ReviewWarning, match=f"page {content.pages + content.pages}: printed again"
        ):
            report = qy_finance.read_report(twice)
        assert self.printed(report) == self.printed(qy_finance.read_report(path))

    def test_one_page_that_is_there_twice(self, laid: tuple[Path, LaidPdf], tmp_path: Path) -> None:
        path, content = laid
        last = content.places[-1].page
        over = Overlay(path)
        over.document.import_pages(over.document, [last - 1])
        over.pages = []
        with pytest.warns(ReviewWarning, match="printed again"):
            report = qy_finance.read_report(over.save(tmp_path / "report.pdf"))
        assert self.printed(report) == self.printed(qy_finance.read_report(path))


def test_a_text_that_was_pasted_twice(tmp_path: Path) -> None:
    from layout.text_writer import lay_out

    said = lay_out(SAMPLE).text
    once, twice = tmp_path / "once.txt", tmp_path / "twice.txt"
    once.write_text(said, encoding="utf-8")
    twice.write_text(f"{said}\n{said}", encoding="utf-8")
    first = qy_finance.read_report(once)
    with pytest.warns(ReviewWarning, match="printed again"):
        both = qy_finance.read_report(twice)
    assert list(both.observations["start"]) == list(first.observations["start"])
    again = both.unclaimed().query("start > @said.__len__()")
    assert set(again["reason"]) == {"printed again"}


@pytest.mark.skipif(not golden.REPORT.exists(), reason=f"no {golden.REPORT.name}")
@pytest.mark.parametrize("angle", [0, 4, 45, 90, 180])
@pytest.mark.parametrize("size", [12, 50])
def test_a_watermark_on_every_page_of_a_real_report(angle: int, size: int, tmp_path: Path) -> None:
    over = Overlay(golden.REPORT)
    pages = range(1, len(over.document) + 1)
    for x in range(60, 560, 9 * size):
        for y in range(100, 800, 5 * size):
            over.text(pages, "2024", x, y, size, angle=angle)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = qy_finance.read_report(over.save(tmp_path / "report.pdf"))
    result = golden.compare_cells(report)
    assert (result.right, result.missing, result.extra) == (195, {}, {})
