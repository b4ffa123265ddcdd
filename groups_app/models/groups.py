"""Closed groups, the steps of their life, and their leaders."""

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models.triggers import append_only
from groups_app.querysets import GroupQuerySet, LeaderQuerySet
from members.models import Weekday
from practice.models import LARGEST_GROUP_EVER, Room, Site, User


class GroupState(models.TextChoices):
    """The life of a closed group (R1)."""

    PLANNED = "planned", _("Planned")
    FORMING = "forming", _("Forming")
    RUNNING = "running", _("Running")
    ENDING = "ending", _("Ending")
    ENDED = "ended", _("Ended")
    # It never started: nobody met, everybody who had a place waits again.
    CALLED_OFF = "called-off", _("Called off")


# Nothing comes after these: no places, no sessions to come, no changes.
OVER_STATES = (GroupState.ENDED, GroupState.CALLED_OFF)


class Length(models.TextChoices):
    """Whether a group has a last session from the start."""

    TIME_LIMITED = "time-limited", _("Time-limited")
    ONGOING = "ongoing", _("Ongoing")


class Cadence(models.IntegerChoices):
    """Weeks from one session to the next (R2)."""

    WEEKLY = 1, _("Every week")
    BIWEEKLY = 2, _("Every two weeks")


class Orientation(models.TextChoices):
    """The approach a group is led with (R13)."""

    INTERPERSONAL = "interpersonal", _("Interpersonal")
    ATTACHMENT = "attachment", _("Attachment")
    PSYCHODYNAMIC = "psychodynamic", _("Psychodynamic")
    CBT = "cbt", _("Cognitive behavioral")
    MINDFULNESS = "mindfulness", _("Mindfulness")


class Group(Record):
    """A closed group: the same people, weekly or every two weeks, its door shut while it runs (R1)."""

    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("Staff and this group's members see it. It is in no message."),
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="groups", verbose_name=_("site"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="groups", verbose_name=_("room"))
    online_link = models.URLField(_("link for online sessions"), max_length=300, blank=True)
    orientation = models.CharField(
        _("orientation"), max_length=20, choices=Orientation.choices, default=Orientation.INTERPERSONAL
    )
    first_day = models.DateField(_("first session"), help_text=_("The weekday of this date is the group's day."))
    start_time = models.TimeField(_("time"), help_text=_("As clocks show it at the site."))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    cadence = models.PositiveSmallIntegerField(_("meets"), choices=Cadence.choices, default=Cadence.WEEKLY)
    # Since when the group meets on another day than at first; its weeks are counted from there. Set by sessions_log.
    rhythm_day = models.DateField(null=True, editable=False)
    length = models.CharField(_("duration"), max_length=20, choices=Length.choices, default=Length.TIME_LIMITED)
    session_count = models.PositiveSmallIntegerField(_("number of sessions"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("Empty: as the practice's policy says for its number of leaders."),
    )
    state = models.CharField(max_length=10, choices=GroupState.choices, default=GroupState.PLANNED, editable=False)
    # The opening through which people may join while the group runs; empty while its door is shut (R28).
    door = models.OneToOneField("DoorOpening", models.PROTECT, null=True, editable=False, related_name="open_for")

    # Only on rows read ``with_places`` or ``with_leaders``.
    seated: int
    proposed: int
    places: int
    leader_count: int
    current_leaders: "list[GroupLeader]"

    objects: ClassVar[GroupQuerySet] = GroupQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(name="group_minutes_sane", condition=Q(minutes__range=(15, 480))),
            models.CheckConstraint(name="group_cadence_known", condition=Q(cadence__in=[1, 2])),
            models.CheckConstraint(
                name="group_count_iff_time_limited",
                # A check passes when it is NULL, so "is not null" must be said.
                condition=Q(length="ongoing", session_count__isnull=True)
                | Q(length="time-limited", session_count__isnull=False, session_count__range=(1, 200)),
                violation_error_message=_(
                    "A time-limited group needs its number of sessions, an ongoing one has none."
                ),
            ),
            models.CheckConstraint(
                name="group_room_or_link",
                condition=Q(room__isnull=False, online_link="") | Q(room__isnull=True) & ~Q(online_link=""),
                violation_error_message=_("Choose a room, or give the link of an online group, not both."),
            ),
            models.CheckConstraint(
                name="group_capacity_within_law",
                condition=Q(capacity__isnull=True) | Q(capacity__range=(2, LARGEST_GROUP_EVER)),
                violation_error_message=_("A group has from 2 to 12 places."),
            ),
            models.CheckConstraint(
                name="group_door_only_while_running", condition=Q(door__isnull=True) | Q(state="running")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a room at another site."""
        if self.room is not None and self.site_id is not None and self.room.site_id != self.site_id:
            raise ValidationError({"room": _("This room is at another site.")})

    @property
    def rhythm_from(self) -> date:
        """The day that says on which weekday, and in which of two weeks, the group meets from now on."""
        return self.rhythm_day or self.first_day

    @property
    def weekday(self) -> int:
        """The group's day of the week as it is now, Monday is 0."""
        return self.rhythm_from.weekday()

    @property
    def weekday_name(self) -> str:
        """The group's day of the week, translated."""
        return str(Weekday(self.weekday).label)

    @property
    def is_online(self) -> bool:
        """Whether the group meets by its link instead of in a room."""
        return self.room_id is None

    @property
    def accepts_members(self) -> bool:
        """Whether people may be proposed: before the start, and while a running group's door is open (R1, R28)."""
        return self.state in (GroupState.PLANNED, GroupState.FORMING) or self.door_id is not None

    @property
    def is_over(self) -> bool:
        """Whether the group has ended or was called off."""
        return self.state in OVER_STATES


class GroupTransition(Record):
    """A step in a group's life as a thing of its own: from where, to where, who, when and why.

    A step that was taken back stays; the step back says which one it ``undoes``.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=10, choices=GroupState.choices)
    to_state = models.CharField(max_length=10, choices=GroupState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ("at", "id")
        triggers = [append_only("group_transition_stays")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class GroupLeader(Record):
    """One leader of a group for a dated period; the order says who leads first (R24)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="leaders")
    user = models.ForeignKey(User, models.PROTECT, related_name="leads")
    position = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    # Only on rows read ``with_license``.
    licensed_until: date | None

    objects: ClassVar[LeaderQuerySet] = LeaderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=Q(until__isnull=True), name="leader_once_a_group"
            ),
            models.UniqueConstraint(
                fields=["group", "position"], condition=Q(until__isnull=True), name="leader_position_once"
            ),
            models.CheckConstraint(
                name="leader_until_after_since", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"leader {self.position}"


class GroupCover(Record):
    """The therapist who steps in when a group's leaders cannot, for a dated period (R24)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="covers")
    user = models.ForeignKey(User, models.PROTECT, related_name="covers")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(until__isnull=True), name="cover_one_a_group"),
            models.CheckConstraint(
                name="cover_until_after_since", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"
