"""Steps that need to know more than the person may see who takes them (docs/row-security.md)."""

from django.test import Client as Browser
from django.urls import reverse

from common.acting import acting_as
from groups_app import services
from groups_app.models import Group, MembershipState
from members.models import WaitingListEntry, WaitingOutcome
from practice.models import User
from practice.services import invitation_token, invite
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import MemberUserFactory

PASSWORD = "a long way home 27"


def test_taking_over_the_account_leads_on(group: Group, client: Browser) -> None:
    account = MemberUserFactory(password=None)
    membership = MembershipFactory(group=group, client=ClientFactory(user=account), state=MembershipState.INVITED)
    address = reverse("accounts:accept_invitation", args=[invitation_token(invite(user=account, by=None))])
    assert client.post(address, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    membership.refresh_from_db()
    assert membership.state == MembershipState.PREPARING


def test_a_leader_withdraws_somebody_who_then_waits_again(group: Group, therapist: User) -> None:
    person = ClientFactory()
    membership = MembershipFactory(group=group, client=person, state=MembershipState.ACCEPTED)
    WaitingFactory(client=person, closed_on=group.first_day, outcome=WaitingOutcome.PLACED)
    with acting_as(therapist):
        services.withdraw(membership=membership, by=therapist, reason="Moved away.")
    assert WaitingListEntry.objects.open().filter(client=person).count() == 1


def test_who_has_a_place_elsewhere_does_not_wait(group: Group, therapist: User) -> None:
    person = ClientFactory()
    membership = MembershipFactory(group=group, client=person, state=MembershipState.ACCEPTED)
    MembershipFactory(client=person)
    WaitingFactory(client=person, closed_on=group.first_day, outcome=WaitingOutcome.PLACED)
    with acting_as(therapist):
        services.withdraw(membership=membership, by=therapist, reason="Moved away.")
    assert not WaitingListEntry.objects.open().filter(client=person).exists()
