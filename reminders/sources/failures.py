"""Messages that could not be sent although it is not too late to call: coordinators are asked to look, once a day.

What staff were to get is the administrators' as well: they make those accounts.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from practice.models import Policy, Role, User
from reminders.models import Kind, Message
from reminders.sources.base import insert, please_sign_in

_ONCE_IN = timedelta(days=1)
_MOST = 50  # looked through for one that was to reach staff
_IS_ABOUT_A_MESSAGE = Exists(Message.objects.filter(pk=OuterRef("subject_id")))


def find(at: datetime, policy: Policy) -> Iterator[int]:
    """Ask whoever can do something about the oldest failure that nobody was asked about today."""
    failed = list(_worth_a_call(at).order_by("due_at", "pk").values_list("pk", "account_id")[:_MOST])
    if not failed:
        return
    of_anybody, of_staff = failed[0][0], next((key for key, account in failed if account), None)
    told = set(
        Message.objects.filter(_IS_ABOUT_A_MESSAGE, kind=Kind.ALERT, created_at__gt=at - _ONCE_IN).values_list(
            "account_id", flat=True
        )
    )
    rows = []
    for person in User.objects.able_to_sign_in().filter(roles__overlap=[Role.COORDINATOR, Role.ADMINISTRATOR]):
        subject = of_anybody if person.has_role(Role.COORDINATOR) else of_staff
        if subject and person.pk not in told:
            day = at.date().toordinal()
            rows.append(please_sign_in(person.pk, about=subject, at=at, useful_for=_ONCE_IN, version=day))
    if rows:
        yield insert(rows)


def still_open(subjects: Collection[UUID], at: datetime) -> set[UUID]:
    """Return those of ``subjects`` that are messages about which somebody should still call."""
    return set(_worth_a_call(at).filter(pk__in=subjects).values_list("pk", flat=True))


def _worth_a_call(at: datetime) -> QuerySet[Message]:
    """What failed, is not too late, and is not itself the word about a failure."""
    return Message.objects.failed().filter(useful_until__gt=at).exclude(_IS_ABOUT_A_MESSAGE, kind=Kind.ALERT)
