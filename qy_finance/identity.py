"""Whose report it is: unit, year, scope and money unit, as the report itself says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from qy_finance.errors import NotAReportError
from qy_finance.readers import Document, squeeze
from qy_finance.tables import TableReading

# the year of account first as titles print it, then as any sentence does
_ACCOUNT_YEARS = (
    re.compile(r"(?<![比与较和])((?:19|20)\d\d)年度?(?:部门|单位)决算"),
    re.compile(r"(?<![比与较和])((?:19|20)\d\d)年度?.{0,16}?决算"),
)
# “部门概况” names nobody
_TITLED = re.compile(
    r"第一部分[:：]?(?!本?(?:部门|单位)(?:基本|概况|主要))(.{2,40}?)(?:概况|基本情况|主要职责)"
)
_COVER = re.compile(
    r"(?:^|\n)(?:第[一二三四]部分[:：]?)?([^\n，。；]{2,40}?)(?:19|20)\d\d年(?:度)?(?:部门|单位)决算"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of itself."""

    unit: str
    year: int
    scope: str
    money_unit: str
    template: str

    @property
    def report_id(self) -> str:
        """Stable id, see :func:`report_id`."""
        return report_id(self.unit, self.year, self.scope)


def report_id(unit: str, year: int, scope: str) -> str:
    """Stable id of a report: unit, year and scope."""
    return f"{unit}_{year}_{scope}"


def year_of_account(document: Document) -> int | None:
    """The fiscal year (年度) that a document accounts for; None where it names none."""
    flat = squeeze(document.text)
    found = (Counter(rule.findall(flat)) for rule in _ACCOUNT_YEARS)
    years = next(filter(None, found), None)
    return int(years.most_common(1)[0][0]) if years else None


def identify(document: Document, tables: TableReading, year: int | None) -> Identity:
    """Find the reporting entity (单位) and the scope (本级 or 部门汇总) of the account of a year.

    The entity is the one that the tables name; where they name none, that of the first part's heading or
    of the cover. A report of one unit (单位决算) or of an entity that calls itself 本级 has scope 本级.

    Raises
    ------
    NotAReportError
        The document nowhere says for which year or entity it accounts.
    """
    flat = squeeze(document.text)
    name = document.path.name
    if year is None:
        raise NotAReportError(name, "", "a final account (…年度部门决算)", "no year of account")
    unit = _entity(document, tables, flat)
    if not unit:
        raise NotAReportError(name, "", "the reporting entity (单位：…)", "none")
    own = flat.count("单位决算") > flat.count("部门决算")
    return Identity(
        unit,
        year,
        "本级" if re.search(r"本级[)）]?$", unit) or own else "部门汇总",
        tables.money_unit,
        "numbered" if tables.numbered else "plain",
    )


def _entity(document: Document, tables: TableReading, flat: str) -> str:
    if tables.entities:
        return Counter(tables.entities).most_common(1)[0][0]
    lines = "\n".join(squeeze(line) for line in document.text.split("\n"))
    match = _TITLED.search(flat) or _COVER.search(lines)
    return match[1] if match else ""
