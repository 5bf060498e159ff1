"""What must agree within and between tables: the identities at each row and column, copies of cells, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile, takewhile
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import Selector, TableIdentity, rules, table_identities
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets, compiled
from qy_finance.checks.model import Check, Identity, NotRun, Sign, Status
from qy_finance.checks.relations import Linear, Words
from qy_finance.checks.sentence import Sentence, listed, said
from qy_finance.facts import NOTHING, Fact

COPIES: Final = rules()["copies"]
_TOTAL: Final = "合计|总计|本年支出合计"
_GROUPS: Final = ("children", "roots", "lines", "between")
_YEAR_TOTAL: Final = compiled(r"本年[收支][入出]合?计?")
_GRAND_TOTAL: Final = compiled(r"(?:[收支][入出])?总计")


class Place(NamedTuple):
    """The row and column that an identity is applied to; either may be open.

    A row that is not ``alone`` in its table has a name that says not which of several it is, and no code.
    """

    row: AccountRow | None
    column: str
    alone: bool = True


def table_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of the tables."""
    for sheet in ledger.sheets.values():
        yield from _copies(sheet)
        yield from _parents(ledger, sheet)
    yield from _accounts(ledger)
    for identity in table_identities(ledger.reading.form):
        yield from _identity(ledger, identity)


def checks_of(ledger: Ledger, table: str) -> Iterator[Check | NotRun]:
    """The checks of identities that hold the rows of a table against each other, or against another table."""
    for identity in table_identities(ledger.reading.form):
        within_row = identity.each == "row" and len(identity.tables) == 1
        if table in identity.tables and not within_row:
            yield from _identity(ledger, identity)


def _identity(ledger: Ledger, identity: TableIdentity) -> Iterator[Check | NotRun]:
    absent = [table for table in identity.tables if table not in ledger.sheets]
    others = set(identity.tables) - {identity.table}
    if identity.table in absent or (others and others <= set(absent)):
        yield _without(ledger, identity, absent)
    else:
        yield from _everywhere(ledger, identity)


def _without(ledger: Ledger, identity: Identity, absent: list[str]) -> NotRun:
    """A table that the report lacks, or that is empty."""
    names = "、".join(map(ledger.table_name, absent))
    if not ledger.missing.isdisjoint(absent):
        return NotRun(identity, "", names)
    unknown = "、".join(map(ledger.table_name, filter(ledger.is_without, absent)))
    why = f"{ledger.year}年度的表式没有{unknown}" if unknown else f"{names}为空表"
    return NotRun(identity, "", why, Status.NOT_APPLICABLE)


def _everywhere(ledger: Ledger, identity: TableIdentity) -> Iterator[Check | NotRun]:
    """An identity at each place; where it applies nowhere, why."""
    equal = bool(identity.equal_when) and not any(map(ledger.is_without, identity.tables))
    for terms in identity.equal_when:
        one, other = (_figures(ledger, term, Place(None, "")) for term in terms)
        equal = equal and bool(one and other) and one[0].span.meets(other[0].span)
    relation = "=" if equal else identity.relation
    found = [
        check
        for place in _places(ledger, identity)
        if (check := _applied(ledger, identity, place, relation)) is not None
    ]
    if any(isinstance(check, Check) for check in found) or (found and not identity.may_lack):
        yield from found
    else:
        why = "本表不印该项" if found else "各项均为空白"
        yield NotRun(identity, "", why, Status.NOT_APPLICABLE)


def _places(ledger: Ledger, identity: TableIdentity) -> Iterator[Place]:
    sheet = ledger.sheets[identity.table]
    sides = {term.side for term in identity.left if term.table == identity.table} - {""}
    rows = [row for row in sheet.rows if not sides or row.side in sides]
    match identity.each:
        case "":
            yield Place(None, "")
        case "row":
            yield from (Place(row, "", sheet.is_alone(row)) for row in rows)
        case "column":
            yield from (Place(None, column) for column in sheet.columns)
        case "cell":
            for row in rows:
                if sheet.children.get(row):
                    yield from (Place(row, column) for column in sheet.columns)
        case "class":
            yield from (Place(row, "") for row in rows if row.code and len(row.code) == 3)
        case "line":
            yield from (Place(row, "") for row in _lines(sheet, *sides))


def _applied(
    ledger: Ledger, identity: TableIdentity, place: Place, relation: Sign
) -> Check | NotRun | None:
    """The check at a place; what it lacks if it can't be made; None where nothing is printed there."""
    left = _required(ledger, identity.left, place)
    right = [fact for term in identity.right for fact in _figures(ledger, term, place)]
    if not right and len(identity.right) == 1 and not isinstance(left, str) and left:
        right = list(_proven(ledger, identity.right[0]))
    label = "/".join(filter(None, (place.row and _label(place.row), place.column)))
    if isinstance(left, str) or not left or not right:
        if relation == "≤" and not left:
            return None
        term = identity.right[0]
        lacks = left if isinstance(left, str) else _name(ledger, term, "科目", term.column)
        printed = right if isinstance(left, str) else left or right
        return NotRun(identity, label, lacks) if any(fact.value for fact in printed) else None
    check = Check(identity, label, Linear(left, right, relation))
    if check.status is Status.BREAK and (
        unstated := _unknown(ledger, identity, place) or _unstated(ledger, identity, place)
    ):
        return NotRun(identity, label, unstated)
    return check


def _proven(ledger: Ledger, term: Selector) -> Iterator[Fact]:
    """A zero for a blank cell that the other cells of its row prove to be zero: the total is complete without it."""
    sheet = ledger.sheets.get(term.table)
    rows = _rows(sheet, term, Place(None, "")) if sheet and term.item and term.column else []
    if not rows or not {*rows}.isdisjoint(ledger.unread[term.table].get(term.column, ())):
        return
    place = Place(rows[0], "")
    for identity in table_identities(ledger.reading.form):
        if identity.tables != (term.table,) or identity.each != "row":
            continue
        if term.column not in [part.column for part in identity.right]:
            continue
        whole, rest = (
            [fact for part in side for fact in _figures(ledger, part, place)]
            for side in (identity.left, identity.right)
        )
        if whole and rest and Linear(whole, rest).outcome.status is not Status.BREAK:
            name = f"{ledger.reading.form.short(term.table)}“{term.column.rsplit('/', 1)[-1]}”"
            yield replace(NOTHING, place=whole[0].place, name=name, full=name)
            return


def _name(ledger: Ledger, term: Selector, row: str | None, column: str) -> str:
    """What to call a cell that is blank; ``row`` where the term does not name one."""
    item = term.item.split("|")[0] or term.code or row
    return f"{ledger.table_name(term.table)}的{'·'.join(filter(None, (item, column)))}"


def _required(ledger: Ledger, terms: tuple[Selector, ...], place: Place) -> list[Fact] | str:
    """The figures of one side; the name of a required one that is blank instead of them."""
    figures: list[Fact] = []
    for term in terms:
        found = _figures(ledger, term, place)
        if not found and not term.optional:
            row = place.row and place.row.item
            return _name(ledger, term, row, term.column or place.column)
        figures += found
    return figures


def _figures(ledger: Ledger, term: Selector, place: Place) -> list[Fact]:
    sheet = ledger.sheets.get(term.table)
    if sheet is None:
        return []
    cells, column = sheet.cells, term.column or place.column
    return [cells[row, column][0] for row in _rows(sheet, term, place) if (row, column) in cells]


def _rows(sheet: LedgerTable, selector: Selector, place: Place) -> list[AccountRow]:
    side = selector.side or (place.row.side if place.row else None)
    match selector.rows:
        case "children":
            return sheet.children.get(place.row, []) if place.row else []
        case "roots":
            return [row for row in sheet.roots if side is None or row.side == side]
        case "lines":
            return _unskipped(sheet, selector, _lines(sheet, selector.side))
        case "between":
            return _unskipped(sheet, selector, _between(sheet, selector.side))
        case _:
            row = _row(sheet, selector, place)
            return _unskipped(sheet, selector, [row]) if row else []


def _row(sheet: LedgerTable, selector: Selector, place: Place) -> AccountRow | None:
    """The one row that a selector means."""
    if selector.code:
        return sheet.by_code.get(selector.code)
    if selector.item:
        return next(iter(sheet.matching(selector.item, selector.side or None)), None)
    if place.row is None or not selector.rows:
        return place.row
    if selector.rows == "name":
        return sheet.by_name.get((selector.side or None, place.row.item))
    if place.row.code is None:
        return _same_name(sheet, place)
    return sheet.by_code.get(place.row.code)


def _same_name(sheet: LedgerTable, place: Place) -> AccountRow | None:
    """The row of another table that one without a code means: its total, or the only one of that name."""
    row = place.row
    if row is None or compiled(_TOTAL).fullmatch(row.item):
        return next(iter(sheet.matching(_TOTAL, None)), None)
    named = sheet.by_name.get((row.side, row.item)) if place.alone else None
    return named if named and named.code is None and sheet.is_alone(named) else None


def _unskipped(sheet: LedgerTable, selector: Selector, rows: list[AccountRow]) -> list[AccountRow]:
    if not selector.skip:
        return rows
    if selector.within and not sheet.matching(selector.within, selector.side):
        return rows
    pattern = compiled(selector.skip)
    return [row for row in rows if not pattern.fullmatch(row.item)]


def _lines(sheet: LedgerTable, side: str) -> list[AccountRow]:
    """The accounts of a side above its 本年…合计."""
    rows = [row for row in sheet.rows if row.side == side]
    totals = (at for at, row in enumerate(rows) if _YEAR_TOTAL.fullmatch(row.item))
    return rows[: next(totals, 0)]


_PARTS: Final = compiled(
    r".*/.*|其中.*|(?:基本支出|项目支出|经营)结转.*|经营结余|提取.*|转入.*|[交缴]纳.*"
)


def _between(sheet: LedgerTable, side: str) -> list[AccountRow]:
    """The accounts of a side between its 本年…合计 and its 总计, without those that are part of another.

    Universities call the last row 合计.
    """
    rows = (row for row in sheet.rows if row.side == side)
    above_total = takewhile(lambda row: not _GRAND_TOTAL.fullmatch(row.item), rows)
    below = list(dropwhile(lambda row: not _YEAR_TOTAL.fullmatch(row.item), above_total))
    inside = takewhile(lambda row: row.item != "合计", below[1:])
    return [row for row in inside if not _PARTS.fullmatch(row.item)]


def _unknown(ledger: Ledger, identity: TableIdentity, place: Place) -> str:
    """A term that is not blank, but could not be read; or may be, for it has no row among those that were."""
    for term in (*identity.left, *identity.right):
        column = term.column or place.column
        unread = ledger.unread[term.table].get(column, ())
        sheet = ledger.sheets.get(term.table)
        known = _rows(sheet, term, place) if sheet and unread else []
        alone = bool(known) and term.rows not in _GROUPS
        for row in unread:
            if row in known or not (alone or _is_elsewhere(term, place, row)):
                return _name(ledger, term, row.item, column)
    return ""


def _is_elsewhere(term: Selector, place: Place, row: AccountRow) -> bool:
    """Whether a row is certainly none of those that a term adds up."""
    if term.rows == "children" and place.row and place.row.code:
        return row.code is not None and not row.code.startswith(place.row.code)
    side = term.side or (place.row.side if place.row else None)
    return bool(side and row.side and row.side != side)


def _unstated(ledger: Ledger, identity: TableIdentity, place: Place) -> str:
    """A term whose blank may mean that the template does not print it."""
    for term in (*identity.left, *identity.right):
        if not term.stated or _figures(ledger, term, place):
            continue
        sheet = ledger.sheets.get(term.table)
        column = term.column or place.column
        if sheet is None or column not in sheet.columns:
            return f"{ledger.table_name(term.table)}的{column}"
        if term.item and not sheet.matching(term.item, term.side or None):
            return f"{ledger.table_name(term.table)}的{term.item.split('|')[0]}"
    return ""


def _label(row: AccountRow) -> str:
    """A row in the id of a check: its code, or its side and name."""
    return row.code or "/".join(part for part in (row.side, row.item) if part)


def _copies(sheet: LedgerTable) -> Iterator[Check]:
    for (row, column), (first, *others) in sheet.cells.items():
        for number, other in enumerate(others, start=2):
            where = f"{sheet.table}/{_label(row)}/{column}/{number}"
            yield Check(COPIES, where, Linear((first,), (other,)))


def _parents(ledger: Ledger, sheet: LedgerTable) -> Iterator[Check]:
    """Whether an account stands without the account that it is part of; not where a template prints no levels."""
    if not sheet.parents or ledger.unread[sheet.table]:
        return
    lengths = set(map(len, sheet.by_code))
    orphans = [
        row
        for row in sheet.rows
        if row.code and len(row.code) - 2 in lengths and row.code[:-2] not in sheet.by_code
    ]
    text, table = said("各科目都有上级科目"), sheet.table
    if orphans:
        named = listed((f"{row.code} {row.item}",) for row in orphans)
        text = said("{table}的{named}没有上级科目", table=ledger.table_name(table), named=named)
    yield Check(rules()["parents"], table, Words(sheet.first(orphans), text, not orphans))


def _accounts(ledger: Ledger) -> Iterator[Check]:
    """Whether an account of appropriations is one of all expenditure, under the same name."""
    every = ledger.sheets.get("expenditure")
    for table in ("general_budget_expenditure", "government_fund", "state_capital"):
        sheet = ledger.sheets.get(table)
        if every is None or sheet is None or not sheet.by_code:
            continue
        if ledger.unread["expenditure"] or ledger.unread[table]:
            continue
        levels = set(map(len, every.by_code))  # that the template prints there
        spent = {row for (row, _), (first, *_) in sheet.cells.items() if first.value}
        wrong: dict[AccountRow, Sentence] = {}
        for row in sheet.rows:
            if row.code is None or len(row.code) not in levels:
                continue
            known = every.by_code.get(row.code)
            if known is None and row in spent:
                wrong[row] = said("支出表没有")
            elif known:
                one, other = brackets(known.item), brackets(row.item)
                if one not in other and other not in one:  # either may be cut short
                    wrong[row] = said("支出表为{name}", name=known.item)
        of, name = rules()["between.accounts"], ledger.table_name(table)
        text = said("{table}的科目与支出决算表相同", table=name)
        if wrong:
            named = listed(
                said("{row}（{why}）", row=f"{row.code} {row.item}", why=why)
                for row, why in wrong.items()
            )
            text = said("{table}的科目与支出决算表不同：{named}", table=name, named=named)
        yield Check(of, table, Words(sheet.first(wrong), text, not wrong))
