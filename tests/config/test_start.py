"""The one command, as somebody types it: ``python -m config.start`` on an empty and on a used directory."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Self

import psutil
import pytest

from config import environment_file
from config.embedded import StartError, postgres, redis

PROJECT = Path(__file__).resolve().parents[2]


class Start:
    """One start on a data directory, as in a terminal of its own."""

    begun: ClassVar[list[Self]] = []

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.port = environment.get("PORT") or str(free_port())
        self.output = data_dir.parent / f"output-{time.monotonic_ns()}"
        self.began = time.monotonic()
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.start"],
                cwd=PROJECT,
                env={**plain, "PORT": self.port, **environment, "DATA_DIR": str(data_dir)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.begun.append(self)

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> float:
        """Seconds it took; fails with the output when it ends instead."""
        # The first start builds the database and the demo practice: a minute or two, says the README.
        wait_for(lambda: "Ctrl-C stops" in self.text or self.process.poll() is not None, seconds=240)
        assert self.process.poll() is None, self.text
        return time.monotonic() - self.began

    def end(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        return self.process.wait(timeout=30)

    def refusal(self) -> str:
        """What a start that cannot work says; it must end by itself, with one sentence and a failure code."""
        assert self.process.wait(timeout=60) == 1, self.text
        last = self.text.splitlines()[-1]
        assert last.startswith("Kith cannot run: ")
        assert "Traceback" not in self.text
        return last


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "practice"
    yield directory
    for process in processes_of(directory):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    # Also after a failure: a process nobody waited for would fail whatever test runs when it is collected.
    while Start.begun:
        Start.begun.pop().process.wait(timeout=30)


@pytest.mark.takes(seconds=40)
def test_first_start_second_start_and_no_process_left(data_dir: Path) -> None:
    first = Start(data_dir)
    took = first.wait_until_ready()
    assert f"Kith is ready: http://127.0.0.1:{first.port}\n" in first.text
    assert "@kith.example" in first.text
    assert readiness(first.port) == {"database": "ok", "redis": "ok", "migrations": "ok", "worker": "ok"}
    assert (data_dir / environment_file.FILE_NAME).stat().st_mode & 0o077 == 0

    assert "already runs" in Start(data_dir).refusal()

    made_up = environment_file.load(data_dir)
    assert first.end(signal.SIGINT) == 0
    assert processes_of(data_dir) == []

    second = Start(data_dir)
    # A ratio, because other tests share the machine; docs/benchmarks.md has the seconds of a quiet one.
    assert second.wait_until_ready() < took / 2
    assert readiness(second.port)["database"] == "ok"
    assert "Filling the demo practice" not in second.text
    kept = environment_file.load(data_dir)
    # Not the addresses: where the path of the data is too long for a socket, each start finds another place for it.
    for secret in ("SECRET_KEY", "KITH_ENCRYPTION_KEYS", *environment_file.PASSWORDS):
        assert kept[secret] == made_up[secret]

    second.end(signal.SIGKILL)
    wait_for(lambda: processes_of(data_dir) == [], seconds=15)


@pytest.mark.takes(seconds=8)
def test_given_servers_are_used_and_none_started(data_dir: Path) -> None:
    """Their database is migrated already: what that takes, the first start shows."""
    servers = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    start = Start(data_dir, KITH_DEMO="0", **servers)
    start.wait_until_ready()
    assert "Starting PostgreSQL" not in start.text
    assert "Starting Redis" not in start.text
    assert start.end(signal.SIGTERM) == 0
    assert not {path.name for path in data_dir.iterdir()} & {"postgres", "redis"}
    assert processes_of(data_dir) == []


def test_busy_port(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        assert f"port {port} is taken" in Start(data_dir, PORT=port).refusal()
    assert processes_of(data_dir) == []


def test_impossible_port(data_dir: Path) -> None:
    assert "PORT must be a number" in Start(data_dir, PORT="http").refusal()


def test_broken_database(data_dir: Path) -> None:
    broken = data_dir / "postgres"
    broken.mkdir(parents=True)
    assert "is not a PostgreSQL database" in Start(data_dir).refusal()
    (broken / "PG_VERSION").write_text("18\n")
    assert "PostgreSQL could not open the database" in Start(data_dir).refusal()
    (broken / "PG_VERSION").write_text("12\n")
    assert "is of PostgreSQL 12" in Start(data_dir).refusal()
    assert processes_of(data_dir) == []


def test_missing_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(StartError, match=r"redis-server is missing: install it .* or set REDIS_URL\."):
        redis.server_binary()
    with pytest.raises(StartError, match=r"PostgreSQL programs are missing: .* or set DATABASE_URL\."):
        postgres.programs()


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """Everything that was started for this directory, known by its command line or its environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if str(data_dir) in "\0".join([*process.cmdline(), *process.environ().values()]):
                found.append(process)
    return found


def readiness(port: str) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as response:
        checks: dict[str, str] = json.load(response)["checks"]
        return checks


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
