"""How fast the trail grows: ``python -m benchmarks.audit [SECONDS]``; 8 writers, one transaction an entry (TRUST)."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from config import environment_file
from config.embedded import Postgres, private_socket_directory
from config.embedded.postgres import APP_ROLE, OWNER_ROLE

PROJECT = Path(__file__).resolve().parent.parent

WRITERS = 8
TARGET = 1_000  # entries a second (TRUST, audit)
APPEND = (
    "SELECT audit.append('client.read', gen_random_uuid(), 'therapist', 'members.client', gen_random_uuid()::text, "
    "ARRAY[gen_random_uuid()], '', '203.0.113.9', gen_random_uuid()::text)"
)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with database() as url:
        rate = appends_per_second(url, seconds)
    print(f"{WRITERS} writers: {rate:,.0f} entries a second, each committed by itself (target: {TARGET:,})")
    return 0 if rate >= TARGET else 1


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Make a durable database with the trail in it and nothing else; give the application's address."""
    secrets = environment_file.with_secrets({})
    with tempfile.TemporaryDirectory(prefix="kith-bench-", dir="/tmp") as name:
        directory = Path(name)
        directory.chmod(0o711)
        with private_socket_directory(directory) as sockets:
            postgres = Postgres(directory / "postgres", sockets)
            postgres.start()
            try:
                owner, app = secrets["KITH_OWNER_PASSWORD"], secrets["KITH_APP_PASSWORD"]
                postgres.ensure_roles(owner_password=owner, app_password=app)
                environment = {
                    **secrets,
                    "DATA_DIR": name,
                    "DATABASE_URL": postgres.url(OWNER_ROLE, owner),
                    "REDIS_URL": "redis://nowhere",
                }
                subprocess.run(
                    [sys.executable, "manage.py", "migrate", "audit", "--verbosity", "0"],
                    cwd=PROJECT,
                    env={**os.environ, **environment},
                    check=True,
                )
                yield postgres.url(APP_ROLE, app)
            finally:
                postgres.stop()


def appends_per_second(url: str, seconds: float) -> float:
    """Let every writer append and commit until the time is over."""
    counts = [0] * WRITERS
    start = time.perf_counter()

    def write(writer: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < start + seconds:
                connection.execute(APPEND)
                counts[writer] += 1

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
