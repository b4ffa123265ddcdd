"""Changing this session and those that follow, or all that are to come (R32)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from groups_app.models import Group, Membership
from practice.models import User
from sessions_log.models import Session
from sessions_log.services import (
    AlreadyCancelled,
    AlreadyStarted,
    LeaderTaken,
    NoLink,
    RoomElsewhere,
    RoomTaken,
    Scope,
    SiteClosed,
    Wish,
    cancel_session,
    change_sessions,
    extend_ongoing,
    give_absence_notice,
    move_session,
    propose_change,
    schedule_series,
)
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, CoordinatorFactory, RoomFactory, SiteFactory, TherapistFactory

pytestmark = pytest.mark.django_db

TUESDAYS = [date(2026, 11, 24) + timedelta(weeks=week) for week in range(14)]


def wish(session: Session, **other: object) -> Wish:
    """As the session is, but for ``other``."""
    return Wish(
        **{
            "day": session.local_day,
            "wall": session.local_time,
            "minutes": session.minutes,
            "room": session.room,
            **other,
        }
    )


def days_of(group: Group) -> list[date]:
    return list(group.sessions.order_by("number").values_list("local_day", flat=True))


def numbers_by_time(group: Group) -> list[int]:
    return list(group.sessions.order_by("starts_at").values_list("number", flat=True))


@pytest.fixture
def series(session: Session, group: Group) -> Sequence[Session]:
    """The 14 Tuesdays, by number from 1 on."""
    return [session, *group.sessions.order_by("number").with_place()[1:]]


class TestTimeRoomLength:
    def test_this_and_following(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        other = RoomFactory()
        fifth = series[4]
        changed = change_sessions(
            session=fifth,
            scope=Scope.FOLLOWING,
            wish=wish(fifth, wall=time(17, 30), minutes=75, room=other),
            by=therapist,
        )
        assert [session.number for session in changed] == list(range(5, 15))
        assert days_of(group) == TUESDAYS
        rows = group.sessions.order_by("number")
        assert {(row.local_time, row.minutes, row.room, row.schedule_version) for row in rows[4:]} == {
            (time(17, 30), 75, other, 2)
        }
        assert {(row.local_time, row.minutes, row.schedule_version) for row in rows[:4]} == {(time(18), 90, 1)}
        assert all(row.moved_from is None for row in rows)
        assert all(row.leaders.get().busy == row.span for row in rows)
        group.refresh_from_db()
        assert (group.start_time, group.minutes, group.room, group.rhythm_day) == (time(17, 30), 75, other, None)

    def test_from_a_room_online_and_back(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        """Only those in the usual room go along; the group's row follows, so that later sessions do."""
        room, own = group.room, RoomFactory()
        move_session(session=series[6], day=TUESDAYS[6], wall=time(18), room=own, by=therapist)
        fifth = series[4]
        online = wish(fifth, room=None, link="https://meet.example/circle")
        changed = change_sessions(session=fifth, scope=Scope.FOLLOWING, wish=online, by=therapist)
        assert [one.number for one in changed] == [5, 6, *range(8, 15)]
        rows = list(group.sessions.order_by("number"))
        assert [row.room for row in rows] == [room] * 4 + [None] * 2 + [own] + [None] * 7
        assert {row.online_link for row in rows if row.room is None} == {"https://meet.example/circle"}
        group.refresh_from_db()
        assert (group.room, group.online_link) == (None, "https://meet.example/circle")

        rival = GroupFactory(room=room, first_day=TUESDAYS[9], session_count=2)
        schedule_series(group=rival, by=therapist)
        fifth = Session.objects.with_place().get(pk=fifth.pk)
        back = wish(fifth, room=room)
        with pytest.raises(RoomTaken) as taken:
            change_sessions(session=fifth, scope=Scope.ALL, wish=back, by=therapist)
        assert [clash.slot.day for clash in taken.value.clashes] == TUESDAYS[9:11]
        for one in rival.sessions.all():
            cancel_session(session=one, reason="Snow", by=therapist)
        change_sessions(session=fifth, scope=Scope.ALL, wish=back, by=therapist)
        assert [row.room for row in group.sessions.order_by("number")] == [room] * 6 + [own] + [room] * 7
        assert not group.sessions.exclude(online_link="").exists()
        group.refresh_from_db()
        assert (group.room, group.online_link) == (room, "")

    def test_the_wall_time_holds_when_clocks_change(self, clock: time_machine.Traveller, therapist: User) -> None:
        group = GroupFactory(leaders=[therapist], session_count=18)
        first = schedule_series(group=group, by=therapist)[0]
        change_sessions(session=first, scope=Scope.ALL, wish=wish(first, wall=time(9)), by=therapist)
        hours = {(row.local_day > date(2027, 3, 14), row.starts_at.hour) for row in group.sessions.all()}
        assert hours == {(False, 14), (True, 13)}

    def test_all_coming_leaves_the_past(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        clock.move_to(datetime(2026, 12, 9, 12, tzinfo=UTC))
        seventh = series[6]
        changed = change_sessions(session=seventh, scope=Scope.ALL, wish=wish(seventh, wall=time(19)), by=therapist)
        assert [session.number for session in changed] == list(range(4, 15))
        assert [row.local_time.hour for row in group.sessions.order_by("number")] == [18] * 3 + [19] * 11

    def test_what_was_changed_by_hand_stays(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        own_room = RoomFactory()
        friday = date(2026, 12, 11)
        move_session(session=series[2], day=friday, wall=time(9), room=series[2].room, by=therapist)
        move_session(session=series[3], day=TUESDAYS[3], wall=time(18), room=own_room, by=therapist)
        new_room = RoomFactory()
        first = series[0]
        change_sessions(session=first, scope=Scope.ALL, wish=wish(first, wall=time(17), room=new_room), by=therapist)
        third, fourth = group.sessions.get(number=3), group.sessions.get(number=4)
        assert (third.local_day, third.local_time, third.room) == (friday, time(9), new_room)
        assert third.moved_from == datetime(2026, 12, 8, 22, tzinfo=UTC)  # 5:00 PM, as its series is now
        assert (fourth.local_time, fourth.room) == (time(17), own_room)

    def test_begun_at_one_that_was_moved_it_reaches_the_usual_ones(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        moved = move_session(session=series[1], day=TUESDAYS[1], wall=time(11), room=series[1].room, by=therapist)
        change_sessions(session=moved, scope=Scope.FOLLOWING, wish=wish(moved, wall=time(17)), by=therapist)
        assert [row.local_time.hour for row in group.sessions.order_by("number")] == [18] + [17] * 13

    def test_only_one_is_a_move(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        (changed,) = change_sessions(
            session=series[0], scope=Scope.ONE, wish=wish(series[0], wall=time(17)), by=therapist
        )
        assert changed.moved_from is not None
        group.refresh_from_db()
        assert group.start_time == time(18)

    def test_nothing_new_changes_nothing(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        assert change_sessions(session=series[0], scope=Scope.ALL, wish=wish(series[0]), by=therapist) == []
        assert set(group.sessions.values_list("schedule_version", flat=True)) == {1}


class TestAnotherDay:
    def test_the_rhythm_begins_anew_and_skips_closures(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        ClosureFactory(name="Winter break", first_day=date(2026, 12, 31), last_day=date(2027, 1, 1))
        fifth = series[4]
        change_sessions(session=fifth, scope=Scope.FOLLOWING, wish=wish(fifth, day=date(2026, 12, 24)), by=therapist)
        thursdays = [date(2026, 12, 24), *(date(2027, 1, 7) + timedelta(weeks=week) for week in range(9))]
        assert days_of(group) == [*TUESDAYS[:4], *thursdays]
        group.refresh_from_db()
        assert (group.first_day, group.rhythm_day, group.weekday) == (TUESDAYS[0], date(2026, 12, 24), 3)

    def test_a_week_later_does_not_stand_in_its_own_way(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        second = series[1]
        change_sessions(session=second, scope=Scope.FOLLOWING, wish=wish(second, day=TUESDAYS[2]), by=therapist)
        assert days_of(group) == [TUESDAYS[0], *TUESDAYS[2:], TUESDAYS[-1] + timedelta(weeks=1)]
        change_sessions(session=group.sessions.get(number=2), scope=Scope.FOLLOWING,
                        wish=wish(group.sessions.get(number=2), day=TUESDAYS[1]), by=therapist)  # fmt: skip
        assert days_of(group) == TUESDAYS

    def test_all_before_the_first_session_move_the_beginning(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        third = series[2]
        change_sessions(
            session=third, scope=Scope.ALL, wish=wish(third, day=third.local_day + timedelta(days=1)), by=therapist
        )
        assert days_of(group) == [day + timedelta(days=1) for day in TUESDAYS]
        group.refresh_from_db()
        assert (group.first_day, group.rhythm_day) == (date(2026, 11, 25), None)

    def test_every_two_weeks_stays_every_two_weeks(self, clock: time_machine.Traveller, therapist: User) -> None:
        group = GroupFactory(leaders=[therapist], cadence=2, session_count=6)
        third = schedule_series(group=group, by=therapist)[2]
        change_sessions(session=third, scope=Scope.FOLLOWING, wish=wish(third, day=date(2026, 12, 30)), by=therapist)
        assert days_of(group)[2:] == [date(2026, 12, 30) + timedelta(weeks=2 * step) for step in range(4)]

    def test_canceled_and_moved_ones_use_up_their_day(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        cancel_session(session=series[1], reason="Snow", by=therapist)
        move_session(session=series[2], day=date(2026, 12, 12), wall=time(9), room=series[2].room, by=therapist)
        first = series[0]
        change_sessions(session=first, scope=Scope.ALL, wish=wish(first, day=date(2026, 11, 25)), by=therapist)
        wednesdays = [day + timedelta(days=1) for day in TUESDAYS]
        assert days_of(group) == [wednesdays[0], TUESDAYS[1], date(2026, 12, 12), *wednesdays[3:]]
        assert group.sessions.get(number=3).moved_from == datetime(2026, 12, 9, 23, tzinfo=UTC)

    def test_notices_for_another_day_do_not_count(
        self,
        clock: time_machine.Traveller,
        series: Sequence[Session],
        members: list[Membership],
        therapist: User,
    ) -> None:
        for session in series[:2]:
            give_absence_notice(session=session, membership=members[0], by=members[0].client.user)
        second = series[1]
        change_sessions(session=second, scope=Scope.FOLLOWING, wish=wish(second, day=date(2026, 12, 2)), by=therapist)
        assert series[0].absence_notices.filter(withdrawn_at=None).count() == 1
        assert second.absence_notices.filter(withdrawn_at=None).count() == 0

    def test_an_ongoing_group_goes_on_in_its_new_rhythm(self, clock: time_machine.Traveller, therapist: User) -> None:
        group = GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running", cadence=2)
        sessions = schedule_series(group=group, by=therapist)
        change_sessions(
            session=sessions[3],
            scope=Scope.FOLLOWING,
            wish=wish(sessions[3], day=sessions[3].local_day + timedelta(days=2), wall=time(12)),
            by=therapist,
        )
        clock.move_to(datetime(2026, 12, 24, 12, tzinfo=UTC))
        last = group.sessions.order_by("number")[len(sessions) - 1]
        added = extend_ongoing(group_id=group.pk)
        assert [(row.local_day, row.local_time) for row in added] == [
            (last.local_day + timedelta(weeks=2 * step), time(12)) for step in range(1, len(added) + 1)
        ]
        assert added


class TestRefusals:
    def test_every_clash_is_named_and_nothing_changes(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        taken = RoomFactory(name="Blue room")
        rivals = GroupFactory(name="Wednesdays", room=taken, first_day=TUESDAYS[2], session_count=2)
        schedule_series(group=rivals, by=CoordinatorFactory())
        busy = GroupFactory(name="Lunch", leaders=[therapist], first_day=TUESDAYS[5], session_count=1,
                            start_time=time(16, 30))  # fmt: skip
        schedule_series(group=busy, by=therapist)
        first = series[0]
        change = {"scope": Scope.ALL, "wish": wish(first, wall=time(17), room=taken)}
        expected = [
            "Blue room is taken on Tuesday, December 8 at 5:00 PM by another session.",
            "Blue room is taken on Tuesday, December 15 at 5:00 PM by another session.",
            "Dana Whitfield leads Lunch on Tuesday, December 29 at 5:00 PM.",
        ]
        proposal = propose_change(session=first, by=therapist, **change)
        assert [str(clash) for clash in proposal.clashes] == expected
        with pytest.raises((RoomTaken, LeaderTaken)) as refusal:
            change_sessions(session=first, by=therapist, **change)
        assert refusal.value.sentences[:-1] == expected
        assert set(group.sessions.values_list("local_time", "schedule_version")) == {(time(18), 1)}
        group.refresh_from_db()
        assert group.start_time == time(18)

    def test_not_into_the_past(self, clock: time_machine.Traveller, series: Sequence[Session], therapist: User) -> None:
        with pytest.raises(AlreadyStarted):
            change_sessions(
                session=series[1], scope=Scope.ALL, wish=wish(series[1], day=date(2026, 11, 24)), by=therapist
            )
        clock.move_to(series[0].starts_at)
        with pytest.raises(AlreadyStarted):
            change_sessions(session=series[0], scope=Scope.ALL, wish=wish(series[0], wall=time(20)), by=therapist)

    def test_not_a_canceled_one_nor_a_closed_day_nor_a_room_elsewhere(
        self, clock: time_machine.Traveller, series: Sequence[Session], therapist: User
    ) -> None:
        ClosureFactory(first_day=date(2026, 12, 2))
        second = series[1]
        elsewhere = RoomFactory(site=SiteFactory(name="Austin", zone="America/Chicago", state="TX"))
        for error, change in (
            (SiteClosed, {"day": date(2026, 12, 2)}),
            (RoomElsewhere, {"room": elsewhere}),
            (NoLink, {"room": None}),
        ):
            with pytest.raises(error):
                change_sessions(session=second, scope=Scope.FOLLOWING, wish=wish(second, **change), by=therapist)
        cancel_session(session=second, reason="Snow", by=therapist)
        with pytest.raises(AlreadyCancelled):
            change_sessions(session=second, scope=Scope.ALL, wish=wish(second, wall=time(9)), by=therapist)


def test_a_proposal_writes_nothing(
    clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
) -> None:
    move_session(session=series[2], day=date(2026, 12, 11), wall=time(9), room=series[2].room, by=therapist)
    first = series[0]
    proposal = propose_change(session=first, scope=Scope.ALL, wish=wish(first, day=date(2026, 11, 25)), by=therapist)
    assert [step.session.number for step in proposal.steps if step.changes_place] == [1, 2, *range(4, 15)]
    assert [step.slot.day.weekday() for step in proposal.steps if step.changes_place] == [2] * 13
    assert proposal.clashes == []
    assert group.sessions.get(number=1).local_day == TUESDAYS[0]


def test_as_many_queries_for_long_series_as_for_short_ones(
    clock: time_machine.Traveller, therapist: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for count in (3, 60):
        group = GroupFactory(leaders=[therapist], session_count=count, start_time=time(7 + count // 10))
        first = schedule_series(group=group, by=therapist)[0]
        with django_assert_max_num_queries(18):
            change_sessions(
                session=first, scope=Scope.ALL, wish=wish(first, wall=time(8 + count // 10), day=date(2026, 11, 25)),
                by=therapist,
            )  # fmt: skip


def test_others_may_not_learn_whose_session_it_is(
    clock: time_machine.Traveller, series: Sequence[Session], group: Group
) -> None:
    """R43: to whoever may see the group it is named, to others it is another session."""
    outsider = TherapistFactory()
    rival = GroupFactory(leaders=[outsider], start_time=time(9))
    first = schedule_series(group=rival, by=outsider)[0]
    change = {"session": first, "scope": Scope.ALL, "wish": wish(first, wall=time(18), room=group.room)}
    hidden = propose_change(by=outsider, **change).clashes
    named = propose_change(by=CoordinatorFactory(), **change).clashes
    assert {clash.other for clash in hidden} == {""}
    assert {clash.other for clash in named} == {group.name}
    assert len(hidden) == len(named) == 14
