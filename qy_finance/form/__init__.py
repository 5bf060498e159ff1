"""What a form of the final account (部门决算) prints: its tables, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from qy_finance.tables.spec import TableSpec

_SHORT: Final = {
    "income_expenditure_summary": "收支总表",
    "income": "收入表",
    "expenditure": "支出表",
    "appropriation_summary": "财拨总表",
    "general_budget_expenditure": "一般公共支出表",
    "basic_expenditure": "基本支出表",
    "government_fund": "基金表",
    "state_capital": "国资表",
    "three_public": "三公表",
}


@dataclass(frozen=True)
class Form:
    """A form of the account.

    Attributes
    ----------
    tables : tuple of TableSpec
        Its tables, the most specific title first.
    ids : tuple of str
        Their ids in the order of the form.
    """

    tables: tuple[TableSpec, ...]
    ids: tuple[str, ...]

    def table(self, id: str) -> TableSpec:
        """What is known of a table."""
        return next(spec for spec in self.tables if spec.id == id)

    def has(self, id: str, year: int) -> bool:
        """Whether the form of a year has a table."""
        return any(spec.id == id for spec in self.tables)

    def name(self, id: str) -> str:
        """Chinese name of a table."""
        return self.table(id).name

    def short(self, id: str) -> str:
        """What messages call a table."""
        return _SHORT[id]


@cache
def final_accounts() -> Form:
    """The form of the final accounts of departments (部门决算公开表)."""
    from qy_finance.tables.spec import SPECS

    return Form(SPECS, tuple(_SHORT))
