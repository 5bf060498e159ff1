"""Tables: from the lines of a document to the figures of the nine standard tables (决算公开表)."""

from qy_finance.tables.assemble import TableReading, read_tables
from qy_finance.tables.spec import NAMES, SPECS, TableSpec

__all__ = ["NAMES", "SPECS", "TableReading", "TableSpec", "read_tables"]
