"""A group with its sessions, at a moment when one of them is over."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from groups_app.models import Group, Membership
from practice.models import User
from sessions_log.models import Session
from sessions_log.services import schedule_series
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import TherapistFactory

# Friday noon in Brooklyn, before the group's first session.
BEFORE = datetime(2026, 11, 20, 17, tzinfo=UTC)
# The evening of the first session, which went from 6:00 to 7:30 PM.
AFTER_FIRST = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, standing still at ``BEFORE`` until a test moves it."""
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def therapist(db: None) -> User:
    """The group's leader."""
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


@pytest.fixture
def group(therapist: User) -> Group:
    """A running group: Tuesdays at 6:00 PM in Brooklyn, 14 times."""
    return GroupFactory(name="Tuesday evening circle", leaders=[therapist], state="running")


@pytest.fixture
def members(group: Group) -> list[Membership]:
    """Three members, in the order of their names."""
    names = [("Imani", "Adeyemi"), ("Jonas", "Zeller"), ("Keiko", "Zorn")]
    return [
        MembershipFactory(group=group, client__first_name=first, client__last_name=last, client__with_account=True)
        for first, last in names
    ]


@pytest.fixture
def session(clock: time_machine.Traveller, group: Group, members: list[Membership], therapist: User) -> Session:
    """The group's first session, still to come."""
    return schedule_series(group=group, by=therapist)[0]


@pytest.fixture
def past_session(clock: time_machine.Traveller, session: Session) -> Session:
    """The group's first session on its evening, when it is over."""
    clock.move_to(AFTER_FIRST)
    return session


@pytest.fixture
def open_as(live_server: LiveServer, client: Client, settings: Settings) -> Callable[[Page, User, str], None]:
    """Opens an address as somebody who has signed in."""
    settings.REQUIRE_STAFF_MFA = False

    def open_page(page: Page, user: User, path: str) -> None:
        client.force_login(user)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page.goto(path)

    return open_page


@pytest.fixture
def sign_in(client: Client, settings: Settings) -> Callable[[User], Client]:
    """Makes the browser somebody's; staff need no second step here."""
    settings.REQUIRE_STAFF_MFA = False

    def as_user(user: User) -> Client:
        client.force_login(user)
        return client

    return as_user
