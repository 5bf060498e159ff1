"""The source page of a report: everything as it was read, each figure with an address that others link to."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, NamedTuple

import pandas as pd

from qy_finance.html import assets
from qy_finance.readers import Box
from qy_finance.report import Report
from qy_finance.sourced import Source, figures

NAME: Final = "source.html"

_SCALE: Final = 2  # pixels to the point: a page is sharp on a screen of double density
_QUALITY: Final = 50
_MARGIN: Final = 1.5  # points between a figure and the box around it


@dataclass(frozen=True, slots=True)
class Use:
    """Where a page uses a figure: the notebook's title, the heading, and the address of both."""

    notebook: str
    heading: str
    address: str


class Piece(NamedTuple):
    """Characters of a line; ``row`` is the figure that they are, None for what lies between figures."""

    text: str
    row: int | None
    title: str


class Row(NamedTuple):
    """A line of the text: its number and its pieces."""

    number: int
    pieces: tuple[Piece, ...]


class Mark(NamedTuple):
    """A box on a page's picture, in percent of it."""

    row: int
    title: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the report, or all of a text without pages: its lines, its picture, the boxes on that."""

    number: int
    lines: tuple[Row, ...]
    picture: str
    width: int
    height: int
    marks: tuple[Mark, ...]


def source_page(
    report: Report,
    notebooks: Sequence[tuple[str, str]],
    uses: Mapping[int, Sequence[Use]],
    index: str = "../../index.html",
) -> str:
    """HTML of a report's source page, complete in itself.

    Row 12 of ``Report.observations`` has the address ``#n12``; ``#n12.15`` shows several at once. A PDF is shown by
    the pictures of its pages, a text by its lines; the tables stand before it as they were read.

    Parameters
    ----------
    notebooks : sequence of (str, str)
        Title and address of each notebook's page beside it.
    uses : mapping of int to sequence of Use
        Which pages use a figure, by its row.
    index : str
        Relative address of the index.

    Raises
    ------
    OSError
        The PDF is not there any more.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(assets.TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": False
    }  # the font looks for characters
    sources = [number.sources[0] for number in figures(report)]
    used = {
        row: [[use.notebook, use.heading, use.address] for use in uses[row]] for row in sorted(uses)
    }
    script = assets.read("source.js")
    context: dict[str, Any] = {
        "meta": report.meta,
        "figures": len(sources),
        "notebooks": notebooks,
        "tables": list(_tables(report, sources)),
        "parts": _parts(report),
        "sheets": list(_sheets(report, sources)),
        "paged": report._document.paged,
        "used": used,
        "index": index,
        "policy": assets.policy(script),
        "style": assets.read("style.css") + assets.read("source.css"),
        "script": script,
    }
    render = environment.get_template("source.html.j2").render
    return render(**context, font=assets.font_face(render(**context, font="")))


def _sheets(report: Report, sources: Sequence[Source]) -> Iterator[Sheet]:
    document, frame = report._document, report.observations
    spans = list(zip(frame["start"], frame["end"], strict=True))
    at, lines = 0, []
    by_page: dict[int, list[Row]] = {}
    for line in document.lines:
        pieces, done = [], line.start
        while at < len(spans) and spans[at][0] < line.end:
            start, end = spans[at]
            pieces.append(Piece(document.text[done:start], None, ""))
            pieces.append(Piece(document.text[start:end], at, _title(sources[at])))
            at, done = at + 1, end
        pieces.append(Piece(document.text[done : line.end], None, ""))
        row = Row(line.number, tuple(piece for piece in pieces if piece.text))
        lines.append(row)
        by_page.setdefault(line.page or 1, []).append(row)
    if document.layout is None:
        yield Sheet(1, tuple(lines), "", 0, 0, ())
        return
    boxes = [document.box(start, end) for start, end in spans]
    for number, page in document.layout.pages.items():
        size = (page.width, page.height) if page.turned % 180 == 0 else (page.height, page.width)
        here = frame.index[frame["page"].eq(number)]
        marks = (_mark(row, sources, box, size) for row in here if (box := boxes[row]) is not None)
        shown = _picture(report, number, Box(0, 0, *size))
        width, height = round(size[0]), round(size[1])
        yield Sheet(number, tuple(by_page.get(number, ())), shown, width, height, tuple(marks))


def _mark(row: int, sources: Sequence[Source], box: Box, size: tuple[float, float]) -> Mark:
    width, height = size
    edges = (
        100 * (box.x0 - _MARGIN) / width,
        100 * (box.top - _MARGIN) / height,
        100 * (box.x1 - box.x0 + 2 * _MARGIN) / width,
        100 * (box.bottom - box.top + 2 * _MARGIN) / height,
    )
    return Mark(row, _title(sources[row]), *(round(edge, 3) for edge in edges))


def _picture(report: Report, number: int, part: Box) -> str:
    """A page as a picture in an address of its own."""
    from PIL import Image

    from qy_finance.readers.pdf import picture

    file = BytesIO()
    pixels = picture(report._document.path, number, part, _SCALE)
    Image.fromarray(pixels).save(file, "WEBP", quality=_QUALITY, method=3)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def _title(source: Source) -> str:
    return f"{source.name}：{source.printed}（{source.place}）"


class Table(NamedTuple):
    """A table as read: its columns, and rows of a name and the figures, each with its row of observations."""

    id: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int] | None, ...]], ...]


def _tables(report: Report, sources: Sequence[Source]) -> Iterator[Table]:
    frame = report.observations
    for table in report.tables:
        here = frame[frame["table"].eq(table).fillna(False)]
        columns = tuple(dict.fromkeys(here["column"]))
        rows: dict[str, dict[str, tuple[str, int]]] = {}
        for at, side, code, item, column, printed in here[
            ["side", "code", "item", "column", "printed"]
        ].itertuples():
            name = " ".join(str(part) for part in (side, code, item) if not pd.isna(part))
            rows.setdefault(name, {}).setdefault(column, (printed, at))
        cells = tuple(
            (name, tuple(row.get(column) for column in columns)) for name, row in rows.items()
        )
        yield Table(table, report.form.name(table), columns, cells)


def _parts(report: Report) -> list[tuple[str, int]]:
    """Headings of the prose in their order, each with the line of its first figure."""
    frame = report.observations
    prose = frame[frame["table"].isna()]
    first = prose.drop_duplicates("section")
    return [
        (str(name), int(line)) for name, line in zip(first["section"], first["line"], strict=True)
    ]
