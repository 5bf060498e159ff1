"""The source page of a report: everything as it was read, each figure with an address that others link to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from qy_finance import pictures
from qy_finance.publish.assets import render
from qy_finance.readers import Box
from qy_finance.readers.pdf import picture
from qy_finance.report import Report
from qy_finance.sourced import Source, figures
from qy_finance.tables import NAMES

_SCALE: Final = 2  # pixels to the point: a page is sharp on a screen of double density
_QUALITY: Final = 50
_MARGIN: Final = 1.5  # points between a figure and the box around it


def source_page(
    report: Report,
    notebooks: Sequence[Sequence[str]],
    uses: Mapping[int, Sequence[Sequence[str]]],
    index: str = "../../index.html",
) -> str:
    """HTML of a report's source page, complete in itself.

    Row 12 of ``Report.observations`` has the address ``#n12``; ``#n12.15`` shows several at once. A PDF is shown by
    the pictures of its pages, a text by its lines; the tables stand before it as they were read.

    Parameters
    ----------
    notebooks : sequence of (str, str)
        Title and address of each notebook's page beside it.
    uses : mapping of int to sequence of (str, str, str)
        Which pages use a figure, by its row: the notebook's title, the heading, and the address of both.
    index : str
        Relative address of the index.

    Raises
    ------
    OSError
        The PDF is not there any more.
    """
    sources = [number.sources[0] for number in figures(report)]
    return render(
        "source",
        meta=report.meta,
        figures=len(sources),
        notebooks=notebooks,
        tables=list(_tables(report)),
        parts=_parts(report),
        sheets=list(_sheets(report, sources)),
        paged=report._document.printed is not None,
        used={row: uses[row] for row in sorted(uses)},
        index=index,
    )


def _sheets(report: Report, sources: Sequence[Source]) -> Iterator[dict[str, Any]]:
    """Each page of the report, or all of a text without pages: its lines, its picture, the boxes on that.

    A line has a number and pieces: text, the row of the figure that it is (None for what lies between figures), and
    what is said of it.
    """
    document, frame = report._document, report.observations
    spans = list(zip(frame["start"], frame["end"], strict=True))
    at = 0
    by_page: dict[int, list[dict[str, Any]]] = {}
    for line in document.lines:
        pieces: list[tuple[str, int | None, str]] = []
        done = line.start
        while at < len(spans) and spans[at][0] < line.end:
            start, end = spans[at]
            pieces.append((document.text[done:start], None, ""))
            pieces.append((document.text[start:end], at, _title(sources[at])))
            at, done = at + 1, end
        pieces.append((document.text[done : line.end], None, ""))
        told = {"number": line.number, "pieces": [piece for piece in pieces if piece[0]]}
        by_page.setdefault(line.page or 1, []).append(told)
    if document.printed is None:
        yield {"lines": by_page.get(1, [])}
        return
    boxes = [document.box(start, end) for start, end in spans]
    for number, page in document.printed.pages.items():
        size = (page.width, page.height) if page.turned % 180 == 0 else (page.height, page.width)
        pixels = picture(document.path, number, Box(0, 0, *size), _SCALE)
        yield {
            "number": number,
            "lines": by_page.get(number, []),
            "picture": pictures.address(pictures.webp(pixels, _QUALITY), "image/webp"),
            "width": round(size[0]),
            "height": round(size[1]),
            "marks": [
                {"row": row, "title": _title(sources[row]), **_edges(box, *size)}
                for row in frame.index[frame["page"].eq(number)]
                if (box := boxes[row]) is not None
            ],
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


def _title(source: Source) -> str:
    return f"{source.name}：{source.printed}（{source.place}）"


def _tables(report: Report) -> Iterator[dict[str, Any]]:
    """Each table as read: its columns, and rows of a name and the figures, each with its row of observations."""
    frame = report.observations
    for table in report.tables:
        here = frame[frame["table"].eq(table).fillna(False)]
        columns = list(dict.fromkeys(here["column"]))
        rows: dict[str, dict[str, tuple[str, int]]] = {}
        for at, side, code, item, column, printed in here[
            ["side", "code", "item", "column", "printed"]
        ].itertuples():
            name = " ".join(str(part) for part in (side, code, item) if not pd.isna(part))
            rows.setdefault(name, {}).setdefault(column, (printed, at))
        cells = [(name, [row.get(column) for column in columns]) for name, row in rows.items()]
        yield {"id": table, "name": NAMES[table], "columns": columns, "rows": cells}


def _parts(report: Report) -> list[tuple[str, int]]:
    """Headings of the prose in their order, each with the line of its first figure."""
    frame = report.observations
    prose = frame[frame["table"].isna()]
    first = prose.drop_duplicates("section")
    return [
        (str(name), int(line)) for name, line in zip(first["section"], first["line"], strict=True)
    ]
