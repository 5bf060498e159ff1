"""Readers: a file becomes a :class:`Document`."""

from qy_finance.readers.document import Document, Line, squeeze
from qy_finance.readers.text import read_document

__all__ = ["Document", "Line", "read_document", "squeeze"]
