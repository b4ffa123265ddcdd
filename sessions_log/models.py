"""Sessions of a group: when they are, who leads, who came, and what is written about them."""

from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from groups_app.models import Group, Membership
from practice.models import Room, User
from sessions_log.querysets import NoteQuerySet, SessionQuerySet


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


class AttendanceStatus(models.TextChoices):
    """How a member was there (R33)."""

    PRESENT = "present", _("Here")
    LATE = "late", _("Late")
    LEFT_EARLY = "left-early", _("Left early")
    ABSENT_WITH_NOTICE = "absent-notice", _("Away, with notice")
    NO_SHOW = "no-show", _("Away, no notice")
    WALKED_OUT = "walked-out", _("Walked out")


class Attendance(Record):
    """How one member was at one session, as it was recorded (R33). Without a row, nothing was recorded yet."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=15, choices=AttendanceStatus.choices)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "membership"], name="attendance_once")]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class AbsenceNotice(Record):
    """A member's word, before the session, that they cannot come; they may take it back."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="absence_notices")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="absence_notices")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "membership"], condition=Q(withdrawn_at__isnull=True), name="absence_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"absence notice {self.pk}"


class Intervention(models.TextChoices):
    """What the leaders did (R11)."""

    FEEDBACK = "feedback", _("Constructive feedback")
    MODELED = "modeled", _("Modeled communication")
    DYNAMICS = "dynamics", _("Managed dynamics")
    STRATEGIES = "strategies", _("Offered strategies")
    SELF_ACCEPTANCE = "self-acceptance", _("Self-acceptance")
    HERE_AND_NOW = "here-and-now", _("Here and now")
    REGULATION = "regulation", _("Modeled regulation")


class TherapeuticFactor(models.TextChoices):
    """What helped, in the field's terms (R12)."""

    INTERPERSONAL_LEARNING = "interpersonal-learning", _("Interpersonal learning")
    UNIVERSALITY = "universality", _("Universality")
    COHESION = "cohesion", _("Cohesion")
    CORRECTIVE = "corrective", _("Corrective experience")
    SOCIALIZING = "socializing", _("Socializing techniques")
    HOPE = "hope", _("Hope")
    INFORMATION = "information", _("Information")
    ALTRUISM = "altruism", _("Altruism")
    FAMILY = "family", _("Family recapitulation")
    IMITATION = "imitation", _("Imitation")
    CATHARSIS = "catharsis", _("Catharsis")
    EXISTENTIAL = "existential", _("Existential factors")


class Note(Record):
    """Abstract: a clinical text that is a draft until it is signed; then the database locks it (R37, R45)."""

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed and thereby locked."""
        return self.signed_at is not None


def _locked_when_signed(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name=name, operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__signed_at__isnull=False)
    )


_SIGNED_BY_SOMEBODY = Q(signed_at__isnull=True, signed_by__isnull=True) | Q(
    signed_at__isnull=False, signed_by__isnull=False
)


class GroupNote(Note):
    """What happened in the group: counts and themes, never a name (R34)."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="group_note")
    theme = EncryptedTextField(_("Theme"), blank=True)
    observations = EncryptedTextField(_("What happened"), blank=True)
    plan = EncryptedTextField(_("Plan"), blank=True)
    interventions = ArrayField(models.CharField(max_length=30, choices=Intervention.choices), default=list, blank=True)
    factors = ArrayField(models.CharField(max_length=30, choices=TherapeuticFactor.choices), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="group_note_signed_by_somebody", condition=_SIGNED_BY_SOMEBODY),
        ]
        triggers = [_locked_when_signed("group_note_locked")]

    def __str__(self) -> str:
        return f"group note {self.pk}"


class MemberNote(Note):
    """The short part of one member: participation, response, plan; never another member's name (R34)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="member_notes")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notes")
    text = EncryptedTextField(_("Participation, response, plan"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "membership"], name="member_note_once"),
            models.CheckConstraint(name="member_note_signed_by_somebody", condition=_SIGNED_BY_SOMEBODY),
        ]
        triggers = [_locked_when_signed("member_note_locked")]

    def __str__(self) -> str:
        return f"member note {self.pk}"
