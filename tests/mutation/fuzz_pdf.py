"""Reads PDFs that were changed at random: each must be read, or be refused with a ReportError, soon.

As a script, in a shell with a limit on memory: ``ulimit -v 8000000; python tests/mutation/fuzz_pdf.py [COUNT [SEED]]``.
Each PDF is read in a process of its own, so that a crash is seen as one. What fails is kept beside the others, and
named.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # the folder of a script is on the path, that of the tests isn't
    sys.path[0] = str(Path(__file__).parents[1])

from layout.pdf_options import GUANGDONG
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE

COUNT: Final = 500
SECONDS: Final = 60  # for one PDF
BATCH: Final = 25  # that a process reads
_WITH_TABLE: Final = 0.2
_TABLE: Final = re.compile(rb"xref\s.*?trailer", re.DOTALL)
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBER: Final = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_NUMBERS: Final = b"0", b"-1", b"1e9", b"99999999999", b"0.0000001", b"nan", b"2147483648", b"65536"
_OPERATORS: Final = b" q Q BT ET W n re f S h m l c cm Tm Td Tj TJ Tr gs Do BDC EMC scn sh".split()
_READ: Final = """
import sys, warnings
from qy_finance import ReportError, read_report
warnings.simplefilter("ignore")
for path in sys.argv[1:]:
    print(path, end=" ", flush=True)
    try:
        report = read_report(path)
        assert all(report.text[r.start : r.end] == r.printed for r in report.observations.itertuples())
        print("read", flush=True)
    except ReportError as error:
        print(type(error).__name__, flush=True)
"""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A PDF with a few random changes, among its bytes or in what its pages draw.

    Mostly without the table of its objects, which would no longer lead to them: pdfium looks for them itself.
    """
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_WAYS)(data, chance)
    return data if chance.random() < _WITH_TABLE else _TABLE.sub(b"trailer", data)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 2_000) :]


def _twice(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[: start + chance.randint(1, 5_000)] + data[start:]


def _number(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    start, end = chance.choice(found).span()
    return data[:start] + chance.choice(_NUMBERS) + data[end:]


def _name(data: bytes, chance: random.Random) -> bytes:
    names = list(re.finditer(rb"/[A-Za-z]+", data))
    if not names:
        return data
    start, end = chance.choice(names).span()
    return data[:start] + chance.choice(names)[0] + data[end:]


def _drawing(data: bytes, chance: random.Random) -> bytes:
    """Operators and numbers in a stream changed."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return data
    start, end = chance.choice(streams).span(1)
    content = data[start:end]
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(content) + 1)
        content = _number(content, chance)
        content = content[:at] + b" " + chance.choice(_OPERATORS) + b"\n" + content[at:]
    return data[:start] + content + data[end:]


_WAYS: Final[list[Callable[[bytes, random.Random], bytes]]] = [
    *(_bytes, _cut, _twice, _number, _number, _name),
    *(_drawing, _drawing, _drawing),
]


def main(count: int = COUNT, seed: int = 0) -> int:
    """Read so many PDFs; returns how many ended otherwise than they must."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz_pdf_"))
    lay_out_pdf(SAMPLE, GUANGDONG, folder / "whole.pdf")
    whole = (folder / "whole.pdf").read_bytes()
    paths = [folder / f"{seed + at}.pdf" for at in range(count)]
    for at, path in enumerate(paths):
        path.write_bytes(mutated(whole, random.Random(seed + at)))
    outcomes: Counter[str] = Counter()
    failed: list[str] = []
    while paths:
        batch, paths = paths[:BATCH], paths[BATCH:]
        command = [sys.executable, "-c", _READ, *map(str, batch)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS * BATCH, check=False
            )
            said, why = done.stdout, done.stderr.strip().rpartition("\n")[2] or str(done.returncode)
        except subprocess.TimeoutExpired as late:
            said, why = (late.stdout or b"").decode(), "it takes too long"
        ended = [line.split() for line in said.splitlines()]
        outcomes.update(words[1] for words in ended if len(words) > 1)
        read = sum(len(words) > 1 for words in ended)
        if read < len(batch):
            failed.append(f"{batch[read]}: {why}")
            paths = [*batch[read + 1 :], *paths]
    print(*(f"{kind}: {times}" for kind, times in outcomes.most_common()), *failed, sep="\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))
