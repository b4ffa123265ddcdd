"""Sessions that leave the rule: put back, added, on days closed later, with a stand-in; the past (R24, R31, R32)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from groups_app.models import Group, GroupState
from groups_app.services import update_group
from practice.models import License, Role, User
from sessions_log.attention import stopped_series
from sessions_log.models import SeriesStop, Session, SessionLeader
from sessions_log.services import (
    AlreadyStarted,
    GroupOver,
    LeaderTaken,
    NotALeader,
    NotCancelled,
    NotClosed,
    RoomTaken,
    Scope,
    SiteClosed,
    add_session,
    cancel_session,
    extend_ongoing,
    move_out,
    restore_session,
    schedule_series,
    skip_taken_days,
    stand_in,
)
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, CoordinatorFactory, TherapistFactory, UserFactory

pytestmark = pytest.mark.django_db

TUESDAYS = [date(2026, 11, 24) + timedelta(weeks=week) for week in range(15)]


@pytest.fixture
def series(session: Session, group: Group) -> Sequence[Session]:
    """The 14 Tuesdays, by number from 1 on."""
    return [session, *group.sessions.order_by("number").with_place()[1:]]


def days_of(group: Group) -> list[date]:
    return list(group.sessions.order_by("number").values_list("local_day", flat=True))


class TestPutBack:
    def test_it_takes_place_as_planned(self, session: Session, therapist: User) -> None:
        cancel_session(session=session, reason="Snow", by=therapist)
        restored = restore_session(session=session, by=therapist)
        session.refresh_from_db()
        assert (session.status, session.cancelled_by, session.cancel_reason) == ("scheduled", None, "")
        assert session.schedule_version == restored.schedule_version == 3
        assert session.leaders.get().busy == session.span
        with pytest.raises(NotCancelled):
            restore_session(session=session, by=therapist)

    def test_not_where_somebody_else_is_now(self, session: Session, group: Group, therapist: User) -> None:
        cancel_session(session=session, reason="Snow", by=therapist)
        rival = GroupFactory(name="Guests", room=group.room, session_count=1)
        schedule_series(group=rival, by=therapist)
        with pytest.raises(RoomTaken, match="by Guests"):
            restore_session(session=session, by=CoordinatorFactory())

    def test_also_after_its_time(self, past_session: Session, therapist: User) -> None:
        cancel_session(session=past_session, reason="By mistake", by=therapist)
        assert not restore_session(session=past_session, by=therapist).is_cancelled


class TestExtra:
    def add(self, group: Group, by: User, **other: object) -> Session:
        wish = {"day": date(2026, 12, 4), "wall": time(9), "minutes": 60, "room": group.room, **other}
        return add_session(group=group, by=by, **wish)

    def test_numbers_follow_the_calendar(self, series: Sequence[Session], group: Group, therapist: User) -> None:
        extra = self.add(group, therapist)
        assert (extra.number, extra.minutes, extra.is_extra) == (3, 60, True)
        assert extra.leaders.get().user == therapist
        assert days_of(group) == [*TUESDAYS[:2], date(2026, 12, 4), *TUESDAYS[2:14]]
        group.refresh_from_db()
        assert group.session_count == 15

    def test_what_was_held_keeps_its_number(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        clock.move_to(datetime(2026, 12, 17, 12, tzinfo=UTC))
        extra = self.add(group, therapist, day=date(2026, 12, 18))
        assert extra.number == 5
        assert days_of(group)[:6] == [*TUESDAYS[:4], date(2026, 12, 18), TUESDAYS[4]]

    def test_an_ongoing_series_goes_on_as_if_it_were_not_there(
        self, clock: time_machine.Traveller, therapist: User
    ) -> None:
        group = GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running", cadence=2)
        schedule_series(group=group, by=therapist)
        self.add(group, therapist, day=date(2027, 5, 26))
        clock.move_to(datetime(2026, 12, 9, 12, tzinfo=UTC))
        assert [row.local_day for row in extend_ongoing(group_id=group.pk)] == [date(2027, 6, 8)]
        assert list(group.sessions.order_by("starts_at").values_list("number", flat=True)) == list(range(1, 17))

    def test_is_refused(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        ClosureFactory(first_day=date(2026, 12, 5))
        for error, change in (
            (AlreadyStarted, {"day": date(2026, 11, 20)}),
            (SiteClosed, {"day": date(2026, 12, 5)}),
            (RoomTaken, {"day": TUESDAYS[1], "wall": time(17, 30)}),
        ):
            with pytest.raises(error):
                self.add(group, therapist, **change)
        assert group.sessions.count() == 14
        Group.objects.update(state=GroupState.ENDED)
        with pytest.raises(GroupOver):
            self.add(group, therapist)


class TestClosedLater:
    def test_it_is_held_after_the_last_one(self, series: Sequence[Session], group: Group, therapist: User) -> None:
        ClosureFactory(first_day=TUESDAYS[2])
        ClosureFactory(first_day=TUESDAYS[14])
        assert [row.number for row in Session.objects.on_closed_days()] == [3]
        moved = move_out(session=series[2], by=therapist)
        assert (moved.local_day, moved.number) == (TUESDAYS[14] + timedelta(weeks=1), 14)
        assert moved.schedule_version == 2
        assert days_of(group) == [*TUESDAYS[:2], *TUESDAYS[3:14], TUESDAYS[14] + timedelta(weeks=1)]
        assert set(group.sessions.exclude(pk=moved.pk).values_list("schedule_version", flat=True)) == {1}
        assert not Session.objects.on_closed_days().exists()
        with pytest.raises(NotClosed):
            move_out(session=series[3], by=therapist)

    def test_where_its_place_is_taken_it_says_so(
        self, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        ClosureFactory(first_day=TUESDAYS[2])
        rival = GroupFactory(room=group.room, first_day=TUESDAYS[14], session_count=1)
        schedule_series(group=rival, by=therapist)
        with pytest.raises(RoomTaken, match="on Tuesday, March 2"):
            move_out(session=series[2], by=therapist)
        assert days_of(group) == TUESDAYS[:14]


class TestStandIn:
    def test_for_one_and_for_those_that_follow(self, series: Sequence[Session], group: Group, therapist: User) -> None:
        guest = TherapistFactory()
        stand_in(session=series[0], scope=Scope.ONE, leader=therapist, substitute=guest, by=therapist)
        changed = stand_in(session=series[11], scope=Scope.FOLLOWING, leader=therapist, substitute=guest, by=therapist)
        assert [row.number for row in changed] == [12, 13, 14]
        leaders = [row.leaders.get() for row in group.sessions.order_by("number")]
        assert [row.user == guest for row in leaders] == [True] + [False] * 10 + [True] * 3
        assert leaders[0].stands_in_for == therapist
        # Whoever leads a session may document it, and sees it.
        assert series[0] in Session.objects.documentable_by(guest)
        assert series[1] not in Session.objects.documentable_by(guest)
        back = stand_in(session=series[0], scope=Scope.ALL, leader=therapist, substitute=None, by=therapist)
        assert [row.number for row in back] == [1, 12, 13, 14]
        assert not SessionLeader.objects.exclude(user=therapist).exists()

    def test_stays_when_the_other_leader_changes(
        self, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        guest, second = TherapistFactory(), TherapistFactory()
        stand_in(session=series[3], scope=Scope.ONE, leader=therapist, substitute=guest, by=therapist)
        update_group(group=group, leaders=[therapist, second], by=therapist)
        assert [row.user for row in series[3].leaders.all()] == [guest, second]
        assert [row.user for row in series[4].leaders.all()] == [therapist, second]
        update_group(group=group, leaders=[second], by=therapist)
        assert [row.user for row in series[3].leaders.all()] == [second]

    def test_is_refused(
        self, clock: time_machine.Traveller, series: Sequence[Session], group: Group, therapist: User
    ) -> None:
        busy = TherapistFactory(first_name="Rosa", last_name="Osei")
        schedule_series(group=GroupFactory(leaders=[busy], first_day=TUESDAYS[3], session_count=2), by=therapist)
        with pytest.raises(LeaderTaken) as refusal:
            stand_in(session=series[0], scope=Scope.ALL, leader=therapist, substitute=busy, by=therapist)
        assert len(refusal.value.clashes) == 2
        for leader, substitute in (
            (busy, TherapistFactory()),
            (therapist, therapist),
            (therapist, UserFactory(roles=[Role.COORDINATOR])),
        ):
            with pytest.raises(NotALeader):
                stand_in(session=series[0], scope=Scope.ALL, leader=leader, substitute=substitute, by=therapist)
        clock.move_to(series[0].starts_at)
        with pytest.raises(AlreadyStarted):
            stand_in(session=series[0], scope=Scope.ONE, leader=therapist, substitute=TherapistFactory(), by=therapist)


class TestStoppedSeries:
    @pytest.fixture
    def stopped(self, clock: time_machine.Traveller, therapist: User) -> Group:
        group = GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running")
        schedule_series(group=group, by=therapist)
        rival = GroupFactory(room=group.room, first_day=date(2027, 6, 8), session_count=1)
        schedule_series(group=rival, by=therapist)
        clock.move_to(datetime(2026, 12, 15, 12, tzinfo=UTC))
        extend_ongoing(group_id=group.pk)
        return group

    def test_somebody_sees_it(self, stopped: Group, therapist: User) -> None:
        assert SeriesStop.objects.get().day == date(2027, 6, 8)
        assert SeriesStop.objects.visible_to(therapist).count() == 1
        assert SeriesStop.objects.visible_to(CoordinatorFactory()).count() == 1
        assert SeriesStop.objects.visible_to(TherapistFactory()).count() == 0
        noticed_at = SeriesStop.objects.get().noticed_at
        extend_ongoing(group_id=stopped.pk)
        assert SeriesStop.objects.get().noticed_at == noticed_at

    def test_it_goes_on_after_the_day(self, stopped: Group, therapist: User) -> None:
        assert [row.local_day for row in skip_taken_days(group=stopped, by=therapist)] == [date(2027, 6, 15)]
        assert not SeriesStop.objects.exists()
        assert skip_taken_days(group=stopped, by=therapist) == []
        assert extend_ongoing(group_id=stopped.pk) == []

    def test_or_by_itself_once_the_day_is_free(self, stopped: Group, therapist: User) -> None:
        cancel_session(session=Session.objects.get(group__first_day=date(2027, 6, 8)), reason="Merged", by=therapist)
        assert [row.local_day for row in extend_ongoing(group_id=stopped.pk)] == [date(2027, 6, 8), date(2027, 6, 15)]
        assert not SeriesStop.objects.exists()

    def test_without_a_license_it_stops_and_says_so(self, clock: time_machine.Traveller, therapist: User) -> None:
        """R4: a sentence for who can mend it; no day can be skipped meanwhile."""
        group = GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running")
        last = schedule_series(group=group, by=therapist)[-1].local_day
        License.objects.filter(user=therapist).update(expires_on=date(2026, 12, 1))
        clock.move_to(datetime(2026, 12, 15, 12, tzinfo=UTC))
        for _again in range(2):
            assert extend_ongoing(group_id=group.pk) == []
            assert skip_taken_days(group=group, by=therapist) == []
        assert SeriesStop.objects.get().day == last + timedelta(weeks=1)
        (line,) = stopped_series(therapist)
        assert line.sentences == [f"The NY license of {therapist.name} ended on December 1, 2026."]
        assert not line.may_skip
        License.objects.update(expires_on=date(2028, 1, 1))
        assert len(extend_ongoing(group_id=group.pk)) > 1
        assert not SeriesStop.objects.exists()


class TestThePastStays:
    """R31, R32: the database refuses, whoever asks and by which way."""

    @pytest.mark.parametrize(
        "change",
        [
            {"local_day": date(2026, 12, 1)},
            {"local_time": time(9)},
            {"number": 99},
            {"minutes": 30},
            {"room": None},
            {"starts_at": datetime(2030, 1, 1, tzinfo=UTC), "ends_at": datetime(2030, 1, 2, tzinfo=UTC)},
        ],
    )
    def test_time_place_and_number(self, db: None, change: dict[str, object]) -> None:
        held = _held()
        with pytest.raises(IntegrityError, match="has started"), transaction.atomic():
            Session.objects.filter(pk=held.pk).update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Session.objects.filter(pk=held.pk)._raw_delete("default")

    def test_leaders(self, db: None) -> None:
        row = _held().leaders.get()
        with pytest.raises(IntegrityError, match="has started"), transaction.atomic():
            SessionLeader.objects.filter(pk=row.pk).update(user=TherapistFactory())
        with pytest.raises(IntegrityError, match="has started"), transaction.atomic():
            row.delete()

    def test_that_it_did_not_take_place_can_still_be_said(self, db: None) -> None:
        cancelled = cancel_session(session=_held(), reason="Snow", by=TherapistFactory())
        assert cancelled.leaders.get().busy.isempty


def _held() -> Session:
    """A session of long ago, by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL kith.now = ''")
    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC), tick=False):
        group = GroupFactory(first_day=date(2020, 1, 7), session_count=1)
        return schedule_series(group=group, by=TherapistFactory())[0]


class TestResync:
    """As after an update of the time zone data: what is stored differs from what the zone says now."""

    @pytest.fixture
    def shifted(self, series: Sequence[Session]) -> Session:
        second = series[1]
        hour = timedelta(hours=1)
        Session.objects.filter(pk=second.pk).update(starts_at=second.starts_at + hour, ends_at=second.ends_at + hour)
        return second

    def run(self, *options: str) -> str:
        out = StringIO()
        call_command("resync_sessions", *options, stdout=out)
        return out.getvalue()

    def test_says_what_would_move_and_moves_it_once(self, shifted: Session, group: Group) -> None:
        dry = self.run("--dry-run")
        assert "1 session would move." in dry
        assert "clocks show 2026-12-01 19:00 at the stored moment, 2026-12-01 18:00 is meant" in dry
        assert group.name not in dry
        assert Session.objects.get(pk=shifted.pk).schedule_version == 1
        assert "1 session moved." in self.run()
        again = Session.objects.get(pk=shifted.pk)
        assert (again.starts_at, again.ends_at) == (shifted.starts_at, shifted.ends_at)
        assert again.schedule_version == 2
        assert again.leaders.get().busy == again.span
        assert "0 sessions moved." in self.run()

    def test_what_cannot_move_is_said(self, shifted: Session, group: Group) -> None:
        rival = GroupFactory(room=group.room, first_day=shifted.local_day, session_count=1, start_time=time(17))
        schedule_series(group=rival, by=CoordinatorFactory())
        assert "1 stayed, because the room or a leader is taken" in self.run()

    def test_the_past_is_left_alone(self, clock: time_machine.Traveller, shifted: Session) -> None:
        clock.move_to(datetime(2027, 6, 1, tzinfo=UTC))
        assert "0 sessions moved." in self.run()
