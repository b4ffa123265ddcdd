"""The restore drill: dump, encrypt, restore into a new cluster, examine everything, in minutes (R49; TRUST)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.heads import export
from audit.querysets import Entries
from audit.services import record_apart
from config import archives
from config.embedded import Postgres, private_socket_directory
from config.environment_file import PASSWORDS
from home.demo.load import load
from home.demo.sizes import SMALL
from sessions_log.models import MemberNote
from tests.database import connected

PROJECT = Path(archives.__file__).resolve().parent.parent
MINUTES = 5  # TRUST: restorable in minutes


@pytest.fixture
def new_cluster(tmp_path: Path) -> Iterator[Postgres]:
    """Another machine: only the roles are there, and an empty database."""
    home = tmp_path / "elsewhere"
    home.mkdir(mode=0o711)
    with private_socket_directory(home) as sockets:
        postgres = Postgres(home / "postgres", sockets, durable=False)
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


@pytest.fixture
def practice(transactional_db: None, settings: Any, tmp_path: Path) -> str:
    """A whole practice with signed notes, an unsigned draft and a trail; returns the address backups are read from."""
    settings.AUDIT_HEADS_DIR = tmp_path / "heads"
    settings.DEMO = True
    load(SMALL, seed=1)
    record_apart(action="audit.tested", by=None)
    export()
    parts = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_BACKUP_URL"])
    return f"postgresql://{parts['user']}:{parts['password']}@/{connection.settings_dict['NAME']}?host={parts['host']}"


def counts(read: Any) -> dict[str, int]:
    tables = ["members_client", "groups_app_membership", "sessions_log_attendance", "sessions_log_membernote"]
    return {table: read(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608


@pytest.mark.takes(seconds=8)
def test_a_practice_is_back_in_minutes_and_whole(
    practice: str,
    new_cluster: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun = time.monotonic()
    file = tmp_path / "backup.kith"
    monkeypatch.setenv("DATABASE_BACKUP_URL", practice)
    call_command("backup", file)
    assert "encrypted and read back" in capsys.readouterr().out
    assert Entries(actions=("backup.made",))[0].target_id == "backup.kith"

    addresses = new_cluster.ensure_roles(dict.fromkeys(PASSWORDS, "elsewhere"))
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(file)],
        cwd=PROJECT,
        env={**os.environ, **addresses, "KITH_AUDIT_HEADS_DIR": str(tmp_path / "heads")},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    assert done.returncode == 0, done.stderr + done.stdout
    assert "100 texts decrypted" in done.stdout
    with psycopg.connect(addresses["DATABASE_BACKUP_URL"]) as there, connected("DATABASE_BACKUP_URL") as here:
        assert counts(lambda sql: there.execute(sql).fetchone()) == counts(lambda sql: here.execute(sql).fetchone())
    with capsys.disabled():
        sys.stdout.write(f"\nRestore drill: {seconds:.1f} s from the dump to the examined practice.\n")
    assert seconds < MINUTES * 60

    again = subprocess.run(
        [sys.executable, "manage.py", "restore", str(file)],
        cwd=PROJECT,
        env={**os.environ, **addresses},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert "nothing that is there is overwritten" in again.stderr


def test_no_word_of_a_note_is_in_the_dump(practice: str) -> None:
    """TRUST: zero plaintext canaries in pg_dump."""
    note = MemberNote.objects.first()
    assert note is not None
    words = note.text
    assert len(words) > 20
    dump = subprocess.run(
        [archives.tool("pg_dump"), "--no-password"],
        env=archives._environment(practice),
        capture_output=True,
        check=True,
    ).stdout
    assert b"members_client" in dump
    assert words.encode() not in dump
    assert words[:20].encode() not in dump


def test_a_backup_that_was_cut_off_restores_nothing(practice: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.kith"
    archives.store(archives.dump(practice), file)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(CommandError, match="cut off"):
        call_command("restore", file, stdout=True)


def test_what_is_no_archive_is_not_kept(tmp_path: Path) -> None:
    target = tmp_path / "backup.kith"
    with pytest.raises(archives.ArchiveError, match="not an archive"):
        archives.store([b"pg_dump: error: no route"], target)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_leaves_no_file(tmp_path: Path) -> None:
    target = tmp_path / "backup.kith"
    with pytest.raises(archives.ArchiveError, match="pg_dump failed"):
        archives.store(archives.dump("postgresql://nobody:nothing@/nowhere?host=/nonexistent"), target)
    assert list(tmp_path.iterdir()) == []
