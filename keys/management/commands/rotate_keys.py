"""``manage.py rotate_keys``: after a new key-encryption key, and to give every group and author a new data key."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.services import record
from common.acting import SYSTEM, acting_as
from keys import rotation
from keys.rotation import Fate
from keys.store import LIFETIME


class Command(BaseCommand):
    """Wraps all data keys with the first key of ``KITH_ENCRYPTION_KEYS``; with ``--data-keys`` makes new ones as well.

    People may go on working. Broken off, it goes on where it was when it is started again.
    """

    help = "Replace encryption keys; people may go on working. Can be broken off and started again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data-keys", action="store_true", help="also make new data keys and encrypt every text anew"
        )
        parser.add_argument(
            "--resume", action="store_true", help="with --data-keys: make no new keys, finish a run that was broken off"
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=LIFETIME,
            help="seconds to wait for processes that still use a replaced key before the last round (default: 60)",
        )

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        wrapped = rotation.rewrap(self._progress)
        self.stdout.write(f"{wrapped:,} data keys are wrapped by another key now.")
        record(action="key.rewrapped", by=None, reason=f"{wrapped} data keys")
        if options["data_keys"]:
            self._renew(grace=options["grace"], resume=options["resume"])

    def _renew(self, *, grace: float, resume: bool) -> None:
        renewed = 0 if resume else rotation.renew()
        fates = rotation.reseal(self._progress)
        # What other processes sealed with a key they had in hand when it was replaced.
        time.sleep(grace)
        late = rotation.reseal(self._progress)
        resealed = fates[Fate.RESEALED] + late[Fate.RESEALED]
        record(action="key.renewed", by=None, reason=f"{renewed} data keys, {resealed} texts")
        self.stdout.write(f"{renewed:,} data keys are new; {resealed:,} texts were encrypted anew.")
        for fate in (Fate.LOCKED, Fate.UNREADABLE):
            if late[fate]:
                self.stdout.write(f"{late[fate]:,} texts: {fate.value}.")

    def _progress(self, what: str, done: int, total: int) -> None:
        self.stdout.write(f"{what}: {done:,} of {total:,}")
        self.stdout.flush()
