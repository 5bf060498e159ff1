"""The library that reads and writes notebooks, loaded without what no notebook needs."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

#: A grammar of international addresses, by which jsonschema could check some: loading it takes two seconds.
_GRAMMAR: Final = "rfc3987_syntax"

_left_out = _GRAMMAR not in sys.modules
if _left_out:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # as if it were not installed
try:
    import_module("jsonschema")  # looks for it, once
finally:
    if _left_out:
        del sys.modules[_GRAMMAR]

import nbformat  # noqa: E402

__all__ = ["nbformat"]
