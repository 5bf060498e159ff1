"""Several files that are one report (tables in a workbook, prose in a page) as one document."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain

from qy_finance.readers.document import Document, Part


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
        tuple(
            grid.moved(part.start, grid.page + part.page)
            for part in parts
            for grid in part.document.grids
        ),
        paged=paged,
        furniture=frozenset(n + part.line for part in parts for n in part.document.furniture),
        asides=tuple(aside.moved(part.start) for part in parts for aside in part.document.asides),
        doubts=tuple(doubt.moved(part.start) for part in parts for doubt in part.document.doubts),
        left_out=(
            *(f"{part.document.name}: {told}" for part in parts for told in part.document.left_out),
            *(f"{one.name}: the same file as {first[one.sha256].name}" for one in again),
        ),
        links=tuple(dict.fromkeys(chain.from_iterable(one.links for one in documents))),
        parts=tuple(parts),
        sha256=hashlib.sha256(digests.encode()).hexdigest(),
    )
