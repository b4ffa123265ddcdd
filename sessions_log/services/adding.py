"""One session more, beside the rhythm of its group (R32)."""

from datetime import date, time

from django.db import transaction
from django.db.models import Max

from audit.services import record
from common.clock import now
from groups_app.models import Group
from groups_app.services import check_licenses, set_session_count
from practice.models import Room, User
from sessions_log.models import Session, SessionLeader
from sessions_log.series import Rule
from sessions_log.services.errors import AlreadyStarted, GroupOver
from sessions_log.services.locking import locked_group, on_the_clock
from sessions_log.services.moving import ensure_open
from sessions_log.services.numbering import renumber
from sessions_log.services.places import Places, guarded, lock_places, places_of
from sessions_log.services.venues import venue_for

MOST_SESSIONS = 200  # as many as a time-limited group can have


@transaction.atomic
def add_session(
    *, group: Group, day: date, wall: time, minutes: int, room: Room | None, by: User, link: str = ""
) -> Session:
    """Add a session of ``group`` on ``day`` when clocks at its site show ``wall``, led by its leaders of today.

    Without a ``room`` it is online, by ``link`` or, if that is empty, by the group's. It is numbered by its place in
    time, and later sessions move on by one; a time-limited group has one session more. Raises ``AlreadyStarted``,
    ``GroupOver``, ``NotLicensed``, ``RoomElsewhere``, ``NoLink``, ``SiteClosed``, ``RoomTaken`` or ``LeaderTaken``.
    """
    group = locked_group(group.pk)
    slot = Rule(day, wall, minutes, 1, group.site.zone).slot_on(day)
    if slot.starts_at <= now():
        raise AlreadyStarted
    if group.is_over or (group.session_count or 0) >= MOST_SESSIONS:
        raise GroupOver
    check_licenses(group)
    venue = venue_for(group, room, link)
    ensure_open(group.site_id, day)
    on_the_clock()
    usual = places_of(group)
    bookings = Places(venue.room, usual.leaders, usual.zone).on([slot])
    lock_places(bookings)
    last = group.sessions.aggregate(number=Max("number"))["number"] or 0
    session = Session(
        group=group,
        number=last + 1,
        local_day=day,
        local_time=wall,
        minutes=minutes,
        zone=group.site.zone,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        room=venue.room,
        online_link=venue.link,
        is_extra=True,
    )
    with guarded(bookings, by=by):
        session.save(force_insert=True)
        SessionLeader.objects.bulk_create(
            SessionLeader(session=session, user=leader, position=position, busy=session.span)
            for position, leader in enumerate(usual.leaders, start=1)
        )
    renumber(group)
    if group.session_count:
        set_session_count(group=group, count=group.session_count + 1)
    session.refresh_from_db(fields=["number"])
    record(action="session.added", by=by, target=session)
    return session
