"""Work in a process of its own, bounded in time and memory: what no library can bear ends that process, and is told.

Requests and answers are lines of JSON; one process answers many.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from queue import SimpleQueue
from typing import Any, Final

Answering = Callable[[Any], Any]
"""A function of a module that answers a request; both are what JSON can say."""

_GIBIBYTE: Final = 1 << 30


class EndedError(Exception):
    """The process ended before it answered: it was too ``late``, or something else ``killed`` it, or it broke."""

    def __init__(self, why: str, status: int, *, late: bool = False, killed: bool = False) -> None:
        super().__init__(why)
        self.status, self.late, self.killed = status, late, killed


class Bounded:
    """Asks a function, in a process of its own that is started when it is needed.

    Parameters
    ----------
    function
        What answers; a function of a module, since the process imports it.
    seconds
        Time for one answer; none for as long as it takes.
    gibibytes
        Memory that the process may take, where the system can tell (not on Windows); 0 for all there is.
    most
        Answers after which another process is started: libraries keep some memory of each file.
    """

    def __init__(
        self,
        function: Answering,
        *,
        seconds: float | None = None,
        gibibytes: float = 0,
        most: int = 0,
    ) -> None:
        self._called = f"{function.__module__}:{function.__qualname__}"
        self._seconds, self._gibibytes, self._most = seconds, gibibytes, most
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self.closed = False

    def ask(self, request: Any) -> Any:
        """What the function answers.

        Raises
        ------
        EndedError
            The process ended, or was ended since it took too long.
        """
        if self._most and self._answered >= self._most:
            self._end()
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(self._seconds, give_up) if self._seconds else None
        if watch:
            watch.daemon = True
            watch.start()
        answer = b""
        try:
            with suppress(OSError):  # it has ended, and there is no answer either
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                answer = process.stdout.readline()
        finally:
            if watch:
                watch.cancel()
        if answer.endswith(b"\n"):
            self._answered += 1
            return json.loads(answer)
        status = self._end(kill=False)
        if late.is_set():
            raise EndedError(f"not done within {self._seconds:.0f} s", status, late=True)
        killed = status in (-getattr(signal, "SIGKILL", 9), -signal.SIGTERM)
        raise EndedError(f"the process ended with status {status}", status, killed=killed)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.closed = True
        self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        command = f"from {__name__} import serve; serve({self._called!r}, {self._gibibytes!r})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._answered = 0
        return self._process

    def _end(self, *, kill: bool = True) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if kill:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):  # what it was asked and never took
                    pipe.close()
        return process.wait()


def serve(called: str, gibibytes: float) -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks ends this process
    warnings.simplefilter("ignore")  # what is to be told is in the answers
    if gibibytes:
        with suppress(ImportError, ValueError, OSError):
            import resource  # not on Windows

            most = int(gibibytes * _GIBIBYTE)
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
    module, _, name = called.partition(":")
    function: Answering = getattr(import_module(module), name)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    while request := asked.get():
        answers.write(json.dumps(function(json.loads(request))).encode() + b"\n")


def _listen(asked: SimpleQueue[bytes]) -> None:
    """Hand requests on; when whoever asks is gone, end the process, whatever it is doing."""
    # not sys.stdin, which the interpreter closes at its end, and can't while it is read
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as requests:
        for request in requests:
            asked.put(request)
    os._exit(0)
