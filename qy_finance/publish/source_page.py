"""The source page of a report: everything as it was read, each figure with an address that others link to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from PIL import Image

from qy_finance import pictures
from qy_finance.decisions import Decision
from qy_finance.facts import Fact
from qy_finance.figures import AMOUNT
from qy_finance.publish.assets import render
from qy_finance.readers import Box, Document, Grid
from qy_finance.readers.document import Part
from qy_finance.readers.pdf import picture
from qy_finance.reading import Reading
from qy_finance.report import Report

_SCALE: Final = 2  # pixels to the point: a page is sharp on a screen of double density
_QUALITY: Final = 50
_MARGIN: Final = 1.5  # points between a figure and the box around it
_OF_TABLE: Final = re.compile(
    r"第\d+行.*|!.*"
)  # what the place of a cell says more than that of its table
_Pieces = Callable[[int, int, int], list[tuple[str, str | None, str]]]


def source_page(
    report: Report,
    notebooks: Sequence[Sequence[str]],
    uses: Mapping[str, Sequence[Sequence[str]]],
    index: str = "../../index.html",
) -> str:
    """HTML of a report's source page, complete in itself.

    The figure of the id 1f has the address ``#n1f``; ``#n1f.2e`` shows several at once. A PDF is shown by the pictures
    of its pages, a text by its lines, what office software or a site made by its paragraphs and tables; the tables
    of the form stand before it as they were read.

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
        decisions=[
            (fact.id, _title(fact), reading.decisions[fact.id].told)
            for fact in (*reading.facts, *reading.evaluated)
            if fact.id in reading.decisions
        ],
        files=list(_files(reading)),
        several=bool(reading.document.parts),
        paged=reading.document.paged,
        used={figure: uses[figure] for figure in sorted(uses)},
        index=index,
    )


def _files(reading: Reading) -> Iterator[dict[str, Any]]:
    """Each file of the report: its name, whether it has pages, and its sheets."""
    whole = reading.document
    facts = deque(sorted((*reading.facts, *reading.evaluated), key=lambda one: one.figure.start))
    parts = whole.parts or (whole.part(0),)
    for at, part in enumerate(parts):
        end = parts[at + 1].start if at + 1 < len(parts) else len(whole.text)
        own: deque[Fact] = deque()
        while facts and facts[0].figure.start < end:
            own.append(facts.popleft())
        yield {
            "name": part.document.path.name,
            "paged": part.document.paged,
            "sheets": list(_sheets(part, own, reading.decisions)),
        }


def _sheets(
    part: Part, facts: deque[Fact], decisions: Mapping[str, Decision]
) -> Iterator[dict[str, Any]]:
    """Each page of a file, or all of one without pages: its blocks, its picture, the boxes on that.

    A block is a line, or a table where the file tells its cells. Pages and lines are those of the whole report. A line
    has a number and pieces: text, the id of the figure that it is (None for what lies between figures), and what is
    said of it.
    """
    document = part.document
    by_page: dict[int, list[dict[str, Any]]] = defaultdict(list)
    marks: dict[int, list[dict[str, Any]]] = defaultdict(list)

    def described(fact: Fact) -> str:
        decided = decisions.get(fact.id)
        return _title(fact) + (f"；{decided.told}" if decided else "")

    def pieces(start: int, end: int, page: int) -> list[tuple[str, str | None, str]]:
        found: list[tuple[str, str | None, str]] = []
        while facts and facts[0].figure.start - part.start < end:
            fact = facts.popleft()
            at = fact.figure.start - part.start
            if at < start:  # it stands in what was put aside
                continue
            found.append((document.text[start:at], None, ""))
            start = fact.figure.end - part.start
            found.append((document.text[at:start], fact.id, described(fact)))
            if (box := document.box(at, start)) is not None:
                marks[page].append({"figure": fact.id, "title": described(fact), "box": box})
        found.append((document.text[start:end], None, ""))
        return [piece for piece in found if piece[0]]

    shown: Grid | None = None
    for line in document.lines:
        page, number = line.page or 1, line.number + part.line
        grid = document.grid_of(line) if document.spots else None
        if grid is None:
            spot = document.spot(line.start)
            told = {"number": number, "place": spot.told if spot else number}
            by_page[page].append(told | {"pieces": pieces(line.start, line.end, page)})
            shown = None
            continue
        if grid is not shown:
            by_page[page].append({"number": number, **_table(document, grid, page, pieces)})
        shown = grid
    if document.layout is None:
        lines = [line for lines in by_page.values() for line in lines]
        yield {"lines": lines, "placed": bool(document.spots)}
        return
    for number, sheet in document.layout.pages.items():
        upright = sheet.turned % 180 == 0
        size = (sheet.width, sheet.height) if upright else (sheet.height, sheet.width)
        pixels = picture(document.path, number, Box(0, 0, *size), _SCALE)
        photo = pictures.encoded(Image.fromarray(pixels), "WEBP", quality=_QUALITY, method=3)
        yield {
            "number": number,
            "id": number + part.page,
            "lines": by_page[number],
            "picture": pictures.address(photo, "image/webp"),
            "width": round(size[0]),
            "height": round(size[1]),
            "marks": [mark | _edges(mark["box"], *size) for mark in marks[number]],
        }


def _table(document: Document, grid: Grid, page: int, pieces: _Pieces) -> dict[str, Any]:
    """A table as its file tells it: rows of cells, each with the columns and rows that it spans and its pieces."""
    kept = sorted({cell.row for cell in grid.cells})
    rows: list[list[dict[str, Any]]] = [[] for _ in kept]
    taken: set[tuple[int, int]] = set()
    for cell in grid.cells:
        row = bisect_left(kept, cell.row)
        high = max(bisect_left(kept, cell.row + cell.rows) - row, 1)
        for column in range(cell.column):  # what the file tells no cell for is blank
            if (row, column) not in taken:
                taken.add((row, column))
                rows[row].append({"rows": 1, "columns": 1, "pieces": [], "place": ""})
        across = range(cell.column, cell.column + cell.columns)
        taken |= {(at, column) for at in range(row, row + high) for column in across}
        spot = document.spot(cell.start)
        told = {"rows": high, "columns": cell.columns, "place": spot.name if spot else ""}
        text = document.text[cell.start : cell.end].strip()
        told |= {"number": AMOUNT.fullmatch(text) is not None}
        rows[row].append(told | {"pieces": pieces(cell.start, cell.end, page)})
    first = document.spot(grid.start)
    place = _OF_TABLE.sub("", first.told) if first else ""
    return {"rows": rows, "place": place}


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
