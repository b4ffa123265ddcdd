"""News about a member's group that wait on their page (R24, R28): a mail or text says that there is something to read.

What it is stands only there; ``groups_app`` writes it, and who has read it gets no message.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from groups_app.models import MemberNotice
from practice.models import Policy
from reminders.models import Kind, Message, Outcome
from reminders.sources.base import Source, hours_of, insert

# Who is signed in reads it at once and needs no message.
_AFTER = timedelta(minutes=30)
_USEFUL_FOR = timedelta(days=14)


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    told = Message.objects.filter(kind=Kind.DOOR, subject_id=OuterRef("pk"), channel=OuterRef("channel"))
    unread = (
        MemberNotice.objects.filter(
            seen_at__isnull=True,
            withdrawn_at__isnull=True,
            created_at__gt=at - _USEFUL_FOR,
            membership__client__consents__isnull=False,
            membership__client__consents__withdrawn_at__isnull=True,
        )
        .annotate(
            client=F("membership__client_id"),
            zone=F("membership__client__site__zone"),
            channel=F("membership__client__consents__channel"),
        )
        .exclude(Exists(told))
        .order_by("pk", "channel")
        .values("pk", "membership_id", "client", "zone", "channel", "created_at")
    )
    rows = list(unread)
    if rows:
        yield insert(
            Message(
                kind=Kind.DOOR,
                channel=row["channel"],
                client_id=row["client"],
                subject_id=row["pk"],
                membership_id=row["membership_id"],
                due_at=hours_of(policy).place(
                    row["created_at"] + _AFTER, zone=row["zone"], before=row["created_at"] + _USEFUL_FOR
                ),
                useful_until=row["created_at"] + _USEFUL_FOR,
            )
            for row in rows
        )


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    unread = set(
        MemberNotice.objects.filter(
            pk__in=[message.subject_id for message in messages], seen_at__isnull=True, withdrawn_at__isnull=True
        ).values_list("pk", flat=True)
    )
    return {message.pk: Outcome.SETTLED for message in messages if message.subject_id not in unread}


SOURCE = Source(kinds=frozenset({Kind.DOOR}), find=_find, stale=_stale)
