"""Messages that could not be sent although it is not too late to call: coordinators are asked to look, once a day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from practice.models import Policy, Role, User
from reminders.models import Kind, Message, Outcome, Via
from reminders.sources.base import Source, insert

_ONCE_IN = timedelta(days=1)


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    failed = Message.objects.failed().filter(useful_until__gt=at, client__isnull=False).order_by("due_at", "pk").first()
    if failed is None:
        return
    told = set(
        Message.objects.filter(kind=Kind.ALERT, account__isnull=False, created_at__gt=at - _ONCE_IN).values_list(
            "account_id", flat=True
        )
    )
    rows = [
        Message(
            kind=Kind.ALERT,
            channel=channel,
            account=coordinator,
            subject_id=failed.pk,
            version=at.date().toordinal(),
            created_at=at,
            due_at=at,
            useful_until=at + _ONCE_IN,
        )
        for coordinator in User.objects.with_role(Role.COORDINATOR).able_to_sign_in()
        if coordinator.pk not in told
        for channel in (Via.EMAIL, Via.APP)
    ]
    if rows:
        yield insert(rows)


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    still = set(
        Message.objects.failed()
        .filter(pk__in=[message.subject_id for message in messages], useful_until__gt=at)
        .values_list("pk", flat=True)
    )
    return {message.pk: Outcome.SETTLED for message in messages if message.subject_id not in still}


SOURCE = Source(kinds=frozenset({Kind.ALERT}), find=_find, stale=_stale)
