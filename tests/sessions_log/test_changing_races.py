"""Series changed at the same moment: each is written whole or refused with sentences, and numbers stay in order."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from sessions_log.models import Session, SessionStatus
from sessions_log.services import (
    AlreadyCancelled,
    LeaderTaken,
    NotClosed,
    RoomTaken,
    Scope,
    Wish,
    add_session,
    cancel_session,
    change_sessions,
    move_out,
    restore_session,
    schedule_series,
    stand_in,
)
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, CoordinatorFactory, RoomFactory, TherapistFactory
from tests.sessions_log.test_races import RACERS, race

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_series_moved_into_the_same_room() -> None:
    coordinator, room = CoordinatorFactory(), RoomFactory()
    with time_machine.travel(NOW, tick=False):
        firsts = [schedule_series(group=GroupFactory(session_count=4), by=coordinator)[0] for _ in range(RACERS)]
        refusals = race(
            [
                lambda first=first: change_sessions(
                    session=first,
                    scope=Scope.ALL,
                    wish=Wish(first.local_day, first.local_time, first.minutes, room),
                    by=coordinator,
                )
                for first in firsts
            ]
        )
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {RoomTaken}
    assert all(len(refusal.clashes) == 4 for refusal in refusals if refusal)
    # The winner's whole series is there, and nothing of the others.
    winner = firsts[refusals.index(None)].group
    assert set(Session.objects.filter(room=room).values_list("group", flat=True)) == {winner.pk}
    assert Session.objects.filter(room=room).count() == 4


def test_one_stand_in_for_many() -> None:
    coordinator, guest = CoordinatorFactory(), TherapistFactory()
    with time_machine.travel(NOW, tick=False):
        firsts = [schedule_series(group=GroupFactory(session_count=3), by=coordinator)[0] for _ in range(RACERS)]
        leaders = [first.leaders.get().user for first in firsts]
        refusals = race(
            [
                lambda first=first, leader=leader: stand_in(
                    session=first, scope=Scope.ALL, leader=leader, substitute=guest, by=coordinator
                )
                for first, leader in zip(firsts, leaders, strict=True)
            ]
        )
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {LeaderTaken}
    assert Session.objects.filter(leaders__user=guest).count() == 3


def test_extra_sessions_of_one_group() -> None:
    coordinator, group = CoordinatorFactory(), GroupFactory(session_count=4)
    with time_machine.travel(NOW, tick=False):
        schedule_series(group=group, by=coordinator)
        days = [date(2026, 11, 25) + timedelta(days=step) for step in range(RACERS)]
        refusals = race(
            [
                lambda day=day: add_session(
                    group=group, day=day, wall=time(9), minutes=60, room=group.room, by=coordinator
                )
                for day in days
            ]
        )
    assert refusals == [None] * RACERS
    in_time = group.sessions.order_by("starts_at").values_list("number", flat=True)
    assert list(in_time) == list(range(1, 5 + RACERS))
    group.refresh_from_db()
    assert group.session_count == 4 + RACERS


def test_moved_out_by_many_at_once() -> None:
    coordinator, group = CoordinatorFactory(), GroupFactory(session_count=4)
    with time_machine.travel(NOW, tick=False):
        first = schedule_series(group=group, by=coordinator)[0]
        ClosureFactory(first_day=first.local_day)
        refusals = race([lambda: move_out(session=first, by=coordinator)] * RACERS)
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {NotClosed}
    assert list(group.sessions.order_by("starts_at").values_list("number", flat=True)) == [1, 2, 3, 4]
    first.refresh_from_db()
    assert (first.number, first.schedule_version) == (4, 2)


def test_canceled_while_its_series_moves() -> None:
    coordinator, group = CoordinatorFactory(), GroupFactory(session_count=6)
    with time_machine.travel(NOW, tick=False):
        first, second, *_others = schedule_series(group=group, by=coordinator)
        wish = Wish(first.local_day, time(9), first.minutes, group.room)
        refusals = race(
            [
                lambda: cancel_session(session=second, reason="Snow", by=coordinator),
                lambda: change_sessions(session=first, scope=Scope.ALL, wish=wish, by=coordinator),
            ]
        )
    assert refusals == [None, None]
    second.refresh_from_db()
    assert second.status == SessionStatus.CANCELLED
    assert {row.local_time for row in group.sessions.scheduled()} == {time(9)}


def test_a_place_that_two_want_back() -> None:
    coordinator, room = CoordinatorFactory(), RoomFactory()
    with time_machine.travel(NOW, tick=False):
        canceled = []
        for _each in range(RACERS):
            session = schedule_series(group=GroupFactory(room=room, session_count=1), by=coordinator)[0]
            canceled.append(cancel_session(session=session, reason="Snow", by=coordinator))
        refusals = race([lambda one=one: restore_session(session=one, by=coordinator) for one in canceled])
        assert refusals.count(None) == 1
        assert {type(refusal) for refusal in refusals if refusal} == {RoomTaken}
        again = race([lambda: cancel_session(session=canceled[refusals.index(None)], reason="No", by=coordinator)] * 3)
    assert again.count(None) == 1
    assert {type(refusal) for refusal in again if refusal} == {AlreadyCancelled}
