"""People at the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from practice.models import User
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)

OUTSIDERS = [TherapistFactory, SupervisorFactory, CoordinatorFactory, MemberUserFactory]
PERSON_FORM = {
    "first_name": "Naomi",
    "last_name": "Whitfield",
    "credentials": "PsyD",
    "email": "Naomi@Kith.Example",
    "roles": ["therapist", "supervisor"],
    "home_site": "",
}


def texts(response: Any) -> list[str]:
    """What the page says in its flash messages."""
    return [str(message) for message in response.context["messages"]]


@pytest.fixture(autouse=True)
def _second_step_is_not_required(settings: object) -> None:
    """Only the tests of the gate itself turn it on."""
    settings.REQUIRE_STAFF_MFA = False  # type: ignore[attr-defined]


@pytest.fixture
def administrator() -> User:
    return AdministratorFactory(first_name="Ada", last_name="Okafor")


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    """The browser of the administrator."""
    client.force_login(administrator)
    return client


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """Make the browser of somebody."""

    def make(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return make
