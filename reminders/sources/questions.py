"""The few questions after a session (R39): asked once, the next day, of everybody who was there.

Whether somebody has answered already is not looked at: a message that is sent or not would tell.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from members.models import Channel
from practice.models import Policy
from reminders.models import Kind, Message, Outcome
from reminders.sources.base import ATTENDING, Source, hours_of, insert
from reminders.sources.sessions import stale_about_sessions
from sessions_log.models import AWAY, AbsenceNotice, Attendance, Session

_AFTER = timedelta(hours=12)


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    open_for = timedelta(hours=policy.climate_hours)
    if open_for <= _AFTER:
        return
    asked = Message.objects.filter(kind=Kind.QUESTIONS, session=OuterRef("pk"), membership=OuterRef("membership"))
    were_there = (
        Session.objects.scheduled()
        .filter(
            Q(group__memberships__ends_on__isnull=True) | Q(group__memberships__ends_on__gte=F("local_day")),
            ends_at__gt=at - open_for,
            ends_at__lte=at,
            group__memberships__state__in=ATTENDING,
            group__memberships__starts_on__lte=F("local_day"),
            group__memberships__client__user__is_active=True,
            group__memberships__client__consents__channel=Channel.EMAIL,
            group__memberships__client__consents__withdrawn_at__isnull=True,
        )
        .annotate(
            membership=F("group__memberships__pk"),
            client=F("group__memberships__client_id"),
            client_zone=F("group__memberships__client__site__zone"),
        )
        .exclude(Exists(asked))
        .order_by("pk", "membership")
        .values("pk", "membership", "client", "client_zone", "ends_at", "schedule_version")
    )
    rows = list(were_there)
    if rows:
        yield insert(
            Message(
                kind=Kind.QUESTIONS,
                channel=Channel.EMAIL,
                client_id=row["client"],
                subject_id=row["pk"],
                session_id=row["pk"],
                membership_id=row["membership"],
                version=row["schedule_version"],
                due_at=hours_of(policy).place(
                    row["ends_at"] + _AFTER, zone=row["client_zone"], before=row["ends_at"] + open_for
                ),
                useful_until=row["ends_at"] + open_for,
            )
            for row in rows
        )


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    stale = stale_about_sessions(messages)
    keys = [message.pk for message in messages if message.pk not in stale]
    of_member = {"session": OuterRef("session"), "membership": OuterRef("membership")}
    away = Q(Exists(Attendance.objects.filter(**of_member, status__in=AWAY))) | Q(
        Exists(AbsenceNotice.objects.standing().filter(**of_member))
    )
    were_away = Message.objects.filter(away, pk__in=keys).order_by().values_list("pk", flat=True)
    return stale | dict.fromkeys(were_away, Outcome.ABSENCE_KNOWN)


SOURCE = Source(kinds=frozenset({Kind.QUESTIONS}), find=_find, stale=_stale)
