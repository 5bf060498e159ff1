"""A process that has the libraries in memory and becomes others by forking: kernels, and the reader of reports.

It has one thread, or it forks nothing: a lock that another thread holds would stay locked in what comes out of it. It
reads no report, and what comes out of it is as if started anew.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, resolve_name
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryDirectory
from typing import Any

from qy_finance.errors import MissingTableWarning
from qy_finance.garbage import collect_seldom

#: Bytes of one message, environment and all.
MESSAGE = 1 << 20

#: For this process alone: pyarrow starts no thread as soon as it is imported, and a debugger does not speak up.
ALONE = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

#: For all kernels, however they are started, where nothing else is said. How many threads numpy has of its own changes
#: a sum's last digits; the other is what a kernel says to matplotlib.
OF_KERNELS = {
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

#: What kernels and the reader import only when they are at work, each for a tenth of a second.
_LIBRARIES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "pandas.io.formats.csvs",
    "pandas.io.formats.style",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "qy_finance.catalogue",
    "qy_finance.publish.kernels",
    "qy_finance.publish.printed",
    "qy_finance.publish.reading",
    "qy_finance.publish.source_page",
    "qy_finance.store.keeping",
)

#: What notebooks are made of: all modules of these parts.
_PARTS = ("analysis", "charts", "text")

#: Read so that all that a report is read with is in memory.
_SPECIMEN = "某市某局2022年度部门决算\n一、部门决算情况说明\n本年收入合计1.00万元。\n"

_TASKS = Path("/proc/self/task")


def main(control: int) -> None:
    """Wait on a socket for requests until it is closed; each is answered by a process of its own.

    A request names a function without arguments, and the arguments, folder and environment of the process. With it
    come descriptors: the line on which the process is told of, and its standard input and output. What stands on the
    line is the number of the process, then the status with which it ended; or why there is none. When the line is let
    go of, the process is ended.
    """
    status = 1

    def end() -> None:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)  # memory that is shared is copied when it is taken apart

    atexit.register(end)  # the first to be registered is the last to be called
    before = dict(os.environ)
    refusal = _warm()
    # what libraries set there
    made = {name: value for name, value in os.environ.items() if name not in before}
    if function := _Waiting(socket.socket(fileno=control), refusal, made).serve():
        function()
    status = 0


def threads() -> int:
    """Threads of this process, those that Python knows nothing of too; 0 where they can't be counted."""
    with suppress(OSError):
        return max(threading.active_count(), len(list(_TASKS.iterdir())))
    return 0


def _warm() -> str:
    """Get ready; returns why nothing is forked, if so."""
    told: list[str] = []

    def tell(message: object, category: type[Warning], *_: object, **__: object) -> None:
        if category is not MissingTableWarning:  # the specimen's
            told.append(f"{category.__name__}: {message}")

    gc.disable()  # libraries are no garbage
    usual, warnings.showwarning = warnings.showwarning, tell
    try:
        _import()
        _read()
    except Exception as error:  # whatever it is, kernels that are started anew may be without it
        told.append(f"{type(error).__name__}: {error}")
    warnings.showwarning = usual
    # notebooks would import their own modules
    beside = [*Path().glob("*.py"), *(one.parent for one in Path().glob("*/__init__.py"))]
    told += [one.name for one in beside if one.stem in sys.modules]
    return told[0] if told else ""  # a warning would come from each kernel that is started anew


def _import() -> None:
    for name in _LIBRARIES:
        import_module(name)
    import qy_finance

    (home,) = qy_finance.__path__
    for part in _PARTS:
        for one in iter_modules([f"{home}/{part}"], f"qy_finance.{part}."):
            import_module(one.name)


def _read() -> None:
    from qy_finance import read_report

    with TemporaryDirectory() as folder:
        specimen = Path(folder, "specimen.txt")
        specimen.write_text(_SPECIMEN, encoding="utf-8")
        read_report(specimen).check()


class _Waiting:
    """The process while it waits. Nothing of it is left in what is forked."""

    def __init__(self, control: socket.socket, refusal: str, made: Mapping[str, str]) -> None:
        self._control, self._refusal, self._made = control, refusal, made
        self._lines: dict[socket.socket, int] = {}  # with the process that each is about
        self._bell, self._button = socket.socketpair()
        self._watched = DefaultSelector()
        self._untold: set[socket.socket] = set()

    def serve(self) -> Callable[[], object] | None:
        """Returns in each process that is forked what it is to do, and nothing when there are no more requests."""
        self._button.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._button.fileno(), warn_on_full_buffer=False)
        for known in (self._control, self._bell):
            self._watched.register(known, EVENT_READ)
        gc.freeze()  # what is shared is not looked through by the processes, and so not copied
        gc.enable()
        collect_seldom()  # charts too are trees of many parts
        while True:
            for key, _ in self._watched.select():
                one: Any = key.fileobj
                if one is self._control:
                    message, descriptors, _, _ = socket.recv_fds(one, MESSAGE, 3)
                    if not message:
                        for line in list(self._lines):
                            self._end(line)
                        return None
                    number, *streams = descriptors
                    if self._fork(socket.socket(fileno=number)):
                        return _become(json.loads(message), streams, self._made)
                    for stream in streams:
                        os.close(stream)
                elif one is self._bell:
                    one.recv(MESSAGE)
                    self._tell()
                else:
                    self._end(one)

    def _fork(self, line: socket.socket) -> bool:
        """Whether this is the new process."""
        refusal, count, pid = self._refusal, threads(), -1
        if count != 1:
            refusal = refusal or f"{count} threads"
        if not refusal:
            try:
                pid = os.fork()
            except OSError as error:
                refusal = str(error)
        if pid > 0:
            self._lines[line] = pid
            self._untold.add(line)
            self._watched.register(line, EVENT_READ)
            _say(line, str(pid))
            return False
        if pid:
            _say(line, refusal)
        else:
            self._leave()
        line.close()
        return not pid

    def _tell(self) -> None:
        """Say of each process that has ended how; it stays until its line is let go of, so that its number does."""
        for line in list(self._untold):
            ended = os.waitid(os.P_PID, self._lines[line], os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None:
                _say(line, str(ended.si_status * (1 if ended.si_code == os.CLD_EXITED else -1)))
                self._untold.remove(line)

    def _end(self, line: socket.socket) -> None:
        pid = self._lines.pop(line)
        self._untold.discard(line)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self._watched.unregister(line)
        line.close()

    def _leave(self) -> None:
        """Let go of everything that the waiting process holds."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._watched.close()
        for one in (self._control, self._bell, self._button, *self._lines):
            one.close()


def _say(line: socket.socket, text: str) -> None:
    with suppress(OSError):  # nobody listens any more
        line.send(text.encode())


def _become(
    request: Mapping[str, Any], streams: Sequence[int], made: Mapping[str, str]
) -> Callable[[], object]:
    """Make this the process that is asked for, but for what it does."""
    import numpy as np

    os.setsid()  # as kernels that are started anew: an interrupt from the keyboard is for the run
    for number, stream in enumerate(streams):
        if stream != number:
            os.dup2(stream, number)
            os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update({**made, **request["environment"]})
    sys.argv = request["arguments"]
    np.random.seed()
    return resolve_name(request["function"])  # type: ignore[no-any-return]
