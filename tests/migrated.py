"""The cluster that a test run starts from: Kith's tables, made once for these migrations, in two databases: one that
every worker copies, and the practice's own for tests that start a practice.

Migrating takes longer than most test runs. What was made is kept in ``.pytest_cache`` under a digest of everything that
migrations are made of, and every run begins with a copy of its files.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config import environment_file
from config.embedded import Postgres, private_socket_directory
from config.embedded.postgres import DATABASE, OWNER_ROLE

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / ".pytest_cache" / "migrated"
TEMPLATE = "kith_migrated"
# Whatever a migration imports, what makes roles and servers, and this file.
_MADE_OF = (
    *("*/migrations/*.py", "common/**/*.py", "groups_app/clauses.py"),
    *("config/embedded/*", "requirements/*.txt", "tests/migrated.py"),
)


def copy_to(directory: Path) -> None:
    """Put the files of such a cluster into ``directory``; make it first if these migrations were not seen before."""
    with _kept() as made:
        _copy(made, directory)


@contextlib.contextmanager
def _kept() -> Iterator[Path]:
    """The cluster to copy; it stays while the block runs."""
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / _digest()
    with _one_at_a_time():
        if not made.exists():
            for older in KEPT.glob("*/"):
                shutil.rmtree(older)
            _make(made)
        yield made


def _digest() -> str:
    """Return a name for everything that decides what the migrated database looks like."""
    digest = hashlib.blake2b(digest_size=10)
    for path in sorted(path for pattern in _MADE_OF for path in PROJECT.glob(pattern) if path.is_file()):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(place: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="kith-migrated-", dir="/tmp") as name, contextlib.ExitStack() as running:
        data_dir = Path(name)
        data_dir.chmod(0o711)
        sockets = running.enter_context(private_socket_directory(data_dir))
        postgres = Postgres(data_dir / "postgres", sockets, durable=False)
        running.callback(postgres.stop)
        postgres.start()
        secrets = environment_file.with_secrets({})
        environment = {**secrets, **postgres.ensure_roles(secrets), "DATA_DIR": name, "REDIS_URL": "redis://nowhere"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, check=True)
        postgres.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {DATABASE} OWNER {OWNER_ROLE}")
        postgres.execute(f"ALTER ROLE {OWNER_ROLE} CREATEDB")
        postgres.stop()
        _copy(data_dir / "postgres", place)


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and rights; whole or not at all."""
    unfinished = target.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", str(source), str(unfinished)], check=True)  # noqa: S607
    unfinished.rename(target)


if __name__ == "__main__":  # `make test` has it made beside its checks
    with _kept():
        pass
