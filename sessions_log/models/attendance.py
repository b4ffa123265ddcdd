"""Who came to a session, and who said beforehand that they cannot."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.versions import keep_versions
from groups_app.models import Membership
from practice.models import User
from sessions_log.models.schedule import Session
from sessions_log.querysets import StandingQuerySet


class AttendanceStatus(models.TextChoices):
    """How a member was there (R33)."""

    PRESENT = "present", _("Here")
    LATE = "late", _("Late")
    LEFT_EARLY = "left-early", _("Left early")
    ABSENT_WITH_NOTICE = "absent-notice", _("Away, with notice")
    NO_SHOW = "no-show", _("Away, no notice")
    WALKED_OUT = "walked-out", _("Walked out")
    CALLED_OFF = "called-off", _("Called off")


# Who was not there: nothing is to be written about them.
AWAY = (AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW, AttendanceStatus.CALLED_OFF)
# Who was there for a part of the time.
IN_PART = (AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.WALKED_OUT)


class Attendance(Record):
    """How one member was at one session, as it was recorded (R33). Without a row, nothing was recorded yet.

    ``minutes_missed`` is, for who was there in part, what they missed at the start or at the end, if it was noted.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=15, choices=AttendanceStatus.choices)
    minutes_missed = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "membership"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_minutes_in_part",
                condition=Q(minutes_missed__isnull=True) | Q(status__in=IN_PART, minutes_missed__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


# What was recorded before each correction (R33).
AttendanceVersion = keep_versions(
    Attendance,
    fields=["session", "membership", "status", "minutes_missed", "recorded_by", "recorded_at"],
    by="session",
)


class AbsenceNotice(Record):
    """A member's word, before the session, that they cannot come; they may take it back."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="absence_notices")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="absence_notices")
    given_at = models.DateTimeField()
    # Nobody when it came by the link in a message and the client has no account.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[StandingQuerySet] = StandingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "membership"], condition=Q(withdrawn_at__isnull=True), name="absence_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"absence notice {self.pk}"
