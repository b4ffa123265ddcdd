"""A forming group in Brooklyn with its leader and coordinator, ten days before its first session."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from groups_app.models import AgreementVersion, Group
from practice.models import User
from tests.factories.groups_app import AgreementFactory, GroupFactory
from tests.factories.practice import CoordinatorFactory, TherapistFactory

# Saturday, November 14, 2026, noon in Brooklyn.
NOON = datetime(2026, 11, 14, 17, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, standing still at ``NOON`` until a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def therapist(db: None) -> User:
    """The group's leader."""
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


@pytest.fixture
def coordinator(db: None) -> User:
    """The one who proposes."""
    return CoordinatorFactory(first_name="Cora", last_name="Diaz")


@pytest.fixture
def group(therapist: User, clock: time_machine.Traveller) -> Group:
    """The group: Tuesdays at 6:00 PM, forming, led by one, so with eight places."""
    return GroupFactory(name="Tuesday circle", leaders=[therapist])


@pytest.fixture
def agreement(group: Group, therapist: User) -> AgreementVersion:
    """Version 1 of the group's agreement."""
    return AgreementFactory(group=group, published_by=therapist)
