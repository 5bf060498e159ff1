"""Whether a table is the one that its title names: by what its rows and its columns are, and of which money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from qy_finance.form import TableSpec
from qy_finance.readers import Line, squeeze
from qy_finance.tables.locate import Block, looks_like_row
from qy_finance.tables.rows import TableRows, TableSource

_CLASS = 3  # digits of 类, the first level of a code


def names_others(source: TableSource, first: Block) -> bool:
    """Whether the header of a table says that its rows are units, or none of its words is the form's."""
    document, patterns = source.document, source.form.patterns
    lines = [document.text[line.start : line.end] for line in first.lines]
    if source.spec.layout == "single":  # a table of information may hold this one
        words = squeeze("".join(lines))
        return not any(word in words for word in source.spec.header)
    if source.spec.layout == "sides":
        return False
    rows = (at for at, line in enumerate(first.lines) if looks_like_row(document, line))
    header = squeeze("".join(lines[: next(rows, len(lines))]))
    return bool(patterns.units.search(header)) and not patterns.accounts.search(header)


def holds_others(source: TableSource, name: str, content: TableRows) -> bool:
    """Whether a table that was read has rows or columns of another kind than the one that ``name`` says.

    Raises UnreadableRowError where none of its columns is known.
    """
    spec = source.spec
    if spec.layout not in ("codes", "economic") or not any(any(row.cells) for row in content.rows):
        return False
    columns = [column.name for group in content.columns for column in group]
    codes = [row.code for row in content.rows if row.code]
    return _by_columns(source, columns) or _by_rows(spec, name, codes)


def _by_columns(source: TableSource, columns: list[str]) -> bool:
    spec = source.spec
    known = sum(map(spec.knows, columns))
    if not known:
        raise source.error(None, f"the columns of {spec.name}", "、".join(columns) or "none")
    nature = source.form.patterns.natures.match
    natures = {match[0] for name in columns if (match := nature(name))}
    return spec.layout == "codes" and (len(natures) > 1 or (known == 1 and len(columns) > 2))


def _by_rows(spec: TableSpec, name: str, codes: list[str]) -> bool:
    if not spec.texts and sum(count > 1 for count in Counter(codes).values()) > 1:
        return True  # the accounts of one unit after another
    if spec.codes and 2 * sum(map(bool, map(spec.codes.match, codes))) < len(codes):
        return True
    if spec.alien and spec.rank(name) == len(spec.best):
        # where the rows do not tell of which money they are, none is taken for the other
        return any(map(spec.alien.match, codes)) or all(len(code) == _CLASS for code in codes)
    return False


def basis_of(source: TableSource, blocks: Iterable[Block]) -> dict[str, str]:
    """Of which money a 三公 table is, and of which budget: as its header says, or else its note, or else its title."""
    pages = list(blocks)
    patterns, budgets = source.form.patterns, source.form.table(source.spec.id).groups[0].parts
    within = _text(source, (line for page in pages for line in page.lines))
    note = _text(source, (line for page in pages for line in page.notes))
    title = pages[0].name
    general = any(map(patterns.general.search, (title, within, note)))
    every = "all appropriations" if patterns.every.search(title + within) else "not said"
    stated = [
        [kind for kind, part in zip(("initial", "adjusted"), budgets, strict=False) if part.stands_in(text)]
        for text in (within, note)
    ]  # fmt: skip
    return {
        "money": "general budget" if general else every,
        "budget": " and ".join(next(filter(None, stated), ["not said"])),
    }


def _text(source: TableSource, lines: Iterable[Line]) -> str:
    return squeeze("".join(source.document.text[line.start : line.end] for line in lines))
