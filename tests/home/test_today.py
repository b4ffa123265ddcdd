"""The therapist's day: sessions, week, and what waits."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from common.clock import now
from groups_app.models import Group, GroupState, Membership, MembershipState
from home.reads.today import MOST_UNSIGNED_SHOWN, Today, today_of
from home.reads.today_rows import MOST_UNSIGNED
from practice.models import Supervision, User
from sessions_log.models import (
    AbsenceNotice,
    Attendance,
    AttendanceStatus,
    GroupNote,
    Session,
    SessionLeader,
    SessionStatus,
)
from sessions_log.services import ask_after
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.practice import ClosureFactory, SiteFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.home.conftest import MORNING, stays_away

pytestmark = pytest.mark.django_db

PAGE = reverse("home:today")
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def seventh(circle: Group) -> Session:
    """The circle's session of today, at 10:00 AM, which is in ten minutes."""
    return SessionFactory(group=circle, number=7, local_day=TODAY)


def page_of(user: User) -> Today:
    """What the page shows now."""
    return today_of(user, at=now())


# --- The sessions of today ------------------------------------------------------------------------------------------
def test_a_session_says_when_where_with_whom_and_who_comes(dana: User, circle: Group, seventh: Session) -> None:
    members = MembershipFactory.create_batch(7, group=circle)
    AbsenceNotice.objects.create(session=seventh, membership=members[0], given_at=MORNING, given_by=dana)
    page = page_of(dana)
    (line,) = page.sessions
    assert (line.starts, line.ends) == ("10:00", "to 11:30 AM")
    assert line.meta == f"Session 7 of 14 · {seventh.room} · with R. Osei"
    assert (line.expected, line.away, line.free) == (6, 1, 3)
    assert line.people == "6 expected, 1 away"
    assert line.said == f"Can’t come: {members[0].client.name}"
    assert page.heading == "One session today"
    assert page.times == "All times Brooklyn"


def test_withdrawn_notices_and_past_members_do_not_count(dana: User, circle: Group, seventh: Session) -> None:
    member, *_others = MembershipFactory.create_batch(3, group=circle)
    MembershipFactory(group=circle, state=MembershipState.LEAVING, ends_on=TODAY - datetime.timedelta(days=1))
    MembershipFactory(group=circle, starts_on=TODAY + datetime.timedelta(days=1))
    MembershipFactory(group=circle, state=MembershipState.PROPOSED)
    AbsenceNotice.objects.create(
        session=seventh, membership=member, given_at=MORNING, given_by=dana, withdrawn_at=MORNING
    )
    (line,) = page_of(dana).sessions
    assert (line.expected, line.away) == (3, 0)
    assert line.people == "3 expected"


def test_the_button_follows_the_state(clock: Any, dana: User, circle: Group, seventh: Session) -> None:
    member = MembershipFactory(group=circle)

    def button() -> tuple[str, bool]:
        (line,) = page_of(dana).sessions
        return line.verb, line.is_primary

    clock.move_to(MORNING - datetime.timedelta(hours=2))
    assert button() == ("Open", False)
    clock.move_to(MORNING)
    assert button() == ("Take attendance", True)
    Attendance.objects.create(
        session=seventh, membership=member, status=AttendanceStatus.PRESENT, recorded_by=dana, recorded_at=MORNING
    )
    assert button() == ("Write note", True)
    Session.objects.filter(pk=seventh.pk).update(documented_at=MORNING)
    assert button() == ("Read note", False)


def test_only_one_button_is_primary(dana: User, circle: Group, seventh: Session) -> None:
    early = GroupFactory(leaders=[dana], first_day=TODAY, start_time=datetime.time(8), session_count=1)
    SessionFactory(group=early)
    lines = page_of(dana).sessions
    assert [line.session.group for line in lines] == [early, circle]
    assert [line.is_primary for line in lines] == [True, False]


def test_before_a_first_session_unsigned_agreements_are_said(dana: User) -> None:
    """R26: unsigned members are known before the first session."""
    group = GroupFactory(leaders=[dana], first_day=TODAY, state=GroupState.FORMING)
    AgreementFactory(group=group)
    SessionFactory(group=group)
    MembershipFactory(group=group, state=MembershipState.PREPARING)
    (line,) = page_of(dana).sessions
    assert line.unsigned == 1
    assert (line.verb, line.url) == ("Prepare", reverse("home:group", args=[group.pk]))
    assert "Starts today" in line.meta


def test_a_cancelled_session_is_shown_and_not_counted(dana: User, seventh: Session) -> None:
    Session.objects.update(status=SessionStatus.CANCELLED, cancelled_at=MORNING, cancelled_by=dana)
    page = page_of(dana)
    assert page.heading == "No sessions today"
    assert (page.sessions[0].look, page.sessions[0].verb) == ("off", "")


def test_other_peoples_sessions_are_not_there(seventh: Session, circle: Group) -> None:
    stranger = GroupFactory().leaders.get().user
    assert page_of(stranger).sessions == []


def test_today_is_the_day_at_the_therapists_site(clock: Any, dana: User, seventh: Session) -> None:
    """R18: at 4:30 AM UTC it is still Monday evening in New York."""
    clock.move_to(datetime.datetime(2026, 11, 24, 4, 30, tzinfo=datetime.UTC))
    page = page_of(dana)
    assert page.desk.today == datetime.date(2026, 11, 23)
    assert page.sessions == []
    assert [line.on for line in page.week] == [TODAY]


def test_a_supervisor_sees_the_sites_sessions(seventh: Session) -> None:
    supervisor = SupervisorFactory(home_site=SiteFactory())
    (line,) = page_of(supervisor).sessions
    assert (line.session, line.verb, line.is_primary) == (seventh, "Open", False)
    elsewhere = SupervisorFactory(home_site=SiteFactory(name="Austin", zone="America/Chicago", state="TX"))
    assert page_of(elsewhere).sessions == []


# --- The week -------------------------------------------------------------------------------------------------------
def test_the_week_holds_closures_and_coming_sessions(dana: User, circle: Group) -> None:
    ClosureFactory(name="Thanksgiving", first_day=datetime.date(2026, 11, 26))
    ClosureFactory(name="Far away", first_day=datetime.date(2026, 12, 26))
    ClosureFactory(name="Elsewhere", site=SiteFactory(name="Austin"), first_day=datetime.date(2026, 11, 26))
    SessionFactory(group=circle, number=7, local_day=datetime.date(2026, 11, 27))
    SessionFactory(group=circle, number=8, local_day=datetime.date(2026, 12, 1))
    closed, friday = page_of(dana).week
    assert (closed.title, closed.meta) == ("Closed: Thanksgiving", "All sites")
    assert friday.on == datetime.date(2026, 11, 27)
    assert friday.meta.startswith("10:00 AM · Session 7 of 14")


# --- What waits -----------------------------------------------------------------------------------------------------
def test_unsigned_notes_wait_the_oldest_first(dana: User, circle: Group) -> None:
    for number, day in ((5, 10), (6, 17)):
        SessionFactory(group=circle, number=number, local_day=datetime.date(2026, 11, day))
    page = page_of(dana)
    assert [need.title for need in page.needs] == [
        "Tuesday morning circle, session 5",
        "Tuesday morning circle, session 6",
    ]
    assert page.needs[1].note == "Attendance and note missing · 6 days"
    assert page.needs[1].is_overdue
    assert page.unsigned_count == 2


def test_what_a_session_of_today_says_is_not_said_twice(clock: Any, dana: User) -> None:
    group = GroupFactory(leaders=[dana], first_day=TODAY, start_time=datetime.time(8), state=GroupState.FORMING)
    AgreementFactory(group=group)
    SessionFactory(group=group)
    MembershipFactory(group=group, state=MembershipState.PREPARING)
    clock.move_to(MORNING)
    assert page_of(dana).needs == []
    assert page_of(dana).unsigned_count == 1


def test_proposals_and_meetings_wait(dana: User) -> None:
    group = GroupFactory(name="Evening group", leaders=[dana], first_day=datetime.date(2027, 1, 5))
    proposed = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    preparing = MembershipFactory(group=group, state=MembershipState.PREPARING, pregroup_met_on=None)
    MembershipFactory(group=group, state=MembershipState.DECLINED)
    needs = page_of(dana).needs
    assert [(need.title, need.verb) for need in needs] == [
        (f"New candidate: {proposed.client.name}", "Answer"),
        (f"Pre-group meeting with {preparing.client.name}", "Record"),
    ]


def test_unsigned_agreements_wait_before_a_first_session(dana: User) -> None:
    group = GroupFactory(name="Evening group", leaders=[dana], first_day=datetime.date(2026, 12, 1))
    MembershipFactory.create_batch(2, group=group, state=MembershipState.INVITED)
    (need,) = page_of(dana).needs
    assert need.title == "2 agreements not signed"
    assert need.note == "Evening group starts Tuesday, December 1"


def test_a_supervisor_is_asked_only_about_notes_of_those_they_supervise(dana: User, circle: Group) -> None:
    """The same that wait on the page of notes."""
    SessionFactory(group=circle, number=6, local_day=datetime.date(2026, 11, 17))
    MembershipFactory(group=circle, state=MembershipState.PROPOSED)
    supervisor, other = SupervisorFactory(), SupervisorFactory()
    Supervision.objects.create(supervisor=supervisor, therapist=dana, since=TODAY)
    assert [need.verb for need in page_of(supervisor).needs] == ["Open"]
    assert (page_of(other).needs, page_of(other).unsigned_count) == ([], 0)


@pytest.mark.parametrize("roles", [["therapist"], ["supervisor"], ["therapist", "supervisor"]], ids="+".join)
def test_as_many_wait_for_a_signature_as_on_the_page_of_notes(sign_in: Any, roles: list[str], dana: User) -> None:
    """R37: what one leads, what a stand-in led in one's group, what one led elsewhere, and whom one supervises."""
    person = TherapistFactory(roles=roles)
    Supervision.objects.create(supervisor=person, therapist=dana, since=TODAY)
    own, hers, other = (
        GroupFactory(leaders=[leader], start_time=datetime.time(hour))
        for leader, hour in ((person, 10), (dana, 12), (TherapistFactory(), 14))
    )
    for group in (own, hers, other):
        SessionFactory(group=group, number=1, local_day=datetime.date(2026, 11, 3))
        SessionFactory(group=group, number=2, local_day=datetime.date(2026, 11, 10), documented_at=MORNING)
        SessionFactory(group=group, number=3, local_day=datetime.date(2026, 11, 23))
    SessionLeader.objects.filter(session__group=own, session__number=3).update(user=TherapistFactory())
    SessionLeader.objects.filter(session__group=other, session__number=1).update(user=person)
    for number in range(4, 4 + MOST_UNSIGNED_SHOWN):
        SessionFactory(group=hers, number=number, local_day=datetime.date(2026, 10, number))
    browser = sign_in(person)
    today, notes = browser.get(PAGE).context, browser.get(reverse("sessions_log:notes")).context
    listed = {"therapist": 3, "supervisor": 2 + MOST_UNSIGNED_SHOWN}
    assert today["nav_counts"] == notes["nav_counts"] == {"sessions_log:notes": sum(listed[role] for role in roles)}
    needs = [need for need in today["page"].needs if "session" in need.title]
    assert len(needs) + today["page"].more_unsigned == notes["nav_counts"]["sessions_log:notes"]
    overdue = [row.session.pk for row in notes["rows"] if row.is_overdue][:MOST_UNSIGNED_SHOWN]
    assert [need.url.split("/")[-2] for need in needs if need.is_overdue] == [str(pk) for pk in overdue]


def test_all_are_counted_that_a_supervisors_page_does_not_look_at(dana: User, circle: Group) -> None:
    for number in range(MOST_UNSIGNED + 1):
        SessionFactory(group=circle, number=number + 1, local_day=TODAY - datetime.timedelta(days=number + 1))
    page = page_of(SupervisorFactory(of=[dana]))
    assert (page.unsigned_count, len(page.needs)) == (MOST_UNSIGNED + 1, MOST_UNSIGNED_SHOWN)
    assert page.more_unsigned == MOST_UNSIGNED + 1 - MOST_UNSIGNED_SHOWN


def test_says_what_is_missing_of_an_unsigned_session(dana: User, circle: Group) -> None:
    session = SessionFactory(group=circle, number=6, local_day=datetime.date(2026, 11, 17))
    Attendance.objects.create(
        session=session,
        membership=MembershipFactory(group=circle),
        status=AttendanceStatus.PRESENT,
        recorded_by=dana,
        recorded_at=MORNING,
    )
    assert page_of(dana).needs[0].note == "Note missing · 6 days"
    GroupNote.objects.create(session=session, author=dana, updated_at=MORNING)
    assert page_of(dana).needs[0].note == "Note not signed yet · 6 days"


def test_sessions_on_days_closed_later_come_first(sign_in: Any, dana: User, circle: Group) -> None:
    SessionFactory(group=circle, number=5, local_day=datetime.date(2026, 11, 10))
    SessionFactory(group=circle, number=7, local_day=datetime.date(2026, 11, 27))
    ClosureFactory(name="Burst pipe", first_day=datetime.date(2026, 11, 27))
    need = page_of(dana).needs[0]
    assert (need.title, need.tag, need.verb) == ("1 session falls on a closed day", "Please review", "Settle")
    assert "Please review" in sign_in(dana).get(PAGE).text


def test_an_online_session_has_its_link(sign_in: Any, dana: User) -> None:
    group = GroupFactory(leaders=[dana], first_day=TODAY, room=None, online_link="https://meet.example/a1")
    SessionFactory(group=group)
    text = sign_in(dana).get(PAGE).text
    assert 'href="https://meet.example/a1"' in text
    assert "Open the meeting" in text


def test_who_stops_coming_is_asked_after(dana: User, circle: Group) -> None:
    """R27: before notes and proposals; nobody else's members."""
    member = MembershipFactory(group=circle)
    MembershipFactory(group=circle, state=MembershipState.PROPOSED)
    stays_away(MembershipFactory(group__state=GroupState.RUNNING))
    stays_away(member)
    Session.objects.update(documented_at=MORNING)
    need = page_of(dana).needs[0]
    assert need.title == f"Ask after {member.client.name}"
    assert need.note == "Tuesday morning circle · Away 3 times in a row"
    assert need.url == reverse("sessions_log:ask_after", args=[member.pk])
    assert not any("Ask after" in one.title for one in page_of(SupervisorFactory()).needs)
    ask_after(membership=member, on=TODAY, by=dana)
    assert not any("Ask after" in one.title for one in page_of(dana).needs)


def test_a_meeting_afterwards_waits_from_its_day_on(dana: User, circle: Group, seventh: Session) -> None:
    """R29: also with somebody who has left; until it is recorded."""
    left = MembershipFactory(group=circle, state=MembershipState.LEFT, follow_up_on=TODAY)
    MembershipFactory(group=circle, state=MembershipState.LEFT, follow_up_on=TODAY + datetime.timedelta(days=1))
    (need,) = page_of(dana).needs
    assert (need.title, need.note) == (f"Follow-up with {left.client.name}", "Tuesday morning circle · November 24")
    assert need.url == reverse("groups_app:follow_up", args=[left.pk])
    assert page_of(dana).sessions[0].expected == 0
    Membership.objects.update(follow_up_held_on=TODAY)
    assert page_of(dana).needs == []


# --- The page -------------------------------------------------------------------------------------------------------
def test_an_empty_day_says_so(sign_in: Any, dana: User) -> None:
    text = sign_in(dana).get(PAGE).text
    assert "No sessions today" in text
    assert "Nothing scheduled for today" in text
    assert "All done" in text


def test_shows_the_day(sign_in: Any, dana: User, circle: Group, seventh: Session) -> None:
    MembershipFactory.create_batch(2, group=circle)
    text = sign_in(dana).get(PAGE).text
    for words in ("Tuesday, November 24", "One session today", "Tuesday morning circle", "Take attendance"):
        assert words in text


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_the_same_for_any_number_of_rows(
    sign_in: Any, dana: User, osei: User, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        group = GroupFactory(leaders=[dana], first_day=TODAY, start_time=datetime.time(8 + 2 * number))
        AgreementFactory(group=group)
        SessionFactory(group=group, number=2, local_day=TODAY)
        SessionFactory(group=group, number=1, local_day=TODAY - datetime.timedelta(days=7))
        MembershipFactory(group=group, state=MembershipState.PREPARING)
        MembershipFactory(group=group)
        ClosureFactory(name=f"Closed {number}", first_day=TODAY + datetime.timedelta(days=number))
    browser = sign_in(dana)
    # savepoint and release (none outside tests); session; person; and what the page reads
    with django_assert_num_queries(12):
        browser.get(PAGE)
    assert Membership.objects.count() == 2 * rows
