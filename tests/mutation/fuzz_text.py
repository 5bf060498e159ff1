"""Reads texts that were spoilt at random and asserts that nothing comes out but a report or a ReportError, and soon.

``python tests/mutation/fuzz_text.py [COUNT [SEED]]``: so many texts, made of those of the tests by lines that are lost,
doubled, swapped, cut or joined, other digits, tabs, spaces, full-width characters and pages in another order. Run by
hand; it writes down what fails and leaves the text beside it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # the folder of a script is on the path, that of the tests isn't
    sys.path[0] = str(Path(__file__).parents[1])

from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from papers.description import templates
from papers.text import PAPERS

from qy_finance import read_report
from qy_finance.errors import ReportError

TESTS: Final = Path(__file__).parents[1]
SLOW: Final = 2.0  # seconds
_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Edit = Callable[[random.Random, list[str]], None]


def sources() -> list[str]:
    """Whole texts to begin with."""
    found = [lay_out(SAMPLE, Options(seed=seed, rows_per_page=8)).text for seed in range(3)]
    found += [paper.print(template) for template in templates() for paper in PAPERS.values()]
    data = TESTS.parent / "data" / "raw"
    return [*found, *(path.read_text("utf-8") for path in sorted(data.glob("*/*.txt")))]


def _lose(chance: random.Random, lines: list[str]) -> None:
    del lines[chance.randrange(len(lines))]


def _double(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines.insert(at, lines[at])


def _swap(chance: random.Random, lines: list[str]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _cut(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    place = chance.randint(0, len(lines[at]))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:]]


def _join(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at : at + 2] = ["".join(lines[at : at + 2])]


def _digits(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = "".join(chance.choice("0123456789.,-") if c.isdigit() else c for c in lines[at])


def _insert(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    place = chance.randint(0, len(lines[at]))
    sign = chance.choice(
        ["\t", " ", "  ", "\u3000", "\f", "—", "0", "款", "合计", "表", "（", "单位：万元"]
    )
    lines[at] = lines[at][:place] + sign * chance.randint(1, 4) + lines[at][place:]


def _widen(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    change = unicodedata.normalize("NFKC", lines[at]), lines[at].translate(_WIDE)
    lines[at] = chance.choice(change)


def _shuffle(chance: random.Random, lines: list[str]) -> None:
    first, last = sorted(chance.randrange(len(lines) + 1) for _ in range(2))
    part = lines[first:last]
    lines[first:last] = []
    place = chance.randint(0, len(lines))
    lines[place:place] = part


def _drop(chance: random.Random, lines: list[str]) -> None:
    first = chance.randrange(len(lines))
    del lines[first : first + chance.randint(2, 40)]


EDITS: Final[tuple[Edit, ...]] = (
    _lose, _double, _swap, _cut, _join, _digits, _insert, _widen, _shuffle, _drop,
)  # fmt: skip


def mutated(chance: random.Random, texts: list[str]) -> str:
    lines = chance.choice(texts).split("\n")
    for _ in range(chance.choice((1, 3, 10, 40))):
        chance.choice(EDITS)(chance, lines)
        lines = lines or [""]
    return "\n".join(lines)


def main(count: int = 5000, seed: int = 0) -> int:
    texts, kinds = sources(), Counter[str]()
    failed = 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "report.txt"
        for number in range(seed, seed + count):
            text = mutated(random.Random(number), texts)
            path.write_text(text, encoding="utf-8", newline="")
            begun = time.process_time()
            try:
                report = read_report(path)
                for row in report.observations.itertuples():
                    assert report.text[row.start : row.end] == row.printed
                report.unclaimed()
                kinds["read"] += 1
            except ReportError as error:
                kinds[type(error).__name__] += 1
            except Exception:
                failed += 1
                kinds["FAILED"] += 1
                print(f"{number}: {traceback.format_exc(limit=-3)}")
            if (took := time.process_time() - begun) > SLOW:
                failed += 1
                print(f"{number}: {took:.1f} s")
    print(dict(kinds))
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
