"""Who was there, and who said before that they would not be (R31, R33)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from groups_app.models import Group, Membership, MembershipState
from practice.models import User
from sessions_log.models import AbsenceNotice, Attendance, AttendanceStatus, Session
from sessions_log.roster import roster_of
from sessions_log.services import (
    AlreadyCancelled,
    AlreadyStarted,
    NotOnRoster,
    TooEarly,
    cancel_session,
    give_absence_notice,
    record_attendance,
    withdraw_absence_notice,
)
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db

HERE, LATE, AWAY = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.NO_SHOW


def recorded(session: Session) -> list[str]:
    return list(session.attendances.order_by("membership__client__sort_key").values_list("status", flat=True))


def test_all_in_one_statement(
    past_session: Session,
    members: list[Membership],
    therapist: User,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for people in (members[:1], members):
        statuses = {membership.pk: LATE for membership in people}
        with django_assert_num_queries(6):  # savepoint, lock, roster, recorded, written, released
            record_attendance(session=past_session, statuses=statuses, by=therapist)
    assert recorded(past_session) == [LATE, LATE, LATE]


def test_a_correction_replaces_and_what_stays_keeps_its_author(
    clock: time_machine.Traveller, past_session: Session, members: list[Membership], therapist: User
) -> None:
    record_attendance(session=past_session, statuses={m.pk: HERE for m in members}, by=therapist)
    clock.shift(timedelta(hours=1))
    colleague = TherapistFactory()
    corrected = {members[0].pk: HERE, members[1].pk: AWAY}
    record_attendance(session=past_session, statuses=corrected, by=colleague)
    assert recorded(past_session) == [HERE, AWAY, HERE]
    authors = dict(Attendance.objects.values_list("membership_id", "recorded_by_id"))
    assert [authors[m.pk] for m in members] == [therapist.pk, colleague.pk, therapist.pk]


def test_defaults_fill_gaps_and_overwrite_nothing(
    past_session: Session, members: list[Membership], therapist: User
) -> None:
    record_attendance(session=past_session, statuses={members[0].pk: LATE}, by=therapist)
    record_attendance(session=past_session, statuses={}, defaults={m.pk: HERE for m in members}, by=therapist)
    assert recorded(past_session) == [LATE, HERE, HERE]


def test_from_half_an_hour_before_the_start(
    clock: time_machine.Traveller, session: Session, members: list[Membership], therapist: User
) -> None:
    statuses = {members[0].pk: HERE}
    clock.move_to(session.starts_at - timedelta(minutes=31))
    with pytest.raises(TooEarly, match="from 30 minutes before its start, Tuesday, November 24, 6:00 PM, on"):
        record_attendance(session=session, statuses=statuses, by=therapist)
    clock.move_to(session.starts_at - timedelta(minutes=30))
    record_attendance(session=session, statuses=statuses, by=therapist)
    assert recorded(session) == [HERE]


def test_not_of_a_cancelled_session(past_session: Session, members: list[Membership], therapist: User) -> None:
    cancel_session(session=past_session, reason="Snow", by=therapist)
    with pytest.raises(AlreadyCancelled):
        record_attendance(session=past_session, statuses={members[0].pk: HERE}, by=therapist)


def test_only_of_people_on_the_roster(past_session: Session, group: Group, therapist: User) -> None:
    strangers = [
        MembershipFactory(),
        MembershipFactory(group=group, state=MembershipState.INVITED, pregroup_met_on=None, starts_on=None),
        MembershipFactory(group=group, starts_on=past_session.local_day + timedelta(days=1)),
        MembershipFactory(group=group, state=MembershipState.LEFT, ends_on=past_session.local_day - timedelta(days=1)),
    ]
    for stranger in strangers:
        with pytest.raises(NotOnRoster):
            record_attendance(session=past_session, statuses={stranger.pk: HERE}, by=therapist)


def test_whoever_left_later_stays_on_the_roster_of_the_past(
    session: Session, group: Group, members: list[Membership]
) -> None:
    """R31: a roster change reaches future sessions only."""
    Membership.objects.filter(pk=members[0].pk).update(
        state=MembershipState.LEFT,
        seat=None,
        ends_on=session.local_day + timedelta(days=2),
        leaving_reason="completed",
    )
    assert members[0] in roster_of(session)
    assert members[0] not in roster_of(group.sessions.get(number=2))


def test_a_roster_is_sorted_by_name(session: Session, members: list[Membership]) -> None:
    assert [membership.client.roster_name for membership in roster_of(session)] == ["Imani A.", "Jonas Z.", "Keiko Z."]


class TestAbsenceNotice:
    def test_said_twice_is_said_once(
        self, clock: time_machine.Traveller, session: Session, members: list[Membership]
    ) -> None:
        by = members[0].client.user
        first = give_absence_notice(session=session, membership=members[0], by=by)
        clock.shift(timedelta(hours=1))
        assert give_absence_notice(session=session, membership=members[0], by=by) == first
        assert first.given_at == datetime(2026, 11, 20, 17, tzinfo=UTC)

    def test_taken_back_and_given_again(self, session: Session, members: list[Membership]) -> None:
        by = members[0].client.user
        give_absence_notice(session=session, membership=members[0], by=by)
        for _twice in range(2):
            withdraw_absence_notice(session=session, membership=members[0])
        assert not AbsenceNotice.objects.filter(withdrawn_at=None).exists()
        give_absence_notice(session=session, membership=members[0], by=by)
        assert AbsenceNotice.objects.filter(withdrawn_at=None).count() == 1
        assert AbsenceNotice.objects.count() == 2

    def test_only_before_the_start(
        self, clock: time_machine.Traveller, session: Session, members: list[Membership]
    ) -> None:
        clock.move_to(session.starts_at)
        with pytest.raises(AlreadyStarted):
            give_absence_notice(session=session, membership=members[0], by=members[0].client.user)
        with pytest.raises(AlreadyStarted):
            withdraw_absence_notice(session=session, membership=members[0])

    def test_only_for_a_session_of_ones_own(self, session: Session) -> None:
        stranger = MembershipFactory(client__with_account=True)
        with pytest.raises(NotOnRoster):
            give_absence_notice(session=session, membership=stranger, by=stranger.client.user)

    def test_not_for_a_session_that_does_not_take_place(
        self, session: Session, members: list[Membership], therapist: User
    ) -> None:
        cancel_session(session=session, reason="Snow", by=therapist)
        with pytest.raises(AlreadyCancelled):
            give_absence_notice(session=session, membership=members[0], by=members[0].client.user)


def test_the_roster_follows_a_moved_session(session: Session, group: Group) -> None:
    newcomer = MembershipFactory(group=group, starts_on=date(2026, 11, 26))
    assert newcomer not in roster_of(session)
    session.local_day = date(2026, 11, 27)
    assert newcomer in roster_of(session)
