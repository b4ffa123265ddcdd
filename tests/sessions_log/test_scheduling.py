"""The sessions of a group (R32)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from groups_app.models import Group, GroupState
from practice.models import Practice, User
from sessions_log.models import Session, SessionLeader
from sessions_log.services import (
    AlreadyScheduled,
    LeaderTaken,
    RoomTaken,
    cancel_session,
    extend_ongoing,
    move_session,
    ongoing_groups_to_extend,
    schedule_series,
)
from sessions_log.tasks import extend_ongoing_groups
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, CoordinatorFactory, SiteFactory, TherapistFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ongoing(clock: time_machine.Traveller, therapist: User) -> Group:
    return GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running")


def test_a_time_limited_group_gets_all_its_sessions(therapist: User) -> None:
    other = TherapistFactory()
    group = GroupFactory(leaders=[therapist, other])
    sessions = schedule_series(group=group, by=therapist)
    assert [session.number for session in sessions] == list(range(1, 15))
    first = sessions[0]
    assert (first.local_day, first.local_time, first.zone) == (date(2026, 11, 24), time(18), "America/New_York")
    assert first.starts_at == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert first.room == group.room
    assert [leader.user for leader in first.leaders.all()] == [therapist, other]
    # The last one is after the clocks went forward, at the same wall time.
    assert sessions[-1].local_day == date(2027, 2, 23)


def test_closures_of_the_site_and_of_the_practice_are_skipped(therapist: User) -> None:
    group = GroupFactory(leaders=[therapist])
    ClosureFactory(first_day=date(2026, 12, 22), last_day=date(2027, 1, 3))
    ClosureFactory(first_day=date(2026, 12, 1), site=group.site)
    ClosureFactory(first_day=date(2026, 12, 8), site=SiteFactory(name="Austin", zone="America/Chicago", state="TX"))
    sessions = schedule_series(group=group, by=therapist)
    days = [session.local_day for session in sessions]
    assert len(days) == 14
    assert days[:4] == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 15), date(2027, 1, 5)]
    assert [session.number for session in sessions] == list(range(1, 15))


def test_a_series_is_scheduled_once(session: Session, group: Group, therapist: User) -> None:
    with pytest.raises(AlreadyScheduled):
        schedule_series(group=group, by=therapist)
    assert group.sessions.count() == 14


def test_a_few_statements_whatever_the_number_of_sessions(
    therapist: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (3, 60):
        group = GroupFactory(leaders=[therapist], session_count=count, start_time=time(8 + count // 10))
        with django_assert_num_queries(14):
            schedule_series(group=group, by=therapist)


def test_the_room_of_another_group_is_refused_and_named_to_who_may_see_it(session: Session, group: Group) -> None:
    coordinator = CoordinatorFactory()
    rival = GroupFactory(room=group.room, first_day=date(2026, 12, 1), start_time=time(19))
    with pytest.raises(RoomTaken) as refusal:
        schedule_series(group=rival, by=coordinator)
    assert refusal.value.sentence == (
        f"{group.room.name} is taken on Tuesday, December 1 at 7:00 PM by Tuesday evening circle. "
        "Choose another room or another time."
    )
    assert refusal.value.day == date(2026, 12, 1)
    assert not rival.sessions.exists()


def test_others_learn_only_that_there_is_another_session(session: Session, group: Group) -> None:
    """R43: the name of a group is nobody's business outside of it."""
    outsider = TherapistFactory()
    rival = GroupFactory(room=group.room, leaders=[outsider])
    with pytest.raises(RoomTaken, match="by another session") as refusal:
        schedule_series(group=rival, by=outsider)
    assert group.name not in refusal.value.sentence


def test_a_leader_is_in_one_place_at_a_time(session: Session, therapist: User) -> None:
    rival = GroupFactory(leaders=[TherapistFactory(), therapist], first_day=date(2026, 12, 1), start_time=time(17))
    with pytest.raises(LeaderTaken) as refusal:
        schedule_series(group=rival, by=therapist)
    assert refusal.value.sentence == (
        "Dana Whitfield leads Tuesday evening circle on Tuesday, December 1 at 5:00 PM. "
        "Choose another time or another leader."
    )
    assert not rival.sessions.exists()
    assert SessionLeader.objects.filter(session__group=rival).count() == 0


def test_back_to_back_is_no_clash(session: Session, group: Group, therapist: User) -> None:
    rival = GroupFactory(room=group.room, leaders=[therapist], start_time=time(19, 30))
    assert len(schedule_series(group=rival, by=therapist)) == 14


def test_a_cancelled_session_is_in_nobodys_way(session: Session, group: Group, therapist: User) -> None:
    for planned in group.sessions.all():
        cancel_session(session=planned, reason="Leader ill", by=therapist)
    rival = GroupFactory(room=group.room, leaders=[therapist])
    assert len(schedule_series(group=rival, by=therapist)) == 14


class TestOngoing:
    def test_is_scheduled_to_the_horizon(self, ongoing: Group, therapist: User) -> None:
        sessions = schedule_series(group=ongoing, by=therapist)
        assert len(sessions) == 27  # the policy's 26 weeks from the first session on
        assert sessions[-1].local_day == date(2027, 5, 25)

    def test_goes_on_by_the_day(self, clock: time_machine.Traveller, ongoing: Group, therapist: User) -> None:
        schedule_series(group=ongoing, by=therapist)
        clock.move_to(datetime(2026, 12, 8, 12, tzinfo=UTC))
        added = extend_ongoing(group_id=ongoing.pk)
        assert [(session.number, session.local_day) for session in added] == [
            (28, date(2027, 6, 1)),
            (29, date(2027, 6, 8)),
        ]
        assert added[0].leaders.get().user == therapist
        assert extend_ongoing(group_id=ongoing.pk) == []

    def test_a_moved_last_session_stands_for_its_own_day(
        self, clock: time_machine.Traveller, ongoing: Group, therapist: User
    ) -> None:
        last = schedule_series(group=ongoing, by=therapist)[-1]
        move_session(
            session=last, day=last.local_day + timedelta(days=8), wall=time(9), room=ongoing.room, by=therapist
        )
        clock.move_to(datetime(2026, 12, 1, 12, tzinfo=UTC))
        assert [session.local_day for session in extend_ongoing(group_id=ongoing.pk)] == [date(2027, 6, 1)]

    def test_stops_before_a_day_that_is_taken_and_goes_on_later(
        self, clock: time_machine.Traveller, ongoing: Group, therapist: User
    ) -> None:
        schedule_series(group=ongoing, by=therapist)
        rival = GroupFactory(room=ongoing.room, first_day=date(2027, 6, 8), session_count=1)
        (taken,) = schedule_series(group=rival, by=CoordinatorFactory())
        clock.move_to(datetime(2026, 12, 15, 12, tzinfo=UTC))
        assert [session.local_day for session in extend_ongoing(group_id=ongoing.pk)] == [date(2027, 6, 1)]
        cancel_session(session=taken, reason="Merged", by=therapist)
        assert [session.local_day for session in extend_ongoing(group_id=ongoing.pk)] == [
            date(2027, 6, 8),
            date(2027, 6, 15),
        ]

    def test_the_daily_task_extends_groups_that_go_on(
        self, clock: time_machine.Traveller, ongoing: Group, therapist: User
    ) -> None:
        schedule_series(group=ongoing, by=therapist)
        ended = GroupFactory(length="ongoing", session_count=None, state=GroupState.RUNNING)
        schedule_series(group=ended, by=therapist)
        Group.objects.filter(pk=ended.pk).update(state=GroupState.ENDED)
        assert list(ongoing_groups_to_extend()) == [ongoing]
        clock.move_to(datetime(2026, 12, 2, 12, tzinfo=UTC))
        extend_ongoing_groups()
        assert ongoing.sessions.count() == 28
        assert ended.sessions.count() == 27
        assert extend_ongoing(group_id=ended.pk) == []

    def test_the_horizon_is_policy(self, ongoing: Group, therapist: User) -> None:
        Practice.objects.current().policy.__class__.objects.update(horizon_weeks=4)
        assert len(schedule_series(group=ongoing, by=therapist)) == 5
