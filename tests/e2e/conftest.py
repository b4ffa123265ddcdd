"""What the stories in the browser need beside the live server: a mail server that keeps what it gets, and a worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.db import connection

from config import celery_app
from tests.mail_server import PATIENCE_SECONDS, MailServer, running_mail_server


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """An SMTP server; ``mail_server.next()`` is the next mail."""
    with running_mail_server() as mail_server:
        yield mail_server


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
def worker(live_server: Any, mail_server: MailServer) -> Iterator[Worker]:
    """A worker on the test's database that mails through ``mail_server``."""
    worker = Worker(
        {
            **os.environ,
            "DATABASE_URL": _with_database(os.environ["DATABASE_WORKER_URL"], str(connection.settings_dict["NAME"])),
            "EMAIL_URL": mail_server.address,
            "KITH_BASE_URL": live_server.url,
        }
    )
    yield worker
    worker.finish()


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))
