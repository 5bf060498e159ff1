"""Processes that are forked from a warmed one, where the system can: they start in a tenth of the time.

They are what :class:`subprocess.Popen` is to others: with a number, a status, signals.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from tqdm import tqdm

from qy_finance.publish import warmed

#: Seconds that the warmed process has to end all that came out of it.
_PATIENCE = 10

#: What a Python does to be the warmed process; modules beside the notebooks are not meant by any name.
_BEGIN = f"import sys; sys.path[:1] == [''] and sys.path.pop(0); from {warmed.__name__} import main; main"


class Forked:
    """A process that was forked, and may have ended; its number is no other's until it is waited for."""

    #: The streams of the process are with who asked for it.
    stdin = stdout = stderr = None

    def __init__(self, pid: int, line: socket.socket) -> None:
        self.pid, self._line = pid, line
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The status with which it ended, as of :class:`subprocess.Popen`, or None."""
        return self._status(socket.MSG_DONTWAIT)

    def wait(self) -> int:
        """The status with which it ends."""
        status = self._status()
        assert status is not None
        self._line.close()
        return status

    def _status(self, flags: int = 0) -> int | None:
        if self.returncode is None:
            try:
                said = self._line.recv(warmed.MESSAGE, flags)
            except BlockingIOError:
                return None
            # without a word if the warmed process was ended, and so all that came out of it
            self.returncode = int(said) if said else -signal.SIGKILL
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Forks:
    """Forks processes for a run, once it is started and until it is closed; then all of them are ended.

    Where it is not wanted, or not started, it forks nothing.
    """

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted and hasattr(os, "fork") and warmed.threads() > 0
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self, folder: Path) -> None:
        """Start the warmed process in the notebooks' folder; it imports its libraries meanwhile."""
        if not self._wanted:
            return
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"{_BEGIN}({number})"],
                cwd=folder,
                env={**warmed.OF_KERNELS, **os.environ, **warmed.ALONE},
                stdin=subprocess.DEVNULL,
                pass_fds=[number],
                start_new_session=True,  # an interrupt from the keyboard is for the run
            )

    def fork(
        self,
        function: str,
        arguments: Sequence[str],
        streams: Sequence[int] = (),
        folder: str | Path = "",
        environment: Mapping[str, str] | None = None,
    ) -> Forked | None:
        """A process that calls a function, named as in ``package.module:function``, and ends.

        Its standard input and output are these streams, or nothing and that of the run. Where it can't be forked, the
        reason is said, and no other will be.
        """
        if not self._wanted or self._control is None:
            return None
        request = {
            "function": function,
            "arguments": list(arguments),
            "folder": str(Path(folder).absolute()),
            "environment": dict(os.environ if environment is None else environment),
        }
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                message = json.dumps(request).encode()
                socket.send_fds(self._control, [message], [theirs.fileno(), *streams])
            said = line.recv(warmed.MESSAGE).decode() or "the process that forks has ended"
        except OSError as error:
            said = str(error)
        if said.isdecimal():
            return Forked(int(said), line)
        line.close()
        with self._lock:  # what was forked before goes on
            first, self._wanted = self._wanted, False
        if first:
            tqdm.write(f"! 逐个启动 started one by one, not forked: {said}", file=sys.stderr)
        return None

    def close(self) -> None:
        """End every process that was forked, and let no more start."""
        self._wanted = False
        if self._process is None or self._control is None:
            return
        self._control.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
