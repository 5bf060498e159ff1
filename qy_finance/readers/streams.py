"""Whether the compressed data of a PDF is whole, and not more than a machine can hold.

pdfium inflates as much of a damaged stream as it can and says nothing: half a page is left, or other figures.
"""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from qy_finance.errors import DamagedReportError
from qy_finance.readers.growth import ANY, Content, used, verify_growth
from qy_finance.readers.limits import Limits

_BEGIN: Final = re.compile(rb">>\s*stream[ \t]*(?:\r\n|\n|\r)")
_END: Final = b"endstream"
_LONGEST_DICTIONARY: Final = 100_000  # bytes
_DICTIONARY: Final = re.compile(rb" obj\s*<<")
_FILTERS: Final = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/\w+))")
_INFLATE: Final = (b"FlateDecode", b"Fl")
_ASCII: Final = (b"ASCII85Decode", b"A85")
_COMPRESSED: Final = re.compile(rb"[\x48\x58\x68\x78][\x01\x5e\x9c\xda]")  # how such data begins
_KNOWN: Final = frozenset(
    b"FlateDecode Fl ASCII85Decode A85 ASCIIHexDecode AHx LZWDecode LZW RunLengthDecode RL "
    b"CCITTFaxDecode CCF DCTDecode DCT JBIG2Decode JPXDecode Crypt".split()
)
# A picture, a font or another thing with a type; what draws a page has none, or is a form.
_TYPED: Final = re.compile(rb"/Length1\b|/Type\b|/Subtype\s*/\w")
_FORM: Final = re.compile(rb"/Subtype\s*/Form\b")
_PATTERN: Final = re.compile(rb"/PatternType\s*1\b")
_PACKED: Final = re.compile(rb"/Type\s*/ObjStm\b")
_LAYER: Final = re.compile(rb"/OC[\s/]")
_NUMBER: Final = re.compile(rb"(\d{1,10})\s+\d{1,5}\Z")
_LONGEST_NUMBER: Final = 24  # bytes, with the generation
_GROWTH: Final = 200  # times: what data that is not read may come to, in forms that it draws
_TABLE: Final = re.compile(rb"xref\s+(?=\d+ \d)")
_SECTION: Final = re.compile(rb"\s*(\d+) (\d+)\s*?(?:\r\n|\n|\r)")
_HEADER: Final = re.compile(rb"\s*(\d{1,10})\s+\d+\s+obj\b")
_ENTRY: Final = 20  # bytes
_PIECE: Final = 1 << 20  # bytes
_FEW: Final = 2
_BLANKS: Final = b" \t\n\r\v"
_PLACES_OF_85: Final = 85 ** np.arange(4, -1, -1, dtype=np.int64)


class _UnprovenError(Exception):
    """Data that could be inflated, but whose checksum is wrong or missing."""


class Stream(NamedTuple):
    """A stream: where its data start, its dictionary, its filters, the number of its object.

    ``draws`` tells whether it draws a page or a part of one.
    """

    start: int
    dictionary: bytes
    filters: list[bytes]
    number: int
    draws: bool

    @property
    def is_read(self) -> bool:
        """Whether its data can be inflated here."""
        return not self.filters or any(name in _INFLATE for name in self.filters[:2])


class Streams:
    """The compressed streams of a PDF that is not encrypted, and whether their checksums (RFC 1950) are right.

    What draws a page is inflated at once, so that nothing that is too large gets to pdfium; fonts and pictures
    are inflated beside it. :meth:`verify` tells when all are. A stream that can't be inflated, or whose checksum is
    wrong, raises DamagedReportError, one that inflates to more than ``limits`` allow LimitError; so does a page
    that draws more than that by drawing the same form again and again.

    ``layered`` tells whether the file has layers that may be off.
    """

    def __init__(self, path: Path, data: bytes, limits: Limits) -> None:
        self.path = path
        self.data = data
        self.limits = limits
        streams = list(self._streams())
        self.contents: list[Content] = []
        self.layered = False
        drawing = [stream for stream in streams if stream.draws]
        self.proven = [self._is_proven(stream) for stream in drawing]
        beside = ThreadPoolExecutor(1)
        others = (
            stream for stream in streams if not stream.draws and stream.is_read and stream.filters
        )
        self.pending = [beside.submit(self._is_proven, stream) for stream in others]
        beside.shutdown(wait=False)
        self.packed = [stream for stream in streams if _PACKED.search(stream.dictionary)]
        self.layered = self.layered or _LAYER.search(data) is not None
        verify_growth(path, data, self.contents, self._objects(), limits)

    def verify(self) -> None:
        """Producers that compute no checksums get all of them wrong: where most are wrong, none counts."""
        proven = [*self.proven, *(one.result() for one in self.pending)]
        wrong = [start for start, is_right in proven if is_right is False]
        right = sum(is_right is True for _, is_right in proven)
        if 0 < len(wrong) <= max(right, _FEW):
            raise _damaged(self.path, wrong[0])

    def _objects(self) -> Iterator[tuple[bytes, bytes]]:
        """The streams that hold objects, each with its dictionary."""
        for stream in self.packed:
            with suppress(_UnprovenError, zlib.error, ValueError):
                pieces = bytearray()
                for piece in _decoded(stream.filters, self.data, stream.start):
                    pieces += piece
                    self._allow(stream, "drawing", len(pieces))
                yield stream.dictionary, bytes(pieces)

    def _allow(self, stream: Stream, limit: str, found: int) -> None:
        self.limits.allow(self.path, f"byte {stream.start:,}", limit, found)

    def _streams(self) -> Iterator[Stream]:
        """Each stream; those whose filters stand elsewhere in the file, if they draw."""
        begins = list(_BEGIN.finditer(self.data))
        if self.data.count(_END) > len(begins):
            expected, found = "compressed data", "its end without its begin"
            raise DamagedReportError(self.path.name, "", expected, found)
        for begin in begins:
            start = begin.end()
            reach = max(0, start - _LONGEST_DICTIONARY)
            dictionary = self.data[max(reach, self.data.rfind(b" obj", reach, start)) : start]
            filters = _FILTERS.search(dictionary)
            elsewhere = filters is None and b"/Filter" in dictionary
            names = re.findall(rb"/(\w+)", filters[1] or filters[2] or b"") if filters else []
            if not elsewhere and (
                not _DICTIONARY.match(dictionary)
                or not _KNOWN.issuperset(names)
                or (not names and _COMPRESSED.match(self.data, start))
            ):
                raise _damaged(self.path, start)
            is_part = _FORM.search(dictionary) or _PATTERN.search(dictionary)
            draws = bool(is_part or not _TYPED.search(dictionary))
            before = start - len(dictionary)
            number = _NUMBER.search(self.data[max(0, before - _LONGEST_NUMBER) : before])
            names = [b"elsewhere"] if elsewhere else names
            yield Stream(start, dictionary, names, int(number[1]) if number else 0, draws)

    def _is_proven(self, stream: Stream) -> tuple[int, bool | None]:
        """Whether a checksum is right; None for a stream that has none."""
        size = 0
        uses: Counter[bytes] = Counter()
        limit = "drawing" if stream.draws else "stream"
        try:
            if stream.is_read:
                for piece in _decoded(stream.filters, self.data, stream.start):
                    size += len(piece)
                    self._allow(stream, limit, size)
                    if stream.draws:
                        uses.update(used(piece))
                        self.layered |= _LAYER.search(piece) is not None
        except _UnprovenError:
            return stream.start, False
        except (zlib.error, ValueError) as error:
            raise _damaged(self.path, stream.start) from error
        finally:
            if stream.draws:
                if not stream.is_read:
                    size = max(0, self.data.find(_END, stream.start) - stream.start)
                    uses = Counter({ANY: size * _GROWTH})
                form = _FORM.search(stream.dictionary) or _PATTERN.search(stream.dictionary)
                self.contents.append(Content(stream.number, size, uses, bool(form)))
        return stream.start, (size > 0 or None) if stream.filters and stream.is_read else None


def verify_table(path: Path, data: bytes) -> None:
    """Check that the cross-reference tables of a PDF lead to the objects that are there.

    Where most of a file's entries are wrong, pdfium looks for the objects itself; for a few it takes nothing: then
    an entry that is wrong while its object is there raises DamagedReportError.
    """
    right = 0
    wrong: list[tuple[int, int, int]] = []
    for table in _TABLE.finditer(data):
        at = table.end()
        while section := _SECTION.match(data, at):
            first, count = map(int, section.groups())
            at = section.end() + _ENTRY * count
            for number, start in enumerate(range(section.end(), min(at, len(data)), _ENTRY), first):
                entry = data[start : start + _ENTRY].split()
                if entry[2:] == [b"f"]:
                    continue
                place = int(entry[0]) if entry and entry[0].isdigit() else len(data)
                header = _HEADER.match(data, place)
                if entry[2:] == [b"n"] and header and int(header[1]) == number:
                    right += 1
                else:
                    wrong.append((start, number, place))
    if len(wrong) <= max(right, _FEW):
        for start, number, place in wrong:
            begins = data[max(0, place - _ENTRY) : place].rstrip().endswith(b"endobj")
            if begins or re.search(rb"[\r\n]%d \d+ obj\b" % number, data):
                raise _damaged(path, start, "the place of an object")


def _damaged(path: Path, start: int, expected: str = "compressed data") -> DamagedReportError:
    return DamagedReportError(path.name, f"byte {start:,}", expected, "damaged data")


def _decoded(names: list[bytes], data: bytes, start: int) -> Iterator[bytes]:
    """What a stream's first filters make of its data, piece by piece."""
    end = data.find(_END, start)
    encoded = data[start : end if end >= 0 else None]
    if names and names[0] in _ASCII:
        encoded = of_ascii85(encoded.partition(b"~>")[0])
        names = names[1:]
    pieces: Iterable[bytes] = (encoded[at : at + _PIECE] for at in range(0, len(encoded), _PIECE))
    if not encoded.strip():
        return
    for _ in takewhile(_INFLATE.__contains__, names):
        pieces = _inflated(pieces)
    yield from pieces


def of_ascii85(encoded: bytes) -> bytes:
    """What ASCII85 encodes, five characters for four bytes; raises ValueError for what is none."""
    written = encoded.translate(None, _BLANKS)
    missing = -len(written) % 5
    digits = np.frombuffer(written + b"u" * missing, np.uint8).reshape(-1, 5)
    numbers = (digits.astype(np.int64) - ord("!")) @ _PLACES_OF_85
    if digits.size and (digits.min() < ord("!") or digits.max() > ord("u") or numbers.max() >> 32):
        return a85decode(encoded)  # it abbreviates zeros, or is damaged
    decoded = numbers.astype(">u4").tobytes()
    return decoded[: len(decoded) - missing]


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What pieces of data inflate to, in pieces that are not large however well it was compressed."""
    inflate = zlib.decompressobj()
    try:
        for piece in pieces:
            rest = piece
            more = b"more"
            while (rest or more) and not inflate.eof:
                more = inflate.decompress(rest, _PIECE)
                rest = inflate.unconsumed_tail
                yield more
    except zlib.error as error:
        if "incorrect data check" in str(error):
            raise _UnprovenError from error
        raise
    if not inflate.eof:
        raise _UnprovenError
