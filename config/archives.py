"""Dumps of the database, encrypted: made by ``backup``, brought back by ``restore`` (R49; TRUST, restore drill)."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import psycopg

from common.sealed_files import open_stream, seal_stream
from config.programs import own_programs

PURPOSE = b"kith-backup"
ARCHIVE_MAGIC = b"PGDMP"
CHUNK = 1 << 20
# What libpq reads of the environment: an address on the command line would show its password to everybody.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class ArchiveError(Exception):
    """A dump or a restoration failed; the text says why and what to do."""


def dump(url: str) -> Iterator[bytes]:
    """Yield a dump of the database at ``url``, in pg_dump's custom format; its role must read everything."""
    process = subprocess.Popen(
        [tool("pg_dump"), "--format", "custom", "--no-password"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(url),
    )
    with process:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 (pipes, as asked for)
        yield from iter(partial(process.stdout.read, CHUNK), b"")
        complaint = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise ArchiveError(f"pg_dump failed: {complaint}")


def store(archive: Iterable[bytes], target: Path) -> int:
    """Encrypt ``archive`` into ``target``, which appears when it is whole and was read back; return its plain size.

    Raises ``ArchiveError`` when what comes is no archive of pg_dump.
    """
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            size = seal_stream(archive, file, purpose=PURPOSE)
            file.flush()
            os.fsync(file.fileno())
        pieces = plain(unfinished)
        first = next(pieces)
        if not first.startswith(ARCHIVE_MAGIC) or len(first) + sum(map(len, pieces)) != size:
            raise ArchiveError("What came is not an archive of pg_dump --format custom.")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return size


def plain(path: Path) -> Iterator[bytes]:
    """Yield the archive in the encrypted file at ``path``; ``DamagedFile`` when it is not whole."""
    with path.open("rb") as file:
        yield from open_stream(file, purpose=PURPOSE)


def load(path: Path, url: str) -> None:
    """Bring the database in ``path`` back into the empty one at ``url``, whose role is to own the tables.

    The file is decrypted and checked to its end before the first statement; then it is all or nothing.
    """
    _refuse_unless_empty(url)
    # pg_restore reads it to and fro. The directory is this user's alone and goes with the block.
    with tempfile.TemporaryDirectory(prefix="kith-restore-") as directory:
        archive = Path(directory) / "archive"
        with archive.open("wb") as file:
            for piece in plain(path):
                file.write(piece)
        with psycopg.connect(url) as connection:
            # Its functions are given to it before the archive says so.
            connection.execute("GRANT CREATE ON SCHEMA public TO kith_policy")
        command = [tool("pg_restore"), "--no-password", "--exit-on-error", "--single-transaction", "--dbname="]
        done = subprocess.run([*command, str(archive)], env=_environment(url), capture_output=True, check=False)
    if done.returncode != 0:
        raise ArchiveError(f"pg_restore failed: {done.stderr.decode(errors='replace').strip()}")


def tool(name: str) -> str:
    """The path of a program of PostgreSQL: Kith's own, which fits its own server, else the machine's."""
    ours = own_programs()
    found = str(ours / name) if ours else shutil.which(name)
    if not found:
        raise ArchiveError(
            f"{name} is missing: install PostgreSQL's client programs, of the server's version or newer, or run it "
            "where they are and use --stdin or --stdout."
        )
    return found


def _environment(url: str) -> dict[str, str]:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    named = {variable: str(parts[part]) for part, variable in _VARIABLES.items() if parts.get(part)}
    return {"PATH": os.defpath, "LC_ALL": "C", **named}


def _refuse_unless_empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'audit')").fetchone()
    if row and row[0]:
        raise ArchiveError(
            f"The database already has {row[0]} tables. Restore into a new one (docs/operations.md says how), so that "
            "nothing that is there is overwritten."
        )
