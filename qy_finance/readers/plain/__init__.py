"""Reading a report that was published, extracted or copied as text."""

from qy_finance.readers.plain.text import read_text

__all__ = ["read_text"]
