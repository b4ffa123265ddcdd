"""``manage.py demo``: fill an empty database with invented people."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.acting import SYSTEM, acting_as
from home.demo.load import DemoRefused, load
from home.demo.sizes import SIZES

_BAR = 30


class Command(BaseCommand):
    """Load the demo practice (docs/demo.md)."""

    help = "Fills an empty database with a demo practice. The same size and seed always give the same people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small", help="small (the default), practice or network")
        parser.add_argument("--seed", type=_seed, default=1, help="a whole number from 0 on; the default is 1")

    @acting_as(SYSTEM)
    def handle(self, *, size: str, seed: int, **options: Any) -> None:
        started = time.monotonic()
        try:
            written = load(SIZES[size], seed=seed, progress=self._show_progress)
        except DemoRefused as refusal:
            raise CommandError(refusal.sentence) from None
        if not written:
            self.stdout.write(f"The {size} demo practice with seed {seed} is already here. Nothing was changed.")
            return
        rows = sum(written.values())
        self.stdout.write(
            f"The {size} demo practice is ready: {written['groups_app.Group']:,} groups, "
            f"{written['members.Client']:,} clients, {written['sessions_log.Attendance']:,} attendances; "
            f"{rows:,} rows in {time.monotonic() - started:.0f} s."
        )

    def _show_progress(self, done: int, total: int) -> None:
        """Redraw a bar on a terminal; write a line each time elsewhere."""
        if self.stdout.isatty():
            filled = _BAR * done // total
            bar = "█" * filled + "░" * (_BAR - filled)
            self.stdout.write(f"\r{bar} {done:,} of {total:,} groups", ending="\n" if done == total else "")
            self.stdout.flush()
        else:
            self.stdout.write(f"{done:,} of {total:,} groups")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("must be a whole number from 0 on")
    return int(text)
