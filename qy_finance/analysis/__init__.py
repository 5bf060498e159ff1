"""What is computed of a report: for each topic a module here and one in :mod:`qy_finance.text`, which says it.

:mod:`.comparisons` computes what a report implies but does not print, :mod:`.accounts` looks sums up.
"""

from collections.abc import Callable
from functools import cache, wraps
from importlib.resources import files
from tomllib import loads
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

About = TypeVar("About")
Others = ParamSpec("Others")
Made = TypeVar("Made")


def once(
    make: Callable[Concatenate[About, Others], Made],
) -> Callable[Concatenate[About, Others], Made]:
    """Compute a thing of a report once, however many topics of a page ask for it; it is kept as long as the report."""
    known: WeakKeyDictionary[Any, dict[Any, Made]] = WeakKeyDictionary()

    @wraps(make)
    def _made(about: About, /, *others: Others.args, **named: Others.kwargs) -> Made:
        asked = others, tuple(sorted(named.items()))
        made = known.setdefault(about, {})
        if asked not in made:
            made[asked] = make(about, *others, **named)
        return made[asked]

    return _made


@cache
def knowledge(name: str) -> dict[str, Any]:
    """What a file of this folder knows of how reports speak."""
    return loads(files(__package__).joinpath(name).read_text("utf-8"))
