"""The workers of a Dask cluster read instead of this machine's processes; what is done stands on disk all the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import cache
from typing import Any

from qy_finance.corpus import worker
from qy_finance.errors import CorpusError
from qy_finance.store.basis import made_by


def perform(request: worker.Request) -> dict[str, Any]:
    """As :func:`qy_finance.corpus.worker.perform`, on a worker that has the package of whoever asks.

    Raises
    ------
    CorpusError
        It has another.
    """
    if request["made_by"] != _rows():
        wanted = "the same package and libraries on all workers"
        raise CorpusError(request["part"], "", wanted, "others; restart the workers")
    return worker.perform(request)


@cache
def _rows() -> str:
    return made_by()["rows"]


@contextmanager
def executor_of(address: str) -> Iterator[Executor]:
    """What runs functions on a cluster.

    Raises
    ------
    CorpusError
        The extra is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        wanted = "the extra qy_finance[cluster]"
        raise CorpusError(address, "", wanted, "none") from error
    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        found = " ".join(str(error).split())
        raise CorpusError(address, "", "the address of a Dask scheduler", found) from error
    with client:
        yield client.get_executor(retries=2)
