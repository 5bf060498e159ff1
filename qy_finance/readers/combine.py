"""Several files that are one report (tables in a workbook, prose in a page) as one document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain

from qy_finance.figures import Exclusion
from qy_finance.readers.document import Document, Grid, Part


def combined(documents: Sequence[Document]) -> Document:
    """The document of all files, one behind the other; where a figure stands, each file tells by itself.

    Pages run on with one between the files that is empty, so that nothing goes on from one into the next. A file
    that is there twice is read once.
    """
    first: dict[str, Document] = {}
    again = [one for one in documents if first.setdefault(one.sha256, one) is not one]
    documents = list(first.values())
    paged = any(document.paged or "\f" in document.text for document in documents)
    joint = "\n\f\f" if paged else "\n"
    parts: list[Part] = []
    start = line = page = 0
    for document in documents:
        parts.append(Part(document, start, line, page))
        text = document.text + joint
        start, line, page = start + len(text), line + text.count("\n"), page + text.count("\f")
    digests = "".join(sorted(first))
    return Document(
        documents[0].path,
        joint.join(document.text for document in documents),
        tuple(chain.from_iterable(map(_grids, parts))),
        paged=paged,
        furniture=frozenset(n + part.line for part in parts for n in part.document.furniture),
        asides=tuple(_shifted(part, aside) for part in parts for aside in part.document.asides),
        doubts=tuple(_shifted(part, doubt) for part in parts for doubt in part.document.doubts),
        left_out=(
            *(f"{part.document.name}: {told}" for part in parts for told in part.document.left_out),
            *(f"{one.name}: the same file as {first[one.sha256].name}" for one in again),
        ),
        links=tuple(dict.fromkeys(chain.from_iterable(one.links for one in documents))),
        parts=tuple(parts),
        sha256=hashlib.sha256(digests.encode()).hexdigest(),
    )


def _grids(part: Part) -> Iterator[Grid]:
    by = part.start
    for grid in part.document.grids:
        cells = tuple(
            cell._replace(start=cell.start + by, end=cell.end + by) for cell in grid.cells
        )
        yield grid._replace(
            start=grid.start + by, end=grid.end + by, page=grid.page + part.page, cells=cells
        )


def _shifted(part: Part, found: Exclusion) -> Exclusion:
    return found._replace(start=found.start + part.start, end=found.end + part.start)
