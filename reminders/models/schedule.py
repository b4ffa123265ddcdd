"""What members were told of sessions that changed."""

from django.db import models

from common.base import Record
from practice.models import Room
from sessions_log.models import Session


class KnownSchedule(Record):
    """The version of a session's schedule up to which its changes were looked at, and what it said then.

    The sweep writes a row for each coming session it sees for the first time. Later it compares, writes messages about
    what differs and moves the row on in one transaction: a change is told once, a later one against what people know.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="known_schedule")
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    online_link = models.URLField(max_length=300, blank=True, db_default="")
    is_cancelled = models.BooleanField()

    def __str__(self) -> str:
        return f"known version {self.version}"
