"""The factories make what the database accepts; reference data is there, also after tests that commit."""

import pytest

from members.models import DifficultyArea
from practice.models import Practice
from sessions_log.models import Session
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import AvailabilityFactory, ConsentFactory, WaitingFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db


def test_factories_satisfy_every_constraint() -> None:
    session = SessionFactory()
    MembershipFactory.create_batch(3, group=session.group)
    SessionFactory(group=session.group)
    ConsentFactory(client=AvailabilityFactory().client)
    WaitingFactory()
    assert Session.objects.count() == 2
    assert session.leaders.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_reference_data_survives_a_test_that_commits(run: int) -> None:
    assert DifficultyArea.objects.count() == 12
    assert Practice.objects.current().policy.minimum_members == 5
