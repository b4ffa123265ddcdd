"""Noting what a server took, the moment it did, without keeping the next message waiting (ADR 23)."""

import time
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg.pq import ConnStatus, ExecStatus

from common.acting import acting
from common.clock import now

_PAUSE = 0.2  # seconds between two attempts to reach a database that restarts
_NAME = b"kith_note_taken"
_KNOWN = b"SELECT FROM pg_prepared_statements WHERE name = 'kith_note_taken'"
# One statement and one trip: who writes and how surely are set on the way. Once PostgreSQL has it, no death of a
# process of ours can undo it. Only PostgreSQL itself crashing within its next half second could lose it; waiting for
# the disk after each message would cost more than sending it.
_NOTE = b"""
    INSERT INTO reminders_taken (message_id, lease_token, at, provider_id, segments)
    SELECT $1::uuid, $2::uuid, $3::timestamptz, $4::text, $5::smallint
      FROM set_config('app.user_id', $6::text, true) AS whom, set_config('synchronous_commit', 'off', true) AS how
    ON CONFLICT DO NOTHING
"""


class Sent(NamedTuple):
    """What the provider took, and when."""

    message_id: UUID
    at: datetime
    provider_id: str = ""
    segments: int | None = None


class Notes:
    """The notes of one lease. One may be on its way to PostgreSQL while the next message goes out, never two.

    A note that was handed to the system's socket is written even if this process is killed: PostgreSQL reads what was
    sent before it notices that nobody is there any more. Until ``finish`` the connection is not free for other work.
    """

    def __init__(self, token: UUID, *, until: datetime) -> None:
        self._token, self._until = token, until
        self._under_way: Sent | None = None
        self._knowing: Any = None  # the driver's connection that surely knows the statement

    def add(self, sent: Sent) -> None:
        """Note that a server took a message, after the note before it has arrived."""
        self._settle_the_last()
        self._surely(sent, wait=False)

    def finish(self) -> None:
        """Wait until what was noted has arrived; while the database restarts, until the lease ends.

        From now on the connection is others', and a rollback of theirs makes it forget every prepared statement.
        """
        self._settle_the_last()
        self._knowing = None

    def _settle_the_last(self) -> None:
        sent = self._under_way
        if sent is None:
            return
        try:
            self._arrived()
        except (OperationalError, InterfaceError):
            self._surely(sent, wait=True)

    def _surely(self, sent: Sent, *, wait: bool) -> None:
        while True:
            try:
                self._send(sent)
                if wait:
                    self._arrived()
            except (OperationalError, InterfaceError):
                self._under_way = None
                if now() >= self._until:
                    raise
                connection.close()
                time.sleep(_PAUSE)
            else:
                return

    def _send(self, sent: Sent) -> None:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            server = self._prepared_server()
            values = (sent.message_id, self._token, sent.at, sent.provider_id, sent.segments, acting())
            server.send_query_prepared(_NAME, [None if value is None else str(value).encode() for value in values])
            while server.flush():  # a full socket
                continue
            self._under_way = sent

    def _prepared_server(self) -> Any:
        """Return the driver's own connection, which knows the statement."""
        driver = connection.connection
        if driver is not self._knowing:
            known = driver.pgconn.exec_(_KNOWN)
            if known.status != ExecStatus.TUPLES_OK:
                raise psycopg.OperationalError("The connection is lost.")
            if not known.ntuples:
                _expect_success(driver.pgconn, driver.pgconn.prepare(_NAME, _NOTE))
            self._knowing = driver
        return driver.pgconn

    def _arrived(self) -> None:
        self._under_way = None
        with connection.wrap_database_errors:
            _results(connection.connection.pgconn)


def _results(server: Any) -> None:
    results = list(iter(server.get_result, None))
    _expect_success(server, results[-1] if results else None)


def _expect_success(server: Any, result: Any) -> None:
    """Raise the driver's error for a refusal or a lost connection."""
    if result is None or server.status != ConnStatus.OK:
        raise psycopg.OperationalError("The connection is lost.")
    if result.status != ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
