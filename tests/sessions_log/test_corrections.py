"""Corrections of attendance are kept by the database, with who and when, and shown on the session's page (R33)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from common.acting import acting_as
from groups_app.models import Group, Membership
from practice.models import User
from sessions_log.corrections import Correction, corrections_of
from sessions_log.models import Attendance, AttendanceStatus, AttendanceVersion, Session
from sessions_log.roster import roster_of
from sessions_log.services import (
    Came,
    GroupNoteDraft,
    MemberNoteDraft,
    SignScope,
    document_session,
    record_attendance,
    restore_attendance,
)
from tests.database import connected
from tests.factories.practice import CoordinatorFactory, MemberUserFactory, SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db

HERE, LATE, AWAY = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.NO_SHOW
SENTENCE = "Corrected: was Here, now Late — R. Osei, "
OpenPage = Callable[[], str]
SignIn = Callable[[User], Client]


def came(session: Session, statuses: Mapping[UUID, Came | str], by: User) -> None:
    with acting_as(by):
        record_attendance(session=session, statuses=statuses, by=by)


def corrections(session: Session, of: Membership) -> list[Correction]:
    recorded = {row.membership_id: row for row in session.attendances.all()}
    return corrections_of(session, recorded).get(of.pk, [])


def sign(session: Session) -> None:
    leader = session.leaders.first().user
    document_session(
        session=session,
        statuses={},
        group_note=GroupNoteDraft(theme="Anger"),
        member_notes=[MemberNoteDraft(m.pk, {"note": "Spoke."}) for m in roster_of(session)],
        sign=SignScope.ALL,
        by=leader,
    )


@pytest.fixture
def osei(group: Group) -> User:
    """A second leader."""
    colleague = TherapistFactory(first_name="Ruth", last_name="Osei")
    group.leaders.create(user=colleague, since=group.first_day, position=2)
    return colleague


def test_two_corrections_are_two_entries_with_who_and_when(
    past_session: Session, members: list[Membership], therapist: User, osei: User
) -> None:
    late = Came(LATE, minutes_missed=12)
    came(past_session, {m.pk: HERE for m in members}, therapist)
    came(past_session, {members[0].pk: late, members[1].pk: HERE}, osei)
    came(past_session, {members[0].pk: AWAY}, therapist)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (database_now,) = cursor.fetchone()
    found = corrections(past_session, members[0])
    assert [(each.was, each.became, each.by, each.at) for each in found] == [
        ("Late, 12 min missed", "Away, no notice", "D. Whitfield", database_now),
        ("Here", "Late, 12 min missed", "R. Osei", database_now),
    ]
    assert corrections(past_session, members[1]) == []


def test_raw_sql_is_caught(past_session: Session, members: list[Membership], therapist: User, osei: User) -> None:
    came(past_session, {m.pk: HERE for m in members}, therapist)
    with acting_as(osei), connection.cursor() as cursor:
        cursor.execute("UPDATE sessions_log_attendance SET status = 'late' WHERE membership_id = %s", [members[0].pk])
        cursor.execute("DELETE FROM sessions_log_attendance WHERE membership_id = %s", [members[1].pk])
    versions = list(AttendanceVersion.objects.values_list("membership", "status", "pgh_label", "changed_by"))
    assert versions == [
        (members[0].pk, HERE, "changed", osei.pk),
        (members[1].pk, HERE, "removed", osei.pk),
    ]


def test_what_is_taken_back_and_recorded_again(
    past_session: Session, members: list[Membership], therapist: User
) -> None:
    member = members[0]
    came(past_session, {member.pk: HERE}, therapist)
    with acting_as(therapist):
        restore_attendance(session=past_session, before={member.pk: None}, by=therapist)
    assert [each.became for each in corrections(past_session, member)] == ["not recorded"]
    came(past_session, {member.pk: LATE}, therapist)
    came(past_session, {member.pk: HERE}, therapist)
    assert [(each.was, each.became) for each in corrections(past_session, member)] == [
        ("Late", "Here"),
        ("Here", "not recorded"),
    ]


def test_the_program_is_nobody(past_session: Session, members: list[Membership], therapist: User) -> None:
    for status in (HERE, LATE):
        record_attendance(session=past_session, statuses={members[0].pk: status}, by=therapist)
    assert AttendanceVersion.objects.get().changed_by is None
    assert "— automatically, " in corrections(past_session, members[0])[0].sentence


@pytest.mark.parametrize("statement", ["UPDATE {} SET status = 'late'", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_or_deletes_what_was(
    past_session: Session, members: list[Membership], therapist: User, statement: str
) -> None:
    for status in (HERE, LATE):
        came(past_session, {members[0].pk: status}, therapist)
    statement = statement.format("sessions_log_attendanceversion")
    with (
        acting_as(therapist),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with connected("DATABASE_WORKER_URL") as worker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute(statement)
    assert AttendanceVersion.objects.get().status == HERE


def test_who_sees_them(past_session: Session, members: list[Membership], therapist: User) -> None:
    for status in (HERE, LATE):
        came(past_session, {members[0].pk: status}, therapist)
    seen = {}
    people = {
        "leader": therapist,
        "supervisor": SupervisorFactory(),
        "member": members[0].client.user,
        "fellow": members[1].client.user,
        "stranger": TherapistFactory(),
        "other": MemberUserFactory(),
        "coordinator": CoordinatorFactory(),
    }
    for name, person in people.items():
        with acting_as(person):
            seen[name] = AttendanceVersion.objects.count()
            assert seen[name] == Attendance.objects.count(), "as the rows themselves"
    assert [name for name, count in seen.items() if count] == ["leader", "supervisor", "member", "coordinator"]


class TestPage:
    @pytest.fixture
    def open_page(self, session: Session, therapist: User, sign_in: SignIn) -> OpenPage:
        """Opens the session's page as the leader's supervisor."""
        browser, url = sign_in(SupervisorFactory(of=[therapist])), reverse("sessions_log:session", args=[session.pk])
        return lambda: str(browser.get(url).content.decode())

    @pytest.mark.parametrize("signed", [False, True])
    def test_says_what_was_corrected(
        self, signed: bool, past_session: Session, members: list[Membership], osei: User, open_page: OpenPage
    ) -> None:
        for status in (HERE, AWAY, LATE):
            came(past_session, {m.pk: HERE for m in members} | {members[0].pk: status}, osei)
        if signed:
            sign(past_session)
        page = open_page()
        newest, oldest = corrections(past_session, members[0])
        assert newest.sentence.startswith("was Away, no notice, now Late — R. Osei, ")
        assert f"Corrected: {escape(newest.sentence)}" in page
        assert page.count("Corrected:") == 1
        assert page.index("Earlier corrections") < page.index(escape(oldest.sentence))

    @pytest.fixture
    def correct(self, past_session: Session, members: list[Membership], osei: User) -> Callable[[int], None]:
        """Corrects the attendance of so many people."""

        def correct_so_many(people: int) -> None:
            came(past_session, {m.pk: HERE for m in members}, osei)
            came(past_session, {m.pk: LATE for m in members[:people]}, osei)

        return correct_so_many

    @pytest.mark.parametrize("people", [1, 3])
    def test_of_the_roster_in_one_query(
        self, people: int, correct: Callable[[int], None], open_page: OpenPage, django_assert_num_queries: Any
    ) -> None:
        correct(people)
        with django_assert_num_queries(9):  # two of them a test's savepoint
            page = open_page()
        assert page.count(SENTENCE) == people

    @pytest.mark.parametrize("people", [1, 3])
    def test_of_signed_notes_in_one_query(
        self, people: int, correct: Callable[[int], None], open_page: OpenPage, django_assert_num_queries: Any
    ) -> None:
        correct(people)
        sign(Session.objects.get(number=1))
        with django_assert_num_queries(13):  # two of them a test's savepoint
            page = open_page()
        assert page.count(SENTENCE) == people

    def test_on_the_members_own_page(
        self, past_session: Session, members: list[Membership], osei: User, therapist: User, sign_in: SignIn
    ) -> None:
        for status in (HERE, LATE):
            came(past_session, {m.pk: HERE for m in members} | {members[0].pk: status}, osei)
        browser = sign_in(therapist)
        group_page = browser.get(reverse("home:group", args=[past_session.group_id])).content.decode()
        for membership, corrected in ((members[0], True), (members[1], False)):
            url = reverse("sessions_log:member_notes", args=[membership.pk])
            assert url in group_page
            page = browser.get(url).content.decode()
            assert (SENTENCE in page) is corrected

    def test_is_quiet_where_nothing_was_corrected(
        self, past_session: Session, members: list[Membership], osei: User, open_page: OpenPage
    ) -> None:
        came(past_session, {m.pk: HERE for m in members}, osei)
        came(past_session, {m.pk: HERE for m in members}, osei)
        assert "Corrected" not in open_page()


def test_says_when_by_the_clock_of_the_site() -> None:
    at = datetime(2026, 11, 25, 19, 40, tzinfo=UTC)
    correction = Correction("Here", "Late", "R. Osei", at, "America/New_York")
    assert correction.sentence == "was Here, now Late — R. Osei, Nov 25, 2:40 PM"
