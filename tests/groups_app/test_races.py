"""Many people at one button: whoever is first wins, and nobody sees anything but a sentence."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from common.acting import SYSTEM, go_on_as
from groups_app import services
from groups_app.models import (
    AgreementVersion,
    Group,
    GroupLeader,
    Membership,
    MembershipState,
    Signature,
)
from members.models import Client
from practice.models import Invitation, User
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory

RACERS = 32
TRIALS = 200


class Racers:
    """Threads that start together, each with a connection of its own that lasts for all trials."""

    def __init__(self, number: int) -> None:
        self._start = Barrier(number)
        self._pool = ThreadPoolExecutor(number, initializer=go_on_as, initargs=[SYSTEM])
        self._number = number

    def race(self, verbs: list[Callable[[], object]]) -> list[object]:
        """Run each verb in its thread at the same moment; return what they returned or raised, in their order."""
        return [future.result(timeout=60) for future in [self._pool.submit(self._run, verb) for verb in verbs]]

    def stop(self) -> None:
        """Let every thread close its connection, and end."""
        for future in [self._pool.submit(self._close) for _ in range(self._number)]:
            future.result(timeout=60)
        self._pool.shutdown()

    def _run(self, verb: Callable[[], object]) -> object:
        self._start.wait(timeout=60)
        try:
            return verb()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
            return error

    def _close(self) -> None:
        self._start.wait(timeout=60)
        close_old_connections()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_last_place_is_won_exactly_once() -> None:
    """R3, R23: 32 leaders accept for the last place, 200 times; one wins, everybody else reads that it is full."""
    leader = TherapistFactory()
    group = GroupFactory(capacity=2, leaders=[leader])
    seated = MembershipFactory(group=group).client
    clients = ClientFactory.create_batch(RACERS, with_account=True)
    groups = _copies(group, seated, leader)
    racers = Racers(RACERS)
    try:
        for number, one in enumerate(groups):
            proposals = _proposals(one, clients, leader)
            outcomes = racers.race([_accepting(proposal, leader) for proposal in proposals])
            winners = [outcome for outcome in outcomes if isinstance(outcome, Membership)]
            losers = [outcome for outcome in outcomes if isinstance(outcome, services.GroupFull)]
            assert (len(winners), len(losers)) == (1, RACERS - 1), (number, outcomes)
            assert winners[0].seat == 2
    finally:
        racers.stop()
    assert Membership.objects.seated().count() == 2 * TRIALS + 1


@pytest.mark.django_db(transaction=True)
def test_accept_at_once_makes_one_place_and_one_invitation() -> None:
    leader = TherapistFactory()
    proposal = MembershipFactory(state=MembershipState.PROPOSED)
    outcomes = _all_at_once([_accepting(proposal, leader)] * 8)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Membership"] + ["WrongState"] * 7
    assert proposal.transitions.filter(to_state="accepted").count() == 1
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_groups_accept_one_person_at_once() -> None:
    """The two verbs hold different groups; the client's row makes them agree on one account."""
    leader, client = TherapistFactory(), ClientFactory()
    proposals = [MembershipFactory(client=client, state=MembershipState.PROPOSED) for _ in range(4)]
    outcomes = _all_at_once([_accepting(proposal, leader) for proposal in proposals])
    assert [type(outcome) for outcome in outcomes] == [Membership] * 4
    assert User.objects.filter(email=client.email).count() == 1
    assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sign_at_once_records_once() -> None:
    """R47."""
    version, membership = _ready_to_sign()
    outcomes = _all_at_once([_signing(membership, version)] * 8)
    signature = Signature.objects.get()
    assert outcomes == [signature] * 8
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE
    assert membership.transitions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_signing_against_publishing() -> None:
    """R26: 31 signatures against a new version at once: each is first, or it is refused; never on an old text.

    ``KITH_RACE_ROUNDS=200`` runs the full figure; the suite runs a few of the same.
    """
    version, one = _ready_to_sign()
    leader = version.published_by
    members = [one, *(_prepared(version.group) for _ in range(7))]
    racers = Racers(RACERS)
    try:
        for number in range(int(os.environ.get("KITH_RACE_ROUNDS", "4"))):
            for member in members:
                for clause in version.clauses.all():
                    services.acknowledge_clause(membership=member, clause=clause, account=member.client.user)
            signing = [_signing(members[racer % len(members)], version) for racer in range(RACERS - 1)]
            publish = _publishing(version.group, f"## Version\n{number}", leader)
            *outcomes, published = racers.race([*signing, publish])
            assert isinstance(published, AgreementVersion), published
            for outcome in outcomes:
                assert isinstance(outcome, Signature | services.AgreementChanged), outcome
                if isinstance(outcome, Signature):
                    assert outcome.version == version
                    assert outcome.signed_at <= published.published_at
            assert Signature.objects.filter(version=version).count() <= len(members)
            version = published
    finally:
        racers.stop()


def _all_at_once(verbs: list[Callable[[], object]]) -> list[object]:
    racers = Racers(len(verbs))
    try:
        return racers.race(verbs)
    finally:
        racers.stop()


def _accepting(proposal: Membership, by: User) -> Callable[[], object]:
    return lambda: services.accept(membership=proposal, by=by)


def _signing(membership: Membership, version: AgreementVersion) -> Callable[[], object]:
    return lambda: services.sign_agreement(
        membership=membership,
        version=version,
        typed_name="Imani Adeyemi",
        has_read=True,
        intends_to_sign=True,
        account=membership.client.user,
    )


def _publishing(group: Group, text: str, by: User) -> Callable[[], object]:
    return lambda: services.publish_agreement(group=group, title="Agreement", text=text, by=by)


def _ready_to_sign() -> tuple[AgreementVersion, Membership]:
    version = AgreementFactory()
    return version, _prepared(version.group)


def _prepared(group: Group) -> Membership:
    return MembershipFactory(group=group, client__with_account=True, state=MembershipState.PREPARING, starts_on=None)


def _copies(group: Group, seated: Client, leader: User) -> list[Group]:
    """One group a trial, each with one of its two places taken; written in bulk, the trials are what is tested."""
    groups = [
        Group(
            name=f"Trial {number}",
            site=group.site,
            room=group.room,
            first_day=group.first_day,
            start_time=group.start_time,
            minutes=group.minutes,
            session_count=group.session_count,
            capacity=2,
            state=group.state,
        )
        for number in range(TRIALS)
    ]
    Group.objects.bulk_create(groups)
    GroupLeader.objects.bulk_create(
        GroupLeader(group=one, user=leader, position=1, since=group.first_day) for one in groups
    )
    Membership.objects.bulk_create(
        Membership(
            group=one,
            client=seated,
            state=MembershipState.ACTIVE,
            seat=1,
            proposed_by=leader,
            pregroup_met_on=group.first_day,
            starts_on=group.first_day,
        )
        for one in groups
    )
    return groups


def _proposals(group: Group, clients: list[Client], by: User) -> list[Membership]:
    return Membership.objects.bulk_create(
        Membership(group=group, client=client, state=MembershipState.PROPOSED, proposed_by=by) for client in clients
    )
