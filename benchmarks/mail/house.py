"""An installation that sends: its servers, a mail server to send to, and as many workers and beats as wished."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import psycopg

from benchmarks.installation import PROJECT, Installation, InstallationError
from config.embedded.postgres import DATABASE

# django-post-office deletes rows of its own; the rights of Kith's role are for Kith's tables.
_FOREIGN_TABLES = f"""
\\connect {DATABASE}
DO $$ DECLARE foreign_table text; BEGIN
    FOR foreign_table IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'post_office_%' LOOP
        EXECUTE format('GRANT DELETE ON %I TO kith_app', foreign_table);
    END LOOP;
END $$;
"""  # noqa: S608 (names of ours)


class MailHouse(Installation):
    """A practice with ``number`` reminders due over ``seconds``; ``settings`` go into the environment."""

    def __init__(self, directory: Path, *, number: int, seconds: float = 0, settings: dict[str, str]) -> None:
        super().__init__(directory, "mail", [])
        self.number = number
        self._seconds = seconds
        self._settings = settings
        self.arrived_file = directory / "arrived"
        self.mode_file = directory / "mode"
        self.mail_port = _free_port()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as running:
            self._start_servers(running)
            self._environment |= {
                "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
                "KITH_DEMO": "0",
                "LOG_LEVEL": "ERROR",
                **self._settings,
            }
            self._manage("migrate", "--verbosity", "0")
            self.postgres.execute(_FOREIGN_TABLES)
            self._python("-m", "benchmarks.mail.prepare", str(self.number), str(self._seconds))
            self.postgres.execute(f"\\connect {DATABASE}\nANALYZE")
            sink = self.start(
                "-m", "benchmarks.mail.sink", str(self.mail_port), str(self.arrived_file), str(self.mode_file)
            )
            running.callback(end, sink)
            _wait_for_port(self.mail_port)
            self._running = running.pop_all()
        return self

    def start(self, *arguments: str, as_worker: bool = False) -> subprocess.Popen[bytes]:
        """Start Python with ``arguments`` in a process group of its own."""
        environment = {**os.environ, **self._environment}
        if as_worker:
            environment["DATABASE_URL"] = environment.get("DATABASE_WORKER_URL", environment["DATABASE_URL"])
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_worker(self, name: str, *, processes: int = 2) -> subprocess.Popen[bytes]:
        """Start a Celery worker as the Procfile does."""
        return self.start(
            *("-m", "celery", "--app", "config", "worker", "--hostname", name, "--concurrency", str(processes)),
            *("--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
            as_worker=True,
        )

    def arrived(self) -> list[tuple[float, str]]:
        """Return the moment and the Message-ID of everything that the mail server took."""
        lines = self.arrived_file.read_text().splitlines() if self.arrived_file.exists() else []
        return [(float(at), name) for at, _, name in (line.partition(" ") for line in lines)]

    def wait_for(self, number: int, *, patience: float) -> list[tuple[float, str]]:
        """Return what arrived once it is ``number``; raise ``InstallationError`` after ``patience`` seconds."""
        until = time.monotonic() + patience
        while len(self.arrived()) < number:
            if time.monotonic() > until:
                raise InstallationError(f"Only {len(self.arrived())} of {number} arrived.\n{self.log_end()}")
            time.sleep(0.2)
        return self.arrived()

    def run(self, *arguments: str) -> str:
        """Run Python with ``arguments`` inside the installation until it is done; return what it printed."""
        return self._python(*arguments)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database answers to a worker."""
        address = self._environment.get("DATABASE_WORKER_URL", self._environment["DATABASE_URL"])
        with psycopg.connect(address) as connection:
            connection.execute("SELECT set_config('app.user_id', 'system', true)")
            return connection.execute(statement).fetchall()


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise InstallationError("The mail server did not start.")
