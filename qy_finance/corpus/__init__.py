"""Thousands of reports as one database: built once from a folder or a catalogue, asked in SQL."""

from __future__ import annotations

from qy_finance.corpus.database import Corpus, open_corpus

__all__ = ["Corpus", "open_corpus"]
