"""Word documents (``.docx``): paragraphs and tables in their order, with the numbers that Word sets before them.

What was deleted under revision is not there, what was inserted is; hidden text is not read. Text boxes stand behind the
paragraph that they are anchored in, as do pictures as large as a table; notes at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from qy_finance.errors import DamagedReportError
from qy_finance.readers.blocks import (
    Block,
    BlockCell,
    Origin,
    PictureBlock,
    TableBlock,
    TextBlock,
    document_of,
)
from qy_finance.readers.document import Document
from qy_finance.readers.limits import Limits
from qy_finance.readers.office.drawings import is_picture, picture_of
from qy_finance.readers.office.numbering import Numbering
from qy_finance.readers.office.package import opened

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.opc.part import Part
    from lxml.etree import _Element as Element

_ALTERNATIVE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE: Final = tuple(
    map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:rPr", "w:pPr"))
)
_MARKS: Final = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): "",
    qn("w:ptab"): "\t",
}  # fmt: skip
_NOTES: Final = ("w:footnote", "w:endnote")
_MOST: Final = 1000  # columns that a cell can span, or a row leave out
_CELLS: Final = 2  # of a row; one alone is a frame around what it holds


def read_word(path: Path, limits: Limits) -> Document:
    """Read a ``.docx``.

    Raises
    ------
    DamagedReportError, EncryptedReportError, LimitError
        It can't be opened, is locked, or is too large.
    """
    with opened(path, limits):
        pass  # no part of it is too large
    try:
        word = docx.Document(str(path))
        reader = _Reader(word)
        blocks = list(reader.blocks())
    except (OSError, LookupError, ValueError, SyntaxError, AttributeError, TypeError) as error:
        raise DamagedReportError(path.name, "", "a Word document", "a damaged one") from error
    limits.allow(path, "", "cells", reader.cells)
    return document_of(path, blocks, limits)


class _Reader:
    """A document that is read in its order."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.hidden = _hidden_styles(word)
        self.part: Part = word.part  # that is read
        numbering = self._related(RELATIONSHIP_TYPE.NUMBERING)
        lists = parse_xml(numbering.blob) if numbering else None
        self.numbering = Numbering(lists, _numbered_styles(word))
        self.paragraphs = self.tables = self.pictures = 0
        self.cells = 0

    def blocks(self) -> Iterator[Block]:
        """The paragraphs and tables of the body, then its notes."""
        yield from self._body(self.word.element.body)
        for kind, relation in zip(
            _NOTES, (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES), strict=True
        ):
            if notes := self._related(relation):
                self.part = notes
                for note in parse_xml(notes.blob).iterchildren(qn(kind)):
                    # not the line that divides them from the text
                    if note.get(qn("w:type")) is None:
                        yield from self._body(note)

    def _related(self, kind: str) -> Part | None:
        """A part of the document, if it has one."""
        for relation in self.word.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                found: Part = relation.target_part
                return found
        return None

    def _body(self, parent: Element) -> Iterator[Block]:
        for child in _content(parent):
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        self.paragraphs += 1
        number = self.paragraphs
        aside: list[Element] = []
        text = self._text(element, aside)
        if text.strip():
            told = f"第{number}段"
            lead = self.numbering.before(element)
            yield TextBlock(f"{lead}{text}", Origin(told, f"paragraph {number}"))
        yield from self._set_aside(aside)

    def _set_aside(self, elements: Iterable[Element]) -> Iterator[Block]:
        """The text boxes and the pictures of a paragraph."""
        beside = f"paragraph {self.paragraphs}"
        for element in elements:
            if not is_picture(element):
                yield from self._body(element)
            elif (picture := picture_of(element, self.part)) is not None:
                self.pictures += 1
                at = self.pictures
                yield PictureBlock(picture, Origin(f"第{at}幅图", f"picture {at}"), beside)

    def _text(self, element: Element, aside: list[Element]) -> str:
        """The characters of a paragraph as they are seen; text boxes and pictures in it are put aside."""
        pieces: list[str] = []
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == qn("w:t"):
                pieces.append(child.text or "")
            elif tag in _MARKS:
                pieces.append(_MARKS[tag])
            elif tag == qn("w:sym"):
                pieces.append(_symbol(child))
            elif tag == qn("w:txbxContent") or is_picture(child):
                aside.append(child)
            elif tag == f"{_ALTERNATIVE}AlternateContent":
                # the same twice: for this Word, and for older ones
                pieces.append(self._text(child[0], aside) if len(child) else "")
            elif tag == qn("w:r") and self._is_hidden(child):
                continue
            else:
                pieces.append(self._text(child, aside))
        return "".join(pieces)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        vanish = properties.find(qn("w:vanish"))
        if vanish is not None:
            return vanish.get(qn("w:val"), "1") not in ("0", "false")
        style = properties.find(qn("w:rStyle"))
        return style is not None and style.get(qn("w:val")) in self.hidden

    def _table(self, element: Element) -> Iterator[Block]:
        if _lays_out(element):
            for row in _content(element):
                for cell in _content(row):
                    yield from self._body(cell)
            return
        self.tables += 1
        number = self.tables
        cells: list[BlockCell] = []
        open_above: dict[
            int, int
        ] = {}  # columns of cells that go on below, and where they stand in cells
        inner: list[Block] = []
        rows = [row for row in _content(element) if row.tag == qn("w:tr")]
        for at, row in enumerate(rows):
            column, after = _skipped(row)
            cells += (_blank(number, at, blank) for blank in range(column))
            for cell in (one for one in _content(row) if one.tag == qn("w:tc")):
                across, goes_on = _spans(cell)
                if goes_on and column in open_above:
                    first = open_above[column]
                    cells[first] = cells[first]._replace(rows=at - cells[first].row + 1)
                else:
                    text, more = self._cell(cell)
                    inner += more
                    open_above[column] = len(cells)
                    made = _blank(number, at, column)
                    cells.append(made._replace(text=text, columns=across))
                column += across
            cells += (_blank(number, at, blank) for blank in range(column, column + after))
        self.cells += sum(cell.columns for cell in cells)
        yield TableBlock(cells)
        yield from inner

    def _cell(self, cell: Element) -> tuple[str, list[Block]]:
        """The text of a cell, and the tables, text boxes and pictures in it."""
        lines: list[str] = []
        inner: list[Block] = []
        for child in _content(cell):
            if child.tag == qn("w:p"):
                aside: list[Element] = []
                text = self._text(child, aside)
                if text.strip():
                    lines.append(f"{self.numbering.before(child)}{text}".strip())
                inner += self._set_aside(aside)
            elif child.tag == qn("w:tbl"):
                inner += self._table(child)
        return "\n".join(lines), inner


def _content(parent: Element) -> Iterator[Element]:
    """The children of an element, through what only holds them: content controls, insertions, custom XML."""
    for child in parent:
        if child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")):
            yield from _content(child)
        elif child.tag == qn("w:sdt"):
            held = child.find(qn("w:sdtContent"))
            if held is not None:
                yield from _content(held)
        elif child.tag == qn("w:tr") and _is_deleted(child):
            continue
        else:
            yield child


def _lays_out(table: Element) -> bool:
    """Whether a table only lays out the page: it has one cell a row, or holds tables of more."""
    inner = (one for one in table.iter(qn("w:tbl")) if one is not table)
    return _width(table) < _CELLS or any(_width(one) >= _CELLS for one in inner)


def _width(table: Element) -> int:
    """The cells of its longest row."""
    rows = (sum(cell.tag == qn("w:tc") for cell in _content(row)) for row in _content(table))
    return max(rows, default=0)


def _is_deleted(row: Element) -> bool:
    properties = row.find(qn("w:trPr"))
    return properties is not None and properties.find(qn("w:del")) is not None


def _blank(table: int, row: int, column: int) -> BlockCell:
    place = Origin(
        f"表{table}第{row + 1}行第{column + 1}格",
        f"table {table}, row {row + 1}, cell {column + 1}",
    )
    return BlockCell("", row, column, 1, 1, place)


def _skipped(row: Element) -> tuple[int, int]:
    """How many columns of the table stand before the first cell of a row, and behind its last one."""
    properties = row.find(qn("w:trPr"))
    if properties is None:
        return 0, 0
    before, after = properties.find(qn("w:gridBefore")), properties.find(qn("w:gridAfter"))
    return (
        min(max(int(before.get(qn("w:val"), "0")), 0), _MOST) if before is not None else 0,
        min(max(int(after.get(qn("w:val"), "0")), 0), _MOST) if after is not None else 0,
    )


def _spans(cell: Element) -> tuple[int, bool]:
    """How many columns a cell spans, and whether it goes on with the one above."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, False
    across, merged = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
    goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
    columns = int(across.get(qn("w:val"), "1")) if across is not None else 1
    return min(max(columns, 1), _MOST), goes_on


def _symbol(element: Element) -> str:
    code = int(element.get(qn("w:char"), "0"), 16)
    return "" if 0xE000 <= code <= 0xF8FF or not code else chr(code)  # a sign of one font only


def _styles(word: WordDocument) -> Iterable[Element]:
    found: list[Element] = word.styles.element.findall(qn("w:style"))
    return found


def _hidden_styles(word: WordDocument) -> frozenset[str]:
    """The character styles whose text is not seen."""
    found = set()
    for style in _styles(word):
        vanish = style.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if vanish is not None and vanish.get(qn("w:val"), "1") not in ("0", "false"):
            found.add(str(style.get(qn("w:styleId"))))
    return frozenset(found)


def _numbered_styles(word: WordDocument) -> dict[str, tuple[str, int]]:
    """List and level of the styles that number their paragraphs, or are based on one that does."""
    own: dict[str, tuple[str, int]] = {}
    base: dict[str, str] = {}
    for style in _styles(word):
        name = str(style.get(qn("w:styleId")))
        based = style.find(qn("w:basedOn"))
        if based is not None:
            base[name] = str(based.get(qn("w:val")))
        given = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if given is not None:
            number, level = given.find(qn("w:numId")), given.find(qn("w:ilvl"))
            own[name] = (
                str(number.get(qn("w:val"))) if number is not None else "",
                int(level.get(qn("w:val"), "0")) if level is not None else 0,
            )
    found = dict(own)
    for name in base:
        above, seen = name, set()
        while above not in own and above in base and above not in seen:
            seen.add(above)
            above = base[above]
        if above in own:
            found[name] = own[above]
    return found
