"""``manage.py resync_sessions``: after an update of the time zone data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common.acting import SYSTEM, acting_as
from common.clock import local
from sessions_log.services import Shift, resync


class Command(BaseCommand):
    """Derive the UTC moments of coming sessions anew from their local time, and say what moved."""

    help = (
        "Run it after an update of the time zone data (tzdata). Coming sessions keep the time that clocks at "
        "their site show; their moments in UTC follow, and reminders are made anew. "
        "It says what moved, by ids and times, without names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the switch for looking only."""
        parser.add_argument("--dry-run", action="store_true", help="say what would move and change nothing")

    @acting_as(SYSTEM)
    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """Go through all coming sessions."""
        moved = refused = 0
        for shift in resync(is_dry_run=dry_run):
            refused += shift.refused
            moved += not shift.refused
            self.stdout.write(_line(shift))
        verb = "would move" if dry_run else "moved"
        self.stdout.write(f"{moved} {'session' if moved == 1 else 'sessions'} {verb}.")
        if refused:
            self.stdout.write(
                f"{refused} stayed, because the room or a leader is taken at the new moment: move them in the calendar."
            )


def _line(shift: Shift) -> str:
    zone = shift.session.zone
    was, now_shown = (f"{local(moment, zone):%Y-%m-%d %H:%M}" for moment in (shift.before, shift.after))
    words = "cannot move" if shift.refused else "moves"
    return f"{shift.session.pk} {words}: {zone} clocks show {was} at the stored moment, {now_shown} is meant."
