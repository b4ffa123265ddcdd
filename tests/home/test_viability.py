"""Whether enough people are expected in the sessions to come (R30)."""

import datetime

import pytest

from common.clock import now
from groups_app.models import Group, GroupState, Membership, MembershipState
from home.reads.viability import small_groups
from practice.models import Policy, User
from sessions_log.models import AbsenceNotice, Session, SessionStatus
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.sessions_log import SessionFactory
from tests.home.conftest import MORNING

pytestmark = pytest.mark.django_db

NEXT, AFTER = datetime.date(2026, 12, 1), datetime.date(2026, 12, 8)


@pytest.fixture
def members(circle: Group) -> list[Membership]:
    """Six, one more than the smallest size."""
    return MembershipFactory.create_batch(6, group=circle)


@pytest.fixture
def coming(circle: Group) -> list[Session]:
    """The next two sessions."""
    return [SessionFactory(group=circle, local_day=day) for day in (NEXT, AFTER)]


def found(user: User) -> list[tuple[str, int, datetime.date | None]]:
    return [(one.group.name, one.expected, one.day) for one in small_groups(user, Policy.objects.get(), at=now())]


def is_away(session: Session, *members: Membership) -> None:
    for member in members:
        AbsenceNotice.objects.create(session=session, membership=member, given_at=MORNING, given_by=member.proposed_by)


def test_notices_of_absence_count(
    coordinator: User, circle: Group, members: list[Membership], coming: list[Session]
) -> None:
    assert found(coordinator) == []
    is_away(coming[1], *members[:2])
    assert found(coordinator) == [(circle.name, 4, AFTER)]
    is_away(coming[0], *members[:3])
    assert found(coordinator) == [(circle.name, 3, NEXT)]
    AbsenceNotice.objects.update(withdrawn_at=MORNING)
    assert found(coordinator) == []


def test_who_leaves_is_expected_until_the_last_day(
    coordinator: User, circle: Group, members: list[Membership], coming: list[Session]
) -> None:
    Membership.objects.filter(pk__in=[one.pk for one in members[:2]]).update(
        state=MembershipState.LEAVING, ends_on=NEXT, leaving_reason="moved"
    )
    assert found(coordinator) == [(circle.name, 4, AFTER)]


def test_canceled_and_far_sessions_do_not_count(coordinator: User, circle: Group, coming: list[Session]) -> None:
    MembershipFactory.create_batch(5, group=circle)
    is_away(coming[0], *Membership.objects.all()[:3])
    Session.objects.filter(pk=coming[0].pk).update(
        status=SessionStatus.CANCELLED, cancelled_at=MORNING, cancelled_by=coordinator
    )
    is_away(SessionFactory(group=circle, local_day=datetime.date(2026, 12, 29)), *Membership.objects.all())
    assert found(coordinator) == []


def test_without_a_session_members_count(coordinator: User) -> None:
    small = GroupFactory(state=GroupState.ENDING, name="Small")
    MembershipFactory.create_batch(3, group=small)
    GroupFactory(state=GroupState.FORMING)
    assert found(coordinator) == [("Small", 3, None)]
