"""The nine tables of a final account as grids, in the forms that templates of provinces give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby, zip_longest

from .canvas import Form
from .facts import Cell
from .grid import PAD, Grid, Kind, Slot
from .headers import ORDINALS

_SIDED = ("income_expenditure_summary", "appropriation_summary")
# What a template with short headers prints for a column.
_SHORT = {
    "本年支出合计": "合计",
    "公务用车购置及运行维护费": "公务用车购置及运行费",
    "公务用车运行维护费": "公务用车运行费",
    "决算数": "金额",
}
_HEADERS_WIDTH = 3.0  # characters of a header that stand beside each other at least


class Grids:
    """Makes grids of the figures of a report, all tables by one set of options."""

    def __init__(self, options: Form) -> None:
        self.options = options

    def grid(self, table: str, cells: Sequence[Cell]) -> Grid:
        """The grid of one table; its ``cells`` come in the order of rows, 合计 first."""
        if table in _SIDED:
            return self._sides(cells)
        if table == "basic_expenditure":
            return self._economic(cells)
        if table == "three_public":
            return self._three_public(cells)
        return self._coded(cells)

    def is_printed(self, cell: Cell) -> bool:
        """Whether a figure is printed, not left blank."""
        return not self.options.blanks or Decimal(cell.printed.replace(",", "")) != 0

    # ---------------------------------------------------------------------------- pieces

    def _name(self, text: str) -> str:
        if self.options.short_headers:
            text = _SHORT.get(text, text)
        return self.options.name(text)

    def _amount(self, cell: Cell) -> Slot:
        if self.is_printed(cell):
            return Slot(cell.printed, "amount", cell=cell)
        return Slot(kind="amount")

    def _amounts(self, cells: Iterable[Cell]) -> list[Slot]:
        return [self._amount(cell) for cell in cells]

    def _widths(self, columns: Iterable[Sequence[str]]) -> list[float]:
        """Widths of columns of figures, each by its longest."""
        return [
            max(_HEADERS_WIDTH, 0.56 * max(map(len, column), default=0) + 0.2) + 2 * PAD
            for column in columns
        ]

    @property
    def _name_width(self) -> float:
        return self.options.name_width + 2 * PAD

    def _numbering(self, first: Sequence[Slot], count: int) -> list[list[Slot]]:
        """The row of column numbers (栏次), if there is one."""
        if not self.options.column_numbers:
            return []
        return [[*first, *(Slot(str(number)) for number in range(1, count + 1))]]

    def _levels(self, columns: Sequence[str], depth: int) -> list[list[Slot]]:
        """Header rows of columns whose names may have a parent (本年支出/小计)."""
        rows: list[list[Slot]] = [[] for _ in range(depth)]
        for parent, run in groupby(columns, key=lambda name: name.rpartition("/")[0]):
            names = list(run)
            if not parent:
                rows[0] += [Slot(self._name(name), rows=depth) for name in names]
                continue
            rows[0].append(Slot(self._name(parent), columns=len(names)))
            rows[1] += [Slot(self._name(n.rpartition("/")[2]), rows=depth - 1) for n in names]
        return rows

    # ------------------------------------------------------------- codes and their figures

    def _coded(self, cells: Sequence[Cell]) -> Grid:
        options = self.options
        columns = list(dict.fromkeys(cell.column for cell in cells))
        levels = 3 if options.split_codes and options.total != "header" else 2
        codes = 3 if options.split_codes else 1
        header = self._levels(columns, levels)
        header[0].insert(0, Slot("项目", columns=codes + 1))
        coding = "支出功能分类科目编码" if options.split_codes else "功能分类科目编码"
        header[1][:0] = [Slot(coding, columns=codes), Slot("科目名称", rows=levels - 1)]
        splitting = [Slot(level, "code") for level in "类款项"]
        if levels == 3:
            header[2][:0] = [Slot(level) for level in "类款项"]
        header += self._numbering([Slot("栏次", columns=codes + 1)], len(columns))
        keyed = [(key, list(run)) for key, run in groupby(cells, key=lambda c: (c.code, c.item))]
        body: list[list[Slot]] = []
        for (code, item), run in keyed:
            if code is not None:
                body.append([*self._code(code), Slot(item, "name"), *self._amounts(run)])
            elif codes == 3 and options.total == "header":
                body.append([*splitting, Slot(item), *self._amounts(run)])
            elif options.total_spans:
                body.append([Slot(item, columns=codes + 1), *self._amounts(run)])
            else:
                blank = [Slot(kind="code")] * codes
                body.append([*blank, Slot(item), *self._amounts(run)])
        if options.total == "last":
            body.append(body.pop(0))
        printed = zip(*([cell.printed for cell in run] for _, run in keyed), strict=True)
        widths = [3.0, 2.2, 2.2] if options.split_codes else [5.5]
        widths += [self._name_width, *self._widths(printed)]
        return Grid(widths, header, body, total=None if options.total == "last" else body[0])

    def _code(self, code: str) -> list[Slot]:
        if not self.options.split_codes:
            return [Slot(code, "code")]
        return [Slot(part, "code") for part in (code[:3], code[3:5], code[5:7])]

    # ------------------------------------------------------------------ income | expenditure

    def _sides(self, cells: Sequence[Cell]) -> Grid:
        sides = {
            side: [
                (item, [c for c in cells if c.side == side and c.item == item])
                for item in dict.fromkeys(c.item for c in cells if c.side == side)
            ]
            for side in ("收入", "支出")
        }
        numbered = [Slot("行次")] if self.options.row_numbers else []
        header: list[list[Slot]] = [[], []]
        counts: list[int] = []
        for side, rows in sides.items():
            columns = list(dict.fromkeys(cell.column for _, row in rows for cell in row))
            header[0].append(Slot(side, columns=1 + len(numbered) + len(columns)))
            header[1] += [Slot("项目"), *numbered, *(Slot(self._name(c)) for c in columns)]
            counts.append(len(columns))
        if self.options.column_numbers:
            number = iter(range(1, 1 + sum(counts)))
            header.append([])
            for count in counts:
                header[2] += [Slot("栏次"), *(Slot() for _ in numbered)]
                header[2] += [Slot(str(next(number))) for _ in range(count)]
        halves = [
            self._side(rows, count) for rows, count in zip(sides.values(), counts, strict=True)
        ]
        aligned = self._aligned(*halves, counts)
        body: list[list[Slot]] = []
        for at, pair in enumerate(aligned):
            body.append([])
            for side, (name, *amounts) in enumerate(pair):
                line = at + 1 + side * len(aligned)
                body[-1] += [name, *(Slot(str(line), "code") for _ in numbered), *amounts]
        widths: list[float] = []
        for rows in sides.values():
            printed = zip(*([cell.printed for cell in row] for _, row in rows), strict=True)
            widths += [self._name_width, *(2.4 for _ in numbered), *self._widths(printed)]
        return Grid(widths, header, body)

    def _side(self, rows: list[tuple[str, list[Cell]]], count: int) -> list[list[list[Slot]]]:
        """The rows of one side in three parts: before 本年…合计, from there on, and 总计."""
        parts: list[list[list[Slot]]] = [[], [], []]
        for item, cells in rows:
            name = item.rpartition("/")[2]
            if parts[1] or (name.startswith("本年") and name.endswith("合计")):
                part = 2 if name == "总计" else 1
            else:
                part, name = 0, f"{ORDINALS[len(parts[0])]}、{name}"
            total = name.endswith(("合计", "总计"))
            parts[part].append([Slot(name, "header" if total else "name"), *self._amounts(cells)])
        return parts

    def _aligned(
        self, left: list[list[list[Slot]]], right: list[list[list[Slot]]], counts: list[int]
    ) -> list[tuple[list[Slot], list[Slot]]]:
        """Both sides beside each other, the totals on one line."""
        fill = [[Slot(kind="name"), *(Slot(kind="amount") for _ in range(n))] for n in counts]
        return [
            (a or fill[0], b or fill[1])
            for ours, theirs in zip(left, right, strict=True)
            for a, b in zip_longest(ours, theirs)
        ]

    # ------------------------------------------------------------------------- basic, 三公

    def _economic(self, cells: Sequence[Cell]) -> Grid:
        split = self.options.split_codes
        codes = 2 if split else 1
        people, running = (
            [cell for cell in cells if cell.side == side] for side in ("人员经费", "公用经费")
        )
        totals = [next(c for c in side if c.code is None) for side in (people, running)]
        blocks = [[c for c in people if c.code], [c for c in running if c.code]]
        if self.options.economic_blocks == 3:
            half = (len(blocks[1]) + 1) // 2
            blocks[1:] = [blocks[1][:half], blocks[1][half:]]
        further = len(blocks) - 1
        header: list[list[Slot]] = [
            [
                Slot("人员经费", columns=codes + 2),
                Slot("公用经费", columns=further * (codes + 2)),
            ],
            [],
        ]
        for _ in blocks:
            deep = 2 if split else 1
            header[1] += [
                Slot("经济分类科目编码", columns=codes),
                Slot("科目名称", rows=deep),
                Slot(self._name("决算数"), rows=deep),
            ]
        if split:
            header.append([Slot(level) for _ in blocks for level in "类款"])
        if not self.options.sides_named:
            header.pop(0)
        body: list[list[Slot]] = []
        for row in zip_longest(*blocks):
            body.append([])
            for cell in row:
                if cell is None:
                    kinds: tuple[Kind, ...] = (*("code",) * codes, "name", "amount")
                    body[-1] += [Slot(kind=kind) for kind in kinds]
                    continue
                parts = (cell.code[:3], cell.code[3:]) if split else (cell.code,)
                body[-1] += [Slot(part, "code") for part in parts]
                body[-1] += [Slot(cell.item, "name"), self._amount(cell)]
        spans = (codes + 1, (further - 1) * (codes + 2) + codes + 1)
        body.append([])
        for total, span in zip(totals, spans, strict=True):
            body[-1] += [Slot(total.item, columns=span), self._amount(total)]
        width = [*((3.0, 2.2) if split else (4.5,)), self._name_width]
        figures = self._widths([[cell.printed for cell in cells]])
        return Grid([*width, *figures] * len(blocks), header, body)

    def _three_public(self, cells: Sequence[Cell]) -> Grid:
        columns = [cell.column for cell in cells]
        if not self.options.pairs:
            parts = [name.partition("/") for name in columns]
            header: list[list[Slot]] = [[], [], []]
            for group, run in groupby(parts, key=lambda part: part[0]):
                leaves = [leaf for _, _, leaf in run]
                header[0].append(Slot(group, columns=len(leaves)))
                for level, slots in enumerate(self._levels(leaves, 2), start=1):
                    header[level] += slots
            header += self._numbering([], len(columns))
            widths = self._widths([cell.printed] for cell in cells)
            return Grid(widths, header, [self._amounts(cells)])
        half = len(columns) // 2
        paired = [cell for pair in zip(cells[:half], cells[half:], strict=True) for cell in pair]
        leaves = [column.partition("/")[2] for column in columns[:half]]
        header = [[self._twice(slot) for slot in row] for row in self._levels(leaves, 2)]
        header.append([Slot(re.sub("/.*", "", cell.column)) for cell in paired])
        header += self._numbering([], len(columns))
        return Grid(
            self._widths([cell.printed] for cell in paired), header, [self._amounts(paired)]
        )

    def _twice(self, slot: Slot) -> Slot:
        return Slot(slot.text, slot.kind, 2 * slot.columns, slot.rows)
