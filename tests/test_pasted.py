"""Tables that stand in a Word document or a web page as pictures."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import docx
import numpy as np
import pandas as pd
import pypdfium2 as pdfium
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from layout.pdf_options import SHANGHAI
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from layout.scan import DPI, POINTS, photographed
from PIL import Image, ImageDraw, ImageFont

import qy_finance
from qy_finance import read_report
from qy_finance.errors import LimitError, MissingTableWarning, ReviewWarning, ScannedReportError
from qy_finance.readers import Limits, read_document
from qy_finance.readers.combine import combined
from qy_finance.readers.document import Placement
from qy_finance.readers.office.drawings import picture_of
from qy_finance.readers.pasted import Pasted, Pictures, shown
from qy_finance.readers.scanned import ocr

needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")
TABLE = "general_budget_expenditure"
HEAD = f"{SAMPLE.unit}{SAMPLE.year}年度部门决算"
PROSE = "本年收入合计3,471.99万元，比上年增加121.10万元，增长3.61%。"
FONT = Path(qy_finance.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
NO_EXTRA = "the extra that reads pictures is not installed (pip install 'qy_finance[ocr]')"
Paper = docx.document.Document


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def chart() -> Image.Image:
    """Bars with their labels and figures."""
    image = Image.new("RGB", (700, 360), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 18)
    draw.text((250, 8), "支出决算结构图", fill=0, font=font)
    for at, (name, figure) in enumerate((("基本支出", "1,850.00"), ("项目支出", "2,469.07"))):
        x, top = 150 + 250 * at, 220 - 70 * at
        draw.rectangle((x, top, x + 80, 300), fill=(40, 120, 200))
        draw.text((x, 305), name, fill=0, font=font)
        draw.text((x, top - 26), figure, fill=0, font=font)
    return image


def text() -> Image.Image:
    """A picture with something written on it, which is not recognised."""
    image = Image.new("L", (600, 400), 255)
    ImageDraw.Draw(image).text((20, 20), "ABCDEFGH" * 4, fill=0, font_size=24)
    return image


def paper(*pictures: bytes, prose: bool = True) -> Paper:
    document = docx.Document()
    if prose:
        document.add_paragraph(HEAD)
        document.add_paragraph(PROSE)
    for picture in pictures:
        document.add_picture(io.BytesIO(picture), width=Cm(15))
    return document


def saved(document: Paper, folder: Path) -> Path:
    path = folder / "report.docx"
    document.save(str(path))
    return path


@dataclass(frozen=True)
class Report:
    """A report with a table over two pictures, the second of which lies on its side, and a chart."""

    report: qy_finance.Report
    printed: pd.DataFrame
    cut: int
    size: tuple[int, int]

    @property
    def figures(self) -> pd.DataFrame:
        frame = self.report.observations
        return frame[frame["table"].eq(TABLE).fillna(value=False)]


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("pasted")
    source = folder / "original.pdf"
    laid = lay_out_pdf(SAMPLE, replace(SHANGHAI, seed=3), source)
    (number,) = {place.page for cell, place in laid.cells if cell.table == TABLE}
    original = read_document(source)
    assert original.layout is not None
    rules = {rule.top for rule in original.layout.pages[number].rules if rule.top == rule.bottom}
    printed = read_report(source).observations
    printed = printed[printed["table"].eq(TABLE).fillna(value=False)]
    middle = printed["bottom"].median()
    cut = round((min(rule for rule in rules if rule > middle) + 1) * DPI / POINTS)
    with pdfium.PdfDocument(source) as document:
        page = Image.open(photographed(document[number - 1]))
    end = round((max(rules) + 10) * DPI / POINTS)
    first = page.crop((0, 0, page.width, cut))
    second = page.crop((0, cut - 8, page.width, end)).rotate(90, expand=True)
    document = paper(png(first), png(second))
    document.add_paragraph("（一）结构")
    document.add_picture(io.BytesIO(png(chart())), width=Cm(12))
    document.add_paragraph("三、其他情况。")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReviewWarning)
        warnings.simplefilter("ignore", MissingTableWarning)
        return Report(read_report(saved(document, folder)), printed, cut, page.size)


COLUMNS = ["side", "code", "item", "column", "printed", "value"]


@needs_ocr
def test_a_table_over_two_pictures_is_one_table(pasted: Report) -> None:
    def plain(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[COLUMNS].sort_values(COLUMNS, ignore_index=True)

    assert len(pasted.printed) > 10
    pd.testing.assert_frame_equal(plain(pasted.figures), plain(pasted.printed))


@needs_ocr
def test_figures_of_a_picture_have_place_confidence_and_box(pasted: Report) -> None:
    frame = pasted.report.observations
    recognised = frame["place"].str.startswith("picture")
    assert set(frame["place"].str.extract(r"(picture \d, row|paragraph)")[0]) == {
        "picture 1, row",
        "picture 2, row",
        "paragraph",
    }
    assert frame.loc[recognised, "confidence"].between(0, 1).all()
    assert frame.loc[~recognised, ["confidence", "x0"]].isna().all(axis=None)
    assert frame["page"].isna().all()
    assert pasted.report.reading.document.where(int(frame.loc[recognised, "start"].iloc[0])) == (
        "第1幅图第3行第5格"
    )
    keys = ["code", "item", "column"]
    both = pasted.figures.merge(pasted.printed, on=keys, suffixes=("", "_printed"))
    assert len(both) == len(pasted.printed)
    for _, row in both.iterrows():
        x0, x1 = (row[f"{edge}_printed"] * DPI / POINTS for edge in ("x0", "x1"))
        top = row["top_printed"] * DPI / POINTS
        turned = top - pasted.cut + 8, pasted.size[0] - x1  # to the left
        expected = (x0, top) if row["place"].startswith("picture 1") else turned
        assert abs(row["x0"] - expected[0]) < 8
        assert abs(row["top"] - expected[1]) < 8


@needs_ocr
def test_a_figure_shows_the_strip_of_its_picture(pasted: Report) -> None:
    frame = pasted.report.observations
    for row in (pasted.figures.index[0], pasted.figures.index[-1]):
        seen = pasted.report.observation(int(row)).picture
        assert seen is not None
        strip = Image.open(io.BytesIO(seen))
        assert strip.width == pasted.size[0]  # upright, from edge to edge
        assert strip.height < strip.width / 2
    prose = frame.index[frame["table"].isna()][0]
    assert pasted.report.observation(int(prose)).picture is None


@needs_ocr
def test_a_chart_is_put_aside_and_prose_stays_as_it_is(pasted: Report, tmp_path: Path) -> None:
    with pytest.warns(MissingTableWarning):
        alone = read_report(saved(paper(), tmp_path)).observations
    frame = pasted.report.observations
    columns = ["item", "column", "measure", "printed", "value", "place", "start"]
    pd.testing.assert_frame_equal(
        frame.loc[frame["table"].isna(), columns].reset_index(drop=True), alone[columns]
    )
    unclaimed = pasted.report.unclaimed()
    drawn = unclaimed[unclaimed["reason"] == "chart"]
    assert sorted(drawn["printed"]) == ["1,850.00", "2,469.07"]
    assert not unclaimed["reason"].eq("unknown").any()
    assert pasted.report.reading.document.left_out == ()


@needs_ocr
def test_several_files_keep_places_and_confidence(pasted: Report, tmp_path: Path) -> None:
    own = pasted.report.reading.document
    before = tmp_path / "before.txt"
    before.write_text("前一个文件。\n", encoding="utf-8")
    both = combined([read_document(before), own])
    start, end = (int(pasted.figures.iloc[0][edge]) for edge in ("start", "end"))
    by = both.text.index(HEAD) - own.text.index(HEAD)
    assert both.is_recognised
    assert both.box(start + by, end + by) == own.box(start, end)
    assert both.confidence(start + by, end + by) == own.confidence(start, end)


@needs_ocr
def test_a_photograph_is_told_without_a_look_at_its_text() -> None:
    grain = np.random.default_rng(0).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    photo = Image.fromarray(grain).resize((800, 600), Image.Resampling.BICUBIC)
    pictures = Pictures(Path("a.docx"), Limits())
    assert pictures.read(Pasted(png(photo)), "picture 1") is None
    assert pictures.left_out == ["picture 1: no text was recognised"]


@needs_ocr
def test_type_too_small_for_a_huge_picture_is_told() -> None:
    image = Image.new("L", (4_000, 4_000), 255)
    ImageDraw.Draw(image).text((20, 20), "ABCDEFGH" * 40, fill=0, font_size=8)
    pictures = Pictures(Path("a.docx"), Limits())
    assert pictures.read(Pasted(png(image)), "picture 1") is None
    assert pictures.left_out == ["picture 1: no text was recognised"]


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)


def test_without_the_extra_pictures_are_told_with_what_to_install(
    tmp_path: Path, without_ocr: None
) -> None:
    document = paper(png(text()), png(text()))
    document.add_picture(io.BytesIO(png(text())), width=Cm(3))  # a logo
    document.add_picture(io.BytesIO(png(text().resize((60, 40)))), width=Cm(15))
    path = saved(document, tmp_path)
    told = f"picture 1 (paragraph 3), picture 2 (paragraph 4): {NO_EXTRA}"
    assert read_document(path).left_out == (told,)
    with pytest.warns(ReviewWarning, match=r"not read: picture 1 \(paragraph 3\), picture 2"):
        read_report(path)


def test_pictures_alone_are_no_report_without_the_extra(tmp_path: Path, without_ocr: None) -> None:
    path = saved(paper(png(text()), prose=False), tmp_path)
    with pytest.raises(ScannedReportError, match=r"picture 1 \(paragraph 1\).*qy_finance\[ocr\]"):
        read_document(path)


def test_a_picture_in_a_cell_is_found_and_stands_behind_its_table(
    tmp_path: Path, without_ocr: None
) -> None:
    document = paper()
    table = document.add_table(2, 2)
    table.cell(0, 1).paragraphs[0].add_run().add_picture(io.BytesIO(png(text())), width=Cm(9))
    assert len(read_document(saved(document, tmp_path)).left_out) == 1


def emf(size: int) -> bytes:
    return (b"\1\0\0\0" + bytes(36) + b" EMF").ljust(size, b"\0")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (emf(500), "an EMF drawing"),
        (b"\xd7\xcd\xc6\x9a".ljust(500, b"\0"), "a WMF drawing"),
        (b"GIF89a", "damaged, or of a format that is not read"),
        (b"<svg/>", "damaged, or of a format that is not read"),
        (b"", "a link to what is not in the file"),
        (png(Image.new("1", (20_000, 20_000))), "too many pixels"),
        (png(Image.new("1", (1_200, 1_000))), "more than 1,000,000 pixels"),
        (png(text()), "more than 0 (Limits(pictures=…) allows more)"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_told_and_no_error(
    data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "recognise", None)
    pictures = Pictures(Path("a.docx"), Limits(pixels=1_000_000, pictures=0))
    assert pictures.read(Pasted(data), "picture 1") is None
    (told,) = pictures.left_out
    assert told.startswith(f"picture 1: {reason}")


def test_a_truncated_picture_that_says_its_size_is_told(tmp_path: Path) -> None:
    whole = png(text().convert("RGB").effect_spread(40))
    document = paper(whole)
    (part,) = (one for one in document.part.package.iter_parts() if "media" in one.partname)
    part._blob = whole[: len(whole) // 2]
    (told,) = read_document(saved(document, tmp_path)).left_out
    assert told == (
        f"picture 1 (paragraph 3): {'damaged, or of a format that is not read' if ocr.available() else NO_EXTRA}"
    )


def test_many_pictures_are_told_in_few_words(without_ocr: None) -> None:
    pictures = Pictures(Path("a.docx"), Limits())
    for number in range(1, 31):
        pictures.read(Pasted(png(text())), f"picture {number}")
    (told,) = pictures.left_out
    assert told.endswith(f"picture 10 and 20 more: {NO_EXTRA}")


def test_time_is_bounded(tmp_path: Path) -> None:
    path = saved(paper(png(Image.new("L", (600, 300), 255))), tmp_path)
    with pytest.raises(LimitError, match="seconds"):
        read_document(path, Limits(seconds=0))


def test_what_word_cuts_off_is_not_there_and_what_it_turns_is_turned() -> None:
    document = paper(png(text()))
    (fill,) = document.element.iter(qn("pic:blipFill"))
    fill.insert(1, parse_xml(f"<a:srcRect {nsdecls('a')} l='25000' b='10000'/>"))
    (frame,) = document.element.iter(qn("a:xfrm"))
    frame.set("rot", "5400000")
    found = picture_of(fill, document.part)
    assert found is not None
    assert found.source == Placement("word/media/image1.png", (0.25, 0.0, 0.0, 0.1), 90)
    assert shown(found).size == (360, 450)


@pytest.mark.parametrize("cut", [(0.5, 0.0, 0.5, 0.0), (0.0, 7.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1e9)])
def test_a_picture_that_is_cut_off_whole_is_told(
    cut: tuple[float, float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    pictures = Pictures(Path("a.docx"), Limits())
    assert pictures.read(Pasted(png(text()), Placement("", cut)), "picture 1") is None
    assert len(pictures.left_out) == 1


def test_transparent_ground_is_white() -> None:
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    image.putpixel((5, 5), (0, 0, 0, 255))
    seen = shown(Pasted(png(image)))
    assert (seen.getpixel((0, 0)), seen.getpixel((5, 5))) == ((255, 255, 255), (0, 0, 0))


OLD = (
    f"<w:p {nsdecls('w', 'r')} xmlns:v='urn:schemas-microsoft-com:vml'><w:r><w:pict><v:shape style='width:{{}}pt;"
    "height:200pt'><v:imagedata r:id='{}' cropleft='16384f'/></v:shape></w:pict></w:r></w:p>"
)


def _linked(document: Paper) -> None:
    (blip,) = document.element.iter(qn("a:blip"))
    del blip.attrib[qn("r:embed")]
    kind = RELATIONSHIP_TYPE.IMAGE
    blip.set(qn("r:link"), document.part.relate_to("https://a.cn/b.png", kind, is_external=True))


def _old(width: int) -> Callable[[Paper], None]:
    def change(document: Paper) -> None:
        (blip,) = document.element.iter(qn("a:blip"))
        own = blip.get(qn("r:embed"))
        body = document.element.body
        body.remove(body.findall(qn("w:p"))[-1])
        body.insert(2, parse_xml(OLD.format(width, own)))

    return change


def _hidden(document: Paper) -> None:
    (known,) = document.element.iter(qn("wp:docPr"))
    known.set("hidden", "1")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_linked, ("picture 1 (paragraph 3): a link to what is not in the file",)),
        (_old(400), (f"picture 1 (paragraph 3): {NO_EXTRA}",)),
        (_old(100), ()),
        (_hidden, ()),
    ],
)
def test_pictures_of_other_kinds(
    change: Callable[[Paper], None], told: tuple[str, ...], tmp_path: Path, without_ocr: None
) -> None:
    document = paper(png(text()))
    change(document)
    assert read_document(saved(document, tmp_path)).left_out == told


def _within(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def test_a_web_page_holds_pictures_itself(tmp_path: Path, without_ocr: None) -> None:
    own = _within(png(text().effect_spread(9)))
    icon = _within(png(Image.new("1", (600, 300))))
    path = tmp_path / "a.html"
    path.write_text(
        f"<p>{HEAD}</p><p>前<img width=20 src='{own}'>后<img src='{icon}'>末<img src='https://a.cn/b.png'></p>"
        f"<p>下表：<img src='{own}'></p><table><tr><td>甲<td>乙<img src='{own}'><tr><td>1.00<td>2.00</table>",
        encoding="utf-8",
    )
    read = read_document(path)
    assert read.left_out == (f"picture 1 (paragraph 3), picture 2 (paragraph 5): {NO_EXTRA}",)
    assert "前后末" in read.text
    (grid,) = read.grids
    assert read.text[grid.start : grid.end] == "甲\t乙\n1.00\t2.00"


@pytest.mark.parametrize("source", ["cid:own", "x.files/image%201.png"])
def test_a_web_archive_holds_them_beside_the_page(
    source: str, tmp_path: Path, without_ocr: None
) -> None:
    message = EmailMessage()
    message["Subject"] = "page"
    page = f"<p>{HEAD}</p><p>下表：</p><img src='{source}'>"
    message.set_content(page, subtype="html", charset="utf-8")
    picture = png(text().effect_spread(9))
    message.add_related(picture, "image", "png", cid="<own>")
    for part in message.iter_attachments():
        part["Content-Location"] = "file:///C:/x.files/image 1.png"
    path = tmp_path / "a.mht"
    path.write_bytes(message.as_bytes())
    assert read_document(path).left_out == (f"picture 1 (paragraph 2): {NO_EXTRA}",)
