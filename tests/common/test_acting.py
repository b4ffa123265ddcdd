"""For whom the database is asked: the context, and how transactions come to know it."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from common.acting import DOOR, NOBODY, SYSTEM, acting, acting_as, go_on_as
from common.base import new_id
from members.models import Client
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory


def told() -> str:
    """What the database knows right now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.user_id', true)")
        return str(cursor.fetchone()[0] or "")


def in_a_thread(ask: Callable[[], Any]) -> Any:
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(ask())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_a_block_ends_as_it_began_also_by_an_error() -> None:
    key = new_id()
    with acting_as(key):
        assert acting() == str(key)
        with contextlib.suppress(ZeroDivisionError), acting_as(DOOR):
            assert acting() == "door"
            _ = 1 / 0
        with acting_as(NOBODY):
            go_on_as(SYSTEM)
            assert acting() == "system"
        assert acting() == str(key)


def test_a_thread_starts_as_nobody() -> None:
    assert acting() == SYSTEM
    assert in_a_thread(acting) == NOBODY


@acting_as(DOOR)
def at_the_door() -> str:
    return acting()


def test_it_decorates_functions_for_each_call() -> None:
    assert [at_the_door(), at_the_door(), acting()] == [DOOR, DOOR, SYSTEM]


@pytest.mark.django_db
def test_inside_a_transaction_every_change_is_told() -> None:
    user = CoordinatorFactory()
    with acting_as(user):
        assert told() == str(user.pk)
        with acting_as(NOBODY):
            assert told() == ""
        assert told() == str(user.pk)
    assert told() == SYSTEM


@pytest.mark.django_db
def test_a_savepoint_that_is_rolled_back_forgets_what_it_was_told() -> None:
    user = CoordinatorFactory()
    assert told() == SYSTEM
    with acting_as(user):
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            assert told() == str(user.pk)
            _ = 1 / 0
        assert told() == str(user.pk)
    assert told() == SYSTEM


@pytest.mark.django_db
def test_a_failed_statement_can_be_rolled_back() -> None:
    with acting_as(DOOR), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    assert told() == SYSTEM


@pytest.mark.django_db(transaction=True)
class TestOutsideOfTransactions:
    """What a statement of its own sees, and what it leaves behind."""

    def test_a_single_statement_sees_the_rows_of_the_actor(self) -> None:
        ClientFactory()
        assert Client.objects.count() == 1
        with acting_as(CoordinatorFactory()):
            assert Client.objects.count() == 1
            assert [client.first_name for client in Client.objects.iterator()] != []
        with acting_as(NOBODY):
            assert Client.objects.count() == 0

    def test_nothing_stays_on_the_connection(self) -> None:
        assert Client.objects.count() == 0
        with transaction.atomic():
            assert told() == SYSTEM
        with acting_as(NOBODY):
            assert told() == ""
            with transaction.atomic():
                assert told() == ""

    def test_a_thread_sees_nothing_until_it_says_for_whom(self) -> None:
        ClientFactory()
        assert in_a_thread(Client.objects.count) == 0
        assert in_a_thread(acting_as(SYSTEM)(Client.objects.count)) == 1
