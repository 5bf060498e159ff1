"""What is computed of a report: for each topic a module here and one in :mod:`qy_finance.text`, which says it.

:mod:`.comparisons` computes what a report implies but does not print, :mod:`.accounts` looks sums up.
"""

from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any


@cache
def knowledge(name: str) -> dict[str, Any]:
    """What a file of this folder knows of how reports speak."""
    return loads(files(__package__).joinpath(name).read_text("utf-8"))
