"""Sessions that were moved, put elsewhere, called off or taken up again: told once, against what people know.

Sessions know nothing of messages. Each has a version that rises with every change; the sweep compares it with what
people were told last (``KnownSchedule``), once nobody has changed it for a while and not at night: an undone change is
none, and an evening full of them is what it comes to. Of many sessions of a group changed in one go, one message names
the first and counts the others: nobody gets twenty mails because a series moved.
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
from reminders.schedule import Hours
from reminders.sources.base import ATTENDING, Source, hours_of, insert
from reminders.sources.sessions import stale_about_sessions
from sessions_log.models import Session

# Who moves a session by mistake moves it again at once; only the last state is told.
SETTLING = timedelta(minutes=2)
KINDS = (Kind.MOVED, Kind.PLACE, Kind.CANCELLED, Kind.EXTRA)

# Coming sessions never seen before are as people know them, but for those beside the rhythm: of these nobody knows.
_NOTE_NEW = """
    INSERT INTO reminders_knownschedule
           (id, created_at, session_id, version, starts_at, room_id, online_link, is_cancelled)
    SELECT gen_random_uuid(), now(), id, CASE WHEN is_extra THEN 0 ELSE schedule_version END, starts_at, room_id,
           online_link, is_extra OR status = 'cancelled'
      FROM sessions_log_session AS session
     WHERE starts_at > %s
       AND NOT EXISTS (SELECT FROM reminders_knownschedule WHERE session_id = session.id)
        ON CONFLICT (session_id) DO NOTHING
"""
_NOTE_CHANGED = """
    UPDATE reminders_knownschedule AS known SET seen_version = session.schedule_version, seen_at = %s
      FROM sessions_log_session AS session
     WHERE session.id = known.session_id AND session.starts_at > %s
       AND known.version < session.schedule_version
       AND known.seen_version IS DISTINCT FROM session.schedule_version
"""


class _Change(NamedTuple):
    """What a member has to know about one session."""

    kind: Kind
    session: Session
    previous_at: datetime | None = None
    is_elsewhere: bool = False


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_NEW, [at])
        cursor.execute(_NOTE_CHANGED, [at, at])
    changed = (
        Session.objects.filter(starts_at__gt=at, known_schedule__version__lt=F("schedule_version"))
        .select_related("known_schedule")
        .order_by("group_id", "starts_at", "pk")
    )
    hours = hours_of(policy)
    for _group, of_group in groupby(list(changed), key=attrgetter("group_id")):
        sessions = list(of_group)
        if _is_ripe(sessions, hours=hours, at=at):
            with transaction.atomic():
                changes = [change for session in sessions if (change := _taken_note_of(session))]
                if changes:
                    yield insert(_messages(changes, at=at, policy=policy))


def _is_ripe(sessions: Sequence[Session], *, hours: Hours, at: datetime) -> bool:
    """Whether nobody is at them any more and people may be written to, or one begins before they may."""
    seen = [session.known_schedule.seen_at for session in sessions]
    if any(seen_at is None or seen_at > at - SETTLING for seen_at in seen):
        return False
    zone = sessions[0].zone
    return hours.contain(at, zone) or sessions[0].starts_at <= hours.next_opening(at, zone)


def _taken_note_of(session: Session) -> _Change | None:
    """Move what is known of ``session`` on, and return what changed; nothing if somebody else did so first."""
    known = session.known_schedule
    is_ours = KnownSchedule.objects.filter(pk=known.pk, version=known.version).update(
        version=session.schedule_version,
        starts_at=session.starts_at,
        room=session.room_id,
        online_link=session.online_link,
        is_cancelled=session.is_cancelled,
    )
    if not is_ours:
        return None
    if session.is_cancelled:
        return None if known.is_cancelled else _Change(Kind.CANCELLED, session)
    if known.is_cancelled:
        return _Change(Kind.EXTRA, session)
    told_start, is_elsewhere_untold = _still_to_tell(session)
    told_start = told_start or known.starts_at
    is_elsewhere = (session.room_id, session.online_link) != (known.room_id, known.online_link) or is_elsewhere_untold
    if session.starts_at != told_start:
        return _Change(Kind.MOVED, session, told_start, is_elsewhere)
    return _Change(Kind.PLACE, session) if is_elsewhere else None


def _still_to_tell(session: Session) -> tuple[datetime | None, bool]:
    """While a server is in trouble an earlier change has not gone out: return the start before it, and whether it was
    one of place. The new version takes its place.
    """
    untold = list(
        Message.objects.filter(session=session, kind__in=(Kind.MOVED, Kind.PLACE), state=MessageState.PENDING)
        .order_by("version")
        .only("kind", "previous_at", "is_elsewhere")
    )
    start = next((message.previous_at for message in untold if message.previous_at), None)
    return start, any(message.kind == Kind.PLACE or message.is_elsewhere for message in untold)


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
        for same in mine.values():
            for channel in reached[membership.client_id]:
                yield _message(same, membership, channel, at=at, policy=policy)


def _message(same: Sequence[_Change], membership: Membership, channel: str, *, at: datetime, policy: Policy) -> Message:
    first = same[0]
    starts_at, zone = first.session.starts_at, membership.client.site.zone
    return Message(
        kind=first.kind,
        channel=channel,
        client_id=membership.client_id,
        subject_id=first.session.pk,
        session=first.session,
        membership=membership,
        version=first.session.schedule_version,
        previous_at=first.previous_at,
        is_elsewhere=first.is_elsewhere,
        also_changed=len(same) - 1,
        due_at=at if channel == Via.APP else hours_of(policy).place(at, zone=zone, before=starts_at),
        useful_until=starts_at,
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
