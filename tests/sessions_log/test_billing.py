"""Session sheets: who attended, when, under which code, and nothing else (R40, R43)."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import Group, Membership
from members.models import Client
from practice.models import Policy, User
from sessions_log.models import AttendanceStatus, Session
from sessions_log.services import GroupNoteDraft, cancel_session, document_session, record_attendance
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Browser]
PAGE, CSV = reverse("sessions_log:billing"), reverse("sessions_log:billing_csv")
NOVEMBER = {"first": "11/01/2026", "last": "11/30/2026"}


@pytest.fixture
def held(past_session: Session, members: list[Membership], therapist: User) -> Session:
    """The first session: one here, one late, one away without a word, each at $60."""
    Policy.objects.update(session_fee=Decimal("60.00"))
    statuses = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.NO_SHOW)
    record_attendance(
        session=past_session,
        statuses={member.pk: status for member, status in zip(members, statuses, strict=True)},
        by=therapist,
    )
    return past_session


def sheet(session: Session) -> str:
    return reverse("sessions_log:sheet", args=[session.pk])


def rows_of(response: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


class TestSheet:
    def test_says_start_end_count_code_and_fee(self, sign_in: SignIn, held: Session, therapist: User) -> None:
        page = sign_in(therapist).get(sheet(held)).text
        for words in (
            "6:00 PM – 7:30 PM",
            "90 minutes",
            "90853",
            "$120.00",
            "Adeyemi, Imani",
            "The note is not signed",
        ):
            assert words in page
        assert page.count("$60.00") == 2
        assert page.count("$0.00") == 1

    def test_tells_no_more_than_whether_somebody_attended(
        self, sign_in: SignIn, held: Session, therapist: User
    ) -> None:
        document_session(session=held, group_note=GroupNoteDraft(theme="canary"), by=therapist)
        page = sign_in(CoordinatorFactory()).get(sheet(held)).text
        assert "Attended" in page
        assert "Absent" in page
        for words in ("canary", "Late", "no notice"):
            assert words not in page

    def test_without_attendance_or_taking_place(self, sign_in: SignIn, past_session: Session, therapist: User) -> None:
        browser = sign_in(therapist)
        assert "No attendance yet" in browser.get(sheet(past_session)).text
        cancel_session(session=past_session, reason="Snow", by=therapist)
        assert "The session was canceled" in browser.get(sheet(past_session)).text

    def test_who_may_see_it(self, sign_in: SignIn, held: Session, members: list[Membership], therapist: User) -> None:
        for user in (therapist, SupervisorFactory(), CoordinatorFactory()):
            assert sign_in(user).get(sheet(held)).status_code == 200
            assert sign_in(user).post(sheet(held)).status_code == 405
        for user in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            assert sign_in(user).get(sheet(held)).status_code == 404

    def test_coordinators_only_where_the_practice_says_so(self, sign_in: SignIn, held: Session) -> None:
        Policy.objects.update(coordinators_bill=False)
        browser = sign_in(CoordinatorFactory())
        for url in (sheet(held), CSV):
            assert browser.get(url).status_code == 404
        page = browser.get(PAGE, NOVEMBER).text
        assert "Leaders and supervisors prepare billing here" in page
        assert held.group.name not in page


class TestPeriod:
    def test_sums_up_and_says_what_is_missing(
        self, clock: time_machine.Traveller, sign_in: SignIn, held: Session, group: Group, therapist: User
    ) -> None:
        clock.move_to(group.sessions.get(number=2).ends_at + timedelta(hours=1))
        page = sign_in(therapist).get(PAGE).text
        for words in ("$120.00", "No attendance yet", "Not signed", "Session 1 of 14", "Session 2 of 14"):
            assert words in page
        assert "Adeyemi" not in page
        page = sign_in(therapist).get(PAGE, NOVEMBER).text
        assert "Session 2 of 14" not in page

    def test_by_site_and_leader(self, sign_in: SignIn, held: Session, therapist: User) -> None:
        browser = sign_in(CoordinatorFactory())
        other = TherapistFactory()
        assert "Session 1 of 14" in browser.get(PAGE, NOVEMBER | {"leader": therapist.pk}).text
        assert "No session was held" in browser.get(PAGE, NOVEMBER | {"leader": other.pk}).text

    def test_a_therapist_sees_their_own(self, sign_in: SignIn, held: Session, group: Group) -> None:
        assert group.name not in sign_in(TherapistFactory()).get(PAGE, NOVEMBER).text

    @pytest.mark.parametrize(
        "query",
        [
            {"first": "11/30/2026", "last": "11/01/2026"},
            {"first": "11/30/2020", "last": "11/01/2026"},
            {"first": "nonsense"},
            {"last": "12/31/9999"},
        ],
    )
    def test_strange_periods_are_explained(self, sign_in: SignIn, held: Session, query: dict[str, str]) -> None:
        browser = sign_in(CoordinatorFactory())
        for url in (PAGE, CSV):
            page = browser.get(url, query)
            assert page.status_code == 200
            assert "Please check this" in page.text

    @pytest.mark.parametrize("weeks", [1, 3])
    def test_asks_the_same_few_questions(
        self,
        clock: time_machine.Traveller,
        sign_in: SignIn,
        held: Session,
        weeks: int,
        django_assert_num_queries: pytest.FixtureRequest,
    ) -> None:
        clock.move_to(held.group.sessions.get(number=weeks).ends_at + timedelta(hours=1))
        browser = sign_in(SupervisorFactory())
        for url, queries in ((PAGE, 9), (CSV, 14)):  # two of them a test's savepoint
            with django_assert_num_queries(queries):
                browser.get(url, {"first": "11/01/2026", "last": "12/31/2026"})


class TestFile:
    def test_a_row_a_client_and_session(self, sign_in: SignIn, held: Session, therapist: User) -> None:
        response = sign_in(CoordinatorFactory()).get(CSV, NOVEMBER)
        assert response["Content-Disposition"] == 'attachment; filename="sessions-2026-11-01-2026-11-30.csv"'
        rows = rows_of(response)
        assert [row["Last name"] for row in rows] == ["Adeyemi", "Zeller", "Zorn"]
        first, _second, absent = rows
        assert {
            name: first[name]
            for name in ("Date", "Start", "End", "Minutes", "Service code", "Units", "Fee", "Clients in session")
        } == {
            "Date": "11/24/2026", "Start": "18:00", "End": "19:30", "Minutes": "90", "Service code": "90853",
            "Units": "1", "Fee": "60.00", "Clients in session": "2",
        }  # fmt: skip
        assert (first["Led by"].startswith("Dana Whitfield"), first["Note signed"]) == (True, "no")
        assert (absent["Billable"], absent["Units"], absent["Fee"], absent["Service code"]) == ("no", "0", "0.00", "")

    def test_no_name_of_a_group_and_no_formula(self, sign_in: SignIn, held: Session, group: Group) -> None:
        Client.objects.filter(first_name="Imani").update(first_name="=cmd()")
        response = sign_in(SupervisorFactory()).get(CSV, NOVEMBER)
        assert rows_of(response)[0]["First name"] == "'=cmd()"
        assert group.name not in response.content.decode()

    def test_a_stranger_gets_an_empty_one(self, sign_in: SignIn, held: Session) -> None:
        assert rows_of(sign_in(TherapistFactory()).get(CSV, NOVEMBER)) == []
        assert sign_in(AdministratorFactory()).get(CSV, NOVEMBER).status_code == 404
        assert sign_in(SupervisorFactory()).post(CSV).status_code == 405
