"""Invitations: one mailed link, taken once, within its time (R41)."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from common.acting import SYSTEM, go_on_as
from common.clock import now
from practice import services
from practice.models import Invitation, Practice, Role, User
from practice.signals import invitation_accepted, invitation_made
from tests.factories.practice import PASSWORD, AdministratorFactory, SiteFactory, UserFactory

TUESDAY = datetime.datetime(2026, 11, 24, 22, 0, tzinfo=datetime.UTC)
NEW_PASSWORD = "a longer secret phrase"

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited() -> User:
    """A therapist who has an account and no password yet."""
    return UserFactory(password=None, first_name="Naomi", email="naomi@kith.example", home_site=SiteFactory())


def test_an_invitation_works_until_the_end_of_its_last_day_in_the_persons_zone(invited: User) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        invitation = services.invite(user=invited, by=None)
    # Fourteen days by policy: December 8, which ends in Brooklyn at 5:00 UTC on the 9th.
    assert invitation.expires_at == datetime.datetime(2026, 12, 9, 5, 0, tzinfo=datetime.UTC)
    assert invitation.is_open(invitation.expires_at - datetime.timedelta(seconds=1))
    assert not invitation.is_open(invitation.expires_at)


def test_the_days_are_the_policys(invited: User) -> None:
    policy = Practice.objects.current().policy
    policy.invitation_days = 1
    policy.save()
    with time_machine.travel(TUESDAY, tick=False):
        invitation = services.invite(user=invited, by=None)
    assert invitation.expires_at == datetime.datetime(2026, 11, 26, 5, 0, tzinfo=datetime.UTC)


def test_a_second_invitation_replaces_the_first(invited: User) -> None:
    administrator = AdministratorFactory()
    first = services.invite(user=invited, by=administrator)
    second = services.invite(user=invited, by=administrator)
    with pytest.raises(services.InvitationNotValid):
        services.find_invitation(token=services.invitation_token(first))
    assert services.find_invitation(token=services.invitation_token(second)) == second
    assert second.created_by == administrator


def test_the_database_keeps_one_open_invitation_a_person(invited: User) -> None:
    services.invite(user=invited, by=None)
    with pytest.raises(IntegrityError, match="invitation_one_open_a_user"), transaction.atomic():
        Invitation.objects.create(user=invited, expires_at=now())


def test_who_has_a_password_is_not_invited() -> None:
    with pytest.raises(services.AccountInUse, match="has an account already"):
        services.invite(user=UserFactory(), by=None)


def test_who_is_deactivated_is_not_invited(invited: User) -> None:
    User.objects.filter(pk=invited.pk).update(is_active=False)
    with pytest.raises(services.AccountClosed, match="Reactivate it first"):
        services.invite(user=invited, by=None)


def test_the_token_is_not_stored_and_cannot_be_made_from_the_key(invited: User) -> None:
    invitation = services.invite(user=invited, by=None)
    token = services.invitation_token(invitation)
    assert token.startswith(f"{invitation.pk.hex}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(practice_invitation)::text FROM practice_invitation")
        assert token.partition(".")[2] not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: t.partition(".")[0],
        lambda t: "",
        lambda t: "x.y",
        lambda t: "\x00" + t,
        lambda t: t * 100,
    ],
)
def test_a_token_that_is_not_ours_is_refused(invited: User, spoil: Any) -> None:
    token = services.invitation_token(services.invite(user=invited, by=None))
    with pytest.raises(services.InvitationNotValid, match="Ask the practice for a new one"):
        services.find_invitation(token=spoil(token))


def test_accepting_opens_the_account(invited: User) -> None:
    heard: list[User] = []

    def listen(sender: type[User], user: User, **_: Any) -> None:
        heard.append(user)

    invitation = services.invite(user=invited, by=None)
    invitation_accepted.connect(listen)
    try:
        user = services.accept_invitation(token=services.invitation_token(invitation), password=NEW_PASSWORD)
    finally:
        invitation_accepted.disconnect(listen)
    assert user == invited
    assert heard == [invited]
    invited.refresh_from_db()
    assert invited.check_password(NEW_PASSWORD)
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    address = EmailAddress.objects.get(user=invited)
    assert (address.email, address.verified, address.primary) == ("naomi@kith.example", True, True)


def test_an_invitation_is_taken_once(invited: User) -> None:
    token = services.invitation_token(services.invite(user=invited, by=None))
    services.accept_invitation(token=token, password=NEW_PASSWORD)
    with pytest.raises(services.InvitationNotValid):
        services.accept_invitation(token=token, password="another long phrase")
    invited.refresh_from_db()
    assert invited.check_password(NEW_PASSWORD)


def test_an_invitation_is_not_taken_after_its_time(invited: User) -> None:
    invitation = services.invite(user=invited, by=None)
    with time_machine.travel(invitation.expires_at), pytest.raises(services.InvitationNotValid):
        services.accept_invitation(token=services.invitation_token(invitation), password=NEW_PASSWORD)


def test_an_invitation_is_not_taken_for_a_deactivated_account(invited: User) -> None:
    token = services.invitation_token(services.invite(user=invited, by=None))
    User.objects.filter(pk=invited.pk).update(is_active=False)
    with pytest.raises(services.InvitationNotValid):
        services.accept_invitation(token=token, password=NEW_PASSWORD)


def test_a_listener_that_fails_undoes_the_acceptance(invited: User) -> None:
    def fail(**_: Any) -> None:
        raise LookupError

    token = services.invitation_token(services.invite(user=invited, by=None))
    invitation_accepted.connect(fail)
    try:
        with pytest.raises(LookupError):
            services.accept_invitation(token=token, password=NEW_PASSWORD)
    finally:
        invitation_accepted.disconnect(fail)
    invited.refresh_from_db()
    assert not invited.has_usable_password()
    assert services.find_invitation(token=token)


@pytest.mark.django_db(transaction=True)
def test_eight_take_the_same_invitation_and_one_wins() -> None:
    invited = UserFactory(password=None)
    token = services.invitation_token(services.invite(user=invited, by=None))
    start = threading.Barrier(8)

    def take(number: int) -> str | None:
        start.wait()
        try:
            services.accept_invitation(token=token, password=f"{NEW_PASSWORD} {number}")
        except services.InvitationNotValid:
            return None
        finally:
            connection.close()
        return f"{NEW_PASSWORD} {number}"

    with ThreadPoolExecutor(8, initializer=go_on_as, initargs=[SYSTEM]) as pool:
        passwords = [password for password in pool.map(take, range(8)) if password]
    assert len(passwords) == 1
    invited.refresh_from_db()
    assert invited.check_password(passwords[0])


def test_rooms_above_hear_of_a_new_invitation_inside_the_transaction(invited: User) -> None:
    heard: list[Invitation] = []

    def listen(invitation: Invitation, **_: Any) -> None:
        heard.append(invitation)

    invitation_made.connect(listen)
    try:
        invitation = services.invite(user=invited, by=None)
    finally:
        invitation_made.disconnect(listen)
    assert heard == [invitation]


def test_confirming_an_address_twice_changes_nothing(invited: User) -> None:
    EmailAddress.objects.filter(user=invited).update(verified=False, primary=False)
    services.confirm_email(user=invited)
    services.confirm_email(user=invited)
    [address] = EmailAddress.objects.filter(user=invited)
    assert address.verified
    assert address.primary


def test_confirming_an_address_drops_an_earlier_one(invited: User) -> None:
    EmailAddress.objects.filter(user=invited).update(email="old@kith.example")
    services.confirm_email(user=invited)
    assert [address.email for address in EmailAddress.objects.filter(user=invited)] == ["naomi@kith.example"]


def test_a_member_is_invited_like_anybody() -> None:
    member = services.create_member(email="Ana@Kith.Example", first_name="Ana", last_name="Ruiz")
    assert (member.email, member.roles) == ("ana@kith.example", [Role.MEMBER])
    token = services.invitation_token(services.invite(user=member, by=AdministratorFactory()))
    assert services.accept_invitation(token=token, password=PASSWORD) == member
