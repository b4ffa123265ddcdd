"""The way of a client through a group."""

from datetime import date

import pytest
import time_machine

from groups_app import services
from groups_app.models import AgreementVersion, Group, GroupState, Membership, MembershipState
from members.models import KeepApart, WaitingListEntry, WaitingOutcome
from practice.models import Invitation, User
from practice.services import accept_invitation, invitation_token
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import TherapistFactory, UserFactory
from tests.groups_app.ready import MEETING

PASSWORD = "a long enough passphrase"


def keep_apart(one: object, other: object) -> None:
    """Record a pair that must not sit together."""
    first, second = sorted((one, other), key=lambda client: client.pk)
    KeepApart.objects.create(one=first, other=second)


def states(membership: Membership) -> list[str]:
    """The states the membership went through."""
    return list(membership.transitions.order_by("at", "id").values_list("to_state", flat=True))


# --- Proposing ------------------------------------------------------------------------------------------------------
def test_propose_takes_no_place(group: Group, coordinator: User) -> None:
    membership = services.propose(group=group, client=ClientFactory(), by=coordinator)
    assert (membership.state, membership.seat) == (MembershipState.PROPOSED, None)
    assert states(membership) == ["proposed"]


@pytest.mark.parametrize("state", [GroupState.RUNNING, GroupState.ENDING, GroupState.ENDED])
def test_propose_knocks_at_a_shut_door(group: Group, coordinator: User, state: str) -> None:
    """R1: people join while a group is planned or forming."""
    Group.objects.filter(pk=group.pk).update(state=state)
    with pytest.raises(services.DoorShut, match="Choose a group that is forming"):
        services.propose(group=group, client=ClientFactory(), by=coordinator)


def test_propose_twice(group: Group, coordinator: User) -> None:
    client = ClientFactory()
    services.propose(group=group, client=client, by=coordinator)
    with pytest.raises(services.AlreadyProposed):
        services.propose(group=group, client=client, by=coordinator)
    assert Membership.objects.count() == 1


def test_propose_again_after_a_decline(group: Group, coordinator: User, therapist: User) -> None:
    """R31: who comes back gets a new membership."""
    client = ClientFactory()
    first = services.propose(group=group, client=client, by=coordinator)
    services.decline(membership=first, by=therapist, reason="Too early.")
    assert services.propose(group=group, client=client, by=coordinator) != first


def test_propose_for_a_full_group(group: Group, coordinator: User) -> None:
    Group.objects.filter(pk=group.pk).update(capacity=2)
    MembershipFactory.create_batch(2, group=group)
    with pytest.raises(services.GroupFull):
        services.propose(group=group, client=ClientFactory(), by=coordinator)


@pytest.mark.parametrize("state", [MembershipState.PROPOSED, MembershipState.ACTIVE])
@pytest.mark.parametrize("as_one", [True, False])
def test_propose_with_a_conflict(group: Group, coordinator: User, state: str, as_one: bool) -> None:
    """R22: seated or proposed, in either direction of the pair, and the sentence does not say with whom."""
    there, client = MembershipFactory(group=group, state=state).client, ClientFactory()
    keep_apart(there, client) if as_one else keep_apart(client, there)
    with pytest.raises(services.KeptApart, match="conflict") as refusal:
        services.propose(group=group, client=client, by=coordinator)
    assert there.first_name not in refusal.value.sentence
    assert there.last_name not in refusal.value.sentence


def test_conflict_with_somebody_who_left_is_over(group: Group, coordinator: User) -> None:
    left, client = MembershipFactory(group=group, state=MembershipState.LEFT).client, ClientFactory()
    keep_apart(left, client)
    assert services.propose(group=group, client=client, by=coordinator)


# --- Accepting ------------------------------------------------------------------------------------------------------
def test_accept_gives_the_lowest_free_seat(group: Group, therapist: User) -> None:
    first, second, _third = MembershipFactory.create_batch(3, group=group)
    services.withdraw(membership=second, by=therapist, reason="Moved away.")
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    assert services.accept(membership=proposal, by=therapist).seat == 2
    first.refresh_from_db()
    assert first.seat == 1


def test_accept_makes_an_account_and_invites(group: Group, therapist: User) -> None:
    client = ClientFactory(first_name="Noor", preferred_name="Noora", last_name="Baker", email="noor@mail.example")
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    accepted = services.accept(membership=proposal, by=therapist)
    assert accepted.state == MembershipState.INVITED
    assert states(accepted) == ["accepted", "invited"]
    client.refresh_from_db()
    assert client.user is not None
    assert (client.user.email, client.user.name, client.user.roles) == ("noor@mail.example", "Noora Baker", ["member"])
    assert Invitation.objects.get().user == client.user


def test_accept_somebody_with_a_working_account(group: Group, therapist: User) -> None:
    client = ClientFactory(with_account=True)
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    assert services.accept(membership=proposal, by=therapist).state == MembershipState.PREPARING
    assert not Invitation.objects.exists()


def test_accept_keeps_the_invitation_that_is_open(group: Group, therapist: User) -> None:
    """The link already in the mailbox stays good when a second group accepts the same person."""
    client = ClientFactory()
    other = MembershipFactory(client=client, state=MembershipState.PROPOSED)
    services.accept(membership=other, by=therapist)
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    assert services.accept(membership=proposal, by=therapist).state == MembershipState.INVITED
    assert Invitation.objects.get().revoked_at is None


def test_accept_twice(group: Group, therapist: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    services.accept(membership=proposal, by=therapist)
    with pytest.raises(services.WrongState, match="Load the page again"):
        services.accept(membership=proposal, by=therapist)
    assert Membership.objects.get().seat == 1


def test_accept_into_a_full_group(group: Group, therapist: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    Group.objects.filter(pk=group.pk).update(capacity=2)
    MembershipFactory.create_batch(2, group=group)
    with pytest.raises(services.GroupFull, match="Every place"):
        services.accept(membership=proposal, by=therapist)


def test_accept_after_the_start(group: Group, therapist: User) -> None:
    """R1: a proposal nobody answered in time does not open the door."""
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    Group.objects.filter(pk=group.pk).update(state=GroupState.RUNNING)
    with pytest.raises(services.DoorShut):
        services.accept(membership=proposal, by=therapist)


def test_accept_with_a_conflict(group: Group, therapist: User) -> None:
    """R22: the pair may have been recorded after the proposal."""
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    keep_apart(MembershipFactory(group=group).client, proposal.client)
    with pytest.raises(services.KeptApart):
        services.accept(membership=proposal, by=therapist)


def test_accept_with_somebody_elses_address(group: Group, therapist: User) -> None:
    """A therapist who is a client here needs another address: a member's account is a member's only."""
    client = ClientFactory(email=UserFactory().email)
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    with pytest.raises(services.EmailInUse, match="another account"):
        services.accept(membership=proposal, by=therapist)
    proposal.refresh_from_db()
    assert proposal.state == MembershipState.PROPOSED


def test_accept_ends_the_wait(group: Group, therapist: User) -> None:
    entry = WaitingFactory()
    proposal = MembershipFactory(group=group, client=entry.client, state=MembershipState.PROPOSED)
    services.accept(membership=proposal, by=therapist)
    entry.refresh_from_db()
    assert (entry.outcome, entry.closed_on) == (WaitingOutcome.PLACED, date(2026, 11, 14))


# --- Declining and withdrawing --------------------------------------------------------------------------------------
def test_decline_needs_a_reason(group: Group, therapist: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    with pytest.raises(services.ReasonMissing):
        services.decline(membership=proposal, by=therapist, reason="  ")
    services.decline(membership=proposal, by=therapist, reason="Not now.")
    assert proposal.transitions.get(to_state="declined").reason == "Not now."
    with pytest.raises(services.WrongState):
        services.decline(membership=proposal, by=therapist, reason="Again.")


def test_take_a_proposal_back_without_a_reason(group: Group, coordinator: User) -> None:
    proposal = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    services.withdraw(membership=proposal, by=coordinator)
    proposal.refresh_from_db()
    assert proposal.state == MembershipState.WITHDRAWN


def test_withdraw_before_membership_brings_the_wait_back(group: Group, therapist: User) -> None:
    """The days already waited are not lost."""
    since = date(2026, 9, 1)
    client = WaitingFactory(since=since).client
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    accepted = services.accept(membership=proposal, by=therapist)
    with pytest.raises(services.ReasonMissing):
        services.withdraw(membership=accepted, by=therapist)
    services.withdraw(membership=accepted, by=therapist, reason="Changed plans.")
    accepted.refresh_from_db()
    assert (accepted.state, accepted.seat) == (MembershipState.WITHDRAWN, None)
    assert WaitingListEntry.objects.open().get(client=client).since == since


def test_withdraw_with_a_place_elsewhere_does_not_wait(group: Group, therapist: User) -> None:
    client = WaitingFactory().client
    MembershipFactory(client=client)
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    accepted = services.accept(membership=proposal, by=therapist)
    services.withdraw(membership=accepted, by=therapist, reason="One group is enough.")
    assert not WaitingListEntry.objects.open().exists()


def test_withdraw_a_member_is_leaving(group: Group, therapist: User) -> None:
    """R31: the row stays, with its dates; the place is free."""
    membership = MembershipFactory(group=group)
    services.withdraw(membership=membership, by=therapist, reason="Moved away.")
    membership.refresh_from_db()
    assert (membership.state, membership.seat, membership.ends_on) == ("left", None, date(2026, 11, 14))
    with pytest.raises(services.WrongState):
        services.withdraw(membership=membership, by=therapist, reason="Again.")


# --- Becoming a member (R25) ----------------------------------------------------------------------------------------
def test_from_proposal_to_member(
    group: Group, agreement: AgreementVersion, coordinator: User, therapist: User, clock: time_machine.Traveller
) -> None:
    """R25: accepted, invited, prepared; active only with the meeting and the signature, whichever comes last."""
    client = ClientFactory()
    proposal = services.propose(group=group, client=client, by=coordinator)
    services.accept(membership=proposal, by=therapist)
    user = accept_invitation(token=invitation_token(Invitation.objects.get()), password=PASSWORD)
    proposal.refresh_from_db()
    assert proposal.state == MembershipState.PREPARING
    met = services.record_pregroup_meeting(membership=proposal, on=date(2026, 11, 12), by=therapist, **MEETING)
    assert met.state == "preparing"
    services.sign_agreement(
        membership=proposal,
        version=agreement,
        typed_name="Given Family",
        has_read=True,
        intends_to_sign=True,
        account=user,
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.starts_on) == (MembershipState.ACTIVE, date(2026, 11, 14))
    assert set(states(proposal)) == {"proposed", "accepted", "invited", "preparing", "active"}


def test_meeting_last(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    client = ClientFactory(with_account=True)
    membership = MembershipFactory(
        group=group, client=client, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None
    )
    services.sign_agreement(
        membership=membership,
        version=agreement,
        typed_name="Given Family",
        has_read=True,
        intends_to_sign=True,
        account=client.user,
    )
    recorded = services.record_pregroup_meeting(membership=membership, on=date(2026, 11, 14), by=therapist, **MEETING)
    assert recorded.state == MembershipState.ACTIVE


def test_meeting_is_not_recorded_ahead(group: Group, therapist: User, clock: time_machine.Traveller) -> None:
    """The day counts as it is at the site: at 11 PM in Brooklyn, tomorrow has not come, whatever UTC says."""
    membership = MembershipFactory(group=group, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None)
    clock.move_to("2026-11-15T04:00:00+00:00")
    with pytest.raises(services.MeetingInFuture):
        services.record_pregroup_meeting(membership=membership, on=date(2026, 11, 15), by=therapist, **MEETING)


@pytest.mark.parametrize("state", [MembershipState.PROPOSED, MembershipState.ACTIVE, MembershipState.LEFT])
def test_meeting_only_while_preparing(group: Group, therapist: User, state: str) -> None:
    membership = MembershipFactory(group=group, state=state)
    with pytest.raises(services.WrongState):
        services.record_pregroup_meeting(membership=membership, on=date(2026, 11, 12), by=therapist, **MEETING)


def test_welcome_reaches_every_waiting_group(group: Group, therapist: User) -> None:
    client = ClientFactory()
    for proposal in (
        MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED),
        MembershipFactory(client=client, state=MembershipState.PROPOSED),
    ):
        services.accept(membership=proposal, by=therapist)
    accept_invitation(token=invitation_token(Invitation.objects.get()), password=PASSWORD)
    assert set(client.memberships.values_list("state", flat=True)) == {MembershipState.PREPARING}


def test_capacity_follows_the_leaders(group: Group, therapist: User) -> None:
    """R3, R23: 8 with one leader, 10 with two; the group's own number wins in either direction."""
    assert services.capacity_of(group) == 8
    services.update_group(group=group, leaders=[therapist, TherapistFactory()], by=therapist)
    assert services.capacity_of(group) == 10
    for own in (4, 12):
        group.capacity = own
        assert services.capacity_of(group) == own
