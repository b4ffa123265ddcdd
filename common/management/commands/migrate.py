"""``manage.py migrate``: Django's own, seeing every row, as a migration of data must."""

import gc
from typing import Any

from django.core.management.commands import migrate

from common.acting import SYSTEM, acting_as


class Command(migrate.Command):
    """Acts for the system (``common.acting``)."""

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        # Each step renders models by the dozen, all of them cycles; at the usual pace a fifth of the time goes into
        # looking through those that stay.
        gc.set_threshold(50_000, 20, 50)
        super().handle(*args, **options)
