"""The libraries that read, write and run notebooks, loaded without what no notebook needs."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

#: Who would load what: a notebook's schema knows no international addresses, whose grammar takes two seconds to build;
#: and no notebook comes from a file system of pyarrow's.
_NEEDLESS: Final = (("nbformat", "rfc3987_syntax"), ("papermill.iorw", "pyarrow"))

_absent: Any = None  # the import system's word for it
for _user, _library in _NEEDLESS:
    if sys.modules.setdefault(_library, _absent) is None:
        try:
            import_module(_user)
        finally:
            del sys.modules[_library]

import nbformat  # noqa: E402
import papermill  # noqa: E402

__all__ = ["nbformat", "papermill"]
