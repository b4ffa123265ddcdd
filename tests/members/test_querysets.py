"""Who sees which clients, and finding them by name."""

from typing import Any

import pytest

from groups_app.models import MembershipState
from members.models import Client
from practice.models import Role
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import AdministratorFactory, CoordinatorFactory, SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db


def test_visible_to() -> None:
    """R43: the desk sees all, therapists their groups' people, members themselves, administrators nobody."""
    therapist = TherapistFactory()
    group = GroupFactory(leaders=[therapist])
    mine = MembershipFactory(group=group, client__with_account=True).client
    proposed = MembershipFactory(
        group=group, state=MembershipState.PROPOSED, pregroup_met_on=None, starts_on=None
    ).client
    declined = MembershipFactory(
        group=group, state=MembershipState.DECLINED, pregroup_met_on=None, starts_on=None
    ).client
    others = MembershipFactory().client
    everybody = {mine, proposed, declined, others}
    assert set(Client.objects.visible_to(CoordinatorFactory())) == everybody
    assert set(Client.objects.visible_to(SupervisorFactory())) == everybody
    assert set(Client.objects.visible_to(therapist)) == {mine, proposed}
    assert set(Client.objects.visible_to(mine.user)) == {mine}
    assert not Client.objects.visible_to(AdministratorFactory())


def test_a_former_leader_sees_nobody() -> None:
    therapist = TherapistFactory()
    group = GroupFactory(leaders=[therapist])
    MembershipFactory(group=group)
    group.leaders.update(until=group.first_day)
    assert not Client.objects.visible_to(therapist)


@pytest.mark.parametrize("text", ["novak", "NOVÁK", "lu nov", "luca  novák", "lilo", "luca.n", ""])
def test_search_finds(text: str) -> None:
    """Accents and case do not matter; parts of first, last and preferred name and the start of the address count."""
    wanted = ClientFactory(first_name="Luca", last_name="Novák", preferred_name="Lilo", email="luca.n@mail.example")
    assert wanted in Client.objects.search(text)


@pytest.mark.parametrize("text", ["novak jo", "\x00x", "%", "luca_"])
def test_search_leaves_out(text: str) -> None:
    ClientFactory(first_name="Luca", last_name="Novák", email="luca.n@mail.example")
    assert not Client.objects.search(text)


def test_status() -> None:
    """The list says who waits and who holds a place."""
    waiting, seated, proposed = WaitingFactory().client, MembershipFactory().client, _proposed()
    rows: dict[Any, Any] = {client: client for client in Client.objects.with_status()}
    states = [(rows[client].is_waiting, rows[client].in_group) for client in (waiting, seated, proposed)]
    assert states == [(True, False), (False, True), (False, False)]


def _proposed() -> Client:
    return MembershipFactory(state=MembershipState.PROPOSED, pregroup_met_on=None, starts_on=None).client


@pytest.mark.parametrize(
    ("roles", "sees"),
    [
        ([Role.COORDINATOR], False),
        ([Role.ADMINISTRATOR], False),
        ([Role.SUPERVISOR], True),
        ([Role.THERAPIST], False),
        ([Role.COORDINATOR, Role.THERAPIST], False),
    ],
)
def test_who_sees_an_intake(roles: list[Role], sees: bool) -> None:
    """R7: supervisors, and therapists of the client; a coordinator who is a therapist elsewhere does not."""
    client = MembershipFactory().client
    assert TherapistFactory(roles=roles).has_perm("members.see_intake", client) is sees
    leader = client.memberships.get().group.leaders.get().user
    assert leader.has_perm("members.see_intake", client)
