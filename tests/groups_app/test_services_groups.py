"""Planning groups and taking them through their life."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from groups_app import services
from groups_app.models import AgreementVersion, Group, GroupLeader, GroupState, Membership, MembershipState
from groups_app.signals import leaders_changed
from practice.models import Practice, User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import CoordinatorFactory, RoomFactory, TherapistFactory, UserFactory


def unsaved(name: str = "Thursday evening") -> Group:
    """A group as a form makes it."""
    room = RoomFactory()
    return Group(
        name=name,
        site=room.site,
        room=room,
        first_day=date(2027, 1, 7),
        start_time=time(18),
        minutes=90,
        session_count=14,
    )


# --- Planning -------------------------------------------------------------------------------------------------------
def test_plan_group_orders_leaders_and_starts_the_agreement(coordinator: User, clock: object) -> None:
    """R24, R26."""
    leaders = TherapistFactory.create_batch(3)
    group = services.plan_group(group=unsaved(), leaders=leaders, by=coordinator)
    assert [leader.user for leader in group.leaders.order_by("position")] == leaders
    assert group.state == GroupState.PLANNED
    version = AgreementVersion.objects.get(group=group)
    assert version.number == 1
    assert "## What is said here stays here" in version.text


def test_plan_group_refuses_wrong_leaders(coordinator: User, therapist: User) -> None:
    """R4: groups are led by therapists."""
    inactive = TherapistFactory(is_active=False)
    for leaders in ([], [therapist, therapist], [CoordinatorFactory()], [inactive]):
        with pytest.raises(services.LeadersWrong):
            services.plan_group(group=unsaved(), leaders=leaders, by=coordinator)
    assert not Group.objects.exists()


def test_therapist_plans_a_group_of_their_own(therapist: User) -> None:
    with pytest.raises(services.LeadersWrong, match="Add yourself"):
        services.plan_group(group=unsaved(), leaders=[TherapistFactory()], by=therapist)
    assert services.plan_group(group=unsaved(), leaders=[therapist], by=therapist)


def test_plan_group_with_a_name_that_is_taken(coordinator: User, therapist: User) -> None:
    GroupFactory(name="Thursday evening")
    with pytest.raises(services.NameTaken, match="Thursday evening"):
        services.plan_group(group=unsaved("Thursday evening"), leaders=[therapist], by=coordinator)


# --- Editing --------------------------------------------------------------------------------------------------------
def test_update_group_dates_the_change_of_leaders(group: Group, therapist: User) -> None:
    """R24: who led until when stays on record."""
    second = TherapistFactory()
    services.update_group(group=group, leaders=[second, therapist], by=therapist)
    current = GroupLeader.objects.filter(group=group, until__isnull=True).order_by("position")
    assert [leader.user for leader in current] == [second, therapist]
    assert GroupLeader.objects.get(group=group, until__isnull=False).user == therapist


def test_update_group_tells_only_about_real_changes(group: Group, therapist: User) -> None:
    heard: list[Any] = []

    def hear(**signal: Any) -> None:
        heard.append(signal["group"])

    leaders_changed.connect(hear)
    try:
        services.update_group(group=group, leaders=[therapist], by=therapist)
        assert heard == []
        services.update_group(group=group, leaders=[TherapistFactory(), therapist], by=therapist)
    finally:
        leaders_changed.disconnect(hear)
    assert heard == [group]


def test_update_group_keeps_the_places_that_are_taken(group: Group, therapist: User) -> None:
    MembershipFactory.create_batch(3, group=group)
    group.capacity = 2
    with pytest.raises(services.PlacesTaken, match="3 places are taken"):
        services.update_group(group=group, leaders=[therapist], by=therapist)
    group.capacity = 3
    services.update_group(group=group, leaders=[therapist], by=therapist)
    assert Group.objects.get().capacity == 3


def test_update_group_with_a_name_that_is_taken(group: Group, therapist: User) -> None:
    group.name = GroupFactory().name
    with pytest.raises(services.NameTaken):
        services.update_group(group=group, leaders=[therapist], by=therapist)


@pytest.mark.parametrize("leaders", [1, 2, 3])
@pytest.mark.parametrize("own", [None, 2, 12])
def test_places_are_the_same_in_sql(db: None, leaders: int, own: int | None) -> None:
    """R3, R23: lists ask the database, verbs ask the service."""
    group = GroupFactory(leaders=TherapistFactory.create_batch(leaders), capacity=own)
    MembershipFactory(group=group)
    MembershipFactory(group=group, state=MembershipState.PROPOSED)
    listed = Group.objects.with_places(Practice.objects.current().policy).get()
    assert (listed.places, listed.seated, listed.proposed) == (services.capacity_of(group), 1, 1)


def test_database_wants_the_number_of_sessions(group: Group) -> None:
    """A check that is NULL passes; this one must not be."""
    with pytest.raises(IntegrityError, match="group_count_iff_time_limited"), transaction.atomic():
        Group.objects.filter(pk=group.pk).update(session_count=None)


@pytest.mark.parametrize("changes", [{"seat": None}, {"seat": 13}, {"state": MembershipState.PROPOSED}])
def test_database_wants_a_seat_for_who_is_seated(group: Group, changes: dict[str, Any]) -> None:
    """R3, R23: no code can seat a thirteenth."""
    membership = MembershipFactory(group=group)
    with pytest.raises(IntegrityError, match="membership_seat_iff_seated"), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(**changes)


def test_room_must_be_at_the_site(group: Group) -> None:
    elsewhere = RoomFactory(site__name="Austin", site__zone="America/Chicago", site__state="TX")
    group.room = elsewhere
    with pytest.raises(ValidationError, match="another site"):
        group.full_clean()


def test_inactive_accounts_are_no_leaders(group: Group, therapist: User) -> None:
    former = UserFactory(is_active=False)
    with pytest.raises(services.LeadersWrong, match=former.name):
        services.update_group(group=group, leaders=[therapist, former], by=therapist)
