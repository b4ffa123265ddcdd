"""Another day, time or room, or not at all (R32)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from groups_app.models import Group, Membership
from practice.models import User
from sessions_log.models import AttendanceStatus, Session
from sessions_log.services import (
    AlreadyCancelled,
    AlreadyDocumented,
    AlreadyStarted,
    LeaderTaken,
    NoLink,
    RoomElsewhere,
    RoomTaken,
    SiteClosed,
    cancel_session,
    give_absence_notice,
    move_session,
    record_attendance,
    schedule_series,
)
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, RoomFactory, SiteFactory, TherapistFactory

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 27)


def test_a_moved_session_knows_its_new_and_its_old_time(session: Session, therapist: User) -> None:
    was = session.starts_at
    room = RoomFactory()
    move_session(session=session, day=FRIDAY, wall=time(9, 15), room=room, by=therapist)
    session.refresh_from_db()
    assert session.starts_at == datetime(2026, 11, 27, 14, 15, tzinfo=UTC)
    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert (session.local_day, session.local_time, session.room) == (FRIDAY, time(9, 15), room)
    assert (session.moved_from, session.schedule_version) == (was, 2)
    # The leader's row went along.
    assert session.leaders.get().busy == session.span


def test_back_to_its_planned_time_it_was_never_moved(session: Session, therapist: User) -> None:
    day, wall, room = session.local_day, session.local_time, session.room
    move_session(session=session, day=FRIDAY, wall=wall, room=room, by=therapist)
    move_session(session=session, day=date(2026, 11, 28), wall=wall, room=room, by=therapist)
    moved = move_session(session=session, day=day, wall=wall, room=room, by=therapist)
    assert (moved.moved_from, moved.schedule_version) == (None, 4)


def test_moving_it_to_where_it_is_changes_nothing(session: Session, therapist: User) -> None:
    for _twice in range(2):
        moved = move_session(session=session, day=FRIDAY, wall=time(9), room=session.room, by=therapist)
    assert moved.schedule_version == 2


def test_another_room_alone_keeps_the_time(session: Session, therapist: User) -> None:
    moved = move_session(
        session=session, day=session.local_day, wall=session.local_time, room=RoomFactory(), by=therapist
    )
    assert (moved.moved_from, moved.schedule_version) == (None, 2)


def test_notices_for_another_day_do_not_count(session: Session, members: list[Membership], therapist: User) -> None:
    give_absence_notice(session=session, membership=members[0], by=members[0].client.user)
    later = session.local_time.replace(hour=19)
    move_session(session=session, day=session.local_day, wall=later, room=session.room, by=therapist)
    assert session.absence_notices.filter(withdrawn_at=None).count() == 1
    move_session(session=session, day=FRIDAY, wall=later, room=session.room, by=therapist)
    assert session.absence_notices.filter(withdrawn_at=None).count() == 0


def test_the_past_does_not_move(clock: time_machine.Traveller, session: Session, therapist: User) -> None:
    with pytest.raises(AlreadyStarted):
        move_session(session=session, day=date(2026, 11, 19), wall=time(9), room=session.room, by=therapist)
    clock.move_to(session.starts_at)
    with pytest.raises(AlreadyStarted):
        move_session(session=session, day=FRIDAY, wall=time(9), room=session.room, by=therapist)


def test_a_room_that_is_taken(session: Session, group: Group, therapist: User) -> None:
    rival = GroupFactory(leaders=[TherapistFactory()], room=group.room, first_day=FRIDAY, session_count=1)
    schedule_series(group=rival, by=therapist)
    with pytest.raises(RoomTaken, match="on Friday, November 27 at 5:00 PM by another session"):
        move_session(session=session, day=FRIDAY, wall=time(17), room=group.room, by=therapist)
    session.refresh_from_db()
    assert (session.local_day, session.schedule_version) == (date(2026, 11, 24), 1)


def test_a_leader_who_is_busy(session: Session, therapist: User) -> None:
    rival = GroupFactory(name="Friday lunch", leaders=[therapist], first_day=FRIDAY, session_count=1)
    schedule_series(group=rival, by=therapist)
    with pytest.raises(LeaderTaken, match="Dana Whitfield leads Friday lunch on Friday, November 27 at 7:00 PM"):
        move_session(session=session, day=FRIDAY, wall=time(19), room=session.room, by=therapist)


def test_it_is_not_in_its_own_way(session: Session, therapist: User) -> None:
    moved = move_session(session=session, day=session.local_day, wall=time(18, 30), room=session.room, by=therapist)
    assert moved.local_time == time(18, 30)


def test_not_onto_a_day_off(session: Session, therapist: User) -> None:
    ClosureFactory(name="Thanksgiving", first_day=date(2026, 11, 26), last_day=FRIDAY)
    with pytest.raises(SiteClosed, match="closed on Friday, November 27: Thanksgiving"):
        move_session(session=session, day=FRIDAY, wall=time(9), room=session.room, by=therapist)


def test_not_into_a_room_of_another_site_nor_to_nowhere(session: Session, therapist: User) -> None:
    elsewhere = RoomFactory(site=SiteFactory(name="Austin", zone="America/Chicago", state="TX"))
    for room, error in ((elsewhere, RoomElsewhere), (None, NoLink)):
        with pytest.raises(error):
            move_session(session=session, day=FRIDAY, wall=time(9), room=room, by=therapist)


def test_online_for_once_and_back(session: Session, therapist: User) -> None:
    room, when = session.room, {"day": session.local_day, "wall": session.local_time, "by": therapist}
    moved = move_session(session=session, room=None, link="https://meet.example/once", **when)
    assert (moved.room, moved.online_link, moved.schedule_version) == (None, "https://meet.example/once", 2)
    rival = schedule_series(group=GroupFactory(room=room, session_count=1), by=therapist)[0]
    with pytest.raises(RoomTaken, match="is taken on Tuesday, November 24"):
        move_session(session=session, room=room, **when)
    cancel_session(session=rival, reason="Snow", by=therapist)
    moved = move_session(session=session, room=room, **when)
    assert (moved.room, moved.online_link, moved.moved_from) == (room, "", None)
    session.group.refresh_from_db()
    assert (session.group.room, session.group.online_link) == (room, "")


def test_a_session_has_a_room_or_a_link(session: Session) -> None:
    for change in ({"online_link": "https://meet.example/a"}, {"room": None}):
        with pytest.raises(IntegrityError, match="session_room_or_link"), transaction.atomic():
            Session.objects.filter(pk=session.pk).update(**change)


def test_an_online_session_stays_online(clock: time_machine.Traveller, therapist: User) -> None:
    group = GroupFactory(room=None, online_link="https://meet.example/abc", leaders=[therapist])
    session = schedule_series(group=group, by=therapist)[0]
    moved = move_session(session=session, day=FRIDAY, wall=time(9), room=None, by=therapist)
    assert (moved.room, moved.online_link) == (None, "https://meet.example/abc")


def test_a_cancelled_session_says_who_when_and_why(
    clock: time_machine.Traveller, session: Session, therapist: User
) -> None:
    cancel_session(session=session, reason="Leader ill", by=therapist)
    session.refresh_from_db()
    assert session.is_cancelled
    assert (session.cancelled_by, session.cancel_reason, session.schedule_version) == (therapist, "Leader ill", 2)
    assert session.cancelled_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert session.number == 1
    for verb in (
        lambda: cancel_session(session=session, reason="Again", by=therapist),
        lambda: move_session(session=session, day=FRIDAY, wall=time(9), room=session.room, by=therapist),
    ):
        with pytest.raises(AlreadyCancelled):
            verb()


def test_what_was_recorded_took_place(past_session: Session, members: list[Membership], therapist: User) -> None:
    record_attendance(session=past_session, statuses={members[0].pk: AttendanceStatus.PRESENT}, by=therapist)
    with pytest.raises(AlreadyDocumented):
        cancel_session(session=past_session, reason="Never mind", by=therapist)


def test_a_past_session_that_did_not_happen_can_be_cancelled(past_session: Session, therapist: User) -> None:
    assert cancel_session(session=past_session, reason="Snow", by=therapist).is_cancelled
