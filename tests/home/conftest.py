"""A practice on the morning of Tuesday, November 24, 2026, and the people who look at it."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from groups_app.models import Group, GroupState, Membership
from practice.models import User
from sessions_log.models import Attendance, AttendanceStatus
from tests.factories.groups_app import AgreementFactory, GroupFactory
from tests.factories.practice import CoordinatorFactory, SiteFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

MORNING = datetime.datetime(2026, 11, 24, 14, 50, tzinfo=datetime.UTC)  # 9:50 AM in New York


def stays_away(membership: Membership, times: int = 3) -> None:
    """The member misses their group's first sessions, one after the other."""
    for number in range(times):
        session = SessionFactory(
            group=membership.group, local_day=MORNING.date() - datetime.timedelta(weeks=number + 1)
        )
        Attendance.objects.create(
            session=session,
            membership=membership,
            status=AttendanceStatus.NO_SHOW,
            recorded_by=membership.proposed_by,
            recorded_at=MORNING,
        )


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The clock stands at ``MORNING``; ``clock.move_to`` goes on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def dana(db: None) -> User:
    """Dana Whitfield, a therapist at Brooklyn."""
    return TherapistFactory(first_name="Dana", last_name="Whitfield", credentials="PsyD", home_site=SiteFactory())


@pytest.fixture
def osei(db: None) -> User:
    """R. Osei, who leads with her."""
    return TherapistFactory(first_name="Ruth", last_name="Osei")


@pytest.fixture
def circle(dana: User, osei: User) -> Group:
    """A running group, Tuesdays at 10:00 AM, since six weeks; its agreement is published."""
    group = GroupFactory(
        name="Tuesday morning circle",
        leaders=[dana, osei],
        first_day=datetime.date(2026, 10, 13),
        start_time=datetime.time(10),
        state=GroupState.RUNNING,
    )
    AgreementFactory(group=group)
    return group


@pytest.fixture
def coordinator(db: None) -> User:
    """The coordinator."""
    return CoordinatorFactory(home_site=SiteFactory())


@pytest.fixture
def sign_in(client: Browser) -> Any:
    """``sign_in(user)`` returns a browser in which ``user`` is signed in."""

    def enter(user: User) -> Browser:
        client.force_login(user)
        return client

    return enter
