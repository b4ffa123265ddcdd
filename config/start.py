"""The one command: ``python -m config.start`` brings a whole practice up on this machine and takes it down again.

Servers, migrations, the demo practice on the first start, then what the ``Procfile`` names. ``DATA_DIR`` and ``PORT``
choose the place; ``DATABASE_URL`` and ``REDIS_URL``, when set, are used instead of servers of our own.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import environ

from config import environment_file
from config.embedded import Postgres, Redis, StartError, private_socket_directory
from config.embedded.process import Child, wait_until
from home.demo.accounts import DEMO_ACCOUNTS

PROJECT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# A practice to look at, on this machine only: see .env.example for what each one means.
LOCAL_DEFAULTS = {"DEBUG": "1", "KITH_DEMO": "1", "KITH_REQUIRE_STAFF_MFA": "0", "KITH_HTTPS": "0"}


class Stopped(BaseException):
    """Somebody asked us to end."""


def main() -> int:
    _listen_to_signals()
    try:
        place = Place.from_environment()
        os.umask(0o077)  # mail, logs and data are nobody else's
        with _only_one(place), contextlib.ExitStack() as running:
            _begin_new_log(place)
            servers = _start_servers(place, running)
            _prepare_database(place)
            application = _start_application(place, running)
            _announce(place)
            _watch([*servers, application], place)
    except StartError as error:
        print(f"Kith cannot run: {error}", file=sys.stderr)
        return 1
    except Stopped:
        print("Kith has stopped.")
        return 0


@dataclass(frozen=True)
class Place:
    """Where this practice lives and answers."""

    data_dir: Path
    port: int

    @classmethod
    def from_environment(cls) -> "Place":
        data_dir = Path(os.environ.get("DATA_DIR") or PROJECT / ".data").resolve()
        port = os.environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise StartError(f"PORT must be a number from 1 to 65535, not {port!r}.")
        try:
            # Others may pass through (the database's own user must), not look around.
            data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(f"{data_dir} cannot be used as the data directory: {error.strerror}.") from None
        return cls(data_dir=data_dir, port=int(port))

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / "kith.log"

    @property
    def demo_is_filled(self) -> Path:
        """A file that says so. It goes when the database is new."""
        return self.data_dir / "demo-is-filled"


@contextlib.contextmanager
def _only_one(place: Place) -> Iterator[None]:
    """Refuse a second start on the same data directory or port."""
    with (place.data_dir / "start.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartError(f"it already runs on {place.data_dir}; stop it or choose another DATA_DIR.") from None
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, place.port))
            except OSError:
                raise StartError(
                    f"port {place.port} is taken by another program; choose another, for example PORT=8001 make run."
                ) from None
        yield


def _begin_new_log(place: Place) -> None:
    """Keep the log of this start and of the one before."""
    if place.log.exists():
        place.log.replace(place.log.with_suffix(".log.1"))


def _start_servers(place: Place, running: contextlib.ExitStack) -> list[Child]:
    """Start what the environment does not provide, and leave all addresses and secrets in ``kith.env``."""
    values = environment_file.with_secrets(environment_file.load(place.data_dir))
    for address in environment_file.EMBEDDED_ADDRESSES:
        values.pop(address, None)
    values = {**LOCAL_DEFAULTS, **values, "KITH_BASE_URL": place.url}
    sockets = running.enter_context(private_socket_directory(place.data_dir))
    children = []
    if not os.environ.get("DATABASE_URL"):
        print("Starting PostgreSQL …", flush=True)
        postgres = Postgres(place.data_dir / "postgres", sockets)
        if postgres.is_new:
            place.demo_is_filled.unlink(missing_ok=True)
        running.callback(postgres.stop)
        children.append(postgres.start())
        values |= postgres.ensure_roles(values)
    if not os.environ.get("REDIS_URL"):
        print("Starting Redis …", flush=True)
        redis = Redis(place.data_dir / "redis", sockets)
        running.callback(redis.stop)
        children.append(redis.start())
        values["REDIS_URL"] = redis.url
    environment_file.save(place.data_dir, values)
    # What we start reads the rest from kith.env; an empty variable would hide its line there.
    os.environ.update(DATA_DIR=str(place.data_dir), PORT=str(place.port))
    for name in values:
        os.environ[name] = os.environ.get(name) or values[name]
    return children


def _prepare_database(place: Place) -> None:
    print("Bringing the database up to date …", flush=True)
    _manage(place, "migrate", "--verbosity", "1")
    if not _is_on("DEBUG"):
        _manage(place, "collectstatic", "--no-input", "--verbosity", "0")
    if _is_on("KITH_DEMO") and not place.demo_is_filled.exists():
        print("Filling the demo practice (once) …", flush=True)
        _manage(place, "demo", "--size", os.environ.get("KITH_DEMO_SIZE") or "small", "--seed", "1")
        place.demo_is_filled.touch()


def _manage(place: Place, *command: str) -> None:
    with place.log.open("ab") as log:
        result = subprocess.run(
            [sys.executable, PROJECT / "manage.py", *command], stdout=log, stderr=subprocess.STDOUT, check=False
        )
    if result.returncode != 0:
        raise StartError(f"`manage.py {command[0]}` failed; {place.log} says why.")


def _is_on(variable: str) -> bool:
    return os.environ[variable].lower() in environ.Env.BOOLEAN_TRUE_STRINGS


def _start_application(place: Place, running: contextlib.ExitStack) -> Child:
    """Web, worker and beat, kept together by honcho; returns when ``/readyz`` is content."""
    print("Starting web, worker and beat …", flush=True)
    programs = Path(sys.executable).parent
    application = Child(
        "the application",
        # Honcho would read .env, which is the containers'; ours is in kith.env.
        [
            str(programs / "honcho"),
            "start",
            "--env",
            os.devnull,
            "--no-colour",
            "--procfile",
            str(PROJECT / "Procfile"),
        ],
        log=place.log,
        end_signal=signal.SIGTERM,
        environment={"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        directory=PROJECT,
    )
    running.callback(application.stop)
    if not wait_until(lambda: _ready(place), child=application, patience=60):
        raise StartError(f"the application did not become ready; {place.log} says why.")
    return application


def _ready(place: Place) -> bool:
    try:
        with urllib.request.urlopen(f"{place.url}/readyz", timeout=5) as response:  # noqa: S310 (always http)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(place: Place) -> None:
    print(f"\nKith is ready: {place.url}\n")
    if _is_on("KITH_DEMO"):
        rows = [("Role", "E-mail", "Password"), *DEMO_ACCOUNTS]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        print()
    print(f"Mail and logs are in {place.data_dir}. Ctrl-C stops everything.", flush=True)


def _watch(children: list[Child], place: Place) -> NoReturn:
    """Until somebody stops us; ``StartError`` when a part ends by itself."""
    while True:
        for child in children:
            if not child.running:
                raise StartError(f"{child.name} has ended unexpectedly; the logs in {place.data_dir} say why.")
        time.sleep(0.5)


def _listen_to_signals() -> None:
    def stop(_signum: int, _frame: FrameType | None) -> None:
        # Once is enough: impatience must not interrupt the stopping.
        for each in endings:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    endings = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in endings:
        signal.signal(each, stop)


if __name__ == "__main__":
    sys.exit(main())
