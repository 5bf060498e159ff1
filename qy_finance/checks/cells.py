"""What must agree within and between tables: the identities at each row and column, copies of cells, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import Selector, TableIdentity, rules, table_identities
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets, compiled
from qy_finance.checks.model import Check, Identity, NotRun, Status
from qy_finance.checks.relations import Linear, Sign, Term, Words, plus
from qy_finance.facts import Fact

COPIES: Final = rules()["copies"]
_APPROPRIATIONS: Final = ("general_budget_expenditure", "government_fund", "state_capital")
_TOTAL: Final = "合计|总计|本年支出合计"
_YEAR_TOTAL: Final = compiled(r"本年[收支][入出]合?计?")
_GRAND_TOTAL: Final = compiled(r"(?:[收支][入出])?总计")


class Place(NamedTuple):
    """The row and column that an identity is applied to; either may be open."""

    row: AccountRow | None
    column: str


def table_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of the tables."""
    for sheet in ledger.sheets.values():
        yield from _copies(sheet)
        yield from _parents(ledger, sheet)
    yield from _accounts(ledger)
    for identity in table_identities(ledger.reading.form):
        absent = [table for table in identity.tables if table not in ledger.sheets]
        others = set(identity.tables) - {identity.table}
        if identity.table in absent or (others and others <= set(absent)):
            yield _without(ledger, identity, absent)
        else:
            yield from _everywhere(ledger, identity)


def _without(ledger: Ledger, identity: Identity, absent: list[str]) -> NotRun:
    """A table that the report lacks, or that is empty."""
    names = "、".join(ledger.table_name(table) for table in absent)
    if any(table in ledger.missing for table in absent):
        return NotRun(identity, "", names)
    unknown = [ledger.table_name(table) for table in absent if ledger.is_without(table)]
    if unknown:
        why = f"{ledger.year}年度的表式没有{'、'.join(unknown)}"
        return NotRun(identity, "", why, Status.NOT_APPLICABLE)
    return NotRun(identity, "", f"{names}为空表", Status.NOT_APPLICABLE)


def _everywhere(ledger: Ledger, identity: TableIdentity) -> Iterator[Check | NotRun]:
    """An identity at each place; where it applies nowhere, why."""
    equal = bool(identity.equal_when) and not any(map(ledger.is_without, identity.tables))
    equal = equal and all(_agree(ledger, one, other) for one, other in identity.equal_when)
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
            yield from (Place(row, "") for row in rows)
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
    right = [
        Term(1, fact) for selector in identity.right for fact in _operands(ledger, selector, place)
    ]
    label = _place(place)
    if isinstance(left, str) or not left or not right:
        printed = right if isinstance(left, str) else left or right
        if relation == "≤" and not left:
            return None
        lacks = left if isinstance(left, str) else _what(ledger, identity)
        spent = any(term.fact.value for term in printed)
        return NotRun(identity, label, lacks) if spent else None
    check = Check(identity, label, Linear(tuple(left), tuple(right), relation))
    if check.outcome.status is Status.BREAK:
        unstated = _unstated(ledger, identity, place)
        if unstated:
            return NotRun(identity, label, unstated)
    return check


def _what(ledger: Ledger, identity: TableIdentity) -> str:
    term = identity.right[0]
    return f"{ledger.table_name(term.table)}的{term.item.split('|')[0] or '科目'}·{term.column}".rstrip(
        "·"
    )


def _required(ledger: Ledger, selectors: tuple[Selector, ...], place: Place) -> list[Term] | str:
    """The terms of one side; the name of a required one that is blank instead of them."""
    terms: list[Term] = []
    for selector in selectors:
        found = list(_operands(ledger, selector, place))
        if not found and not selector.optional:
            column = selector.column or place.column
            item = selector.item.split("|")[0] or selector.code or (place.row and place.row.item)
            return f"{ledger.table_name(selector.table)}的{'·'.join(filter(None, (item, column)))}"
        terms.extend(Term(1, fact) for fact in found)
    return terms


def _operands(ledger: Ledger, selector: Selector, place: Place) -> Iterator[Fact]:
    sheet = ledger.sheets.get(selector.table)
    if sheet is None:
        return
    column = selector.column or place.column
    for row in _rows(sheet, selector, place):
        fact = sheet.cell(row, column)
        if fact is not None:
            yield fact


def _rows(sheet: LedgerTable, selector: Selector, place: Place) -> list[AccountRow]:
    side = selector.side or (place.row.side if place.row else None)
    match selector.rows:
        case "children":
            return sheet.children.get(place.row, []) if place.row else []
        case "roots":
            return sheet.roots(side)
        case "lines":
            return _unskipped(sheet, selector, _lines(sheet, selector.side))
        case "between":
            return _unskipped(sheet, selector, _between(sheet, selector.side))
        case _:
            row = _row(sheet, selector, place)
            return [row] if row else []


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
        return next(iter(sheet.matching(_TOTAL, None)), None)
    return sheet.by_code.get(place.row.code)


def _unskipped(sheet: LedgerTable, selector: Selector, rows: list[AccountRow]) -> list[AccountRow]:
    if not selector.skip:
        return rows
    if selector.within and not sheet.matching(selector.within, selector.side):
        return rows
    pattern = compiled(selector.skip)
    return [row for row in rows if not pattern.fullmatch(row.item)]


def _lines(sheet: LedgerTable, side: str) -> list[AccountRow]:
    """The accounts of a side above its 本年…合计."""
    found: list[AccountRow] = []
    for row in sheet.rows:
        if row.side == side:
            if _YEAR_TOTAL.fullmatch(row.item):
                return found
            found.append(row)
    return []


_PARTS: Final = compiled(
    r".*/.*|其中.*|(?:基本支出|项目支出|经营)结转.*|经营结余|提取.*|转入.*|[交缴]纳.*"
)


def _between(sheet: LedgerTable, side: str) -> list[AccountRow]:
    """The accounts of a side between its 本年…合计 and its 总计, without those that are part of another."""
    found: list[AccountRow] = []
    below = False
    for row in sheet.rows:
        if row.side != side:
            continue
        if _GRAND_TOTAL.fullmatch(row.item):
            break
        if below and not _PARTS.fullmatch(row.item):
            found.append(row)
        below = below or _YEAR_TOTAL.fullmatch(row.item) is not None
    return found


def _agree(ledger: Ledger, one: Selector, other: Selector) -> bool:
    anywhere = Place(None, "")
    left = next(_operands(ledger, one, anywhere), None)
    right = next(_operands(ledger, other, anywhere), None)
    return left is not None and right is not None and left.span.meets(right.span)


def _unstated(ledger: Ledger, identity: TableIdentity, place: Place) -> str:
    """A term whose blank may mean that the template does not print it."""
    for selector in (*identity.left, *identity.right):
        if not selector.stated or any(_operands(ledger, selector, place)):
            continue
        sheet = ledger.sheets.get(selector.table)
        column = selector.column or place.column
        if sheet is None or not any(name == column for _, name in sheet.cells):
            return f"{ledger.table_name(selector.table)}的{column}"
        if selector.item and not sheet.matching(selector.item, selector.side or None):
            return f"{ledger.table_name(selector.table)}的{selector.item.split('|')[0]}"
    return ""


def _place(place: Place) -> str:
    row = _label(place.row) if place.row else ""
    return "/".join(part for part in (row, place.column) if part)


def _label(row: AccountRow) -> str:
    """A row in the id of a check: its code, or its side and name."""
    return row.code or "/".join(part for part in (row.side, row.item) if part)


def _copies(sheet: LedgerTable) -> Iterator[Check]:
    for (row, column), (first, *others) in sheet.cells.items():
        for number, other in enumerate(others, start=2):
            where = f"{sheet.table}/{_label(row)}/{column}/{number}"
            yield Check(COPIES, where, Linear(plus(first), plus(other)))


def _parents(ledger: Ledger, sheet: LedgerTable) -> Iterator[Check]:
    """Whether an account stands without the account that it is part of; not where a template prints no levels."""
    if not sheet.parents:
        return
    lengths = set(map(len, sheet.by_code))
    orphans = [
        row
        for row in sheet.rows
        if row.code and len(row.code) - 2 in lengths and row.code[:-2] not in sheet.by_code
    ]
    named = "、".join(f"{row.code} {row.item}" for row in orphans)
    said = (
        f"{ledger.table_name(sheet.table)}的{named}没有上级科目"
        if orphans
        else "各科目都有上级科目"
    )
    yield Check(rules()["parents"], sheet.table, Words(sheet.first(orphans), said, not orphans))


def _accounts(ledger: Ledger) -> Iterator[Check]:
    """Whether an account of appropriations is one of all expenditure, under the same name."""
    every = ledger.sheets.get("expenditure")
    for table in _APPROPRIATIONS if every else ():
        sheet = ledger.sheets.get(table)
        if every is None or sheet is None or not sheet.by_code:
            continue
        levels = set(map(len, every.by_code))  # that the template prints there
        spent = {row for (row, _), (first, *_) in sheet.cells.items() if first.value}
        wrong: dict[AccountRow, str] = {}
        for row in sheet.rows:
            if row.code is None or len(row.code) not in levels:
                continue
            known = every.by_code.get(row.code)
            if known is None and row in spent:
                wrong[row] = "支出表没有"
            elif known and not _one_name(known.item, row.item):
                wrong[row] = f"支出表为{known.item}"
        named = "、".join(f"{row.code} {row.item}（{why}）" for row, why in wrong.items())
        found = f"不同：{named}" if wrong else "相同"
        said = f"{ledger.table_name(table)}的科目与支出决算表{found}"
        yield Check(rules()["between.accounts"], table, Words(sheet.first(wrong), said, not wrong))


def _one_name(one: str, other: str) -> bool:
    """Whether two prints are one name, of which one may be cut short."""
    one, other = brackets(one), brackets(other)
    return one in other or other in one
