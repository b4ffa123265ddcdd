"""The report on dropout and attendance (R27)."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from common.clock import now
from groups_app.models import LeavingReason, MembershipState
from home.reads.report import report_of
from practice.models import User
from sessions_log.models import Attendance, AttendanceStatus
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import CoordinatorFactory, SiteFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
# Session and account, savepoint and release; groups, memberships, attendance, sites, leaders.
QUERIES_OF_THE_PAGE = 9


@pytest.fixture(autouse=True)
def _on_a_day(settings: Any) -> Any:
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel("2026-12-31T17:00:00+00:00", tick=False):
        yield


@pytest.fixture
def leader(db: None) -> User:
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


def left(group: Any, reason: str, on: date) -> None:
    MembershipFactory(group=group, state=MembershipState.LEFT, ends_on=on, leaving_reason=reason)


@pytest.fixture
def circle(leader: User) -> Any:
    """Two stay, one completed, one dropped out, one moved; one left before the period. Four marks, one called off."""
    group = GroupFactory(name="=Circle", leaders=[leader, TherapistFactory(first_name="Ruth", last_name="Osei")])
    staying = MembershipFactory.create_batch(2, group=group)
    left(group, LeavingReason.COMPLETED, date(2026, 12, 20))
    left(group, LeavingReason.DROPPED_OUT, date(2026, 12, 31))
    left(group, LeavingReason.MOVED, date(2026, 12, 1))
    MembershipFactory(
        group=group,
        state=MembershipState.LEFT,
        starts_on=date(2026, 9, 1),
        pregroup_met_on=date(2026, 8, 1),
        ends_on=date(2026, 10, 31),
        leaving_reason=LeavingReason.DROPPED_OUT,
    )
    marks = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.NO_SHOW, AttendanceStatus.CALLED_OFF)
    sessions = [SessionFactory(group=group) for _ in range(2)]
    for number, status in enumerate(marks):
        Attendance.objects.create(
            session=sessions[number // 2],
            membership=staying[number % 2],
            status=status,
            recorded_by=leader,
            recorded_at=now(),
        )
    return group


def numbers(user: User, **changes: Any) -> dict[str, Any]:
    return {
        row.name: row.tally for row in report_of(user, **{"first": FIRST, "last": LAST, "by": "group", **changes}).rows
    }


def test_counts(circle: Any, leader: User) -> None:
    tally = numbers(leader)["=Circle"]
    assert (tally.members, tally.left, tally.completed, tally.dropped_out) == (5, 3, 1, 1)
    assert tally.dropout_rate == 20
    assert (tally.came, tally.missed, tally.attendance_rate) == (2, 1, 67)


def test_the_period_includes_both_its_days(circle: Any, leader: User) -> None:
    assert numbers(leader, last=date(2026, 12, 30))["=Circle"].dropped_out == 0
    assert numbers(leader, first=date(2026, 10, 31))["=Circle"].dropped_out == 2


def test_by_leader_counts_under_each_and_once_together(circle: Any) -> None:
    report = report_of(SupervisorFactory(), first=FIRST, last=LAST, by="leader")
    assert [(row.name, row.tally.members) for row in report.rows] == [("Dana Whitfield", 5), ("Ruth Osei", 5)]
    assert report.total.members == 5


def test_by_site_and_only_one(circle: Any) -> None:
    supervisor, austin = SupervisorFactory(), SiteFactory(name="Austin")
    MembershipFactory(group=GroupFactory(site=austin))
    assert {name: tally.members for name, tally in numbers(supervisor, by="site").items()} == {
        "Austin": 1,
        circle.site.name: 5,
    }
    assert set(numbers(supervisor, by="site", site=austin)) == {"Austin"}


def test_only_one_leader(circle: Any, leader: User, client: Browser) -> None:
    supervisor, other = SupervisorFactory(), TherapistFactory()
    MembershipFactory(group=GroupFactory(name="Other", leaders=[other]))
    assert set(numbers(supervisor, leader=leader)) == {"=Circle"}
    assert set(numbers(supervisor, leader=other)) == {"Other"}
    client.force_login(supervisor)
    text = client.get(reverse("home:report_csv"), {"leader": other.pk}).content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["Group", "Other", "Together"]
    client.force_login(leader)  # with whom the leader works; nobody else is offered
    page = client.get(reverse("home:report"), {"leader": other.pk}).content.decode()
    assert "Ruth Osei" in page
    assert other.name not in page


def test_leaders_see_their_own_groups(circle: Any) -> None:
    assert numbers(TherapistFactory()) == {}


def test_coordinators_see_counts_only(circle: Any, client: Browser) -> None:
    client.force_login(CoordinatorFactory())
    page = client.get(reverse("home:report"), {"first": "11/1/2026", "last": "12/31/2026"}).content.decode()
    assert "%" not in page.split("<table")[1].split("</table>")[0]
    assert b"Attendance" not in client.get(reverse("home:report_csv")).content


def test_page_and_file(circle: Any, leader: User, client: Browser) -> None:
    client.force_login(leader)
    page = client.get(reverse("home:report")).content.decode()
    assert "67%" in page
    assert "What is counted" in page
    text = client.get(reverse("home:report_csv"), {"by": "group"}).content.decode("utf-8-sig")
    assert "'=Circle," in text  # no formula
    assert text.splitlines()[-1].startswith("Together,")
    assert client.post(reverse("home:report")).status_code == 405


@pytest.mark.parametrize("query", [{"first": "x"}, {"first": "12/31/2026", "last": "1/1/2026"}, {"by": "x"}])
def test_bad_input(query: dict[str, str], leader: User, client: Browser) -> None:
    client.force_login(leader)
    assert client.get(reverse("home:report"), query).status_code == 200
    assert client.get(reverse("home:report_csv"), query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_for_any_number(
    rows: int, leader: User, client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        MembershipFactory(group=GroupFactory(leaders=[leader]))
    client.force_login(leader)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(reverse("home:report"))
