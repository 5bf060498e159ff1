"""Rows of tables with two lists beside each other, of which a text tells the side by line numbers or by names."""

from __future__ import annotations

from collections import Counter
from itertools import dropwhile, pairwise

from qy_finance.errors import TruncatedReportError, UnreadableRowError
from qy_finance.readers.page import grouped
from qy_finance.tables.body import Body
from qy_finance.tables.rows import ORDINAL, TableRow, TableSource, Token


def numbered_rows(body: Body) -> list[TableRow]:
    """``name… 行次 figure…`` on two sides: line numbers tell rows, sides and blanks apart."""
    offset = _right_offset(body)
    amounts = [token.text for token in body.tokens if token.kind == "amount"]
    whole = not amounts or any("." not in amount for amount in amounts)
    names: list[Token] = []
    rows: list[TableRow] = []
    for token in body.tokens:
        open_row = rows[-1] if rows and not names else None
        if open_row and len(open_row.cells) >= body.widths[open_row.side]:
            open_row = None
        if token.is_name:
            names.append(token)
        elif token.is_integer and (not open_row or _is_next_number(token, open_row, offset, whole)):
            side = int(int(token.text) >= offset)
            rows.append(TableRow(side, names=names, labels=[token], page=token.page))
            names = []
        elif open_row is None or (open_row.cells and token.first and token.is_integer):
            if token.text:
                raise body.stray(token, "a line number (行次)")
        else:
            open_row.cells.append(body.cell(token))
    if names:
        kind = TruncatedReportError if body.ends_document else UnreadableRowError
        expected = "a row with its line number (行次)"
        raise body.source.error(names[0], expected, names[0].text, kind)
    nameless = next((row for row in rows if any(row.cells) and not row.names), None)
    if nameless:
        raise body.source.error(nameless.labels[0], "a row with its name", "none")
    numbers = Counter(row.labels[0].text for row in rows)
    twice = next((r for r in rows if not r.names and numbers[r.labels[0].text] > 1), None)
    if twice:  # it may be an amount
        raise body.source.error(
            twice.labels[0], "each line number (行次) once", twice.labels[0].text
        )
    return rows


def _right_offset(body: Body) -> int:
    """The line number at which the right side begins: the second one that follows a name."""
    pairs = pairwise(body.tokens)
    after_names = [token for before, token in pairs if before.is_name and token.is_integer]
    if len(after_names) < 2:
        expected = "numbered rows (行次) on two sides"
        kind = TruncatedReportError if body.ends_document else UnreadableRowError
        raise body.source.error(None, expected, "fewer than two", kind)
    return int(after_names[1].text)


def _is_next_number(token: Token, row: TableRow, offset: int, whole: bool) -> bool:
    """Where no name stands between: the blank partner on the right, or the next blank row on the left.

    Figures of a row do not go on with the next line; where none is ``whole``, a number is no figure.
    """
    number, current = int(token.text), int(row.labels[0].text)
    following = current + offset - 1 if current < offset else current - offset + 2
    opens = token.first or not row.cells or not whole
    return opens and number == following


def named_rows(body: Body) -> list[TableRow]:
    """``name… figure…`` on two sides without line numbers: the name tells the side."""
    closing = body.source.form.patterns.closing
    rows: list[TableRow] = []
    beside = _beside_others(body.tokens)
    for token in body.tokens:
        if token.is_name:
            opens = ORDINAL.match(token.text) or closing.match(token.text)
            if not rows or rows[-1].cells or opens:
                rows.append(TableRow(1, page=token.page))
            rows[-1].names.append(token)
            continue
        if not rows:
            raise body.stray(token, "a name")
        row = rows[-1]
        if not row.cells:
            row.side = _side_of(body.source, rows, beside)
        if len(row.cells) >= body.widths[row.side]:
            if not token.text:
                continue
            raise body.stray(token, "a name")
        row.cells.append(body.cell(token))
    return rows


def _beside_others(tokens: list[Token]) -> set[int]:
    """Where the names begin that open a line on which, behind figures, another name stands."""
    lines = grouped(tokens, lambda _, token: not token.first)
    found = set()
    for line in lines:
        rest = [*dropwhile(lambda token: token.is_name, line)]
        if line[0].is_name and any(token.is_name for token in rest):
            found.add(line[0].start)
    return found


def _side_of(source: TableSource, rows: list[TableRow], beside: set[int]) -> int:
    """The side of the last row; of two totals of one name the first stands on the left."""
    *above, row = rows
    if not row.names[0].first:  # it stands behind another row on its line
        return 1
    left, right = (side.rows for side in source.spec.sides)
    if left and left.search(row.name):
        return 0
    total = source.form.patterns.total.fullmatch(row.name)
    if total and "收入" not in row.name and "支出" not in row.name:
        return 0 if all(r.side or r.name != row.name for r in above) else 1
    if right and right.search(row.name):
        return 1
    if row.names[0].start in beside:
        return 0
    raise source.error(row.names[0], "a name of income or of expenditure", repr(row.name))
