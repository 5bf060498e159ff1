"""A PDF that is damaged, locked, endless or something else gets one clear error, soon; never a part of a report."""

from __future__ import annotations

import math
import random
import re
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from layout.pdf_options import GUANGDONG
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

import qy_finance
from qy_finance.errors import (
    DamagedReportError,
    EmptyReportError,
    EncryptedReportError,
    LimitError,
    NotAReportError,
    ReportError,
    TruncatedReportError,
)
from qy_finance.readers import Limits, read_document

LETTERING = b"BT /F 12 Tf 72 700 Td (1,234.56) Tj ET\n"
FLATE = b"/Filter /FlateDecode"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /Font << /F 3 0 R >> %s >>"
READ = """
import resource, sys, time
from pathlib import Path
from qy_finance import ReportError
from qy_finance.readers import read_document
begun = time.process_time()
try:
    said = len(read_document(Path(sys.argv[1])).text)
except ReportError as error:
    said = f"{type(error).__name__}: {error}"
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
status = Path("/proc/self/status")
if status.exists():  # the usage above counts what the process that began this one had
    memory = int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(time.process_time() - begun, memory, said)
"""


def written(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(data) + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


def pages_of(
    contents: Iterable[bytes],
    page: bytes = b"/MediaBox [0 0 595 842]",
    dictionary: bytes = b"",
    things: Sequence[bytes] = (),
) -> bytes:
    """A PDF with a page for each content; ``things`` (/X0, /X1, …) are objects from number 4 on."""
    names = b" ".join(b"/X%d %d 0 R" % (n, n + 4) for n in range(len(things)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *things,
    ]
    kids = []
    for content in contents:
        objects.append(stream(content, dictionary))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> /XObject << %s >> >> >>"
            % (page, len(objects), names)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return written(objects)


def drawing(content: bytes, page: bytes = b"/MediaBox [0 0 1600 1600]") -> bytes:
    """A page with some lettering and a drawing."""
    return pages_of([zlib.compress(LETTERING + content)], page, FLATE)


def lines(count: int, gap: float, length: float) -> bytes:
    """A lattice of so many lines across and down."""
    return b"".join(
        b"%.2f 0 m %.2f %.2f l S 0 %.2f m %.2f %.2f l S\n"
        % (n * gap, n * gap, length, n * gap, length, n * gap)
        for n in range(count)
    )


def nested(depth: int) -> bytes:
    """Lettering in a form in a form in a form …"""
    forms = [stream(b"/Y Do", FORM % (b"/XObject << /Y %d 0 R >>" % (n + 5))) for n in range(depth)]
    return pages_of([b"/X0 Do"], things=[*forms, stream(LETTERING, FORM % b"")])


def compressed(data: bytes) -> bytes:
    """A PDF of reportlab's with its streams compressed, as nearly all are that are published."""
    objects: dict[int, bytes] = {}
    for number, body in re.findall(rb"(?s)(\d+) 0 obj\n(.*?)\nendobj", data):
        plain = re.fullmatch(rb"(?s)<<(.*?)/Length \d+(.*?)>>\s*stream\r?\n(.*?)endstream", body)
        objects[int(number)] = body if plain is None else packed(*plain.groups())
    root = re.search(rb"/Root (\d+) 0 R", data)
    assert root is not None
    assert sorted(objects) == list(range(1, len(objects) + 1))
    return written([objects[n + 1] for n in range(len(objects))]).replace(
        b"/Root 1 0 R", b"/Root %s 0 R" % root[1]
    )


def packed(before: bytes, after: bytes, content: bytes) -> bytes:
    return stream(zlib.compress(content), before + after + FLATE)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "report.pdf"
    lay_out_pdf(SAMPLE, GUANGDONG, path)
    return compressed(path.read_bytes())


@pytest.fixture(scope="module")
def figures(report: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return printed(tmp_path_factory.mktemp("right"), report)


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[bytes], str]:
    def read(data: bytes) -> str:
        return read_document(saved(tmp_path, data)).text

    return read


def saved(folder: Path, data: bytes, name: str = "report.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def printed(folder: Path, data: bytes) -> list[str]:
    return list(qy_finance.read_report(saved(folder, data)).observations["printed"])


def typeset(path: Path, paragraphs: Iterable[str], **options: object) -> Path:
    """A page of prose, by reportlab."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), **options)
    canvas.setFont("STSong-Light", 12)
    for at, paragraph in enumerate(paragraphs):
        canvas.drawString(72, 760 - 20 * at, paragraph)
    canvas.showPage()
    canvas.save()
    return path


class TestLocked:
    def test_a_password_for_reading(self, tmp_path: Path) -> None:
        lock = StandardEncryption("secret", "owner")
        path = typeset(tmp_path / "a.pdf", ["部门决算"], encrypt=lock)
        with pytest.raises(EncryptedReportError, match=r"^a\.pdf: expected a PDF without a pass"):
            read_document(path)

    def test_a_password_for_changing(self, tmp_path: Path) -> None:
        lock = StandardEncryption("", "owner", canModify=0)
        path = typeset(tmp_path / "a.pdf", ["部门决算3,471.99"], encrypt=lock, pageCompression=1)
        assert read_document(path).text == "部门决算3,471.99\n"

    def test_damage_behind_a_password_for_changing(self, tmp_path: Path) -> None:
        lock = StandardEncryption("", "owner", canModify=0)
        path = typeset(tmp_path / "a.pdf", ["部门决算"] * 30, encrypt=lock, pageCompression=1)
        data = bytearray(path.read_bytes())
        at = data.index(b"stream") + 80
        data[at : at + 20] = b"!" * 20
        path.write_bytes(data)
        with pytest.raises(DamagedReportError):
            read_document(path)


class TestDamaged:
    def test_whole(self, report: bytes, figures: list[str], tmp_path: Path) -> None:
        assert len(figures) > 500
        assert printed(tmp_path, report) == figures

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_truncated(self, share: float, report: bytes, tmp_path: Path) -> None:
        with pytest.raises(TruncatedReportError, match="end of a PDF"):
            printed(tmp_path, report[: int(len(report) * share)])

    def test_truncated_after_an_update_was_begun(self, report: bytes, tmp_path: Path) -> None:
        with pytest.raises(TruncatedReportError):
            printed(tmp_path, report + b"7 0 obj\n<< /Type")

    @pytest.mark.parametrize("seed", range(12))
    def test_compressed_data_overwritten(self, seed: int, report: bytes, tmp_path: Path) -> None:
        """pdfium says nothing of it, and shows a part of the page or other figures."""
        chance = random.Random(seed)
        pieces = [m.span(1) for m in re.finditer(rb"(?s)\nstream\n(.*?)\nendstream", report)]
        start, end = chance.choice(pieces)
        at = chance.randrange(start, end)
        damaged = bytearray(report)
        damaged[at] ^= chance.randrange(1, 256)
        with pytest.raises(DamagedReportError, match=r"byte [\d,]+: expected compressed data"):
            printed(tmp_path, bytes(damaged))

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            (b"/FlateDecode", b"/FlbteDecode"),
            (b"\nstream\n", b"\nstreem\n"),
            (b" n \n", b" x \n"),
            (b"\n3 0 obj", b"\n3 0 oXj"),
        ],
    )
    def test_what_leads_to_the_data_overwritten(
        self, right: bytes, wrong: bytes, report: bytes, tmp_path: Path
    ) -> None:
        damaged = report.replace(right, wrong, 1)
        assert damaged != report
        with pytest.raises(DamagedReportError):
            printed(tmp_path, damaged)

    def test_an_entry_of_the_table_leads_elsewhere(self, report: bytes, tmp_path: Path) -> None:
        entries = list(re.finditer(rb"\d{10} 00000 n", report))
        start = entries[len(entries) // 2].start()
        with pytest.raises(DamagedReportError, match="place of an object"):
            printed(tmp_path, report[:start] + b"0000000009" + report[start + 10 :])

    def test_the_whole_table_is_lost(
        self, report: bytes, figures: list[str], tmp_path: Path
    ) -> None:
        """Then pdfium looks for the objects itself, and finds them."""
        assert printed(tmp_path, re.sub(rb"startxref\n", b"startxref\n9", report)) == figures

    def test_producers_that_compute_no_checksums(self, text_of: Callable[[bytes], str]) -> None:
        sloppy = [zlib.compress(LETTERING)[:-4] + end for end in (b"\0\0\0\0", b"abcd", b"")]
        assert text_of(pages_of(sloppy * 2, dictionary=FLATE)).count("1,234.56") == 6

    def test_an_empty_stream_is_whole(self, text_of: Callable[[bytes], str]) -> None:
        assert "1,234.56" in text_of(pages_of([zlib.compress(LETTERING), b""], dictionary=FLATE))

    @pytest.mark.parametrize("junk", [b"HTTP/1.1 200 OK\r\n\r\n", b"\xef\xbb\xbf", b"\n" * 900])
    def test_something_before_it(
        self, junk: bytes, report: bytes, figures: list[str], tmp_path: Path
    ) -> None:
        assert printed(tmp_path, junk + report) == figures

    def test_something_after_it(self, report: bytes, figures: list[str], tmp_path: Path) -> None:
        assert printed(tmp_path, report + b"\0" * 99 + b"<p>1 object</p>") == figures

    def test_no_header(self, report: bytes, tmp_path: Path) -> None:
        with pytest.raises(NotAReportError):
            printed(tmp_path, b"%QDF" + report[4:])


class TestNothingToRead:
    def test_no_pages(self, text_of: Callable[[bytes], str]) -> None:
        with pytest.raises(DamagedReportError, match="expected a PDF with pages"):
            text_of(pages_of([]))

    def test_no_text(self, text_of: Callable[[bytes], str]) -> None:
        with pytest.raises(EmptyReportError, match="no text"):
            text_of(pages_of([b"", b"0 0 m 9 9 l S"]))

    @pytest.mark.parametrize(
        "paragraphs",
        [
            ["我市召开数字政府建设推进会", "去年共受理诉求 114.86 万件，同比增长 51.07%。"],
            ["发票号码 20240001", "货物名称 数量 单价 金额", "办公用品 10 35.50 355.00"],
            ["A study of 1,204 local budgets", "Revenue grew by 3.5 % (2019-2023)."],
        ],
    )
    def test_something_else(self, paragraphs: list[str], tmp_path: Path) -> None:
        with pytest.raises(NotAReportError):
            qy_finance.read_report(typeset(tmp_path / "a.pdf", paragraphs))


class TestTooMuch:
    def test_pages(self, tmp_path: Path) -> None:
        path = saved(tmp_path, pages_of([LETTERING] * 2000))
        message = r"at most 1,000 pages \(.*limits=Limits\(pages=…\).*found 2,000$"
        with pytest.raises(LimitError, match=message):
            qy_finance.read_report(path)
        with pytest.raises(NotAReportError):
            qy_finance.read_report(path, limits=Limits(pages=3_000))

    @pytest.mark.parametrize(
        "limits",
        [
            Limits(size=500),
            Limits(drawing=40),
            Limits(characters=5),
            Limits(segments=3),
            Limits(lines=3),
            Limits(seconds=0),
        ],
    )
    def test_each_limit(self, limits: Limits, tmp_path: Path) -> None:
        path = saved(tmp_path, drawing(lines(5, 50, 500)))
        assert "1,234.56" in read_document(path).text
        with pytest.raises(LimitError, match=r"^report\.pdf: .*expected at most .*found "):
            read_document(path, limits)

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (lambda: zlib.compress(b" " * 200_000_000), "LimitError"),
            (lambda: zlib.compress(b"0 0 m 9 9 l S\n" * 5_000_000), "LimitError"),
            (lambda: zlib.compress(LETTERING + lines(3_500, 4, 14_000)), "LimitError"),
            (lambda: zlib.compress(LETTERING + lines(300, 5, 1_500)), ""),
            (lambda: zlib.compress(LETTERING + dashes(250, 200, 20)), "LimitError"),
            (lambda: zlib.compress(LETTERING + dashes(250, 200, 4)), ""),
            (lambda: zlib.compress(LETTERING + curves(33_000)), ""),
            (lambda: zlib.compress(letters(200)), ""),
            (lambda: zlib.compress(letters(1_200)), "LimitError"),
        ],
        ids=[
            *("spaces", "strokes", "hatched", "lattice", "dashes", "dashed lines", "curves"),
            *("characters", "too many characters"),
        ],
    )
    def test_time_and_memory(
        self, content: Callable[[], bytes], expected: str, tmp_path: Path
    ) -> None:
        data = pages_of([content()], b"/MediaBox [0 0 14400 14400]", FLATE)
        command = [sys.executable, "-c", READ, str(saved(tmp_path, data))]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        seconds, memory, said = done.stdout.split(maxsplit=2)
        assert said.startswith(expected) if expected else said.strip().isdigit(), said
        assert float(seconds) < 10
        assert float(memory) < 600


LEAF = b"0 0 m 9 9 l S"
PAGE = b"/MediaBox [0 0 595 842] /Contents 4 0 R"


def bomb(depth: int, wide: int, leaf: bytes = LEAF) -> list[bytes]:
    """Forms from object 5 on, each of which draws the next one so many times."""
    forms = [
        stream(
            b" ".join([b"/F Do"] * wide),
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F %d 0 R >> >>"
            % (6 + n),
        )
        for n in range(depth)
    ]
    return [*forms, stream(leaf, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")]


def bombed(things: Sequence[bytes], page: bytes, content: bytes = b"/F Do") -> bytes:
    """A page of this content, which things from object 5 on belong to."""
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] /Resources << /XObject << /F 5 0 R >> >> >>",
            b"<< /Type /Page /Parent 2 0 R %s %s >>" % (PAGE, page),
            stream(content),
            *things,
        ]
    )


def packed_bomb() -> bytes:
    """A page and the resources of all forms stand in a compressed stream of objects."""
    depth = 25
    forms = [
        stream(
            zlib.compress(b"/F#6fo Do /Foo Do"),
            b"/Subtype/Form /BBox [0 0 9 9] /Resources %d 0 R /Filter [/FlateDecode]" % (40 + n),
        )
        for n in range(depth)
    ]
    inner = [b"<< /XObject %d 0 R >>" % (70 + n) for n in range(depth)]
    inner += [b"<< /Foo %d 0 R >>" % (6 + n) for n in range(depth)]
    numbers = [*range(40, 40 + depth), *range(70, 70 + depth)]
    places = [sum(len(one) + 1 for one in inner[:n]) for n in range(len(inner))]
    head = b" ".join(b"%d %d" % pair for pair in zip(numbers, places, strict=True)) + b" "
    objects = stream(
        zlib.compress(head + b" ".join(inner)),
        b"/Type/ObjStm /N %d /First %d /Filter/FlateDecode" % (len(inner), len(head)),
    )
    leaf = stream(LEAF, b"/Subtype /Form /BBox [0 0 9 9]")
    return bombed([*forms, leaf, objects], b"")


def cycle(count: int) -> list[bytes]:
    """Forms each of which draws all others."""
    names = b" ".join(b"/F%d %d 0 R" % (n, n + 5) for n in range(count))
    drawn = b" ".join(b"/F%d Do" % n for n in range(count))
    more = b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << %s >> >>" % names
    return [stream(drawn, more) for _ in range(count)]


def pattern_bomb(depth: int) -> list[bytes]:
    """Patterns that paint with the next one."""
    head = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
    paint = b"/Pattern cs /P scn" + b" 0 0 9 9 re f" * 4
    return [
        *(
            stream(paint, head + b" /Resources << /Pattern << /P %d 0 R >> >>" % (6 + n))
            for n in range(depth)
        ),
        stream(LEAF, head),
    ]


def glyph_bomb() -> list[bytes]:
    """A font whose one character draws forms."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97"
        b" /LastChar 97 /Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a %d 0 R >>"
        b" /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    forms = bomb(24, 2)
    return [*forms, font % (6 + len(forms)), stream(b"9 0 d0 /F Do /F Do")]


BOMBS = {
    **{f"depth {n}": bombed(bomb(n, 2), b"") for n in (16, 18, 22, 30)},
    "wide": bombed(bomb(3, 60), b""),
    "very wide": bombed(bomb(1, 2_000), b"", b"/F Do " * 2_000),
    "a page again and again": bombed(bomb(0, 1, LEAF * 5_000), b"", b"/F Do " * 5_000),
    "resources in a stream of objects": packed_bomb(),
    "each draws all others": bombed(cycle(14), b""),
    "patterns": bombed(
        pattern_bomb(20),
        b"/Resources << /Pattern << /P 5 0 R >> >>",
        b"/Pattern cs /P scn 0 0 500 500 re f",
    ),
    "a character": bombed(
        glyph_bomb(), b"/Resources << /Font << /T 30 0 R >> >>", b"BT /T 9 Tf (aaa) Tj ET"
    ),
    "an annotation": bombed(
        [*bomb(24, 2), b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 99 99] /AP << /N 5 0 R >> >>"],
        b"/Annots [30 0 R]",
        LETTERING,
    ),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_forms_that_draw_forms_again_and_again(data: bytes, tmp_path: Path) -> None:
    command = [sys.executable, "-c", READ, str(saved(tmp_path, data))]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, memory, said = done.stdout.split(maxsplit=2)
    assert said.startswith("LimitError"), said
    assert float(seconds) < 2
    assert float(memory) < 300


@pytest.mark.parametrize(
    "data", [bombed(bomb(9, 2), b""), bombed(bomb(1, 90), b"", b"/F Do " * 90)]
)
def test_forms_that_draw_forms_within_reason(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(EmptyReportError):
        read_document(saved(tmp_path, data))


def letters(rows: int) -> bytes:
    """A thousand characters in each row."""
    line = b"a1" * 500
    text = b"".join(b"1 0 0 1 0 %d Tm (%s) Tj\n" % (row * 11, line) for row in range(rows))
    return b"BT /F 10 Tf " + text + b"ET"


def dashes(rows: int, columns: int, gap: int) -> bytes:
    return b"".join(
        b"%d %d m %d %d l S\n" % (x * gap, y * 20, x * gap + gap // 2, y * 20)
        for y in range(rows)
        for x in range(columns)
    )


def curves(count: int) -> bytes:
    points = (800 + 700 * math.sin(n * 0.7) for n in range(6 * count))
    return (
        b"1 1 m "
        + b"".join(
            b"%.1f %.1f %.1f %.1f %.1f %.1f c\n" % six for six in zip(*[points] * 6, strict=True)
        )
        + b"S"
    )


class TestOddPages:
    @pytest.mark.parametrize(
        ("page", "x0", "top"),
        [
            (b"/MediaBox [0 0 595 842]", 72, 142),
            (b"/MediaBox [595 842 0 0]", 72, 142),
            (b"/MediaBox [-100 -50 495 792]", 172, 92),
            (b"/MediaBox [0 0 14400 14400]", 72, 13_700),
            (b"/MediaBox [0 0 595 842] /CropBox [50 100 400 800]", 22, 100),
            (b"/MediaBox [0 0 595 842] /CropBox [400 800 50 100]", 22, 100),
            (b"/MediaBox [0 0 595 842] /CropBox [-99 -99 999 999]", 72, 142),
            (b"", 72, 142),  # of the parent
        ],
    )
    def test_boxes(self, page: bytes, x0: float, top: float, tmp_path: Path) -> None:
        data = pages_of([LETTERING], page)
        if not page:
            data = data.replace(b"/Type /Pages", b"/Type /Pages /MediaBox [0 0 595 842]")
        document = read_document(saved(tmp_path, data))
        box = document.box(0, 1)
        assert document.text == "1,234.56\n"
        assert box is not None
        assert box.x0 == pytest.approx(x0, abs=0.1)
        assert box.bottom == pytest.approx(top, abs=0.5)

    @pytest.mark.parametrize("page", [b"/MediaBox [0 0 0 0]", b"/MediaBox [nan inf 1e400 -1e400]"])
    def test_no_box(self, page: bytes, text_of: Callable[[bytes], str]) -> None:
        assert text_of(pages_of([LETTERING], page)) == "1,234.56\n"

    @pytest.mark.parametrize(
        "path",
        [
            b"nan inf m 1e400 -1e400 l S",
            b"99999999999999999999 3 m 4 99999999999999999999999 l S",
            b"q 0 0 0 0 0 0 cm 1 1 m 9 1 l 9 9 l S Q",
            b"--5 1.2.3 m 4 4 l S",
            b"q 1e9 0 0 1e9 0 0 cm 1 1 m 9 1 l 9 9 l S Q",
        ],
    )
    def test_numbers_that_are_none(self, path: bytes, text_of: Callable[[bytes], str]) -> None:
        assert text_of(pages_of([path + b"\n" + LETTERING])) == "1,234.56\n"

    @pytest.mark.parametrize("depth", [1, 7, 12, 25])
    def test_forms_in_forms(self, depth: int, text_of: Callable[[bytes], str]) -> None:
        assert text_of(nested(depth)) == "1,234.56\n"


class TestFiles:
    @pytest.mark.parametrize("name", ["决算 (1)#50%.PDF", "a'b\"c;$x.pdf", "决算.txt", "决算"])
    def test_names(self, name: str, report: bytes, figures: list[str], tmp_path: Path) -> None:
        path = saved(tmp_path, report, name)
        assert list(qy_finance.read_report(path).observations["printed"]) == figures

    def test_text_that_is_named_pdf(self, tmp_path: Path) -> None:
        path = saved(tmp_path, "一篇文章 3,471.99 万元\n".encode())
        assert read_document(path).layout is None
        with pytest.raises(NotAReportError):
            qy_finance.read_report(path)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_document(tmp_path / "none.pdf")
        with pytest.raises(OSError, match=re.escape(tmp_path.name)):
            read_document(tmp_path)

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files as Linux does")
    def test_no_file_stays_open(self, report: bytes, tmp_path: Path) -> None:
        def is_open(path: Path) -> bool:
            links = (link for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
            return any(link.resolve() == path for link in links)

        for data in (report, report[:5_000], pages_of([LETTERING] * 3), pages_of([])):
            path = saved(tmp_path, data)
            with pytest.raises((ReportError, StopIteration)):
                read_document(path, Limits(characters=3))
            assert not is_open(path)

    def test_threads(self, report: bytes, figures: list[str], tmp_path: Path) -> None:
        path = saved(tmp_path, report)
        found: list[list[str]] = []

        def read() -> None:
            found.append(list(qy_finance.read_report(path).observations["printed"]))

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [figures] * 3

    def test_a_file_that_is_being_written(
        self, report: bytes, figures: list[str], tmp_path: Path
    ) -> None:
        """Each part of it is refused, until it is whole."""
        path = saved(tmp_path, b"")
        outcomes: list[object] = []
        with path.open("wb") as file:
            for at in range(0, len(report), len(report) // 4):
                file.write(report[at : at + len(report) // 4])
                file.flush()
                try:
                    read = qy_finance.read_report(path).observations["printed"]
                    outcomes.append(list(read))
                except TruncatedReportError as error:
                    outcomes.append(type(error))
        assert outcomes[-1] == figures
        assert set(map(str, outcomes[:-1])) == {str(TruncatedReportError)}
