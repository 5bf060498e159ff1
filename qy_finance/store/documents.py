"""Documents as rows and back: text, lines, grids and where each character stands, so that no file is needed again.

A report of several files is a row for each. What is restored is read into the same figures, at the same places.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, overload

import pyarrow as pa

from qy_finance.figures import Exclusion
from qy_finance.readers import Cell, Document, Grid
from qy_finance.readers.combine import combined
from qy_finance.readers.document import Inset, Link, PageLayout, Placement, Spot
from qy_finance.readers.page import Glyph, Page

_STRETCH: Final = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("reason", pa.string())])
_SPOT: Final = pa.struct(
    [("start", pa.int32()), ("end", pa.int32()), ("told", pa.string()), ("name", pa.string())]
)
_LINK: Final = pa.struct([("told", pa.string()), ("names", pa.list_(pa.string()))])
_CELL: Final = pa.struct([(name, pa.int32()) for name in Cell._fields])
_GRID: Final = pa.struct(
    [
        *((name, pa.int32()) for name in ("start", "end", "page")),
        ("cells", pa.list_(_CELL)), ("xs", pa.list_(pa.float64())), ("ruled", pa.bool_()),
    ]
)  # fmt: skip
_PAGE: Final = pa.struct(
    [
        ("number", pa.int32()), ("width", pa.float64()), ("height", pa.float64()),
        ("turned", pa.int32()), ("tilt", pa.float64()), ("recognised", pa.bool_()),
    ]
)  # fmt: skip
_EDGES: Final = ("x0", "top", "x1", "bottom")

SCHEMA: Final = pa.schema(
    [
        ("report_id", pa.string()), ("part", pa.int32()), ("file", pa.string()), ("sha256", pa.string()),
        # of a picture in the text of the part: which, where it begins there, its scale, where it lies
        ("picture", pa.int32()), ("start", pa.int32()), ("scale", pa.float64()), ("placement", pa.string()),
        ("text", pa.string()), ("paged", pa.bool_()), ("open_ended", pa.bool_()),
        ("furniture", pa.list_(pa.int32())),
        ("asides", pa.list_(_STRETCH)), ("doubts", pa.list_(_STRETCH)), ("unread", pa.list_(pa.int32())),
        ("spots", pa.list_(_SPOT)), ("left_out", pa.list_(pa.string())), ("links", pa.list_(_LINK)),
        ("grids", pa.list_(_GRID)),
        # of a source with a layout: its pages, the characters of the text that are visible there, and their boxes
        ("pages", pa.list_(_PAGE)), ("visible", pa.list_(pa.int32())),
        *((edge, pa.list_(pa.float64())) for edge in _EDGES), ("confidence", pa.list_(pa.float64())),
    ]
)  # fmt: skip
"""The resource ``documents``."""


def table_of(document: Document, report_id: str, files: Sequence[str]) -> pa.Table:
    """The rows of a document as :func:`qy_finance.readers.read_document` makes it.

    A row for each of its files, and for each picture in their text that was recognised.

    ``files`` are their names in the corpus.
    """
    parts = [part.document for part in document.parts] or [document]
    rows = []
    for at, (part, file) in enumerate(zip(parts, files, strict=True)):
        told = {"report_id": report_id, "part": at, "file": file}
        rows.append({**told, **_row(part)})
        for number, inset in enumerate(part.insets):
            row = _row(inset.document) | {"picture": number, "placement": json.dumps(inset.source)}
            rows.append({**told, **row, "start": inset.start, "scale": inset.scale})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(document: Document) -> dict[str, Any]:
    layout, boxes = document.layout, dict[str, Any]()
    if layout is not None:
        visible = [at for at, glyph in enumerate(layout.glyphs) if glyph]
        shown = [glyph for glyph in layout.glyphs if glyph]
        boxes = {edge: [getattr(glyph, edge) for glyph in shown] for edge in _EDGES}
        sure = [glyph.confidence for glyph in shown]
        is_sure = all(one is None for one in sure)
        boxes |= {"visible": visible, "confidence": None if is_sure else sure}
        boxes["pages"] = [
            {
                "number": number, "width": page.width, "height": page.height, "turned": page.turned,
                "tilt": page.tilt, "recognised": any(glyph.confidence is not None for glyph in page.glyphs[-1:]),
            }
            for number, page in layout.pages.items()
        ]  # fmt: skip
    plain = ("sha256", "text", "paged", "open_ended", "unread", "left_out")
    return {
        **{name: getattr(document, name) for name in plain},
        "links": [link._asdict() for link in document.links],
        "furniture": sorted(document.furniture),
        "asides": [aside._asdict() for aside in document.asides],
        "doubts": [doubt._asdict() for doubt in document.doubts],
        "spots": [spot._asdict() for spot in document.spots],
        "grids": [
            {**grid._asdict(), "cells": [cell._asdict() for cell in grid.cells]}
            for grid in document.grids
        ],
        **boxes,
    }


def document_of(table: pa.Table, folder: Path, files: Sequence[str] = ()) -> Document:
    """The document of a report's rows; ``folder`` is where its files were, should they be there still.

    ``files`` are their names, where they are called otherwise now.
    """
    parts: dict[int, Document] = {}
    insets: dict[int, list[Inset]] = {}
    for row in _rows(table):
        at = row["part"]
        document = _document(row, folder / (files[at] if files else row["file"]))
        if row["picture"] is None:
            parts[at] = document
        else:
            placed = Placement(*json.loads(row["placement"]))
            inset = Inset(document, row["start"], row["scale"], placed)
            insets.setdefault(at, []).append(inset)
    documents = [
        replace(document, insets=tuple(insets.get(at, ())))
        for at, document in sorted(parts.items())
    ]
    return documents[0] if len(documents) == 1 else combined(documents)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows; columns with a value for each character stay arrays."""
    long = {"visible", *_EDGES, "confidence"}
    for at in range(len(table)):
        yield {
            name: table[name][at].values if name in long else table[name][at].as_py()
            for name in table.column_names
        }


def _document(row: Mapping[str, Any], path: Path) -> Document:
    return Document(
        path,
        row["text"],
        tuple(
            Grid(
                grid["start"], grid["end"], grid["page"], tuple(Cell(**cell) for cell in grid["cells"]),
                tuple(grid["xs"]), grid["ruled"],
            )
            for grid in row["grids"]
        ),
        _layout(row),
        row["paged"],
        row["open_ended"],
        frozenset(row["furniture"]),
        tuple(Exclusion(**one) for one in row["asides"]),
        tuple(Exclusion(**one) for one in row["doubts"]),
        tuple(row["unread"]),
        tuple(Spot(**one) for one in row["spots"]),
        tuple(row["left_out"]),
        links=tuple(Link(one["told"], tuple(one["names"])) for one in row["links"]),
        sha256=row["sha256"],
    )  # fmt: skip


def _layout(row: Mapping[str, Any]) -> PageLayout | None:
    if row["pages"] is None:
        return None
    glyphs = _Glyphs(row)
    # all that is asked of a page that was read: how it lies, and whether its last character was recognised
    last = Glyph("", 0, 0, 0, 0, 0, 0, 1.0)
    pages = {
        page["number"]: Page(
            page["number"], page["width"], page["height"], (last,) if page["recognised"] else (), (),
            page["turned"], tilt=page["tilt"],
        )
        for page in row["pages"]
    }  # fmt: skip
    return PageLayout(pages, glyphs)


class _Glyphs(Sequence[Glyph | None]):
    """For each character of a text its box, made when it is asked for: a report has some 50,000."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._text: str = row["text"]
        self._visible: list[int] = row["visible"].to_pylist()
        self._edges = [row[edge].to_numpy() for edge in _EDGES]
        self._sure = row["confidence"]

    def __len__(self) -> int:
        return len(self._text)

    @overload
    def __getitem__(self, at: int) -> Glyph | None: ...
    @overload
    def __getitem__(self, at: slice) -> list[Glyph | None]: ...
    def __getitem__(self, at: int | slice) -> Glyph | list[Glyph | None] | None:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        place = bisect_left(self._visible, at)
        if place == len(self._visible) or self._visible[place] != at:
            return None
        x0, top, x1, bottom = (float(edge[place]) for edge in self._edges)
        sure = None if self._sure is None else self._sure[place].as_py()
        return Glyph(self._text[at], x0, top, x1, bottom, bottom, bottom - top, sure)
