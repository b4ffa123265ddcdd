"""Invitations go out through the outbox: at once, once more after three days, and where coordinators see them (R41)."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from members.models import Channel, Client
from members.services import EmailTaken, Fit, update_client
from practice.invited import mailed
from practice.models import Invitation, Practice, User
from practice.services import accept_invitation, deactivate, invitation_link, invitation_token, invite
from reminders import services
from reminders.models import Kind, Message, MessageState, Outcome, Trouble
from tests.factories.members import ClientFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    SiteFactory,
    SupervisorFactory,
    TherapistFactory,
    UserFactory,
)
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
ANA = "ana@mail.example"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[Any]:
    """A Tuesday at noon; ``clock.shift`` goes on."""
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(named_practice: Practice) -> User:
    """A colleague who has no password yet."""
    return UserFactory(password=None, first_name="Ana", email=ANA, home_site=SiteFactory())


@pytest.fixture
def noor(named_practice: Practice) -> Client:
    """A client whose account nobody has opened; she agreed to no messages."""
    client = ClientFactory(email="noor@mail.example", with_account=True)
    User.objects.filter(pk=client.user_id).update(password="!")
    return Client.objects.get(pk=client.pk)


def tick(clock: Any, **later: float) -> None:
    """Let time pass, then let the worker do what is due."""
    clock.shift(timedelta(**later))
    services.send_due(at=datetime.now(UTC))


def fates() -> list[tuple[int, str, str]]:
    """Lead, state and outcome of every invitation's message."""
    return list(
        Message.objects.filter(kind=Kind.INVITATION)
        .order_by("created_at", "lead_hours")
        .values_list("lead_hours", "state", "outcome")
    )


def test_the_mail_says_whose_it_is_until_when_and_nothing_of_the_practices_work(
    clock: Any, mail_server: MailServer, ana: User
) -> None:
    Practice.objects.update(name="Northside Grief Therapy", message_name="Northside Practice", phone="(718) 555-0142")
    invitation = invite(user=ana, by=None)
    tick(clock)
    (envelope,) = mail_server.envelopes
    assert envelope.rcpt_tos == [ANA]
    (message,) = mail_server.messages
    assert message["Subject"] == "Your account at Northside Practice"
    assert message["From"].startswith("Northside Practice <")
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert invitation_link(invitation) in text
        assert "until the end of December 8, 2026" in text
        assert "(718) 555-0142" in text
        assert not any(word in text.lower() for word in ("grief", "therap", "group", "session", "client", "member"))


def test_it_goes_out_at_any_hour_once_and_once_more_after_three_days(
    clock: Any, mail_server: MailServer, ana: User, noor: Client
) -> None:
    clock.move_to(NOON + timedelta(hours=10))  # night in New York
    for account in (ana, noor.user):
        assert account
        invite(user=account, by=None)
    tick(clock)
    tick(clock)
    assert {message["To"] for message in mail_server.messages} == {ANA, noor.email}
    for message in mail_server.messages:
        # Staff gave no consent that they could withdraw.
        assert ("Stop these emails" in message.as_string().replace("=\n", "")) == (message["To"] == noor.email)
    tick(clock, hours=71)
    assert len(mail_server.messages) == 2
    tick(clock, hours=1)
    tick(clock, hours=72)
    assert len(mail_server.messages) == 4
    assert set(Message.objects.values_list("client__email", "account__email")) == {(noor.email, None), (None, ANA)}


def test_a_link_that_ends_before_is_not_sent_again(clock: Any, mail_server: MailServer, ana: User) -> None:
    policy = Practice.objects.current().policy
    policy.invitation_days = 2
    policy.save()
    invite(user=ana, by=None)
    tick(clock)
    tick(clock)
    assert fates() == [(0, "sent", "")]


def test_who_took_it_hears_no_more(clock: Any, mail_server: MailServer, ana: User) -> None:
    invitation = invite(user=ana, by=None)
    tick(clock)
    accept_invitation(token=invitation_token(invitation), password="a longer secret phrase")
    tick(clock, hours=72)
    assert fates() == [(0, "sent", ""), (72, "void", Outcome.SETTLED)]


def test_a_new_one_takes_the_place_of_what_waits(clock: Any, mail_server: MailServer, ana: User) -> None:
    invite(user=ana, by=None)
    mail_server.refusals = ["451 later"]
    tick(clock)
    second = invite(user=ana, by=None)
    tick(clock, minutes=1)
    (message,) = mail_server.messages
    body = message.get_body(("plain",))
    assert body is not None
    assert invitation_link(second) in body.get_content()
    assert fates()[0] == (0, "void", Outcome.WITHDRAWN)


def test_who_was_deactivated_gets_none(clock: Any, mail_server: MailServer, ana: User) -> None:
    invite(user=ana, by=None)
    services.materialize(at=NOON)
    deactivate(user=ana, by=AdministratorFactory())
    tick(clock)
    assert mail_server.messages == []
    assert fates()[0] == (0, "void", Outcome.WITHDRAWN)


def test_after_a_long_outage_one_mail_goes_out(clock: Any, mail_server: MailServer, ana: User) -> None:
    invite(user=ana, by=None)
    services.materialize(at=NOON)
    tick(clock, hours=73)
    assert len(mail_server.messages) == 1
    assert fates() == [(0, "void", Outcome.NEWER_DUE), (72, "sent", "")]


def test_one_that_never_went_out_is_seen_to_have_failed(clock: Any, ana: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    invitation = invite(user=ana, by=None)
    tick(clock)
    assert Message.objects.filter(outcome=Outcome.SERVER_TROUBLE).count() == 1
    assert (mailed(invitation).at, mailed(invitation).trouble) == (None, "")
    clock.move_to(invitation.expires_at)
    tick(clock)
    assert fates() == [(0, "void", Outcome.NEWER_DUE), (72, "failed", Outcome.TOO_LATE)]
    assert mailed(invitation).trouble == "It could not be sent in time"


def test_safety_first_holds_it_back(clock: Any, mail_server: MailServer, noor: Client) -> None:
    """R48: somebody else may read the client's mail."""
    assert noor.user
    services.silence(client=noor, by=CoordinatorFactory())
    invite(user=noor.user, by=None)
    tick(clock)
    assert mail_server.messages == []
    assert fates()[0] == (0, "void", Outcome.SILENCED)


def test_nor_does_a_new_link_go_out_then(noor: Client, client: Browser) -> None:
    desk = CoordinatorFactory()
    services.silence(client=noor, by=desk)
    client.force_login(desk)
    assert "Send a new link" not in client.get(reverse("reminders:client", args=[noor.pk])).text
    again = client.post(reverse("reminders:invite", args=[noor.pk]), follow=True)
    assert "Safety first: nothing is sent to" in again.text
    assert not Invitation.objects.exists()


def test_a_refused_address_is_shown_to_coordinators_and_to_who_invited(
    clock: Any, mail_server: MailServer, ana: User, client: Browser
) -> None:
    administrator, desk = AdministratorFactory(), CoordinatorFactory()
    mail_server.refused_recipients = {ANA: "550 no such user"}
    invitation = invite(user=ana, by=administrator)
    tick(clock)
    assert mailed(invitation).trouble == "The address or number was refused"
    tick(clock, minutes=1)
    assert {message["To"] for message in mail_server.messages} == {administrator.email, desk.email}
    client.force_login(administrator)
    assert "The address or number was refused" in client.get(reverse("practice:person", args=[ana.pk])).text
    sent_to_ana = reverse("reminders:account", args=[ana.pk])
    assert "Try again" in client.get(sent_to_ana).text
    assert client.get(reverse("reminders:deliveries")).status_code == 404
    failed = Message.objects.get(state=MessageState.FAILED)
    mail_server.refused_recipients = {}
    assert client.post(reverse("reminders:retry", args=[failed.pk]), {"next": sent_to_ana}).url == sent_to_ana
    tick(clock)
    assert mailed(invitation).at == datetime.now(UTC)
    assert mailed(invitation).trouble == ""
    client.force_login(desk)
    assert "Ana" in client.get(reverse("reminders:deliveries")).text
    assert client.get(sent_to_ana).status_code == 200


def test_an_administrator_sees_and_retries_nothing_that_went_to_clients(
    clock: Any, mail_server: MailServer, noor: Client, client: Browser
) -> None:
    assert noor.user
    mail_server.refused_recipients = {noor.email: "550 no such user"}
    invite(user=noor.user, by=None)
    tick(clock)
    client.force_login(AdministratorFactory())
    failed = Message.objects.get(state=MessageState.FAILED)
    assert client.post(reverse("reminders:retry", args=[failed.pk])).status_code == 404
    assert client.get(reverse("reminders:account", args=[noor.user.pk])).status_code == 404


def test_a_coordinator_sends_a_client_a_new_link(
    clock: Any, mail_server: MailServer, noor: Client, client: Browser
) -> None:
    assert noor.user
    first = invite(user=noor.user, by=None)
    tick(clock)
    client.force_login(CoordinatorFactory())
    page, again = (reverse(f"reminders:{name}", args=[noor.pk]) for name in ("client", "invite"))
    assert "Link sent on November 24, 2026, not opened yet" in client.get(page).text
    clock.move_to(first.expires_at)
    client.force_login(CoordinatorFactory())
    assert "Invitation over" in client.get(page).text
    assert client.get(again).status_code == 405
    for _ in range(2):
        assert client.post(again).url == page
    tick(clock)
    assert len(mail_server.messages) == 2
    accept_invitation(token=invitation_token(noor.user.invitations.get(revoked_at=None)), password="a longer phrase")
    assert "Send a new link" not in client.get(page).text
    assert "has an account already" in client.post(again, follow=True).text


def test_who_has_no_account_gets_no_link(client: Browser) -> None:
    client.force_login(CoordinatorFactory())
    again = reverse("reminders:invite", args=[ClientFactory().pk])
    assert "has no account yet" in client.post(again, follow=True).text
    client.force_login(TherapistFactory())
    assert client.post(again).status_code == 404


def test_a_dead_address_waits_to_be_corrected(clock: Any, mail_server: MailServer, noor: Client) -> None:
    assert noor.user
    services.note_trouble(client=noor, channel=Channel.EMAIL, trouble=Trouble.BOUNCED)
    invite(user=noor.user, by=None)
    tick(clock)
    assert mail_server.messages == []
    assert fates()[0] == (0, "failed", Outcome.BOUNCED)
    noor.email = "Noor.Right@mail.example"
    update_client(client=noor, fit=Fit())
    invite(user=User.objects.get(pk=noor.user.pk), by=None)
    tick(clock)
    (message,) = mail_server.messages
    assert message["To"] == User.objects.get(pk=noor.user.pk).email == "noor.right@mail.example"


def test_an_address_that_opens_another_account_is_refused(noor: Client, ana: User) -> None:
    noor.email = ANA
    with pytest.raises(EmailTaken, match="belongs to another account"):
        update_client(client=noor, fit=Fit())


@pytest.mark.parametrize("factory", [TherapistFactory, SupervisorFactory])
def test_what_colleagues_got_is_unknown_to_others(client: Browser, ana: User, factory: Any) -> None:
    client.force_login(factory())
    assert client.get(reverse("reminders:account", args=[ana.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    client: Browser, ana: User, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        invite(user=ana, by=None)
    services.materialize(at=NOON)
    client.force_login(AdministratorFactory())
    with django_assert_num_queries(7):
        client.get(reverse("reminders:account", args=[ana.pk]))


def test_the_worker_is_woken_after_the_commit(
    mail_server: MailServer,
    ana: User,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reminders.tasks.send_due_reminders.delay", lambda: services.send_due(at=NOON))
    with django_capture_on_commit_callbacks(execute=True):
        invite(user=ana, by=None)
        assert mail_server.messages == []
    assert len(mail_server.messages) == 1


def test_a_queue_that_is_down_only_delays(
    clock: Any,
    mail_server: MailServer,
    ana: User,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise ConnectionError

    monkeypatch.setattr("reminders.tasks.send_due_reminders.delay", fail)
    with django_capture_on_commit_callbacks(execute=True):
        invite(user=ana, by=None)
    tick(clock)
    assert len(mail_server.messages) == 1


def test_an_empty_installation_invites_its_first_administrator(clock: Any, mail_server: MailServer, db: None) -> None:
    """No site, no phone, nobody who could sign in."""
    call_command("invite_administrator", "ada@example.org", "Ada", "Boyd", verbosity=0)
    tick(clock)
    (message,) = mail_server.messages
    assert (message["To"], message["Subject"]) == ("ada@example.org", "Your account at Our practice")
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert invitation_link(Invitation.objects.get()) in text
    assert "until the end of December 8, 2026" in text
    assert "call" not in text


def test_what_was_mailed_before_invitations_were_messages_is_not_mailed_again(
    clock: Any, mail_server: MailServer, ana: User, noor: Client
) -> None:
    fill = importlib.import_module("reminders.migrations.0008_fill_invitations_and_links")
    assert noor.user
    before, waiting = invite(user=ana, by=None), invite(user=noor.user, by=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practice_invitation SET mailed_at = %s WHERE id = %s", [NOON, before.pk])
        cursor.execute(fill._INVITATIONS)
    tick(clock)
    assert [message["To"] for message in mail_server.messages] == [noor.email]
    assert mailed(before).at == NOON
    assert mailed(waiting).at == NOON
    tick(clock, hours=72)
    assert {message["To"] for message in mail_server.messages} == {noor.email, ANA}
