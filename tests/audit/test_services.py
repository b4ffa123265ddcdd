"""Adding to the trail: what an entry says, whose transaction it is in, and who may touch the table."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from audit.context import coming_from
from audit.querysets import Entries, Entry
from audit.services import LONGEST_REASON, record, record_apart
from common.base import new_id
from tests.database import connected
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory, UserFactory

pytestmark = pytest.mark.django_db


def about(target: object) -> Entries:
    return Entries(target=str(target))


def one(entries: Entries) -> Entry:
    (entry,) = entries
    return entry


def test_an_entry_says_who_did_what_to_whose_record_from_where_and_why() -> None:
    user, client = UserFactory(roles=["therapist", "supervisor"]), ClientFactory()
    with coming_from("203.0.113.9"), structlog.contextvars.bound_contextvars(request_id="r-1"):
        record(action="client.read", by=user, target=client, client=client, reason="On call")
    entry = one(about(client.pk))
    assert (entry.action, entry.reason, entry.address, entry.request_id) == (
        "client.read",
        "On call",
        "203.0.113.9",
        "r-1",
    )
    assert (entry.actor_id, entry.roles) == (user.pk, ["therapist", "supervisor"])
    assert (entry.target_label, entry.target_id, entry.client_id) == ("members.client", str(client.pk), client.pk)
    assert abs(entry.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_what_the_program_or_an_unknown_visitor_did_has_no_actor(nobody: AnonymousUser | None) -> None:
    record(action="audit.tested", by=nobody, target=("page", "nobody"))
    entry = one(Entries(label="page", target="nobody"))
    assert (entry.actor_id, entry.roles, entry.client_id, entry.address) == (None, [], None, "")


def test_a_page_with_several_clients_makes_one_entry_each_with_one_query(django_assert_num_queries: object) -> None:
    clients, page = [ClientFactory(), ClientFactory(), ClientFactory()], new_id()
    user = TherapistFactory()
    with django_assert_num_queries(1):  # type: ignore[operator]
        record(action="session.read", by=user, target=("session", str(page)), clients=clients)
    assert {entry.client_id for entry in about(page)} == {client.pk for client in clients}


def test_a_reason_is_cut_and_may_hold_anything() -> None:
    page = new_id()
    record(action="audit.tested", by=None, target=("page", str(page)), reason="\x00" + "ü" * 400)
    assert one(about(page)).reason == "ü" * LONGEST_REASON


def test_what_is_rolled_back_is_not_recorded_and_leaves_no_gap() -> None:
    page = new_id()
    with transaction.atomic():
        record(action="audit.tested", by=None, target=("page", str(page)), reason="undone")
        transaction.set_rollback(True)
    record(action="audit.tested", by=None, target=("page", str(page)), reason="done")
    record(action="audit.tested", by=None, target=("page", str(page)), reason="done again")
    last, first = about(page)
    assert (first.reason, last.previous, last.number) == ("done", first.hash, first.number + 1)


def test_a_refusal_stays_when_the_work_is_rolled_back() -> None:
    page = new_id()
    with transaction.atomic():
        record(action="audit.tested", by=None, target=("page", str(page)), reason="the work")
        record_apart(action="refused.tested", by=None, target=("page", str(page)), reason="the refusal")
        transaction.set_rollback(True)
    assert [entry.reason for entry in about(page)] == ["the refusal"]


def test_two_transactions_append_at_once_without_waiting_for_each_other() -> None:
    page = new_id()
    record(action="audit.tested", by=None, target=("page", str(page)))  # this test's transaction holds its chain
    record_apart(action="audit.tested", by=None, target=("page", str(page)))
    assert len({entry.chain for entry in about(page)}) == 2


def test_entries_are_found_by_client_actor_action_and_time_newest_first() -> None:
    client, user = ClientFactory(), TherapistFactory()
    for action in ("client.read", "note.read", "client.read"):
        record(action=action, by=user, target=client, client=client)
    newest, middle, oldest = Entries(client=client.pk)
    assert (newest.action, middle.action) == ("client.read", "note.read")
    assert list(Entries(client=client.pk)[1:2]) == [middle]
    assert Entries(client=client.pk)[0] == newest
    assert len(Entries(client=client.pk, actions=("client.read",))) == 2
    assert list(Entries(actor=user.pk, since=middle.at, until=newest.at)) == [middle]
    assert list(Entries(actor=user.pk, label="members.client", until=middle.at)) == [oldest]
    assert len(Entries(client=client.pk).narrowed(actor=new_id())) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM audit.entry",
        "INSERT INTO audit.entry SELECT * FROM audit.entry",
        "UPDATE audit.entry SET reason = ''",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "ALTER TABLE audit.entry DISABLE TRIGGER entry_is_final",
        "DROP FUNCTION audit.refuse() CASCADE",
        "SET ROLE kith_audit",
    ],
)
def test_the_application_may_execute_the_functions_and_nothing_else(statement: str) -> None:
    with connected("DATABASE_URL") as app:
        app.autocommit = True
        app.execute("SELECT audit.append('audit.tested', NULL, '', 'page', 'app', '{}', '', '', '')")
        assert app.execute("SELECT count(*) FROM audit.read(NULL, NULL, 'page', 'app', NULL, NULL, NULL, 0, 9)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit.entry SET reason = ''", "DELETE FROM audit.entry", "TRUNCATE audit.entry"]
)
def test_not_even_the_owner_of_the_tables_changes_an_entry(statement: str) -> None:
    with connected("DATABASE_OWNER_URL") as owner:
        owner.execute("SELECT audit.append('audit.tested', NULL, '', 'page', 'owner', '{}', '', '', '')")
        with pytest.raises(psycopg.Error, match="never changed"):
            owner.execute(statement)
        owner.rollback()
