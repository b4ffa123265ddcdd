"""``manage.py restore``: bring a backup back into a new database, and see whether it is whole."""

import sys
import time
from pathlib import Path
from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.sealed_files import DamagedFile
from config import archives, restored


class Command(BaseCommand):
    """Restores as the tables' owner (``DATABASE_OWNER_URL``), then examines tables, trail, keys and texts."""

    help = "Restore an encrypted backup into an empty database and examine it."
    requires_system_checks: list[str] = []  # there may be no tables yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the backup; without it only the examination is done")
        parser.add_argument(
            "--stdout", action="store_true", help="only decrypt: write the archive for pg_restore to standard output"
        )

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            if options["stdout"]:
                for piece in archives.plain(options["file"]):
                    sys.stdout.buffer.write(piece)
                return
            if options["file"]:
                archives.load(options["file"], environ.Env().str("DATABASE_OWNER_URL"))
                self.stdout.write(f"Restored in {time.monotonic() - begun:.1f} s. Examining it …")
        except (archives.ArchiveError, DamagedFile, OSError) as error:
            raise CommandError(str(error)) from None
        self._examine(options["file"])
        self.stdout.write(f"Done in {time.monotonic() - begun:.1f} s.")

    def _examine(self, file: Path | None) -> None:
        report = restored.examine()
        for label, count in report.counts.items():
            self.stdout.write(f"  {label}: {count:,}")
        for problem in report.problems:
            self.stderr.write(problem)
        if report.problems:
            raise CommandError("What was restored is not whole.")
        self.stdout.write(
            f"Whole: {sum(report.counts.values()):,} rows, row-level security and locks on, {report.entries:,} entries "
            f"of the trail in unbroken chains, {report.texts} texts decrypted."
        )
        if file:
            record(action="backup.restored", by=None, target=("backup", file.name))
