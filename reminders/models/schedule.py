"""What members were told of sessions that changed."""

from django.db import models

from common.base import Record
from practice.models import Room
from sessions_log.models import Session


class KnownSchedule(Record):
    """The version of a session's schedule that people were told of, and what it said then.

    The sweep writes a row for each coming session it sees for the first time. Later it compares, writes messages about
    what differs and moves the row on in one transaction: a change is told once, a later one against what people know.
    ``seen_version`` is the newest the sweep has seen: it tells of it once that has stayed the newest for a while.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="known_schedule")
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    online_link = models.URLField(max_length=300, blank=True, db_default="")
    is_cancelled = models.BooleanField()  # or people have not heard of it yet
    seen_version = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"known version {self.version}"
