"""When garbage is not looked for.

Reading a report makes many objects, keeps nearly all of them, and leaves next to no garbage that refers to itself: to
look for some among them again and again takes a tenth of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Things that are made before garbage is looked for: some pages' worth, tens of megabytes.
_PARTS: Final = 100_000


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def collect_seldom() -> None:
    """Look for garbage seldom from now on."""
    gc.set_threshold(_PARTS, *gc.get_threshold()[1:])


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom: else that takes a third of the time in which pages, trees of many parts, are made."""
    usual = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
