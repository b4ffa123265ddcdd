"""What runs inside the installation for each contender: ``python -m benchmarks.mail.contenders NAME NUMBER``."""

import multiprocessing
import os
import smtplib
import sys
import time
from datetime import timedelta
from uuid import uuid4

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.db import connections
from post_office.mail import send_queued
from post_office.models import STATUS, Email

from benchmarks.mail.tasks import send_one
from common.acting import SYSTEM, go_on_as
from common.clock import now
from practice.models import Practice
from reminders.composing import Composer
from reminders.models import Message, MessageState
from reminders.services.outbox import BATCH, claim
from reminders.services.sending import Lease
from reminders.tasks import send_due_reminders

PROCESSES = 2


def reset() -> None:
    """Make every message due as if nothing had happened."""
    Message.objects.update(
        state=MessageState.PENDING, sent_at=None, attempts=0, lease_token=None, lease_until=None, outcome=""
    )


def ours() -> None:
    """Wake both workers."""
    for _ in range(PROCESSES):
        send_due_reminders.delay()


def claims() -> None:
    """Claim everything, batch by batch, in one process; print how many a second."""
    started = time.perf_counter()
    claimed = 0
    while batch := claim(Lease(uuid4(), now() + timedelta(minutes=5)), at=now(), batch=BATCH):
        claimed += len(batch)
    print(claimed / (time.perf_counter() - started))


def task_a_message() -> None:
    """Queue a task for each message."""
    for key in Message.objects.order_by("id").values_list("pk", flat=True):
        send_one.delay(str(key))


def queue_post_office() -> None:
    """Queue the same texts with django-post-office."""
    Email.objects.all().delete()
    composer = Composer(Practice.objects.current())
    letters = (composer.letter(message) for message in Message.objects.with_recipient().order_by("id"))
    Email.objects.bulk_create(
        Email(
            from_email=letter.sender,
            to=[letter.recipient],
            subject=letter.subject,
            message=letter.text,
            html_message=letter.html,
            headers={"Message-ID": letter.message_id, **letter.headers},
            status=STATUS.queued,
        )
        for letter in letters
    )


def post_office() -> None:
    """Send what is queued, in two processes, batch by batch."""
    while Email.objects.filter(status=STATUS.queued).exists():
        connections.close_all()  # its processes inherit what is open, and end it
        send_queued(processes=PROCESSES)
        connections.close_all()


def raw() -> None:
    """Two processes, each with one connection of smtplib and one message, written beforehand."""
    message = Message.objects.with_recipient().order_by("id")[0]
    letter = Composer(Practice.objects.current()).letter(message)
    content, recipients = letter.as_bytes(), list(Message.objects.values_list("client__email", flat=True))
    connections.close_all()
    parts = [recipients[start::PROCESSES] for start in range(PROCESSES)]
    workers = [multiprocessing.Process(target=_send_raw, args=(letter.sender_address, content, part)) for part in parts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _send_raw(sender: str, content: bytes, recipients: list[str]) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for recipient in recipients:
            server.sendmail(sender, [recipient], content)
    os._exit(0)


if __name__ == "__main__":
    go_on_as(SYSTEM)
    globals()[sys.argv[1]]()
