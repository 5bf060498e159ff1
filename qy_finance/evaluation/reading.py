"""The rows of a self-evaluation table as indicators: class, name, target, what was reached, weight, score, reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from qy_finance.evaluation.header import Columns, EvaluationHeader, headers
from qy_finance.evaluation.values import CellValue, Values, in_one_unit
from qy_finance.figures import Figure
from qy_finance.form import Form
from qy_finance.readers import Cell, Document, squeeze
from qy_finance.tables.others import PrintedTable

_LONGEST_UNIT = 8


@dataclass(frozen=True, slots=True)
class TableIndicator:
    """An indicator as a row of a self-evaluation table prints it.

    Attributes
    ----------
    section, project : str
        The title of the table, and the project that it evaluates; empty where it names none.
    path : str
        Its class, from the highest, divided by ``/`` (产出指标/数量指标).
    name, comparison : str
        What is measured; ≥, ≤ or = as printed, or empty.
    target, actual : Figure or None
        Where the cell is one number; both in one unit where only one of them prints it.
    target_said, actual_said : str
        The cells as printed, without layout spaces; empty where they are blank.
    weight, score : Decimal or None
    reason : str
    start, end : int
        Place of the target, or of the name where it has none.
    """

    section: str
    project: str
    path: str
    name: str
    comparison: str
    target: Figure | None
    actual: Figure | None
    target_said: str
    actual_said: str
    weight: Decimal | None
    score: Decimal | None
    reason: str
    start: int
    end: int


def read_evaluations(
    document: Document, tables: Iterable[PrintedTable], form: Form
) -> tuple[TableIndicator, ...]:
    """The indicators of all self-evaluation tables among the further tables of a document."""
    values = Values(form)
    return tuple(
        row for table in tables for row in _Evaluation(document, table, form, values).read()
    )


def is_certain(document: Document, table: PrintedTable, form: Form) -> bool:
    """Whether each line of a text that stands below the header of an evaluation is one whole row, down to the sum."""
    return _Evaluation(document, table, form, Values(form)).is_certain()


class _Evaluation:
    def __init__(self, document: Document, table: PrintedTable, form: Form, values: Values) -> None:
        self.document = document
        self.table = table
        self.further = form.further
        self.say = form.lexicon.phrases
        self.values = values
        self.classes: dict[Columns, str | None] = {}

    def read(self) -> Iterator[TableIndicator]:
        """The indicators below each header that is one of an evaluation; a project's name holds until the next."""
        found = list(headers(self.table, self.further, self._text))
        project, begin = "", 0
        for at, header in enumerate(found):
            project = self._project(begin, header.row) or project
            begin = header.bottom
            end = found[at + 1].row if at + 1 < len(found) else self.table.height
            if header.is_evaluation:
                yield from self._rows(header, end, project)

    def is_certain(self) -> bool:
        """See :func:`is_certain`."""
        found = list(headers(self.table, self.further, self._text))
        ends = [*(header.row for header in found[1:]), self.table.height]
        return bool(found) and all(map(self._is_whole, found, ends))

    def _is_whole(self, header: EvaluationHeader, end: int) -> bool:
        rows = [_Row(self, header, number) for number in range(header.bottom, end)]
        last = next((at for at, row in enumerate(rows) if row.ends), len(rows))
        told = (
            header.is_evaluation
            and {"target", "actual", "weight", "score"} <= header.columns.keys()
        )
        return told and last > 0 and all(row.is_whole for row in rows[:last])

    def _rows(self, header: EvaluationHeader, end: int, project: str) -> Iterator[TableIndicator]:
        last: TableIndicator | None = None
        if (
            header.row not in self.table.breaks
        ):  # printed again, it goes on with the classes above it
            self.classes = {}
        broken = False
        for number in range(header.bottom, end):
            row = _Row(self, header, number)
            if row.ends:
                break
            read = row.indicator(project)
            if last and number in self.table.breaks and row.goes_on:
                last = row.added_to(last)
                continue
            if (
                broken
            ):  # its first cell goes on with the line before: whose name it is can't be told
                self.classes = dict.fromkeys(header.levels)
                broken = False
                continue
            broken = read is None and row.is_short
            if read is not None:
                if last:
                    yield last
                last = read
        if last:
            yield last

    def _project(self, begin: int, end: int) -> str:
        """What stands beside 项目名称 in the rows above a header; the last where several do."""
        found = ""
        for row in range(begin, end):
            cells = [cell for cell in self.table.rows[row] if self._text(cell)]
            for at, cell in enumerate(cells[:-1]):
                if self.further.cells.project.fullmatch(self._text(cell)):
                    found = self._text(cells[at + 1])
        return found

    def _text(self, cell: Cell) -> str:
        return squeeze(self.document.text[cell.start : cell.end])

    def text(self, cells: Iterable[Cell]) -> str:
        """What cells of a row say together, without layout spaces."""
        return "".join(map(self._text, cells))


class _Row:
    """A row below a header."""

    def __init__(self, table: _Evaluation, header: EvaluationHeader, number: int) -> None:
        self.table = table
        self.header = header
        self.number = number
        self.fields = table.table.fields
        self.say = table.further.cells
        self.values = table.values

    @cached_property
    def shift(self) -> int | None:
        """By how many columns the row stands left of the header: a copied text may leave out what spans rows.

        None where its cells can't be told.
        """
        lacking = self._width(self.header.row) - self._width(self.number)
        first = self.fields.get((self.number, 0))
        if lacking <= 0 or self.table.table.has_spans or not (first and self.table.text([first])):
            return 0
        fits = [
            shift
            for shift in range(lacking + 1)  # what ends a row may be left out too, if it is blank
            if self._fits(shift) and (shift in (0, lacking) or self._is_full(shift))
        ]
        return fits[0] if len(fits) == 1 else None

    @property
    def is_whole(self) -> bool:
        """Whether each cell that a row must have stands in its column."""
        return self.shift is not None and self._fits(self.shift) and self._is_full(self.shift)

    def _is_full(self, shift: int) -> bool:
        """Whether weight and score are numbers, what was to be reached and what was are there, and no cell is over."""
        points = (self.values.points(self._said(role, shift)) for role in ("weight", "score"))
        said = (self._said(role, shift) for role in ("target", "actual"))
        over = self._width(self.number) + shift > self._width(self.header.row)
        return not over and all(said) and None not in points

    @property
    def is_short(self) -> bool:
        """Whether a line of a text has fewer cells than the header: some were left out, or a cell is broken off."""
        lacking = self._width(self.number) < self._width(self.header.row)
        return lacking and not self.table.table.has_spans

    def _width(self, row: int) -> int:
        return max((cell.column + cell.columns for cell in self.table.table.rows[row]), default=0)

    def _fits(self, shift: int) -> bool:
        """Whether the cells are what the header says: points are numbers, classes are classes, a name is a name."""
        points = [
            self._said(role, shift) for role in ("weight", "score") if role in self.header.columns
        ]
        numbers = [
            self.values.points(said) is not None
            for said in points
            if not self.values.is_blank(said)
        ]
        classes = (self.table.text(self._cells(level, shift)) for level in self.header.levels)
        name = self.table.text(self._cells(self.header.name, shift))
        named = name and self.values.stated(name) is None and not self.say.classes.fullmatch(name)
        known = all(not said or self.say.classes.fullmatch(self._class(said)) for said in classes)
        return bool(named and known and numbers and all(numbers))

    def _cells(self, columns: Columns, shift: int | None = None) -> list[Cell]:
        """The cells of the row over some columns, each once."""
        off = self.shift if shift is None else shift
        found = (self.fields.get((self.number, column - (off or 0))) for column in columns)
        return list(dict.fromkeys(cell for cell in found if cell is not None))

    def _said(self, role: str, shift: int | None = None) -> str:
        return self.table.text(self._cells(self.header.columns.get(role, ()), shift))

    @cached_property
    def names(self) -> list[Cell]:
        return self._cells(self.header.name)

    @property
    def ends(self) -> bool:
        """Whether the indicators end here: with the sum of the scores, or where another block of cells begins."""
        first = self.fields.get((self.number, 0))
        opening = self.table.text([first]) if first else ""
        name = self.table.text(self.names)
        total = any(
            self.table.further.closing.fullmatch(self._class(said)) for said in (opening, name)
        )
        return total or self.say.project.fullmatch(opening) is not None or not self._stands_below()

    def _stands_below(self) -> bool:
        """Whether the cell of the name has the borders of its header, or those of whole columns."""
        columns = {column - (self.shift or 0) for column in self.header.name}
        for cell in self.names:
            own = set(range(cell.column, cell.column + cell.columns))
            if not (own <= columns or own >= columns):
                return False
        return True

    @property
    def _is_indicator(self) -> bool:
        """Whether the name has a cell of its own, apart from what was to be reached and what was."""
        values = {
            cell
            for role in ("target", "actual")
            for cell in self._cells(self.header.columns.get(role, ()))
        }
        return bool(self.names) and values.isdisjoint(self.names)

    @property
    def goes_on(self) -> bool:
        """Whether the first row of a page is the rest of the row before, which the page break divides."""
        points = [role for role in ("weight", "score") if role in self.header.columns]
        return bool(points) and self._is_indicator and not any(map(self._said, (*points, "target")))

    def added_to(self, before: TableIndicator) -> TableIndicator:
        """The row before with what this one adds to its words; a number that goes on is none."""
        reached = self._said("actual")
        return replace(
            before,
            name=before.name + self.table.text(self.names),
            actual_said=before.actual_said + reached,
            actual=None if reached else before.actual,
            reason=before.reason + self._said("reason"),
        )

    def indicator(self, project: str) -> TableIndicator | None:
        """The indicator of the row; None where it has none, or its cells can't be told."""
        if self.shift is None or not self._is_indicator:
            return None
        path = self._path()
        name = self._name()
        goal = "target" if self.values.is_blank(self._said("adjusted")) else "adjusted"
        said = {role: self._said(role) for role in ("actual", "weight", "score", "reason")}
        said["target"] = self._said(goal)
        told = {role: "" if self.values.is_blank(text) else text for role, text in said.items()}
        if self.values.is_blank(name) or not any(
            told[role] for role in ("target", "actual", "weight", "score")
        ):
            return None
        goals, reached = (self._cells(self.header.columns.get(at, ())) for at in (goal, "actual"))
        unit = self._unit(name)
        target, actual = in_one_unit(self._stated(goals, unit), self._stated(reached, unit))
        if actual is not None and actual.sign not in ("", "="):
            actual = None  # no value, but a bound
        title = self.table.table.title
        place = goals if told["target"] else self.names
        sign = (target.sign if target else "") or self.values.sign(self._said("sign"))
        return TableIndicator(
            title, project, path, name, sign,
            self._figure(goals, target, "target", name), self._figure(reached, actual, "actual", name),
            told["target"], told["actual"], self.values.points(said["weight"]),
            self.values.points(said["score"]), told["reason"], place[0].start, place[-1].end,
        )  # fmt: skip

    def _name(self) -> str:
        text = self.table.text(self.names)
        label = self.say.label.match(text)
        return text[label.end() :] if label else text

    def _path(self) -> str:
        """The class of the row: what spans several rows, or stands above a blank, holds until the next.

        Where the lines of a page leave a hole there, nothing is known of it until the next.
        """
        known = self.table.classes
        at = [*self.header.levels]
        for depth, level in enumerate(at):
            cells = [cell for cell in self._cells(level) if cell not in self.names]
            text = self._class(self.table.text(cells))
            if not cells and not self.shift:
                known[level] = None
            elif text:
                if known.get(level) != text:
                    known.update(dict.fromkeys(at[depth + 1 :], ""))
                known[level] = text
        parts = [known.get(level, "") for level in at]
        return "" if None in parts else "/".join(filter(None, parts))

    def _class(self, text: str) -> str:
        """A class without the points that it counts: 产出指标（50分）."""
        return self.say.points.sub("", text)

    def _unit(self, name: str) -> str:
        """The unit that a column of its own prints, or brackets behind the name (培训人数（人））."""
        unit = self._said("unit").strip("（()）")
        if (
            not self.values.is_blank(unit)
            and len(unit) <= _LONGEST_UNIT
            and not any(map(str.isdigit, unit))
        ):
            return unit
        inner = (
            name[max(name.rfind("（"), name.rfind("(")) + 1 : -1]
            if name.endswith(("）", ")"))
            else ""
        )
        return inner if inner and self.table.say.unit.fullmatch(inner) else ""

    def _stated(self, cells: list[Cell], unit: str) -> CellValue | None:
        if not cells:
            return None
        return self.values.stated(self.table.document.text[cells[0].start : cells[-1].end], unit)

    def _figure(
        self, cells: list[Cell], said: CellValue | None, measure: str, name: str
    ) -> Figure | None:
        if said is None:
            return None
        at = cells[0].start
        return Figure(
            at + said.start, at + said.end, measure, said.value, said.unit, self.table.table.title, name
        )  # fmt: skip
