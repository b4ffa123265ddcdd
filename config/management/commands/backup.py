"""``manage.py backup``: one encrypted file from which everything can be brought back."""

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.clock import now
from config import archives


class Command(BaseCommand):
    """Dumps the database as the role of ``DATABASE_BACKUP_URL``, encrypts it on the way and reads it back."""

    help = "Write an encrypted backup of the database and read it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to (default: DATA_DIR/backups/kith-<time>.kith)")
        parser.add_argument(
            "--stdin", action="store_true", help="take the archive of pg_dump --format custom from standard input"
        )

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        target = options["file"] or settings.DATA_DIR / "backups" / f"kith-{now():%Y%m%dT%H%M%SZ}.kith"
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            size = archives.store(self._source(from_stdin=options["stdin"]), target)
        except archives.ArchiveError as error:
            raise CommandError(str(error)) from None
        record(action="backup.made", by=None, target=("backup", target.name))
        self.stdout.write(
            f"{target}: {size / 1e6:,.1f} MB of archive, encrypted and read back in {time.monotonic() - begun:.1f} s."
        )

    def _source(self, *, from_stdin: bool) -> Any:
        if from_stdin:
            return iter(partial(sys.stdin.buffer.read, archives.CHUNK), b"")
        url = environ.Env().str("DATABASE_BACKUP_URL", default="")
        if not url:
            raise CommandError("Set DATABASE_BACKUP_URL to the address of the role kith_backup.")
        return archives.dump(url)
