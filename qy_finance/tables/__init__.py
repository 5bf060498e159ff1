"""Tables: from the lines of a document to the figures of the tables of its form."""

from qy_finance.form import TableSpec, final_accounts
from qy_finance.tables.assemble import TableReading, read_tables

__all__ = ["NAMES", "SPECS", "TableReading", "TableSpec", "read_tables"]

# To be removed when nobody asks for them: they are those of `qy_finance.form.final_accounts()`.
SPECS = final_accounts().tables
NAMES = {spec.id: spec.name for spec in SPECS}
