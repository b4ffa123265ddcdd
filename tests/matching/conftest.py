"""A forming group with a place, and somebody who waits for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from groups_app.models import Group
from members.models import Client
from practice.models import User
from tests.factories.groups_app import GroupFactory
from tests.factories.members import AvailabilityFactory, WaitingFactory
from tests.factories.practice import CoordinatorFactory


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 14, 17, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def coordinator(db: None) -> User:
    """Who matches."""
    return CoordinatorFactory()


@pytest.fixture
def group(db: None) -> Group:
    """Tuesdays at 6:00 PM in Brooklyn, eight places."""
    return GroupFactory(name="Tuesday circle")


@pytest.fixture
def waiting(db: None) -> Callable[..., Client]:
    """Makes somebody who waits and is free on Tuesday evenings (or ``weekday``)."""

    def make(*, since: date = date(2026, 10, 1), weekday: int = 1, **client: Any) -> Client:
        entry = WaitingFactory(since=since, **{f"client__{name}": value for name, value in client.items()})
        AvailabilityFactory(client=entry.client, weekday=weekday, starts=time(17), ends=time(21))
        return entry.client

    return make
