"""Nobody is enrolled without an approved screening, neither by a verb nor by the shell (R21)."""

import pytest
from django.db import IntegrityError, transaction

from groups_app import services
from groups_app.models import AgreementVersion, Group, Membership, MembershipState
from members.models import Client, Screening, ScreeningOutcome
from practice.models import User
from tests.factories.groups_app import MembershipFactory, sign
from tests.factories.members import ClientFactory


def decide(client: Client, outcome: str) -> None:
    Screening.objects.filter(client=client).update(outcome=outcome)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [("none", "has not been screened yet"), ("wait", "says to wait"), ("unsuitable", "not suitable")],
)
def test_propose(group: Group, coordinator: User, outcome: str, sentence: str) -> None:
    client = ClientFactory(screening=outcome)
    with pytest.raises(services.NotApproved, match=sentence):
        services.propose(group=group, client=client, by=coordinator)


def test_accept(group: Group, therapist: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    decide(proposal.client, ScreeningOutcome.WAIT)
    with pytest.raises(services.NotApproved):
        services.accept(membership=proposal, by=therapist)
    services.withdraw(membership=proposal, by=therapist, reason="Later.")


def test_who_prepares_does_not_become_a_member(group: Group, agreement: AgreementVersion) -> None:
    """The signature is kept; membership waits for a therapist."""
    membership = MembershipFactory(group=group, client__with_account=True, state="preparing", starts_on=None)
    decide(membership.client, ScreeningOutcome.WAIT)
    sign(membership, agreement)
    membership.refresh_from_db()
    assert membership.state == MembershipState.PREPARING


def test_members_stay_members(group: Group, therapist: User) -> None:
    """A later "wait" is about the next group; it throws nobody out and lets everybody leave."""
    membership = MembershipFactory(group=group)
    decide(membership.client, ScreeningOutcome.UNSUITABLE)
    services.withdraw(membership=membership, by=therapist, reason="Moved.")
    membership.refresh_from_db()
    assert membership.state == MembershipState.LEFT


def test_the_database_refuses_by_any_way(group: Group, coordinator: User) -> None:
    client = ClientFactory(screening="none")
    with pytest.raises(IntegrityError, match="not approved by a screening"), transaction.atomic():
        Membership.objects.create(group=group, client=client, state="proposed", proposed_by=coordinator)
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    decide(proposal.client, ScreeningOutcome.WAIT)
    with pytest.raises(IntegrityError, match="not approved by a screening"), transaction.atomic():
        Membership.objects.filter(pk=proposal.pk).update(state="accepted", seat=3)
