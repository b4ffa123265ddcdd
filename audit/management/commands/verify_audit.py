"""``manage.py verify_audit``: is the trail whole, and does it hold everything that was exported?"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit import chain, heads

MOST_SHOWN = 20


class Command(BaseCommand):
    """Walks every chain, makes every hash anew, looks for every exported head; exit code 1 if something is wrong."""

    help = "Verify the audit trail: its chains and its signed heads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            default=settings.AUDIT_HEADS_DIR,
            help="directory of the exported heads, better a copy kept elsewhere (default: KITH_AUDIT_HEADS_DIR)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        exported = heads.read(options["heads"])
        problems = [*exported.problems, *chain.problems(connection, exported.heads)]
        for problem in problems[:MOST_SHOWN]:
            self.stderr.write(problem)
        if len(problems) > MOST_SHOWN:
            self.stderr.write(f"… and {len(problems) - MOST_SHOWN} more.")
        if problems:
            raise CommandError("The audit trail was tampered with or is incomplete.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(number), 0), count(*) FROM audit.heads()")
            entries, chains = cursor.fetchone()
        self.stdout.write(
            f"The audit trail is whole: {entries:,} entries in {chains} chains; {exported.lines:,} exports of heads in "
            f"{options['heads']} agree with it."
        )
        if not exported.lines:
            self.stdout.write("No heads were exported yet: a chain whose end is cut off would look whole.")
