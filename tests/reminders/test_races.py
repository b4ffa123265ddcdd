"""Several workers at once, and one that dies (TRUST, reminders and mail): nothing lost, nothing twice."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction

from common.acting import SYSTEM, acting_as
from reminders import services
from reminders.models import Message, MessageState
from reminders.services.settling import Sent, settle_sent
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


def test_a_crash_between_claim_and_report_repeats_the_same_message(mail_server: MailServer, members: int) -> None:
    """The worker died after the server took the mail: the mail goes out again and can be recognized."""
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False):
        services.send_due(at=TWO_DAYS_BEFORE)
    sent = Message.objects.filter(state=MessageState.SENT).first()
    Message.objects.filter(pk=sent.pk).update(
        state=MessageState.SENDING, sent_at=None, lease_token=uuid4(), lease_until=TWO_DAYS_BEFORE
    )
    later = TWO_DAYS_BEFORE + timedelta(seconds=90)
    with time_machine.travel(later, tick=False):
        services.send_due(at=later)
        services.send_due(at=later)
    identifiers = [message["Message-ID"] for message in mail_server.messages]
    assert len(identifiers) == members + 1
    assert len(set(identifiers)) == members


def test_who_lost_the_lease_reports_nothing(mail_server: MailServer, members: int) -> None:
    services.materialize(at=TWO_DAYS_BEFORE)
    reminder = Message.objects.due(TWO_DAYS_BEFORE).first()
    thief = uuid4()
    Message.objects.filter(pk=reminder.pk).update(
        state=MessageState.SENDING, lease_token=thief, lease_until=TWO_DAYS_BEFORE
    )
    assert settle_sent(Sent(reminder.pk, TWO_DAYS_BEFORE), uuid4()) == "lost"
    assert Message.objects.get(pk=reminder.pk).lease_token == thief


def test_a_claim_inside_a_transaction_is_refused(members: int) -> None:
    """Else the lease would not be there for others to see while the mail goes out."""
    with pytest.raises(RuntimeError), transaction.atomic():
        services.dispatch(at=TWO_DAYS_BEFORE)
