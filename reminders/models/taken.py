"""What a server took, noted the moment it did, until the message's own row says so."""

from typing import ClassVar

from django.db import models

from reminders.querysets import TakenQuerySet


class Taken(models.Model):
    """Proof that one message went out: as narrow as it can be, because thousands are written in a row (ADR 23).

    It stands here from the server's answer until the batch ends or, if the worker died, until the reaper comes. While
    it does, nobody sends the message again. No foreign key: nothing is looked up or locked when it is written.
    """

    message_id = models.UUIDField(primary_key=True)
    lease_token = models.UUIDField()
    at = models.DateTimeField()
    provider_id = models.CharField(max_length=80)
    segments = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[TakenQuerySet] = TakenQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"message {self.message_id} went out"
