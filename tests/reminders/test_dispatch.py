"""Sending what is due through a real mail server (R48, R43; TRUST, reminders and mail)."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from groups_app.models import LeavingReason, Membership, MembershipState
from members.models import ContactConsent
from practice.models import Practice, Site
from reminders import services
from reminders.composing import Composer
from reminders.models import Message, MessageState, Outcome
from sessions_log.models import AbsenceNotice, Session, SessionStatus
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import CoordinatorFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
TWO_DAYS_BEFORE = START - timedelta(hours=48)
TWO_HOURS_BEFORE = START - timedelta(hours=2)


@pytest.fixture
def clock() -> Any:
    """The moment at which the first reminder is due; ``clock.move_to`` goes on."""
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False) as traveller:
        yield traveller


def tick(clock: Any, at: datetime) -> None:
    """Let beat wake the worker at the moment ``at``."""
    clock.move_to(at)
    services.send_due(at=at)


def states() -> dict[int, tuple[str, str]]:
    """What stands in the table: lead → state and outcome."""
    return {row.lead_hours: (row.state, row.outcome) for row in Message.objects.all()}


def parts_of(message: EmailMessage) -> list[str]:
    """The texts of a message."""
    return [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]


# --- What is sent ---------------------------------------------------------------------------------------------------
def test_sends_when_due_and_once(clock: Any, mail_server: MailServer, membership: Membership) -> None:
    tick(clock, TWO_DAYS_BEFORE - timedelta(seconds=1))
    assert mail_server.messages == []
    tick(clock, TWO_DAYS_BEFORE)
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=30))
    assert len(mail_server.messages) == 1
    assert states() == {48: ("sent", ""), 2: ("pending", "")}
    tick(clock, TWO_HOURS_BEFORE)
    assert len(mail_server.messages) == 2
    assert set(Message.objects.values_list("sent_at", flat=True)) == {TWO_DAYS_BEFORE, TWO_HOURS_BEFORE}


def test_says_practice_day_time_phone_and_how_to_stop(
    clock: Any, mail_server: MailServer, membership: Membership, settings: Any
) -> None:
    settings.BASE_URL = "https://practice.example"
    tick(clock, TWO_DAYS_BEFORE)
    (message,) = mail_server.messages
    assert message["Subject"] == "Your appointment on Tuesday, November 24, 6:00 PM"
    plain, html = parts_of(message)
    for text in (plain, html):
        for word in ("Hudson Practice", "Tuesday, November 24", "6:00 PM", "Eastern Time", "718-555-0199"):
            assert word in text
        assert "https://practice.example/messages/stop/" in text


def test_headers(clock: Any, mail_server: MailServer, membership: Membership, settings: Any) -> None:
    settings.BASE_URL = "https://practice.example"
    tick(clock, TWO_DAYS_BEFORE)
    (message,) = mail_server.messages
    reminder = Message.objects.get(state=MessageState.SENT)
    assert message["Message-ID"] == f"<{reminder.pk}@kith.example>"
    assert message["List-Unsubscribe"].strip().startswith("<https://practice.example/messages/stop/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["From"] == "Hudson Practice <no-reply@kith.example>"
    assert message["Cc"] is None
    assert message["Bcc"] is None


def test_nothing_leaks_from_a_full_group(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership
) -> None:
    """R43, R48, F.1: one recipient a message; no group, leader, member or word of therapy in body, header or link."""
    for number in range(7):
        client = ClientFactory(first_name=f"Zephyr{number}", last_name=f"Quill{number}")
        ConsentFactory(client=client)
        MembershipFactory(group=session.group, client=client)
    tick(clock, TWO_DAYS_BEFORE)
    assert len(mail_server.envelopes) == 8
    assert len({tuple(envelope.rcpt_tos) for envelope in mail_server.envelopes}) == 8
    for envelope, message in zip(mail_server.envelopes, mail_server.messages, strict=True):
        (recipient,) = envelope.rcpt_tos
        assert message["To"] == recipient
        everything = "\n".join([*parts_of(message), *(f"{name}: {value}" for name, value in message.items())])
        rest = everything.replace(recipient, "").lower()
        for word in ("circle", "trust", "dana", "whitfield", "imani", "abara", "zephyr", "quill", "@mail.example"):
            assert word not in rest
        for word in ("therap", "group", "session", "treatment", "clinic", "patient", "client", "mental", "member"):
            assert word not in rest.replace("hudson practice", "")


def test_says_the_time_of_the_sites_zone(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership
) -> None:
    """R18: what is 23:00 UTC is 5:00 PM in Austin."""
    Site.objects.update(name="Austin", zone="America/Chicago")
    Session.objects.update(zone="America/Chicago", local_time="17:00")
    tick(clock, TWO_DAYS_BEFORE)
    (message,) = mail_server.messages
    assert "5:00 PM (Central Time)" in parts_of(message)[0]


def test_a_practice_name_cannot_smuggle_a_header(
    clock: Any, mail_server: MailServer, membership: Membership, named_practice: Practice
) -> None:
    Practice.objects.update(name="Hudson\nBcc: spy@evil.example")
    tick(clock, TWO_DAYS_BEFORE)
    assert [envelope.rcpt_tos for envelope in mail_server.envelopes] == [["imani@mail.example"]]


# --- What is no longer sent -----------------------------------------------------------------------------------------
def _cancel(session: Session, membership: Membership) -> None:
    session.status, session.cancelled_at, session.cancelled_by = SessionStatus.CANCELLED, START, CoordinatorFactory()
    session.save()


def _move(session: Session, membership: Membership) -> None:
    session.schedule_version += 1
    session.starts_at += timedelta(days=14)
    session.ends_at += timedelta(days=14)
    session.save()


def _withdraw_consent(session: Session, membership: Membership) -> None:
    ContactConsent.objects.update(withdrawn_at=TWO_DAYS_BEFORE, given_at=TWO_DAYS_BEFORE)


def _leave(session: Session, membership: Membership) -> None:
    Membership.objects.update(
        state=MembershipState.LEFT, seat=None, ends_on="2026-11-20", leaving_reason=LeavingReason.COMPLETED
    )


def _give_notice(session: Session, membership: Membership) -> None:
    AbsenceNotice.objects.create(
        session=session, membership=membership, given_at=TWO_DAYS_BEFORE, given_by=CoordinatorFactory()
    )


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (_cancel, Outcome.CANCELLED),
        (_move, Outcome.MOVED),
        (_withdraw_consent, Outcome.NO_CONSENT),
        (_leave, Outcome.NOT_EXPECTED),
        (_give_notice, Outcome.ABSENCE_KNOWN),
    ],
)
def test_is_void_when_things_changed(
    *, clock: Any, mail_server: MailServer, session: Session, membership: Membership, change: Any, outcome: Outcome
) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    change(session, membership)
    tick(clock, TWO_DAYS_BEFORE)
    assert mail_server.messages == []
    assert states()[48] == ("void", outcome)


def test_an_absence_taken_back_is_reminded_again(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership
) -> None:
    _give_notice(session, membership)
    tick(clock, TWO_DAYS_BEFORE)
    AbsenceNotice.objects.update(withdrawn_at=TWO_DAYS_BEFORE)
    tick(clock, TWO_HOURS_BEFORE)
    assert states() == {48: ("void", Outcome.ABSENCE_KNOWN), 2: ("sent", "")}


def test_after_a_long_outage_only_the_latest_reminder_goes_out(
    clock: Any, mail_server: MailServer, membership: Membership
) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    tick(clock, START - timedelta(hours=1))
    assert len(mail_server.messages) == 1
    assert states() == {48: ("void", Outcome.NEWER_DUE), 2: ("sent", "")}


def test_after_the_start_it_fails_where_a_coordinator_sees_it(
    clock: Any, mail_server: MailServer, membership: Membership
) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    tick(clock, START)
    assert mail_server.messages == []
    assert states()[2] == ("failed", Outcome.TOO_LATE)


def test_at_night_it_waits_for_the_morning(clock: Any, mail_server: MailServer, membership: Membership) -> None:
    """R48: also what is late because of an outage keeps the hours."""
    services.materialize(at=TWO_DAYS_BEFORE)
    tick(clock, datetime(2026, 11, 23, 4, tzinfo=UTC))  # Sunday, 11:00 PM in New York
    assert mail_server.messages == []
    tick(clock, datetime(2026, 11, 23, 13, tzinfo=UTC))  # Monday, 8:00 AM
    assert len(mail_server.messages) == 1


# --- A mail server in trouble ---------------------------------------------------------------------------------------
def test_tries_again_later_and_later(clock: Any, mail_server: MailServer, membership: Membership) -> None:
    mail_server.refusals = ["451 try again"] * 3
    for wait in (0, 30, 60):
        clock.shift(timedelta(seconds=wait))
        moment = datetime.now(UTC)
        services.send_due(at=moment)
        assert states()[48] == ("pending", Outcome.SERVER_TROUBLE)
        services.send_due(at=moment + timedelta(seconds=max(wait, 29)))
    clock.shift(timedelta(seconds=120))
    services.send_due(at=datetime.now(UTC))
    assert states()[48] == ("sent", "")
    assert len(mail_server.messages) == 1
    assert Message.objects.get(lead_hours=48).attempts == 4


def test_a_refused_address_fails_at_once_and_hinders_nobody(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership
) -> None:
    mail_server.refused_recipients = {"imani@mail.example": "550 no such user"}
    ConsentFactory(client=MembershipFactory(group=session.group).client)
    tick(clock, TWO_DAYS_BEFORE)
    assert len(mail_server.messages) == 1
    assert Message.objects.get(membership=membership, lead_hours=48).outcome == Outcome.REFUSED


def test_an_address_refused_for_now_is_tried_again(clock: Any, mail_server: MailServer, membership: Membership) -> None:
    mail_server.refused_recipients = {"imani@mail.example": "450 mailbox busy"}
    tick(clock, TWO_DAYS_BEFORE)
    mail_server.refused_recipients = {}
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=30))
    assert len(mail_server.messages) == 1


def test_an_impossible_address_fails_and_hinders_nobody(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership
) -> None:
    broken = ClientFactory(email="a\nb@mail.example")
    ConsentFactory(client=broken)
    MembershipFactory(group=session.group, client=broken)
    tick(clock, TWO_DAYS_BEFORE)
    assert len(mail_server.messages) == 1
    assert Message.objects.get(membership__client=broken, lead_hours=48).outcome == Outcome.REFUSED


def test_a_letter_that_cannot_be_written_waits_for_the_mend_and_hinders_nobody(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    ConsentFactory(client=MembershipFactory(group=session.group).client)
    with monkeypatch.context() as fault:
        values_of = Composer.values
        fault.setattr(
            Composer, "values", lambda self, message: values_of(self, _with_its_membership(message, membership))
        )
        tick(clock, TWO_DAYS_BEFORE)
    assert len(mail_server.messages) == 1
    waiting = Message.objects.get(membership=membership, lead_hours=48)
    assert (waiting.state, waiting.outcome) == ("pending", Outcome.UNWRITABLE)
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=30))
    assert len(mail_server.messages) == 2


def _with_its_membership(message: Message, broken: Membership) -> Message:
    if message.membership_id == broken.pk:
        raise ValueError("A fault in what is written.")
    return message


def test_an_unreachable_server_loses_nothing(
    clock: Any, mail_server: MailServer, session: Session, membership: Membership, settings: Any
) -> None:
    ConsentFactory(client=MembershipFactory(group=session.group).client)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tick(clock, TWO_DAYS_BEFORE)
    assert set(Message.objects.filter(lead_hours=48).values_list("state", "outcome")) == {
        ("pending", Outcome.SERVER_TROUBLE)
    }
    settings.EMAIL_PORT = port
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=30))
    assert len(mail_server.messages) == 2


def test_trouble_until_the_start_ends_as_failed(
    clock: Any, mail_server: MailServer, membership: Membership, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    services.materialize(at=TWO_DAYS_BEFORE)
    tick(clock, START - timedelta(seconds=1))
    tick(clock, START)
    assert states() == {48: ("void", Outcome.NEWER_DUE), 2: ("failed", Outcome.TOO_LATE)}


# --- Leases ---------------------------------------------------------------------------------------------------------
def test_what_a_dead_worker_held_goes_out_after_the_lease(
    clock: Any, mail_server: MailServer, membership: Membership
) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    Message.objects.filter(lead_hours=48).update(
        state=MessageState.SENDING, lease_token=uuid4(), lease_until=TWO_DAYS_BEFORE + timedelta(seconds=60)
    )
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=60))
    assert mail_server.messages == []
    tick(clock, TWO_DAYS_BEFORE + timedelta(seconds=61))
    assert len(mail_server.messages) == 1


def test_the_number_of_queries_does_not_grow_by_checking(
    clock: Any, mail_server: MailServer, session: Session, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        ConsentFactory(client=MembershipFactory(group=session.group).client)
    services.materialize(at=TWO_DAYS_BEFORE)
    # savepoint, claim, lease, release; practice; what went out under an earlier lease; rows with what is wanted; what
    # is stale; words; what went out now. One note a message besides, on the driver's own cursor
    with django_assert_num_queries(10):
        services.dispatch(at=TWO_DAYS_BEFORE)
