"""The workers of a Dask cluster read instead of this machine's processes; what is done stands on disk all the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from qy_finance.errors import CorpusError


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
        client = Client(address)
    except (OSError, ValueError) as error:
        found = " ".join(str(error).split())
        raise CorpusError(address, "", "the address of a Dask scheduler", found) from error
    with client:
        yield client.get_executor(retries=2)
