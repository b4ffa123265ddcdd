"""Nobody is enrolled without an approved screening, neither by a verb nor by the shell (R21)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from common.acting import SYSTEM, go_on_as
from groups_app import services
from groups_app.models import AgreementVersion, Group, Membership, MembershipState
from members.models import Client, Screening, ScreeningOutcome
from practice.models import User
from tests.database import connected
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


@pytest.mark.django_db
def test_many_screenings_in_one_transaction_keep_few_locks() -> None:
    """PostgreSQL's table of locks has room for some thousands; a large practice is loaded in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT members_screening_lock(gen_random_uuid()) FROM generate_series(1, 5000)")
        assert {lock for (lock,) in cursor} <= set(range(256))


@pytest.mark.django_db(transaction=True)
def test_an_enrollment_waits_for_a_decision_being_made(group: Group, coordinator: User) -> None:
    client = ClientFactory()
    with ThreadPoolExecutor(1, initializer=go_on_as, initargs=[SYSTEM]) as coordinators:
        with transaction.atomic():
            decide(client, ScreeningOutcome.WAIT)
            enrolled = coordinators.submit(_write_past_the_verbs, group, client, coordinator)
            _until_somebody_waits_for_a_lock()
        assert isinstance(enrolled.exception(timeout=60), IntegrityError)
    assert not Membership.objects.exists()


def _write_past_the_verbs(group: Group, client: Client, coordinator: User) -> None:
    try:
        Membership.objects.create(group=group, client=client, state="proposed", proposed_by=coordinator)
    finally:
        connection.close()


def _until_somebody_waits_for_a_lock() -> None:
    with connected("DATABASE_OWNER_URL") as watcher:
        watcher.autocommit = True
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        deadline = time.monotonic() + 60
        while watcher.execute(waiting).fetchone() is None:
            assert time.monotonic() < deadline, "Nobody waits."
