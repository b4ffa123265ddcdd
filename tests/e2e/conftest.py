"""What the stories in the browser need beside the live server: a mail server that keeps what it gets, and a worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from config import celery_app
from tests.mail_server import AnyPortController

PATIENCE_SECONDS = 30


class Postbox:
    """A real SMTP server on loopback that hands over each message with its envelope's recipients."""

    def __init__(self) -> None:
        self._received: Queue[tuple[list[str], EmailMessage]] = Queue()
        self._controller = AnyPortController(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message; aiosmtpd calls this by name."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._received.put((envelope.rcpt_tos, message))
        return "250 kept"

    def open(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()

    @property
    def address(self) -> str:
        """Where it listens, as Django's EMAIL_URL."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def next(self) -> tuple[list[str], EmailMessage]:
        """Return the next message and its recipients; wait for it if it is still on its way."""
        return self._received.get(timeout=PATIENCE_SECONDS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received that was not asked for."""
        return self._received.empty()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """An SMTP server; ``postbox.next()`` is the next mail."""
    postbox = Postbox()
    postbox.open()
    yield postbox
    postbox.close()


class Worker:
    """A real Celery worker in a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "solo"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        self._process = subprocess.Popen([*command, *quiet], env=environment)

    def queue(self, task: str) -> None:
        """Queue a task by its name."""
        celery_app.send_task(task)

    def finish(self) -> None:
        """Let it complete what it is at, and end it."""
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)


@pytest.fixture
def worker(live_server: Any, postbox: Postbox) -> Iterator[Worker]:
    """A worker on the test's database that mails through ``postbox``."""
    worker = Worker(
        {
            **os.environ,
            "DATABASE_URL": _with_database(os.environ["DATABASE_WORKER_URL"], str(connection.settings_dict["NAME"])),
            "EMAIL_URL": postbox.address,
            "KITH_BASE_URL": live_server.url,
        }
    )
    yield worker
    worker.finish()


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))
