"""``manage.py migrate``: Django's own, seeing every row, as a migration of data must."""

from typing import Any

from django.core.management.commands import migrate

from common.acting import SYSTEM, acting_as


class Command(migrate.Command):
    """Acts for the system (``common.acting``)."""

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
