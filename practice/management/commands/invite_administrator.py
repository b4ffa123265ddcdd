"""The first account of a new practice: everybody else is invited in the browser."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from common.acting import SYSTEM, acting_as
from common.errors import RuleBroken
from practice.models import Role
from practice.services import create_staff, invite


class Command(BaseCommand):
    help = "Make an administrator's account and mail the invitation to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                person = create_staff(
                    email=options["email"],
                    first_name=options["first_name"],
                    last_name=options["last_name"],
                    roles=[Role.ADMINISTRATOR],
                )
                invite(user=person, by=None)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The invitation is on its way to {person.email}.")
