"""How a session was for its members, without anybody's answer (R39). No row here names a member or holds one answer."""

from typing import ClassVar

from django.db import models

from climate.querysets import CheckInQuerySet
from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_group
from sessions_log.models import Session


class CheckIn(Record):
    """The check-in after one session; it exists from the first answer on.

    ``tally`` holds the sums of all answers, encrypted: after the first they are that one. Nothing is told of it before
    ``closes_at``, and of a check-in that closes with too few answers nothing is kept.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    answers = models.PositiveSmallIntegerField(default=0)
    tally = EncryptedTextField(blank=True, scope=per_group("session.group_id"))

    objects: ClassVar[CheckInQuerySet] = CheckInQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class Mark(models.Model):
    """That somebody has answered, so that they answer once.

    Not a ``Record``: it has no time, and its key is a keyed hash of session and membership, from which the member
    cannot be told without the installation's secret. It goes when a check-in begins, or notes are signed, after this
    one has closed.
    """

    mark = models.CharField(primary_key=True, max_length=64)
    session = models.ForeignKey(Session, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return "mark"
