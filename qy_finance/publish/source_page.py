"""The source page of a report: everything as it was read, each figure with an address that others link to."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from PIL import Image

from qy_finance import pictures
from qy_finance.facts import Fact
from qy_finance.publish.assets import render
from qy_finance.readers import Box
from qy_finance.readers.pdf import picture
from qy_finance.reading import Reading
from qy_finance.report import Report

_SCALE: Final = 2  # pixels to the point: a page is sharp on a screen of double density
_QUALITY: Final = 50
_MARGIN: Final = 1.5  # points between a figure and the box around it


def source_page(
    report: Report,
    notebooks: Sequence[Sequence[str]],
    uses: Mapping[str, Sequence[Sequence[str]]],
    index: str = "../../index.html",
) -> str:
    """HTML of a report's source page, complete in itself.

    The figure of the id 1f has the address ``#n1f``; ``#n1f.2e`` shows several at once. A PDF is shown by the pictures
    of its pages, a text by its lines; the tables stand before it as they were read.

    Notebooks, uses and the index are those of a :class:`qy_finance.publish.sources.SourceJob`.

    Raises
    ------
    OSError
        The PDF is not there any more.
    """
    reading = report.reading
    return render(
        "source",
        meta=report.meta,
        figures=len(reading.facts),
        notebooks=notebooks,
        tables=list(_tables(reading)),
        parts=_parts(reading),
        sheets=list(_sheets(reading)),
        paged=reading.document.paged,
        used={figure: uses[figure] for figure in sorted(uses)},
        index=index,
    )


def _sheets(reading: Reading) -> Iterator[dict[str, Any]]:
    """Each page of the report, or all of a text without pages: its lines, its picture, the boxes on that.

    A line has a number and pieces: text, the id of the figure that it is (None for what lies between figures), and
    what is said of it.
    """
    known = sorted((*reading.facts, *reading.evaluated), key=lambda fact: fact.figure.start)
    document, facts = reading.document, deque(known)
    by_page: dict[int, list[dict[str, Any]]] = defaultdict(list)
    marks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in document.lines:
        pieces: list[tuple[str, str | None, str]] = []
        done, page = line.start, line.page or 1
        while facts and facts[0].figure.start < line.end:
            fact = facts.popleft()
            start, end = fact.figure.start, fact.figure.end
            pieces.append((document.text[done:start], None, ""))
            pieces.append((document.text[start:end], fact.id, _title(fact)))
            done = end
            if (box := document.box(start, end)) is not None:
                marks[page].append({"figure": fact.id, "title": _title(fact), "box": box})
        pieces.append((document.text[done : line.end], None, ""))
        told = {"number": line.number, "pieces": [piece for piece in pieces if piece[0]]}
        by_page[page].append(told)
    if document.layout is None:
        yield {"lines": by_page[1]}
        return
    for number, sheet in document.layout.pages.items():
        upright = sheet.turned % 180 == 0
        size = (sheet.width, sheet.height) if upright else (sheet.height, sheet.width)
        pixels = picture(document.path, number, Box(0, 0, *size), _SCALE)
        photo = pictures.encoded(Image.fromarray(pixels), "WEBP", quality=_QUALITY, method=3)
        yield {
            "number": number,
            "lines": by_page[number],
            "picture": pictures.address(photo, "image/webp"),
            "width": round(size[0]),
            "height": round(size[1]),
            "marks": [mark | _edges(mark["box"], *size) for mark in marks[number]],
        }


def _edges(box: Box, width: float, height: float) -> dict[str, float]:
    """Where a box lies on a page's picture, in percent of it."""
    edges = {
        "left": 100 * (box.x0 - _MARGIN) / width,
        "top": 100 * (box.top - _MARGIN) / height,
        "width": 100 * (box.x1 - box.x0 + 2 * _MARGIN) / width,
        "height": 100 * (box.bottom - box.top + 2 * _MARGIN) / height,
    }
    return {edge: round(percent, 3) for edge, percent in edges.items()}


def _title(fact: Fact) -> str:
    return f"{fact.path}：{fact.with_unit}（{fact.place}）"


def _tables(reading: Reading) -> Iterator[dict[str, Any]]:
    """Each table as read: its columns, and rows of a name and the figures, each with its id."""
    for table in reading.tables:
        rows: dict[str, dict[str, tuple[str, str]]] = {}
        columns: dict[str, None] = {}
        for fact in reading.facts:
            figure = fact.figure
            if figure.table == table:
                name = " ".join(filter(None, (figure.side, figure.code, figure.item)))
                rows.setdefault(name, {}).setdefault(fact.column, (fact.printed, fact.id))
                columns[fact.column] = None
        cells = [(name, [row.get(column) for column in columns]) for name, row in rows.items()]
        name = reading.form.name(table)
        yield {"id": table, "name": name, "columns": list(columns), "rows": cells}


def _parts(reading: Reading) -> list[tuple[str, int]]:
    """Headings of the prose in their order, each with the line of its first figure."""
    first: dict[str, int] = {}
    for fact in reading.prose:
        first.setdefault(fact.section, fact.line)
    return list(first.items())
