"""What reads reports in the tests' processes: files with a word in their first line end it, as bad files may."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from qy_finance import readers
from qy_finance.corpus import worker

ONCE = ".killed"


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """As the worker's own, but for files that begin with one of the words."""
    path = Path(request["paths"][0])
    with path.open("rb") as file:
        word = file.readline().strip()
    match word:
        case b"SEGFAULT":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"EXIT":
            os._exit(3)
        case b"HANG":
            time.sleep(600)
        case b"MEMORY":
            readers.read_document = _greedy
        case b"KILLED":
            _kill()
        case b"KILLED ONCE" if not (once := path.with_name(ONCE)).exists():
            once.touch()
            _kill()
    return worker.answer(request)


def _greedy(path: str) -> NoReturn:
    raise AssertionError(f"{path}: {len(bytearray(64 << 30))} bytes")  # more than there may be


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
