"""Tables of a page: each in a box of its own, columns of figures flush right, and as narrow as it stays readable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_NUMBER: Final = re.compile(
    r"[≥≤<>]?[-+−]?[\d,]*\d(?:\.\d+)?\s*(?:[%‰]|万元|元)?|NaN|<NA>|None|nan|—|–|-"
)


def dress_tables(soup: BeautifulSoup, main: Tag) -> None:
    """Put each table in a box that scrolls by itself where it must; tell the style how wide its columns want to be.

    The head of a column says it: ``--w``, in letters. A window gives as many as it has, and no fewer than a name
    needs to be read.
    """
    for table in main.find_all("table"):
        del table["border"]
        head, body = _cells(_rows(table, "thead")), _cells(_rows(table, "tbody"))
        figure = {id(cell): bool(_NUMBER.fullmatch(cell.get_text(strip=True))) for _, cell in body}
        surplus: Counter[int] = Counter()  # of figures over texts
        wide: Counter[int] = Counter()
        for column, cell in body:
            if said := cell.get_text(strip=True):
                surplus[column] += 1 if figure[id(cell)] else -1
                if not figure[id(cell)]:
                    wide[column] = max(wide[column], _letters(said))
        for column, cell in head + body:
            if surplus[column] > 0:
                cell["class"] = "num" if figure.get(id(cell), True) else "num words"
        for column, cell in head:
            wanted = max(wide[column], min(_letters(cell.get_text(strip=True)), 5))
            cell["style"] = f"--w:{wanted}"
        box = {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": "表格 table"}
        table.wrap(soup.new_tag("div", attrs=box))


def _letters(text: str) -> int:
    """How wide a text is, in Chinese characters."""
    return ceil(sum(1 if east_asian_width(one) in "AWF" else 0.6 for one in text))


def _rows(table: Tag, part: str) -> list[Tag]:
    return [row for row in table.find_all("tr") if row.find_parent(part)]


def _cells(rows: Iterable[Tag]) -> list[tuple[int, Tag]]:
    """Cells that lie in one column, with its number; a cell may reach over several rows."""
    found = []
    taken: Counter[int] = Counter()  # rows that a cell from above still covers, by column
    for row in rows:
        column = 0
        covered = +taken
        for cell in row.find_all(["td", "th"], recursive=False):
            while covered[column]:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if width == 1:
                found.append((column, cell))
            for _ in range(width):
                taken[column] += height
                column += 1
        taken.subtract(list(+taken))
    return found


def _span(cell: Tag, name: str) -> int:
    """Columns or rows that a cell reaches over, within the bounds that HTML sets."""
    said = str(cell.get(name))
    return min(max(int(said), 1), 1000) if said.isdecimal() else 1
