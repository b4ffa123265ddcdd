"""When a group meets, where, and who leads."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models import Group
from practice.models import Room, User
from sessions_log.querysets import SessionQuerySet


def _only(column: str) -> Func:
    """A range that holds one key. GiST can exclude overlapping ranges, not equal keys (no btree_gist, ADR 6)."""
    return Func(F(column), F(column), Value("[]"), function="uuidrange")


class SessionStatus(models.TextChoices):
    """Whether a session takes place."""

    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Canceled")


class Session(Record):
    """One meeting of a group (R32).

    The truth of a coming session is its wall time in its zone; ``starts_at`` and ``ends_at`` are what that is in UTC.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    local_day = models.DateField(_("date"))
    local_time = models.TimeField(_("time"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )
    online_link = models.URLField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED)
    moved_from = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Rises with every move or cancellation; what was prepared for an older version is void (TRUST, outbox).
    schedule_version = models.PositiveIntegerField(default=1)
    # The span in which room and leaders are taken; empty, so in nobody's way, once the session is cancelled.
    busy: Any = models.GeneratedField(
        expression=Func(
            F("starts_at"),
            Case(When(status="cancelled", then=F("starts_at")), default=F("ends_at")),
            function="tstzrange",
        ),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="session_number_once"),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="session_cancelled_by_somebody",
                condition=Q(status="scheduled", cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
            # Referenced by the leaders' rows, which follow every move (migration 0002).
            models.UniqueConstraint(fields=["id", "busy"], name="session_busy_key"),
            ExclusionConstraint(
                name="session_room_free",
                expressions=[(_only("room"), RangeOperators.OVERLAPS), ("busy", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["group", "starts_at"], name="session_group_start"),
            models.Index(fields=["starts_at"], name="session_start"),
        ]

    def __str__(self) -> str:
        return f"session {self.number}"

    @property
    def is_cancelled(self) -> bool:
        """Whether the session does not take place."""
        return self.status == SessionStatus.CANCELLED

    def has_started(self, at: datetime) -> bool:
        """Whether the session's start lies at or before the moment ``at``."""
        return self.starts_at <= at

    @property
    def span(self) -> DateTimeTZRange:
        """The value the database computes for ``busy``; leaders' rows are written with it."""
        return DateTimeTZRange(self.starts_at, self.starts_at if self.is_cancelled else self.ends_at, "[)")


class SessionLeader(Record):
    """A therapist who leads one session. Nobody can lead two at a time; the database sees to it (R32)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="leaders")
    user = models.ForeignKey(User, models.PROTECT, related_name="led_sessions")
    position = models.PositiveSmallIntegerField(default=1)
    # A foreign key (session, busy) → session (id, busy) ON UPDATE CASCADE keeps it equal to the session's own.
    busy = DateTimeRangeField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="session_leader_once"),
            ExclusionConstraint(
                name="session_leader_free",
                expressions=[(_only("user"), RangeOperators.OVERLAPS), ("busy", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"leader {self.position}"
