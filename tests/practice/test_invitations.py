"""Invitations: one mailed link, taken once, within its time (R41)."""

import datetime
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction

from common.acting import SYSTEM, go_on_as
from common.clock import now
from practice import services, tasks
from practice.models import Invitation, Practice, Role, User
from practice.signals import invitation_accepted
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


def test_the_mail_goes_to_one_person_and_says_nothing_of_the_practices_work(invited: User) -> None:
    """R43, R48: neutral text, one recipient."""
    Practice.objects.update(name="Northside Grief Therapy", message_name="Northside Practice", phone="(718) 555-0142")
    with time_machine.travel(TUESDAY, tick=False):
        invitation = services.invite(user=invited, by=None)
        assert services.mail_invitation(invitation_id=invitation.pk)
    [message] = mail.outbox
    assert message.recipients() == ["naomi@kith.example"]
    assert message.subject == "Your account at Northside Practice"
    assert message.from_email == "Northside Practice <no-reply@kith.example>"
    assert message.extra_headers["Message-ID"] == f"<{invitation.pk}@kith.example>"
    [html] = [body for body, kind in message.alternatives if kind == "text/html"]
    for text in (message.body, html):
        assert services.invitation_link(invitation) in text
        assert "December 8, 2026" in text
        assert "(718) 555-0142" in text
        assert not any(
            word in text.lower() for word in ("therap", "grief", "group", "session", "clinic", "client", "member")
        )


def test_an_invitation_is_mailed_once(invited: User) -> None:
    invitation = services.invite(user=invited, by=None)
    assert services.mail_invitation(invitation_id=invitation.pk)
    assert not services.mail_invitation(invitation_id=invitation.pk)
    assert services.mail_due_invitations() == 0
    assert len(mail.outbox) == 1


def test_what_no_longer_works_is_not_mailed(invited: User) -> None:
    first = services.invite(user=invited, by=None)
    second = services.invite(user=invited, by=None)
    assert not services.mail_invitation(invitation_id=first.pk)
    with time_machine.travel(second.expires_at):
        assert services.mail_due_invitations() == 0
    assert mail.outbox == []


def test_a_refused_mail_is_tried_again_later_and_holds_nobody_up(
    invited: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = UserFactory(password=None, email="other@kith.example")

    def refuse_naomi(self: EmailBackend, messages: list[Any]) -> int:
        if any("naomi@kith.example" in message.recipients() for message in messages):
            raise smtplib.SMTPRecipientsRefused({})
        mail.outbox.extend(messages)
        return len(messages)

    with time_machine.travel(TUESDAY, tick=False) as clock:
        invitation = services.invite(user=invited, by=None)
        services.invite(user=other, by=None)
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", refuse_naomi)
            assert services.mail_due_invitations() == 1
            assert services.mail_due_invitations() == 0
            clock.shift(29)
            assert services.mail_due_invitations() == 0
        clock.shift(1)
        assert services.mail_due_invitations() == 1
    assert [message.recipients() for message in mail.outbox] == [["other@kith.example"], ["naomi@kith.example"]]
    invitation.refresh_from_db()
    assert invitation.mailed_at == TUESDAY + datetime.timedelta(seconds=30)


def test_the_waits_grow_to_an_hour(invited: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailBackend, messages: list[Any]) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    waits = []
    with time_machine.travel(TUESDAY, tick=False) as clock:
        invitation = services.invite(user=invited, by=None)
        for _ in range(10):
            assert not services.mail_invitation(invitation_id=invitation.pk)
            invitation.refresh_from_db()
            wait = (invitation.mail_after - now()).total_seconds()
            waits.append(wait)
            clock.shift(wait)
    assert waits == [30, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_mail_one_invitation_once() -> None:
    invitation = services.invite(user=UserFactory(password=None), by=None)
    start = threading.Barrier(8)

    def send(_: int) -> bool:
        start.wait()
        try:
            return services.mail_invitation(invitation_id=invitation.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8, initializer=go_on_as, initargs=[SYSTEM]) as pool:
        assert sum(pool.map(send, range(8))) == 1
    assert len(mail.outbox) == 1


def test_the_task_is_queued_after_commit(
    invited: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda app, name, args: app.tasks[name](*args))
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(user=invited, by=None)
        assert mail.outbox == []
    assert len(mail.outbox) == 1


def test_a_queue_that_is_down_only_delays(
    invited: User,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("celery.app.base.Celery.send_task", fail)
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(user=invited, by=None)
    assert mail.outbox == []
    tasks.mail_due_invitations()
    assert len(mail.outbox) == 1


def test_the_beat_knows_the_sweep(settings: Any) -> None:
    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks.mail_due_invitations.name in names


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
