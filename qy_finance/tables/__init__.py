"""Tables: from the lines of a document to the figures of the tables of its form."""

from qy_finance.tables.assemble import TableReading, read_tables

__all__ = ["TableReading", "read_tables"]
