"""The kernels of a run: forked from a warmed process, or started anew."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from qy_finance.publish.forking import Forks
from qy_finance.publish.warmed import OF_KERNELS

#: The module that makes a kernel of a process.
_LAUNCHER = "ipykernel_launcher"

#: Seconds that any system can wait: a year.
_LONGEST = 365 * 24 * 3600

#: An option for debuggers, which a run has none of.
_THAWED = "-Xfrozen_modules=off"


class Kernel:
    """The kernel of one notebook, which can be ended from outside at any time, also while it starts."""

    def __init__(self, forks: Forks) -> None:
        self._managers: list[Any] = []
        self.ended = threading.Event()
        managers, ended = self._managers, self.ended

        class Tracked(AsyncKernelManager):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                managers.append(self)
                self.provisioner = _Provisioner(
                    forks, ended, kernel_spec=self.kernel_spec, parent=self
                )

        self.manager_class = Tracked

    def end(self) -> None:
        """Kill it; one that is about to start is killed then."""
        self.ended.set()
        for manager in self._managers:
            if (process := getattr(manager.provisioner, "process", None)) is not None:
                process.kill()


class Kernels:
    """The kernels of a run, so that an interrupted run can end them at once.

    Parameters
    ----------
    jobs : int
        Kernels that run at the same time; each fills one core.
    forks : Forks
        Forks them, if it is started.
    timeout : float, optional
        Seconds after which a notebook's kernel is ended.
    """

    def __init__(self, jobs: int, forks: Forks, timeout: float | None = None) -> None:
        self._forks, self._kernels = forks, list[Kernel]()
        self.free = threading.Semaphore(jobs)
        self.ended = threading.Event()
        self.timeout = timeout

    @contextmanager
    def one(self) -> Iterator[Kernel]:
        """The kernel of one notebook, until its time is over."""
        kernel = Kernel(self._forks)
        self._kernels.append(kernel)
        timer = threading.Timer(min(self.timeout or 0, _LONGEST), kernel.end)
        if self.timeout is not None:
            timer.start()
        try:
            yield kernel
        finally:
            timer.cancel()
            self._kernels.remove(kernel)

    def end(self) -> None:
        """Kill every kernel that still runs; jobs that wait for one are cancelled."""
        self.ended.set()
        for kernel in list(self._kernels):
            kernel.end()


class _Provisioner(LocalProvisioner):
    """Starts a kernel of this environment by forking; all else is as where it is started anew."""

    process: Any

    def __init__(self, forks: Forks, ended: threading.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._forks, self._ended = forks, ended

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start it; the environment may name other Pythons as kernels, which are not forked from this one."""
        folder, environment = kwargs["cwd"], {**OF_KERNELS, **kwargs["env"]}
        forked = None
        if (arguments := _arguments(cmd)) is not None:
            forked = self._forks.fork(f"{__name__}:begin", arguments, (), folder, environment)
        if forked is None:
            await super().launch_kernel(cmd, **kwargs | {"env": environment})
        else:
            self.process, self.pid, self.pgid, self.cwd = forked, forked.pid, forked.pid, folder
        if self._ended.is_set():  # meanwhile
            self.process.kill()
        return self.connection_info


def begin() -> None:
    """Be a kernel, as the launcher makes one of a process."""
    from ipykernel.kernelapp import launch_new_instance

    parent = os.getppid()  # it ends with that process
    os.environ["JPY_PARENT_PID"] = str(parent)
    launch_new_instance(parent_handle=parent)


def _arguments(command: list[str]) -> list[str] | None:
    """What a launcher of kernels of this Python is told; None of any other command."""
    python, *options = command
    if options[:1] == [_THAWED]:
        del options[0]
    if Path(python).parent != Path(sys.executable).parent or options[:2] != ["-m", _LAUNCHER]:
        return None
    spec = find_spec(_LAUNCHER)
    return [str(spec.origin), *options[2:]] if spec else None
