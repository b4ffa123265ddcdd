"""One data key a scope, wrapped in the database, unwrapped in the process (R49; TRUST, notes at rest)."""

import threading
import time
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.querysets import Entries
from common.base import new_id
from common.encryption import UnreadableText, open_sealed, seal
from common.key_scopes import Scope, per_author, per_group
from keys import store as store_module
from keys.models import DataKey
from keys.services import destroy
from keys.store import store
from sessions_log.models import GroupNote
from tests.database import connected
from tests.factories.practice import AdministratorFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

PLACE = b"table\x00column\x00row"


@pytest.fixture
def scope() -> Scope:
    return Scope("group", new_id())


def test_every_scope_has_a_key_of_its_own(scope: Scope) -> None:
    other = Scope("author", scope.owner)
    assert open_sealed(seal("words", PLACE, scope), PLACE) == "words"
    assert store.current(scope)[0] != store.current(other)[0]
    assert store.current(scope)[0] == store.current(scope)[0]


def test_a_field_is_sealed_with_the_key_of_its_group() -> None:
    session = SessionFactory()
    note = GroupNote(session=session)
    assert GroupNote._meta.get_field("parts").scope.of(note) == Scope("group", session.group_id)
    assert per_group("session.group_id").lookup == "session__group_id"
    assert per_author("author_id") != per_group("author_id")


def test_no_key_stands_in_the_database(scope: Scope) -> None:
    store.current(scope)
    key = DataKey.objects.of(scope).get()
    plain = store_module.plain_of(key)
    assert len(plain) == 32
    assert plain not in bytes(key.wrapped or b"")


def test_a_wrapped_key_cannot_be_passed_off_as_another_scopes(scope: Scope) -> None:
    store.current(scope)
    stolen = DataKey.objects.of(scope).get()
    thief = Scope("group", new_id())
    key_id, _cipher = store.current(thief)
    DataKey.objects.of(thief).update(wrapped=stolen.wrapped)
    store.forget()
    with pytest.raises(UnreadableText):
        store.cipher(key_id)


def test_a_key_that_a_rolled_back_transaction_made_is_there_for_the_next(scope: Scope) -> None:
    with transaction.atomic():
        seal("undone", PLACE, scope)
        transaction.set_rollback(True)
    sealed = seal("kept", PLACE, scope)
    store.forget()
    assert open_sealed(sealed, PLACE) == "kept"


def test_two_processes_that_need_a_key_at_once_get_the_same(scope: Scope) -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(store_module.Store().current(scope)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_reading_costs_one_query_a_key_and_none_while_it_is_remembered(
    scope: Scope, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = [seal(f"words {number}", PLACE, scope) for number in range(3)]
    store.forget()
    with django_assert_num_queries(1):
        for each in sealed:
            open_sealed(each, PLACE)
    later = time.monotonic() + store_module.LIFETIME + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        open_sealed(sealed[0], PLACE)


def test_the_process_keeps_no_more_keys_than_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST", 2)
    own = store_module.Store()
    for _ in range(5):
        own.current(Scope("group", new_id()))
    assert len(own._current) <= 2


def test_destroying_the_key_erases_what_it_encrypted_and_says_so(scope: Scope) -> None:
    by, sealed = AdministratorFactory(), seal("words", PLACE, scope)
    key_id = store.current(scope)[0]
    assert destroy(scope=scope, by=by, reason="Kept long enough") == 1
    store.forget()
    with pytest.raises(UnreadableText, match=f"The data key {key_id} was destroyed"):
        open_sealed(sealed, PLACE)
    (entry,) = Entries(actor=by.pk, actions=("key.destroyed",))
    assert (entry.target_id, entry.reason) == (str(key_id), "Kept long enough")
    assert destroy(scope=scope, by=by, reason="Twice") == 0
    assert not DataKey.objects.of(scope).current().exists()


def test_a_key_that_was_never_there_is_named(scope: Scope) -> None:
    lost = new_id()
    with pytest.raises(UnreadableText, match=str(lost)):
        store.cipher(lost)


def test_nobody_deletes_a_key(scope: Scope) -> None:
    store.current(scope)
    with pytest.raises(DatabaseError), transaction.atomic():
        DataKey.objects.of(scope).delete()
    with connected("DATABASE_OWNER_URL") as owner, pytest.raises(Exception, match="Cannot delete"):
        owner.execute("DELETE FROM keys_datakey")


def test_background_work_has_no_right_on_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('kith_worker', 'keys_datakey', 'SELECT')")
        assert cursor.fetchone() == (False,)


def test_the_keys_of_many_scopes_are_looked_up_and_made_at_once(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    known = store.current(scope)
    scopes = [scope, *(Scope("client", new_id()) for _ in range(3)), Scope("practice", None)]
    store.prepare(scopes)
    monkeypatch.setattr(store_module, "own_connection", None)  # nothing is looked up any more
    ids = [store.current(each)[0] for each in scopes]
    assert ids[0] == known[0]
    assert len(set(ids)) == DataKey.objects.filter(pk__in=ids).count() == len(scopes)
    store.prepare(scopes)


def test_no_more_keys_are_at_hand_than_the_store_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST", 3)
    store.forget()
    first, second = ([Scope("client", new_id()) for _ in range(2)] for _ in range(2))
    store.prepare(first)
    store.prepare(second)
    assert set(store._current) == set(second)
    assert store.current(first[0])[0] == DataKey.objects.of(first[0]).get().pk
