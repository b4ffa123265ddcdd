"""``manage.py import_clients FILE [--dry-run]``: the import of the browser, in the terminal (R54)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from common.acting import SYSTEM, acting_as
from practice.models import Role, User
from records import services
from records.models import ClientImport, ImportRow, ImportState, RowVerdict
from records.parsing import FileRefused


class Command(BaseCommand):
    """Prints every bad row; fails if there is any."""

    help = "Import a list of clients (CSV or XLSX). Exits with an error if any row could not be taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The list, with the names of its columns in the first line.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--by", metavar="EMAIL", help="The coordinator who imports; else the first one there is.")

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            batch = services.upload(content=content, file_name=options["file"].name, by=_coordinator(options["by"]))
        except FileRefused as error:
            raise CommandError(error.sentence) from error
        services.check(import_id=batch.pk, progress=self._bar("Checking"))
        batch.refresh_from_db()
        if batch.state == ImportState.REFUSED:
            services.discard(import_id=batch.pk)
            raise CommandError(batch.refusal)
        if not options["dry_run"] and batch.rows.exclude(verdict=RowVerdict.BAD).exists():
            services.start_taking(import_id=batch.pk)
            services.take(import_id=batch.pk, progress=self._bar("Taking"))
        bad = self._report(batch, is_dry_run=options["dry_run"])
        if options["dry_run"]:
            services.discard(import_id=batch.pk)
        if bad:
            raise CommandError(f"{bad} of {batch.rows_total} rows cannot be taken. Correct them and run this again.")

    def _bar(self, verb: str) -> services.Progress:
        """Return a bar that rewrites its line in a terminal, and in a log writes only its end."""
        is_terminal = self.stdout.isatty()

        def show(done: int, total: int) -> None:
            if is_terminal or done == total:
                self.stdout.write(f"{verb} {done} of {total}", ending="\n" if done == total else "\r")
                self.stdout.flush()

        return show

    def _report(self, batch: ClientImport, *, is_dry_run: bool) -> int:
        """Print what became of the rows; return how many are bad."""
        counted = batch.rows.order_by().values_list("verdict").annotate(rows=Count("pk"))
        counts = dict.fromkeys(RowVerdict.values, 0) | dict(counted)
        for row in ImportRow.objects.filter(batch=batch, verdict=RowVerdict.BAD).order_by("line"):
            for problem in row.problems:
                self.stdout.write(f"Line {row.line}, {problem['column']}: {problem['reason']}")
        made = "would be made" if is_dry_run else "made"
        self.stdout.write(f"New clients {made}: {counts[RowVerdict.NEW]}. Already here: {counts[RowVerdict.KNOWN]}.")
        return int(counts[RowVerdict.BAD])


def _coordinator(email: str | None) -> User:
    coordinators = User.objects.with_role(Role.COORDINATOR)
    user = coordinators.filter(email=email.lower()).first() if email else coordinators.order_by("created_at").first()
    if user is None:
        raise CommandError("There is no such coordinator who can sign in. Invite one first, or name one with --by.")
    return user
