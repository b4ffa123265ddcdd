"""Many people at one button: whoever is first wins, and nobody sees anything but a sentence.

``KITH_RACE_ROUNDS=200`` runs the full figure, 200 rounds of 32; the suite runs a few of the same.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, close_old_connections, connection

from common.acting import SYSTEM, go_on_as
from common.clock import now
from groups_app import services
from groups_app.models import (
    AgreementVersion,
    DoorOpening,
    Group,
    GroupLeader,
    GroupState,
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
ROUNDS = int(os.environ.get("KITH_RACE_ROUNDS", "8"))


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
    """R3, R23: 32 leaders accept for the last place; one wins, everybody else reads that it is full."""
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
    assert Membership.objects.seated().count() == 2 * ROUNDS + 1


@pytest.mark.django_db(transaction=True)
def test_accept_at_once_makes_one_place_and_one_invitation() -> None:
    """R1: 32 clicks on one proposal; the first takes the place, everybody else reads where the person is now."""
    leader = TherapistFactory()
    group = GroupFactory(capacity=2, leaders=[leader])
    clients = ClientFactory.create_batch(ROUNDS)
    racers = Racers(RACERS)
    try:
        for number, (one, client) in enumerate(
            zip(_copies(group, MembershipFactory(group=group).client, leader), clients, strict=True)
        ):
            (proposal,) = _proposals(one, [client], leader)
            outcomes = racers.race([_accepting(proposal, leader)] * RACERS)
            names = Counter(type(outcome).__name__ for outcome in outcomes)
            assert names == {"Membership": 1, "WrongState": RACERS - 1}, (number, outcomes)
            assert proposal.transitions.filter(to_state="accepted").count() == 1
    finally:
        racers.stop()
    assert Invitation.objects.count() == User.objects.filter(client__in=clients).count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_through_a_door_that_closes() -> None:
    """R1, R28: rows written past the services while a leader closes: they wait for the door, or it waits for them."""
    leader = TherapistFactory()
    group = GroupFactory(capacity=12, leaders=[leader], state=GroupState.RUNNING)
    clients = ClientFactory.create_batch(7)
    racers = Racers(len(clients) + 1)
    try:
        for number in range(ROUNDS):
            opening = _opened(group, leader)
            writing = [_writing(group, client, opening, leader) for client in clients]
            *written, closed = racers.race([*writing, lambda: services.close_door(group=group, by=leader)])
            group.refresh_from_db()
            proposals = Membership.objects.filter(group=group, state=MembershipState.PROPOSED)
            assert {type(outcome) for outcome in written} <= {Membership, IntegrityError}, (number, written)
            assert proposals.count() == sum(isinstance(outcome, Membership) for outcome in written)
            if group.door_id is None:
                assert not proposals.exists(), number
            else:
                assert isinstance(closed, services.DoorInUse), closed
                for proposal in proposals:
                    services.withdraw(membership=proposal, by=leader)
                services.close_door(group=group, by=leader)
    finally:
        racers.stop()


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
    """R26: 31 signatures against a new version at once: each is first, or it is refused; never on an old text."""
    version, one = _ready_to_sign()
    leader = version.published_by
    members = [one, *(_prepared(version.group) for _ in range(7))]
    racers = Racers(RACERS)
    try:
        for number in range(ROUNDS):
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


def _opened(group: Group, by: User) -> DoorOpening:
    """Announce the door in the rows themselves: what may open it is tested elsewhere."""
    opening = DoorOpening.objects.create(
        group=group, reason="A place is free.", opens_on=group.first_day, announced_at=now(), announced_by=by
    )
    Group.objects.filter(pk=group.pk).update(door=opening)
    group.refresh_from_db()
    return opening


def _writing(group: Group, client: Client, opening: DoorOpening, by: User) -> Callable[[], object]:
    return lambda: Membership.objects.create(group=group, client=client, door=opening, proposed_by=by)


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
        for number in range(ROUNDS)
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
