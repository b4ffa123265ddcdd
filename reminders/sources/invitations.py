"""Invitations that nobody took: their link is sent once more after three days (R41).

The first mail of an invitation is the practice room's own, minutes after it was made.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from practice.models import Invitation, Policy
from reminders.models import Kind, Message, Outcome, Via
from reminders.sources.base import Source, insert

LEAD_HOURS = 72
_NEEDS = timedelta(hours=12)  # who gets the link again must have time to use it


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    told = Message.objects.filter(kind=Kind.INVITATION, subject_id=OuterRef("pk"))
    after = timedelta(hours=LEAD_HOURS)
    forgotten = (
        Invitation.objects.open(at)
        .filter(mailed_at__isnull=False, mailed_at__lte=at - after + timedelta(days=1), user__is_active=True)
        .filter(expires_at__gt=F("mailed_at") + after + _NEEDS)
        .exclude(Exists(told))
        .annotate(client=F("user__client__pk"))
    )
    rows = [
        Message(
            kind=Kind.INVITATION,
            channel=Via.EMAIL,
            client_id=one.client,
            account_id=None if one.client else one.user_id,
            subject_id=one.pk,
            lead_hours=LEAD_HOURS,
            due_at=one.mailed_at + after,
            useful_until=one.expires_at,
        )
        for one in forgotten
        if one.mailed_at
    ]
    if rows:
        yield insert(rows)


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    open_ones = set(
        Invitation.objects.open(at)
        .filter(pk__in=[message.subject_id for message in messages])
        .values_list("pk", flat=True)
    )
    return {message.pk: Outcome.SETTLED for message in messages if message.subject_id not in open_ones}


SOURCE = Source(kinds=frozenset({Kind.INVITATION}), find=_find, stale=_stale)
