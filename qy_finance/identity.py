"""Whose report it is: unit, year, scope and money unit, as the report itself says."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mode

from qy_finance.errors import NotAReportError
from qy_finance.form import Form
from qy_finance.readers import Document, squeeze
from qy_finance.tables import TableReading


@dataclass(frozen=True, slots=True)
class ReportIdentity:
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


def year_of_account(document: Document, form: Form) -> int | None:
    """The fiscal year (年度) that a document accounts for; None where it names none."""
    flat = squeeze(document.text)
    years = next(filter(None, (rule.findall(flat) for rule in form.patterns.account_years)), None)
    return int(mode(years)) if years else None


def identify(
    document: Document, tables: TableReading, form: Form, year: int | None
) -> ReportIdentity:
    """Find the reporting entity (单位) and the scope (本级 or 部门汇总) of the account of a year.

    The entity is the one that the tables name; where they name none, that of the first part's heading or
    of the cover. A report of one unit (单位决算) or of an entity that calls itself 本级 has scope 本级.

    Raises
    ------
    NotAReportError
        The document nowhere says for which year or entity it accounts.
    """
    flat = squeeze(document.text)
    name, patterns = document.path.name, form.patterns
    if year is None:
        raise NotAReportError(name, "", "a final account (…年度部门决算)", "no year of account")
    unit = mode(tables.entities) if tables.entities else ""
    if not unit:
        lines = "\n".join(map(squeeze, document.text.split("\n")))
        found = patterns.titled.search(flat) or patterns.cover.search(lines)
        unit = found[1] if found else ""
    if not unit:
        raise NotAReportError(name, "", "the reporting entity (单位：…)", "none")
    own = len(patterns.own.findall(flat)) > len(patterns.whole.findall(flat))
    return ReportIdentity(
        unit,
        year,
        "本级" if patterns.branch.search(unit) or own else "部门汇总",
        tables.money_unit,
        "numbered" if tables.numbered else "plain",
    )
