"""A durable database of its own with Kith's tables and nobody in them, for benchmarks that need no web server."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config import environment_file
from config.embedded import Postgres, private_socket_directory

PROJECT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def database(*rooms: str) -> Iterator[dict[str, str]]:
    """Make it, with the tables of ``rooms`` or of all; give the environment in which Kith's settings find it."""
    secrets = environment_file.with_secrets({})
    with tempfile.TemporaryDirectory(prefix="kith-bench-", dir="/tmp") as name:
        directory = Path(name)
        directory.chmod(0o711)
        with private_socket_directory(directory) as sockets, contextlib.ExitStack() as running:
            postgres = Postgres(directory / "postgres", sockets)
            running.callback(postgres.stop)
            postgres.start()
            addresses = postgres.ensure_roles(secrets)
            environment = {**secrets, **addresses, "DATA_DIR": name, "REDIS_URL": "redis://nowhere", "KITH_HTTPS": "0"}
            for room in rooms or ("",):
                command = [sys.executable, "manage.py", "migrate", *filter(None, [room]), "--verbosity", "0"]
                subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, check=True)
            yield environment
