"""The closed lists of values of the data, those of the tables among them."""

from __future__ import annotations

from typing import Final

from qy_finance import contract
from qy_finance.form import final_accounts

_FORM: Final = final_accounts()

LISTS: Final = {"table": {table: _FORM.name(table) for table in _FORM.ids}, **contract.LISTS}
"""What each value of a closed list means."""
