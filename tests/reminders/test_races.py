"""Several workers at once, and one that dies (TRUST, reminders and mail): nothing lost, nothing twice."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, transaction

from common.acting import SYSTEM, acting_as
from reminders import services
from reminders.models import Message, MessageState, Taken
from reminders.services.notes import Notes, Sent
from reminders.services.settling import settle_taken
from sessions_log.models import Session
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ConsentFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

TWO_DAYS_BEFORE = datetime(2026, 11, 22, 23, tzinfo=UTC)


@pytest.fixture
def members(session: Session) -> int:
    """A full group: how many members are to be reminded."""
    for _ in range(8):
        ConsentFactory(client=MembershipFactory(group=session.group).client)
    return 8


def at_once(verb: Callable[[], Any], times: int) -> None:
    """Run ``verb`` in threads that start together, each with a database connection of its own."""
    start = threading.Barrier(times)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            verb()
        except BaseException as error:  # noqa: BLE001 (a thread's error must reach the test)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=acting_as(SYSTEM)(run)) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_two_ticks_at_once_send_each_message_once(mail_server: MailServer, members: int) -> None:
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False):
        at_once(lambda: services.send_due(at=TWO_DAYS_BEFORE), times=4)
    recipients = [envelope.rcpt_tos[0] for envelope in mail_server.envelopes]
    assert len(recipients) == len(set(recipients)) == members
    assert Message.objects.count() == 2 * members


def test_dispatchers_share_what_is_due(mail_server: MailServer, members: int) -> None:
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False):
        services.materialize(at=TWO_DAYS_BEFORE)
        at_once(lambda: services.dispatch(at=TWO_DAYS_BEFORE, batch=2), times=4)
    assert len({message["Message-ID"] for message in mail_server.messages}) == len(mail_server.messages) == members


def note(sent: Sent, token: UUID) -> None:
    """Note one message as taken."""
    notes = Notes(token, until=TWO_DAYS_BEFORE)
    notes.add(sent)
    notes.finish()


class Killed(BaseException):
    """What ``kill -9`` is to a worker."""


def dying_after(monkeypatch: Any, notes: int, *, before_the_note: bool) -> None:
    """Let the worker die right after the server took a message: before or after that is noted."""
    left = iter(range(notes))
    add = Notes.add

    def note_and_die(self: Notes, sent: Sent) -> None:
        is_last = next(left, None) is None
        if not (is_last and before_the_note):
            add(self, sent)
        if is_last:
            raise Killed

    monkeypatch.setattr(Notes, "add", note_and_die)
    monkeypatch.setattr("reminders.services.sending.settle_taken", lambda token: 0)


@pytest.mark.parametrize(("before_the_note", "repeated"), [(True, 1), (False, 0)])
def test_a_kill_repeats_at_most_the_message_that_was_not_noted_yet(
    mail_server: MailServer, members: int, monkeypatch: Any, before_the_note: bool, repeated: int
) -> None:
    """Of a batch of eight, killed at the fourth: what was noted stays sent, one goes out again, recognizable."""
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False), monkeypatch.context() as doomed:
        dying_after(doomed, 3, before_the_note=before_the_note)
        with pytest.raises(Killed):
            services.send_due(at=TWO_DAYS_BEFORE)
    assert len(mail_server.envelopes) == 4
    assert Taken.objects.count() == 4 - repeated
    later = TWO_DAYS_BEFORE + timedelta(seconds=90)
    with time_machine.travel(later, tick=False):
        services.send_due(at=later)
    identifiers = [message["Message-ID"] for message in mail_server.messages]
    assert len(identifiers) == members + repeated
    assert len(set(identifiers)) == members
    assert not Taken.objects.exists()
    assert Message.objects.filter(lead_hours=48, state=MessageState.SENT).count() == members


def test_what_went_out_under_a_lost_lease_is_not_sent_again(mail_server: MailServer, members: int) -> None:
    """A worker slower than its lease: the reaper made the message due again, but the worker says that it went out."""
    services.materialize(at=TWO_DAYS_BEFORE)
    reminder = Message.objects.due(TWO_DAYS_BEFORE).first()
    note(Sent(reminder.pk, TWO_DAYS_BEFORE, "provider-1"), uuid4())
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False):
        states = services.send_due(at=TWO_DAYS_BEFORE)
    assert states[MessageState.SENT] == members
    assert len(mail_server.envelopes) == members - 1
    assert Message.objects.get(pk=reminder.pk).provider_id == "provider-1"


def test_what_a_bounce_settled_first_stays_settled(mail_server: MailServer, members: int) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    reminder = Message.objects.due(TWO_DAYS_BEFORE).first()
    token = uuid4()
    Message.objects.filter(pk=reminder.pk).update(
        state=MessageState.SENDING, lease_token=token, lease_until=TWO_DAYS_BEFORE + timedelta(minutes=1)
    )
    note(Sent(reminder.pk, TWO_DAYS_BEFORE), token)
    services.mail_event(message_id=reminder.pk, provider_id="", event="bounced", is_final=True)
    assert settle_taken(token) == 0
    services.reap(at=TWO_DAYS_BEFORE)
    assert Message.objects.get(pk=reminder.pk).state == MessageState.FAILED
    assert not Taken.objects.exists()


def test_a_claim_inside_a_transaction_is_refused(members: int) -> None:
    """Else the lease would not be there for others to see while the mail goes out."""
    with pytest.raises(RuntimeError), transaction.atomic():
        services.dispatch(at=TWO_DAYS_BEFORE)
