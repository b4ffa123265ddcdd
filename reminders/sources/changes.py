"""Sessions that were moved, put into another room, called off or taken up again: told once, against what was known.

Sessions know nothing of messages. Each has a version that rises with every change; the sweep compares it with what it
saw last (``KnownSchedule``). Of many sessions of a group changed in one go, one message names the first and counts the
others: nobody gets twenty mails because a series moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from groups_app.models import Membership
from members.models import ContactConsent
from practice.models import Policy
from reminders.models import Kind, KnownSchedule, Message, MessageState, Outcome, Via
from reminders.sources.base import ATTENDING, Source, hours_of, insert
from reminders.sources.sessions import stale_about_sessions
from sessions_log.models import Session

# Who moves a session by mistake moves it again at once; only the last state is told.
SETTLING = timedelta(minutes=2)
KINDS = (Kind.MOVED, Kind.PLACE, Kind.CANCELLED, Kind.EXTRA)


_NEW = """
    INSERT INTO reminders_knownschedule (id, created_at, session_id, version, starts_at, room_id, is_cancelled)
    SELECT gen_random_uuid(), now(), id, schedule_version, starts_at, room_id, status = 'cancelled'
      FROM sessions_log_session AS session
     WHERE starts_at > %s
       AND NOT EXISTS (SELECT FROM reminders_knownschedule WHERE session_id = session.id)
        ON CONFLICT (session_id) DO NOTHING
 RETURNING session_id
"""


class _Change(NamedTuple):
    """What a member has to know about one session."""

    kind: Kind
    session: Session
    previous_at: datetime | None


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    with transaction.atomic():
        extras = _take_note_of_new(at)
        yield from _told_by_group([_Change(Kind.EXTRA, session, None) for session in extras], at=at, policy=policy)
    changed = (
        Session.objects.filter(starts_at__gt=at, known_schedule__version__lt=F("schedule_version"))
        .select_related("known_schedule")
        .order_by("group_id", "starts_at", "pk")
    )
    for _group, sessions in groupby(list(changed), key=attrgetter("group_id")):
        with transaction.atomic():
            changes = [change for session in sessions if (change := _taken_note_of(session))]
            yield from _told_by_group(changes, at=at, policy=policy)


def _take_note_of_new(at: datetime) -> list[Session]:
    """Write down the coming sessions never seen before, and return those beside the rhythm: only they are news."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [at])
        seen = [key for (key,) in cursor.fetchall()]
    if not seen:
        return []
    extra = Session.objects.scheduled().filter(pk__in=seen, is_extra=True)
    return list(extra.order_by("group_id", "starts_at", "pk"))


def _taken_note_of(session: Session) -> _Change | None:
    """Move what is known of ``session`` on, and return what changed; nothing if somebody else did so first."""
    known = session.known_schedule
    told_at = _start_last_told(session) or known.starts_at
    is_ours = KnownSchedule.objects.filter(pk=known.pk, version=known.version).update(
        version=session.schedule_version,
        starts_at=session.starts_at,
        room=session.room_id,
        is_cancelled=session.is_cancelled,
    )
    if not is_ours:
        return None
    if session.is_cancelled:
        return None if known.is_cancelled else _Change(Kind.CANCELLED, session, None)
    if known.is_cancelled:
        return _Change(Kind.EXTRA, session, None)
    if session.starts_at != told_at:
        return _Change(Kind.MOVED, session, told_at)
    return _Change(Kind.PLACE, session, None) if session.room_id != known.room_id else None


def _start_last_told(session: Session) -> datetime | None:
    """When an earlier move has not gone out yet, people still know the start before it."""
    untold = Message.objects.filter(session=session, kind=Kind.MOVED, state=MessageState.PENDING)
    return untold.order_by("version").values_list("previous_at", flat=True).first()


def _told_by_group(changes: Sequence[_Change], *, at: datetime, policy: Policy) -> Iterator[int]:
    for _group, of_group in groupby(changes, key=lambda change: change.session.group_id):
        yield insert(_messages(list(of_group), at=at, policy=policy))


def _messages(changes: Sequence[_Change], *, at: datetime, policy: Policy) -> Iterable[Message]:
    expected = list(
        Membership.objects.filter(group=changes[0].session.group_id, state__in=ATTENDING).select_related("client__site")
    )
    reached = _channels(expected)
    for membership in expected:
        mine: dict[Kind, list[_Change]] = defaultdict(list)
        for change in changes:
            if _covers(membership, change.session):
                mine[change.kind].append(change)
        for kind, same in mine.items():
            for channel in reached[membership.client_id]:
                yield _message(kind, same, membership, channel, at=at, policy=policy)


def _message(
    kind: Kind, same: Sequence[_Change], membership: Membership, channel: str, *, at: datetime, policy: Policy
) -> Message:
    first = same[0]
    zone = membership.client.site.zone
    due_at = at + SETTLING
    if channel != Via.APP:
        due_at = hours_of(policy).place(due_at, zone=zone, before=first.session.starts_at)
    return Message(
        kind=kind,
        channel=channel,
        client_id=membership.client_id,
        subject_id=first.session.pk,
        session=first.session,
        membership=membership,
        version=first.session.schedule_version,
        previous_at=first.previous_at,
        also_changed=len(same) - 1,
        due_at=due_at,
        useful_until=first.session.starts_at,
    )


def _covers(membership: Membership, session: Session) -> bool:
    starts, ends = membership.starts_on, membership.ends_on
    return starts is not None and starts <= session.local_day and (ends is None or session.local_day <= ends)


def _channels(memberships: Iterable[Membership]) -> dict[UUID, list[str]]:
    """Return by client the channels they consented to, and Kith itself where they have an account."""
    channels: dict[UUID, list[str]] = defaultdict(list)
    clients = {membership.client_id: membership.client for membership in memberships}
    for client_id, channel in (
        ContactConsent.objects.in_force().filter(client__in=clients).values_list("client_id", "channel")
    ):
        channels[client_id].append(channel)
    for client in clients.values():
        if client.user_id:
            channels[client.pk].append(Via.APP)
    return channels


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    return stale_about_sessions(messages)


SOURCE = Source(kinds=frozenset(KINDS), find=_find, stale=_stale)
