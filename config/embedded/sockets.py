"""Where the servers' sockets live."""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The kernel takes 107 bytes (103 on macOS); the longest name we put into the directory is ".s.PGSQL.5432.lock".
LONGEST_DIRECTORY = 103 - len("/.s.PGSQL.5432.lock")


@contextlib.contextmanager
def private_socket_directory(data_dir: Path) -> Iterator[Path]:
    """``run`` in the data directory, else, when its path is too long or odd for a socket, a temporary directory."""
    preferred = data_dir / "run"
    if len(bytes(preferred)) <= LONGEST_DIRECTORY and re.fullmatch(r"[\w./-]+", str(preferred), re.ASCII):
        preferred.mkdir(mode=0o700, exist_ok=True)
        yield preferred
        return
    temporary = Path(tempfile.mkdtemp(prefix="kith-", dir="/tmp"))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
