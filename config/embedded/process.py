"""A child process that ends when we do."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """Kith cannot start; the text is one sentence that says why and what to do."""


class Child:
    """A long-running program, its output in a file, in its own session: Ctrl-C reaches it only through ``stop``."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        log: Path,
        end_signal: signal.Signals,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        self.name = name
        self.end_signal = end_signal
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                user=user,
                group=user,
                extra_groups=[] if user else None,
                cwd=directory or "/",
                start_new_session=True,
                preexec_fn=_die_with_parent(end_signal),  # noqa: PLW1509 (we start everything before any thread)
            )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, patience: float = 20.0) -> None:
        """End it and everything it started: kindly, and after ``patience`` seconds by force."""
        family = self._family()
        if self.running:
            self.process.send_signal(self.end_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=patience)
        _, stubborn = psutil.wait_procs(family, timeout=2)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def _family(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.pid)
            return [process, *process.children(recursive=True)]
        return []


def wait_until(ready: Callable[[], bool], *, child: Child, patience: float) -> bool:
    """True as soon as ``ready()`` is; False when the child ends first or ``patience`` seconds are over."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and child.running:
        if ready():
            return True
        time.sleep(0.05)
    return False


def _die_with_parent(end_signal: signal.Signals) -> Callable[[], None] | None:
    """Have the kernel end the child even when we are killed and cannot (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, end_signal)
