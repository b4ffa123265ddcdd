"""The week as a grid and as a list, unsigned notes, and a member's word (R32, R37)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from groups_app.models import Group, LeavingReason, Membership, MembershipState
from practice.models import User
from sessions_log.calendar import Narrowed, month_of, week_of
from sessions_log.models import AbsenceNotice, AttendanceStatus, Session
from sessions_log.services import (
    GroupNoteDraft,
    cancel_session,
    document_session,
    move_session,
    schedule_series,
    sign_session,
)
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import (
    AdministratorFactory,
    ClosureFactory,
    CoordinatorFactory,
    MemberUserFactory,
    RoomFactory,
    SiteFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
WEEKS = ["/sessions/", "/sessions/agenda/"]
MONTH = "/sessions/month/"
FIRST_WEEK = {"day": "2026-11-26"}


@pytest.fixture
def austin(session: Session) -> Session:
    """The first session of a group in Austin, led by somebody else, in the same week at 6:00 PM there."""
    site = SiteFactory(name="Austin", zone="America/Chicago", state="TX")
    leader = TherapistFactory(license__state="TX")
    group = GroupFactory(name="Austin circle", site=site, room=RoomFactory(site=site), leaders=[leader])
    return schedule_series(group=group, by=CoordinatorFactory())[0]


class TestWeek:
    @pytest.mark.parametrize("url", WEEKS)
    def test_a_therapist_sees_their_own_groups(
        self, sign_in: SignIn, austin: Session, session: Session, therapist: User, url: str
    ) -> None:
        page = sign_in(therapist).get(url, FIRST_WEEK).content.decode()
        assert reverse("sessions_log:session", args=[session.pk]) in page
        assert "November 23–29, 2026" in page
        assert "Austin circle" not in page

    @pytest.mark.parametrize("url", WEEKS)
    def test_a_coordinator_sees_all_or_one_site(
        self, sign_in: SignIn, austin: Session, session: Session, url: str
    ) -> None:
        browser = sign_in(CoordinatorFactory())
        page = browser.get(url, FIRST_WEEK).content.decode()
        # Each time as clocks show it at its site, the zone named because they differ.
        for words in ("Tuesday evening circle", "6:00 PM EST", "Austin circle", "6:00 PM CST"):
            assert words in page
        page = browser.get(url, FIRST_WEEK | {"site": str(austin.group.site_id)}).content.decode()
        assert "All times Austin" in page
        assert "Austin circle" in page
        assert "Tuesday evening circle" not in page

    @pytest.mark.parametrize("url", WEEKS)
    def test_says_what_moved_what_is_off_and_what_is_closed(
        self, sign_in: SignIn, session: Session, group: Group, therapist: User, url: str
    ) -> None:
        ClosureFactory()
        move_session(session=session, day=date(2026, 11, 25), wall=session.local_time, room=session.room, by=therapist)
        off = GroupFactory(name="Early circle", leaders=[therapist], start_time=session.local_time.replace(hour=8))
        cancel_session(session=schedule_series(group=off, by=therapist)[0], reason="Leader ill", by=therapist)
        page = sign_in(therapist).get(url, FIRST_WEEK).content.decode()
        for words in ("Moved from Tuesday, November 24, 6:00 PM", "Canceled", "Closed: Thanksgiving"):
            assert words in page

    def test_without_a_week_it_is_this_one(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        for query in ({}, {"day": "nonsense", "site": "nothing"}):
            assert "November 16–22, 2026" in sign_in(therapist).get(WEEKS[0], query).content.decode()

    def test_leads_to_the_weeks_beside_it_and_keeps_the_site(self, sign_in: SignIn, austin: Session) -> None:
        query = FIRST_WEEK | {"site": str(austin.group.site_id)}
        page = sign_in(CoordinatorFactory()).get(WEEKS[0], query).content.decode()
        for day in ("2026-11-22", "2026-11-30"):
            assert f"day={day}&amp;site={austin.group.site_id}" in page

    @pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
    def test_the_ends_of_the_calendar(self, sign_in: SignIn, session: Session, therapist: User, day: str) -> None:
        assert sign_in(therapist).get(WEEKS[0], {"day": day}).status_code == 200

    def test_titles(self, session: Session, therapist: User) -> None:
        def title(day: date) -> str:
            at = datetime(2026, 1, 1, tzinfo=session.starts_at.tzinfo)
            return week_of(therapist, day=day, narrowed=Narrowed(), sites=[], at=at).title

        assert title(date(2026, 11, 25)) == "November 23–29, 2026"
        assert title(date(2026, 12, 2)) == "November 30 – December 6, 2026"
        assert title(date(2027, 1, 1)) == "December 28, 2026 – January 3, 2027"

    @pytest.mark.parametrize("url", WEEKS)
    def test_is_for_staff_who_plan_or_lead(self, sign_in: SignIn, members: list[Membership], url: str) -> None:
        for outsider in (AdministratorFactory(), members[0].client.user):
            assert sign_in(outsider).get(url).status_code == 404
        assert sign_in(CoordinatorFactory()).post(url).status_code == 405

    @pytest.mark.parametrize("url", [*WEEKS, MONTH])
    @pytest.mark.parametrize("groups", [1, 3])
    def test_asks_the_same_few_questions(
        self, sign_in: SignIn, session: Session, url: str, groups: int, django_assert_num_queries: Any
    ) -> None:
        for hour in range(groups - 1):
            other = GroupFactory(start_time=session.local_time.replace(hour=8 + hour * 2))
            schedule_series(group=other, by=CoordinatorFactory())
        browser = sign_in(CoordinatorFactory())
        with django_assert_num_queries(12):  # two of them a test's savepoint
            browser.get(url, FIRST_WEEK)

    def test_can_be_narrowed_to_a_room_a_leader_a_group(
        self, sign_in: SignIn, austin: Session, session: Session, group: Group
    ) -> None:
        browser = sign_in(CoordinatorFactory())
        for narrowed in (
            {"room": austin.room_id},
            {"leader": austin.leaders.get().user_id},
            {"group": austin.group_id},
        ):
            for url in (*WEEKS, MONTH):
                response = browser.get(url, {**FIRST_WEEK, **narrowed})
                shown = [entry.session for day in response.context["period"].days for entry in day.entries]
                assert set(shown) <= set(austin.group.sessions.all())
                assert austin in shown

    def test_a_session_on_a_closed_day_is_marked(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        ClosureFactory(name="Burst pipe", first_day=session.local_day)
        page = sign_in(therapist).get(WEEKS[0], FIRST_WEEK).text
        assert "On a closed day: Burst pipe" in page
        assert "1 session or series needs a decision." in page


class TestMonth:
    def test_shows_whole_weeks(self, session: Session, therapist: User) -> None:
        period = month_of(
            therapist, day=date(2026, 11, 26), narrowed=Narrowed(), sites=[session.group.site], at=session.starts_at
        )
        assert period.title == "November 2026"
        assert (period.days[0].day, period.days[-1].day) == (date(2026, 10, 26), date(2026, 12, 6))
        assert (period.previous, period.following) == (date(2026, 10, 31), date(2026, 12, 1))
        assert [day.day for day in period.days if day.entries] == [date(2026, 11, 24), date(2026, 12, 1)]
        assert [day.is_beside for day in period.days].count(False) == 30
        assert period.is_now

    @pytest.mark.parametrize(("groups", "shown", "more"), [(4, 4, 0), (5, 3, 2)])
    def test_what_does_not_fit_is_one_click_away(
        self, sign_in: SignIn, clock: object, groups: int, shown: int, more: int
    ) -> None:
        coordinator = CoordinatorFactory()
        for _each in range(groups):
            schedule_series(group=GroupFactory(session_count=1), by=coordinator)
        response = sign_in(coordinator).get(MONTH, FIRST_WEEK)
        day = next(day for day in response.context["period"].days if day.entries)
        assert (len(day.first_entries), day.more) == (shown, more)
        assert (f"{more} more" in response.text) == bool(more)

    @pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
    def test_the_ends_of_the_calendar(self, sign_in: SignIn, session: Session, therapist: User, day: str) -> None:
        assert sign_in(therapist).get(MONTH, {"day": day}).status_code == 200


class TestNotes:
    url = "/sessions/notes/"

    def test_lists_what_is_over_and_not_signed_the_oldest_first(
        self, clock: time_machine.Traveller, sign_in: SignIn, past_session: Session, group: Group, therapist: User
    ) -> None:
        second = group.sessions.get(number=2)
        clock.move_to(second.ends_at + timedelta(hours=5))
        document_session(session=second, group_note=GroupNoteDraft(theme="Begun"), by=therapist)
        page = sign_in(therapist).get(self.url).content.decode()
        first_at, second_at = (page.index(f"Session {number} of 14") for number in (1, 2))
        assert first_at < second_at
        # The policy's 72 hours are over for the first one.
        assert "Overdue, 7 days old" in page
        assert "5 hours old" in page
        assert "Nothing saved yet" in page
        assert "Draft" in page

    def test_what_is_signed_canceled_or_to_come_is_not_on_it(
        self, clock: time_machine.Traveller, sign_in: SignIn, past_session: Session, group: Group, therapist: User
    ) -> None:
        Membership.objects.update(
            state=MembershipState.LEFT, seat=None, ends_on=date(2026, 11, 20), leaving_reason=LeavingReason.OTHER
        )
        document_session(session=past_session, group_note=GroupNoteDraft(theme="Nobody"), by=therapist)
        sign_session(session=past_session, by=therapist)
        second = group.sessions.get(number=2)
        clock.move_to(second.ends_at + timedelta(hours=1))
        cancel_session(session=second, reason="Snow", by=therapist)
        assert "Everything is signed" in sign_in(therapist).get(self.url).content.decode()

    def test_a_supervisor_sees_those_of_whom_they_supervise_and_no_word(
        self, sign_in: SignIn, past_session: Session, members: list[Membership], therapist: User
    ) -> None:
        document_session(
            session=past_session,
            statuses={members[0].pk: AttendanceStatus.PRESENT},
            group_note=GroupNoteDraft(theme="canary"),
            by=therapist,
        )
        assert "Everything is signed" in sign_in(SupervisorFactory()).get(self.url).content.decode()
        page = sign_in(SupervisorFactory(of=[therapist])).get(self.url).content.decode()
        assert "Tuesday evening circle" in page
        assert "D. Whitfield" in page
        assert "canary" not in page

    def test_others_find_nothing(self, sign_in: SignIn, past_session: Session, members: list[Membership]) -> None:
        assert "Everything is signed" in sign_in(TherapistFactory()).get(self.url).content.decode()
        for outsider in (CoordinatorFactory(), AdministratorFactory(), members[0].client.user):
            assert sign_in(outsider).get(self.url).status_code == 404

    @pytest.mark.parametrize("weeks", [1, 3])
    def test_asks_the_same_few_questions(
        self,
        clock: time_machine.Traveller,
        sign_in: SignIn,
        session: Session,
        weeks: int,
        django_assert_num_queries: Any,
    ) -> None:
        clock.move_to(session.ends_at + timedelta(weeks=weeks - 1, hours=1))
        browser = sign_in(session.leaders.get().user)
        with django_assert_num_queries(8):  # two of them a test's savepoint
            browser.get(self.url)


class TestAbsence:
    @pytest.fixture
    def url(self, session: Session) -> str:
        return reverse("sessions_log:absence", args=[session.pk])

    @pytest.fixture
    def member(self, members: list[Membership]) -> User:
        user = members[0].client.user
        assert user
        return user

    def test_a_member_says_it_once_and_takes_it_back(
        self, sign_in: SignIn, session: Session, member: User, url: str
    ) -> None:
        browser = sign_in(member)
        for _twice in range(2):
            assert browser.post(url)["Location"] == reverse("home:member")
        notice = AbsenceNotice.objects.get()
        assert (notice.membership.client.user, notice.given_by) == (member, member)
        for _twice in range(2):
            browser.post(reverse("sessions_log:absence_withdraw", args=[session.pk]))
        notice.refresh_from_db()
        assert notice.withdrawn_at

    def test_leads_back_to_the_page_that_asked_if_it_is_ours(self, sign_in: SignIn, member: User, url: str) -> None:
        browser = sign_in(member)
        assert browser.post(url, {"next": "/schedule/"})["Location"] == "/schedule/"
        assert browser.post(url, {"next": "https://elsewhere.example/"})["Location"] == reverse("home:member")

    def test_after_the_start_it_is_too_late(
        self, clock: time_machine.Traveller, sign_in: SignIn, session: Session, member: User, url: str
    ) -> None:
        clock.move_to(session.starts_at)
        browser = sign_in(member)
        for address in (url, reverse("sessions_log:absence_withdraw", args=[session.pk])):
            assert browser.post(address).status_code == 302
        assert not AbsenceNotice.objects.exists()

    def test_only_members_of_the_group_for_themselves(self, sign_in: SignIn, session: Session, url: str) -> None:
        for outsider in (MemberUserFactory(), TherapistFactory(), CoordinatorFactory(), session.leaders.get().user):
            browser = sign_in(outsider)
            for address in (url, reverse("sessions_log:absence_withdraw", args=[session.pk])):
                assert browser.post(address).status_code == 404
        assert not AbsenceNotice.objects.exists()

    def test_a_link_changes_nothing(self, sign_in: SignIn, session: Session, member: User, url: str) -> None:
        for address in (url, reverse("sessions_log:absence_withdraw", args=[session.pk])):
            assert sign_in(member).get(address).status_code == 405
