"""From the cells of a header, one behind the other, to what stands over each column: where there is only one way.

The rows of a header follow each other. A cell of one row stands below one of the row above, or of those further up that
nothing stood below yet. The form tells which cells may be divided, and into what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from qy_finance.form import ColumnSpec
from qy_finance.tables.headers import TOTALS, column_of, plain_header
from qy_finance.tables.rows import TableSource, Token

Path = tuple[str, ...]
_Nodes = tuple["_Node", ...]
_PIECES: Final = 6  # into which a header cell is broken
_WORDS: Final = 60
_LEVELS: Final = 4
_STEPS: Final = 100_000


class _Cell(NamedTuple):
    """A cell: its text as printed and without its year and ordinal, whether it opens a line, what it labels.

    ``placed`` tells whether spaces before it seem to keep it in its place.
    """

    printed: str
    plain: str
    first: bool
    label: str
    placed: bool


class _Node(NamedTuple):
    """A cell with those over it, in a list of rows."""

    path: Path
    plain: str
    side: int


def columns_by_cells(
    source: TableSource, tokens: Sequence[Token], counts: Sequence[int | None]
) -> tuple[tuple[ColumnSpec, ...], ...] | None:
    """The columns of each list of a table whose header has these words; None where there is more than one way, or none.

    ``counts`` are the numbers of columns where they are known.
    """
    tree = _Tree(source, len(counts))
    if len(tokens) > _WORDS:
        return None
    found: set[_Nodes] = set()
    every = (way for cells in tree.cells(tokens) for way in tree.ways(cells))
    for nodes in every:
        sizes = [sum(node.side == side for node in nodes) for side in range(len(counts))]
        if all(c in (None, size) for c, size in zip(counts, sizes, strict=True)):
            found.add(nodes)
    if len(found) > 1:
        foremost = {nodes for nodes in found if any(map(tree.is_foremost, nodes))}
        found = foremost or found
    if len(found) != 1:
        return None
    if tree.steps > _STEPS:
        return None
    (nodes,) = found
    spec = source.spec
    own = [side.columns for side in spec.sides] if spec.layout == "sides" else [spec.columns]
    columns = tuple(
        tuple(ColumnSpec(column_of(n.path, known, source)) for n in nodes if n.side == side)
        for side, known in enumerate(own)
    )
    names = [[column.name for column in group] for group in columns]
    told = any(spec.knows(name) for group in names for name in group) or spec.groups
    distinct = all(len(set(group)) == len(group) and all(group) for group in names)
    return columns if told and distinct else None


class _Tree:
    """The ways to put the cells of a header below each other."""

    def __init__(self, source: TableSource, sides: int) -> None:
        self.source = source
        self.spec = source.spec
        self.sides = sides
        self.steps = 0  # that the search for ways took
        self.known: dict[tuple[str, int, tuple[str, ...]], bool] = {}
        self.heads = source.form.headers
        self.every = [*self.spec.columns, *(c for side in self.spec.sides for c in side.columns)]
        self.groups = {name for group in self.spec.groups for name in group.printed}
        self.names = {name for column in self.every for name in (*column.printed, *column.leaves)}
        self.parents = {name for c in self.every if c.parent for name in (c.parent, *c.rows)}

    # Cells

    def cells(self, tokens: Sequence[Token]) -> Iterator[list[_Cell]]:
        """The ways to make cells of some words, of which lines may hold the pieces; none where one is not known."""
        self.steps += 1
        if not tokens:
            yield []
        elif self.steps > _STEPS:
            return
        longest = min(1, len(tokens))
        while longest < min(len(tokens), _PIECES) and _goes_on(tokens, longest):
            longest += 1
        alone = None
        for size in range(1, longest + 1):
            printed = "".join(token.text for token in tokens[:size])
            plain = plain_header(printed, self.source)
            label = self._kind(plain)
            alone = label if size == 1 else alone
            if label is None or (label and alone == ""):  # a column's header is no piece of a label
                continue
            for rest in self.cells(tokens[size:]):
                yield [_Cell(printed, plain, tokens[0].first, label, _is_placed(tokens[0])), *rest]

    def _kind(self, name: str) -> str | None:
        """What a cell labels; empty for the header of a column of figures, None for what is not known."""
        if name in self.names or name in self.parents or name in TOTALS or self._is_group(name):
            return ""
        rules = self.heads.divided
        if self._is_beside(name) or any(
            rule.over.fullmatch(name) or rule.below.fullmatch(name) for rule in rules
        ):
            return ""
        patterns = self.source.form.patterns
        said = (one for one, label in patterns.labels.items() if label.fullmatch(name))
        label = next(said, None)
        if label == "remark" and self.spec.layout != "single":
            return None  # words stand among its figures
        aside = not name or patterns.blind.fullmatch(name) or self.heads.aside.fullmatch(name)
        return "other" if label is None and aside else label

    # Rows

    def ways(self, cells: Sequence[_Cell]) -> Iterator[_Nodes]:
        """All ways to divide the cells into rows and put each below another: the lowest ones, from left to right."""
        self.scattered = any(cell.placed for cell in cells)  # lines are none of its rows
        top: list[_Node] = []
        lists = 0
        for at, cell in enumerate(cells):
            lists += cell.label in ("name", "remark")
            if not cell.label:
                side = lists - 1 if self.sides > 1 else 0
                if not 0 <= side < self.sides or not self._is_top(cell.plain, top, side):
                    return
                top.append(_Node((cell.printed,), cell.plain, side))
            rest = cells[at + 1 :]
            if self.scattered and cell.first and any(not c.label for c in cells[:at]):
                return
            if top and top[-1].side == self.sides - 1 and (not rest or rest[0].first):
                yield from self._below(tuple(top), rest, _LEVELS)

    def _is_top(self, name: str, before: Sequence[_Node], side: int) -> bool:
        """Whether a cell may stand on top behind others; a sum stands before what it sums up, nothing stands twice."""
        own = [node.plain for node in before if node.side == side]
        if name in own or (own and name in TOTALS):
            return False
        known = name in self.names or name in self.groups or name in self.parents
        over = any(rule.over.fullmatch(name) for rule in self.heads.divided)
        return known or over or self._is_beside(name)

    def _below(self, nodes: _Nodes, cells: Sequence[_Cell], levels: int) -> Iterator[_Nodes]:
        """The ways to put rows of cells below nodes."""
        if not any(not cell.label for cell in cells):
            yield nodes
        elif levels:
            ends = (at for at in range(1, len(cells) + 1) if at == len(cells) or cells[at].first)
            for end in ends:
                row = [cell for cell in cells[:end] if not cell.label]
                if not row or (self.scattered and any(cell.first for cell in cells[1:end])):
                    continue
                for below in self._shared(nodes, row):
                    yield from self._below(below, cells[end:], levels - 1)

    def _shared(self, nodes: _Nodes, cells: Sequence[_Cell]) -> Iterator[_Nodes]:
        """The ways to put all cells below nodes, in order."""
        self.steps += 1
        if not nodes:
            if not cells:
                yield ()
            return
        if self.steps > _STEPS:
            return
        node, *others = nodes
        for size in (0, *range(2, len(cells) + 1)):
            own = cells[:size]
            if size == 2 and not self._divides(node, own):
                break  # nor may more of them
            if size and not self._divides(node, own):
                continue
            leaves = tuple(_Node((*node.path, c.printed), c.plain, node.side) for c in own) or (
                node,
            )
            for rest in self._shared(tuple(others), cells[size:]):
                yield (*leaves, *rest)

    def _divides(self, node: _Node, cells: Sequence[_Cell]) -> bool:
        """Whether cells may stand below another."""
        key = node.plain, node.side, tuple(cell.plain for cell in cells)
        if key not in self.known:
            names = key[2]
            twice = len(set(names)) < len(names) or any(name in TOTALS for name in names[1:])
            self.known[key] = not twice and any(
                all(map(allowed, names)) for allowed in self._rules(node)
            )
        return self.known[key]

    def _rules(self, node: _Node) -> Iterator[Callable[[str], object]]:
        """What tells whether a cell may stand below another: all beside each other by one of these."""
        spec, name = self.spec, node.plain
        yield from (
            rule.below.fullmatch for rule in self.heads.divided if rule.over.fullmatch(name)
        )
        if self._is_group(name):
            yield lambda below: below in self.names or below in self.parents
        elif spec.groups and name in self.names:
            yield self._is_group
        parents = {
            c.parent for c in self.every if c.parent and (name == c.parent or name in c.rows)
        }
        for parent in parents:
            own = {n for c in self.every if c.parent == parent for n in c.printed}
            yield own.__contains__
        if spec.layout == "sides":
            first, *others = spec.sides[node.side].columns
            if others and name in first.printed:
                yield {n for column in (first, *others) for n in column.printed}.__contains__

    def is_foremost(self, node: _Node) -> bool:
        """Whether it stands below a header that is divided before others are."""
        over = [plain_header(printed, self.source) for printed in node.path[:-1]]
        return any(map(self.heads.foremost.fullmatch, over))

    def _is_group(self, name: str) -> bool:
        return name in self.groups or name.removeprefix("上年") in self.groups

    def _is_beside(self, name: str) -> bool:
        return self.heads.beside.fullmatch(name) is not None


def _is_placed(word: Token) -> bool:
    return word.gap > 1 and len(word.text) > 1


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word may be the rest of the cell before: it opens a line, or is one of characters set apart."""
    return tokens[at].first or (len(tokens[at].text) == 1 and len(tokens[at - 1].text) == 1)
