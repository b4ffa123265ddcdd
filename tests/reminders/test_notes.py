"""Notes of what a server took, and a database that goes away under them (TRUST, reminders and mail)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from common.base import new_id
from common.clock import now
from common.db import own_connection
from reminders.models import Taken
from reminders.services.notes import Notes, Sent

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)


def end_the_connection() -> None:
    """What a restart of PostgreSQL does to a worker."""
    number = connection.connection.info.backend_pid
    with own_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


@pytest.fixture(autouse=True)
def impatient(monkeypatch: Any) -> None:
    """Try again at once."""
    monkeypatch.setattr("reminders.services.notes._PAUSE", 0)


def test_a_restart_of_the_database_loses_no_note() -> None:
    token, sent = new_id(), [Sent(new_id(), NOON, f"provider-{number}", number) for number in range(3)]
    notes = Notes(token, until=now() + timedelta(minutes=1))
    notes.add(sent[0])
    end_the_connection()
    notes.add(sent[1])
    notes.add(sent[2])
    notes.finish()
    notes.finish()  # once more is no harm
    kept = Taken.objects.order_by("provider_id").values_list(
        "message_id", "lease_token", "at", "provider_id", "segments"
    )
    assert list(kept) == [(one.message_id, token, NOON, one.provider_id, one.segments) for one in sent]


def test_who_noted_it_twice_noted_it_once() -> None:
    sent = Sent(new_id(), NOON)
    for _ in range(2):
        notes = Notes(new_id(), until=NOON)
        notes.add(sent)
        notes.finish()
    assert Taken.objects.get().segments is None


def test_after_the_lease_a_database_that_is_away_is_not_waited_for(monkeypatch: Any) -> None:
    def away(_: Notes, sent: Sent) -> None:
        raise OperationalError

    monkeypatch.setattr(Notes, "_send", away)
    with pytest.raises(OperationalError):
        Notes(new_id(), until=NOON).add(Sent(new_id(), NOON))


def test_others_may_have_the_connection_forget_its_statements() -> None:
    """After a rollback psycopg has PostgreSQL forget all of them, those it does not know of, too."""
    token, sent = new_id(), [Sent(new_id(), NOON), Sent(new_id(), NOON)]
    notes = Notes(token, until=now() + timedelta(minutes=1))
    notes.add(sent[0])
    notes.finish()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    notes.add(sent[1])
    notes.finish()
    assert set(Taken.objects.values_list("message_id", flat=True)) == {one.message_id for one in sent}
