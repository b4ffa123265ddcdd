"""A Kith of its own in a temporary directory, served as ``make run`` serves it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config import environment_file
from config.embedded import Postgres, Redis, private_socket_directory
from config.embedded.postgres import DATABASE
from config.embedded.process import Child, wait_until

PROJECT = Path(__file__).resolve().parent.parent
# As in production, with what a demo needs: invented people, and no second factor for staff.
ENVIRONMENT = {
    "DEBUG": "0",
    "KITH_DEMO": "1",
    "KITH_HTTPS": "0",
    "KITH_REQUIRE_STAFF_MFA": "0",
    "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
}


class InstallationError(Exception):
    """The installation cannot be measured; the text says why."""


class Installation:
    """A database with a demo practice of ``size`` and a web server on a free port of the loopback interface.

    ``directory`` is made, unless it holds an empty practice's cluster already.
    """

    def __init__(self, directory: Path, size: str, pages: list[str]) -> None:
        self.size = size
        self._wanted = pages
        self.port = _free_port()
        self.pages: dict[str, dict[str, Any]] = {}
        self._directory = directory
        self._log = directory / "web.log"
        self._running = contextlib.ExitStack()
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as running:
            postgres = self._start_servers(running)
            self._manage("migrate", "--verbosity", "0")
            self._manage("collectstatic", "--no-input", "--verbosity", "0")
            self.pages = json.loads(self._python("-m", "benchmarks.prepare", self.size, *self._wanted))
            postgres.execute(f"\\connect {DATABASE}\nANALYZE")
            self._start_web(running)
            self._running = running.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()

    def log_end(self) -> str:
        """Return the last lines that the web server wrote."""
        return self._log.read_text()[-3_000:]

    def _start_servers(self, running: contextlib.ExitStack) -> Postgres:
        self._directory.mkdir(mode=0o711, exist_ok=True)
        sockets = running.enter_context(private_socket_directory(self._directory))
        postgres = Postgres(self._directory / "postgres", sockets)
        redis = Redis(self._directory / "redis", sockets)
        self.postgres, self.redis = postgres, redis
        for server in (postgres, redis):
            running.callback(server.stop)
            server.start()
        secrets = environment_file.with_secrets({})
        self._environment = {
            **ENVIRONMENT,
            **secrets,
            "DATA_DIR": str(self._directory),
            **postgres.ensure_roles(secrets),
            "REDIS_URL": redis.url,
            "PORT": str(self.port),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }
        return postgres

    def _start_web(self, running: contextlib.ExitStack) -> None:
        web = next(line for line in (PROJECT / "Procfile").read_text().splitlines() if line.startswith("web:"))
        child = Child(
            "web",
            ["/bin/sh", "-c", web.partition(":")[2]],
            log=self._log,
            end_signal=signal.SIGTERM,
            environment=self._environment,
            directory=PROJECT,
        )
        running.callback(child.stop)
        if not wait_until(self._answers, child=child, patience=30):
            raise InstallationError(f"The web server did not start:\n{self.log_end()}")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def _manage(self, *command: str) -> None:
        self._python("manage.py", *command)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env={**os.environ, **self._environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise InstallationError(f"{' '.join(arguments[:3])} failed:\n{done.stderr[-3_000:]}")
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
