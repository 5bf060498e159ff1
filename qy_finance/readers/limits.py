"""How large a file may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a PDF is read before it is refused, so that no file takes all time or memory of a machine.

    A final account has up to some 300 pages with 2,000 characters and 500 pieces of ruling lines each.

    Attributes
    ----------
    pages : int
        Pages of the file.
    characters : int
        Characters of all pages; a million take some 400 MB of memory.
    segments : int
        Pieces of drawn lines on any one page.
    lines : int
        Ruling lines that these make on any one page.
    seconds : float
        Time for all pages. A text page takes about 0.01 s, a scanned one up to 4 s.
    """

    pages: int = 1_000
    characters: int = 1_000_000
    segments: int = 200_000
    lines: int = 1_000
    seconds: float = 600
