"""A conflict keeps somebody out of a group; a leader may decide otherwise, with a reason (R22)."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from groups_app import services
from groups_app.models import ConflictOverride, Group, Membership, MembershipState
from members.models import Client
from members.services.acquaintance import list_known
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import SupervisorFactory, TherapistFactory
from tests.groups_app.pages import signed_in


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def jonas(group: Group) -> Client:
    """On the private list of a member."""
    member = MembershipFactory(group=group).client
    list_known(client=member, first_name="Jonas", last_name="Zee")
    return ClientFactory(first_name="Jonas", last_name="Zee")


def address(group: Group, client: Client) -> str:
    return reverse("groups_app:conflict", args=[group.pk, client.pk])


def test_the_private_list_keeps_out_and_the_sentence_says_nothing(
    group: Group, jonas: Client, coordinator: User
) -> None:
    with pytest.raises(services.KeptApart) as refusal:
        services.propose(group=group, client=jonas, by=coordinator)
    assert refusal.value.sentence == ("There is a conflict between Jonas Z. and this group. Choose another group.")


def test_override(group: Group, jonas: Client, coordinator: User, therapist: User) -> None:
    with pytest.raises(services.ReasonMissing):
        services.override_conflict(group=group, client=jonas, by=therapist, reason=" ")
    for _again in range(2):
        services.override_conflict(group=group, client=jonas, by=therapist, reason="Another Jonas.")
    assert ConflictOverride.objects.count() == 1
    proposal = services.propose(group=group, client=jonas, by=coordinator)
    assert services.accept(membership=proposal, by=therapist).is_seated


def test_nothing_to_override(group: Group, therapist: User) -> None:
    with pytest.raises(services.WrongState, match="no conflict any more"):
        services.override_conflict(group=group, client=ClientFactory(), by=therapist, reason="x")


def test_a_conflict_that_came_after_the_proposal_leads_to_the_decision(group: Group, therapist: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    member = MembershipFactory(group=group).client
    list_known(client=member, first_name=proposal.client.first_name, last_name=proposal.client.last_name)
    browser = signed_in(therapist)
    accept = reverse("groups_app:accept", args=[proposal.pk])
    assert browser.post(accept)["Location"] == address(group, proposal.client)
    page = browser.get(address(group, proposal.client)).content.decode()
    assert member.name in page
    assert "Fill this in." in browser.post(address(group, proposal.client), {}).content.decode()
    assert browser.post(address(group, proposal.client), {"reason": "Talked with both."}).status_code == 302
    browser.post(accept)
    assert Membership.objects.get(pk=proposal.pk).is_seated


def test_only_who_decides_sees_between_whom(group: Group, jonas: Client, coordinator: User) -> None:
    assert signed_in(SupervisorFactory()).get(address(group, jonas)).status_code == 200
    for outsider in (coordinator, TherapistFactory()):
        browser = signed_in(outsider)
        assert browser.get(address(group, jonas)).status_code == 404
        assert browser.post(address(group, jonas), {"reason": "x"}).status_code == 404
