"""When a group meets, where, and who leads."""

from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, Deferrable, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models import Group
from practice.models import Room, User
from sessions_log.querysets import SeriesStopQuerySet, SessionLeaderQuerySet, SessionQuerySet


def _only(column: str) -> Func:
    """A range that holds one key. GiST can exclude overlapping ranges, not equal keys (no btree_gist, ADR 6)."""
    return Func(F(column), F(column), Value("[]"), function="uuidrange")


def _refuse_once_started(starts_at: str, row: str) -> str:
    """What happened stays as it was (R31). The clock is the verb's, if it said it (``locking.on_the_clock``)."""
    return f"""
        IF {starts_at} <= coalesce(nullif(current_setting('kith.now', true), '')::timestamptz, now()) THEN
            RAISE EXCEPTION 'this session has started: its time, place and leaders stay as they were'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'session_past_stays';
        END IF;
        RETURN {row};
    """


_STARTS_AT = "(SELECT starts_at FROM sessions_log_session WHERE id = OLD.session_id)"


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
    # Added beside the rhythm of its group; where the series goes, it does not follow.
    is_extra = models.BooleanField(default=False)
    # When the last of its notes was signed: its record is complete.
    documented_at = models.DateTimeField(null=True)
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

    # Only on rows read ``with_page``.
    preferred_format: str | None
    has_boundary_events: bool

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            # Deferrable, here and below: checked when a statement is through, so that one may shift a whole series.
            models.UniqueConstraint(
                fields=["group", "number"], name="session_number_once", deferrable=Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="session_cancelled_by_somebody",
                condition=Q(status="scheduled", cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="session_room_or_link",
                condition=Q(room__isnull=False, online_link="") | Q(room__isnull=True) & ~Q(online_link=""),
            ),
            # Referenced by the leaders' rows, which follow every move (migration 0002).
            models.UniqueConstraint(fields=["id", "busy"], name="session_busy_key"),
            ExclusionConstraint(
                name="session_room_free",
                expressions=[(_only("room"), RangeOperators.OVERLAPS), ("busy", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="session_past_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "group", "number", "local_day", "local_time", "minutes", "zone", "starts_at", "ends_at", "room"
                ),
                func=_refuse_once_started("OLD.starts_at", "NEW"),
            ),
            pgtrigger.Trigger(
                name="session_past_remains",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=_refuse_once_started("OLD.starts_at", "OLD"),
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

    @property
    def is_documented(self) -> bool:
        """Whether all its notes are signed, so that its record is locked for good."""
        return self.documented_at is not None

    def has_started(self, at: datetime) -> bool:
        """Whether the session's start lies at or before the moment ``at``."""
        return self.starts_at <= at

    @property
    def planned_start(self) -> datetime:
        """When it was to begin before somebody moved it by hand: its place in the order of its series."""
        return self.moved_from or self.starts_at

    @property
    def span(self) -> DateTimeTZRange:
        """The value the database computes for ``busy``; leaders' rows are written with it."""
        return DateTimeTZRange(self.starts_at, self.starts_at if self.is_cancelled else self.ends_at, "[)")


class SessionLeader(Record):
    """A therapist who leads one session. Nobody can lead two at a time; the database sees to it (R32)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="leaders")
    user = models.ForeignKey(User, models.PROTECT, related_name="led_sessions")
    position = models.PositiveSmallIntegerField(default=1)
    # The group's leader whose place this person takes, while that one is away (R24).
    stands_in_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # A foreign key (session, busy) → session (id, busy) ON UPDATE CASCADE keeps it equal to the session's own.
    busy = DateTimeRangeField()

    objects: ClassVar[SessionLeaderQuerySet] = SessionLeaderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="session_leader_once"),
            ExclusionConstraint(
                name="session_leader_free",
                expressions=[(_only("user"), RangeOperators.OVERLAPS), ("busy", RangeOperators.OVERLAPS)],
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="session_leader_not_for_oneself",
                condition=Q(stands_in_for__isnull=True) | ~Q(stands_in_for=F("user")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="session_past_leaders_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("session", "user", "position", "stands_in_for"),
                func=_refuse_once_started(_STARTS_AT, "NEW"),
            ),
            pgtrigger.Trigger(
                name="session_past_leaders_remain",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=_refuse_once_started(_STARTS_AT, "OLD"),
            ),
        ]

    def __str__(self) -> str:
        return f"leader {self.position}"


class SeriesStop(Record):
    """An ongoing group's sessions end before ``day``, on which its room or a leader is taken: somebody must decide.

    It is there while the series is stopped, and goes when the series goes on.
    """

    group = models.OneToOneField(Group, models.PROTECT, related_name="series_stop")
    day = models.DateField()
    noticed_at = models.DateTimeField()

    objects: ClassVar[SeriesStopQuerySet] = SeriesStopQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return f"series stopped before {self.day}"
