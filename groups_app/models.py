"""Closed groups, their leaders, and the dated memberships that tie clients to them."""

from typing import ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.querysets import AgreementQuerySet, GroupQuerySet, MembershipQuerySet, SignatureQuerySet
from members.models import Client, Weekday
from practice.models import LARGEST_GROUP_EVER, Room, Site, User


class GroupState(models.TextChoices):
    """The life of a closed group (R1)."""

    PLANNED = "planned", _("Planned")
    FORMING = "forming", _("Forming")
    RUNNING = "running", _("Running")
    ENDING = "ending", _("Ending")
    ENDED = "ended", _("Ended")


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
    length = models.CharField(_("duration"), max_length=20, choices=Length.choices, default=Length.TIME_LIMITED)
    session_count = models.PositiveSmallIntegerField(_("number of sessions"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("Empty: as the practice's policy says for its number of leaders."),
    )
    state = models.CharField(max_length=10, choices=GroupState.choices, default=GroupState.PLANNED, editable=False)

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
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a room at another site."""
        if self.room is not None and self.site_id is not None and self.room.site_id != self.site_id:
            raise ValidationError({"room": _("This room is at another site.")})

    @property
    def weekday(self) -> int:
        """The group's day of the week, Monday is 0."""
        return self.first_day.weekday()

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
        """Whether people may still be proposed: the door is shut once the group runs (R1)."""
        return self.state in (GroupState.PLANNED, GroupState.FORMING)


class GroupTransition(Record):
    """A step in a group's life as a thing of its own: from where, to where, who, when and why."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=10, choices=GroupState.choices)
    to_state = models.CharField(max_length=10, choices=GroupState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class GroupLeader(Record):
    """One leader of a group for a dated period; the order says who leads first (R24)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="leaders")
    user = models.ForeignKey(User, models.PROTECT, related_name="leads")
    position = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

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


class MembershipState(models.TextChoices):
    """The way of a client through a group."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    INVITED = "invited", _("Invited")
    PREPARING = "preparing", _("Preparing")
    ACTIVE = "active", _("Active")
    LEAVING = "leaving", _("Leaving")
    LEFT = "left", _("Left")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# From a leader's acceptance on, a membership holds a place.
SEATED_STATES = (
    MembershipState.ACCEPTED,
    MembershipState.INVITED,
    MembershipState.PREPARING,
    MembershipState.ACTIVE,
    MembershipState.LEAVING,
)
OPEN_STATES = (MembershipState.PROPOSED, *SEATED_STATES)


class Membership(Record):
    """A client in a group, for a dated period. It is never deleted; who comes back gets a new one (R1, R31)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    client = models.ForeignKey(Client, models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=10, choices=MembershipState.choices, default=MembershipState.PROPOSED)
    # The place in the circle. Because places are numbered and unique, no race can make a thirteenth (R3, R23).
    seat = models.PositiveSmallIntegerField(null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    pregroup_met_on = models.DateField(_("pre-group meeting"), null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    # Only on rows read ``with_agreement_state``.
    agreement_id: UUID | None
    agreement_signed: bool

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("client__sort_key", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client"], condition=Q(state__in=OPEN_STATES), name="membership_one_open"
            ),
            models.UniqueConstraint(fields=["group", "seat"], name="membership_seat_once"),
            models.CheckConstraint(
                name="membership_seat_iff_seated",
                condition=Q(state__in=SEATED_STATES, seat__isnull=False, seat__range=(1, LARGEST_GROUP_EVER))
                | (~Q(state__in=SEATED_STATES) & Q(seat__isnull=True)),
            ),
            models.CheckConstraint(
                name="membership_active_is_prepared",  # R25
                condition=~Q(state__in=["active", "leaving"])
                | Q(pregroup_met_on__isnull=False, starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["client", "state"], name="membership_client_state")]

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def is_seated(self) -> bool:
        """Whether the membership holds a place."""
        return self.state in SEATED_STATES

    @property
    def is_open(self) -> bool:
        """Whether the membership holds a place or is proposed."""
        return self.state in OPEN_STATES


class MembershipTransition(Record):
    """A step on a client's way through a group: who, when and why."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=10, choices=MembershipState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=MembershipState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class AgreementTemplate(Record):
    """The text a practice starts its group agreements from (R5, R26). Headings are lines that begin with "## "."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="agreement_template_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AgreementVersion(Record):
    """One version of one group's agreement. A published text is never changed: a change is a new version (R26)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="agreement_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Signature(Record):
    """An agreement signed by a member: the exact text, its hash, the typed name, both boxes, account and time (R47)."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    typed_name = models.CharField(_("your full name"), max_length=200)
    has_read = models.BooleanField()
    intends_to_sign = models.BooleanField()
    signed_at = models.DateTimeField()

    objects: ClassVar[SignatureQuerySet] = SignatureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "version"], name="signature_once_a_version"),
            models.CheckConstraint(
                name="signature_is_meant", condition=Q(has_read=True, intends_to_sign=True) & ~Q(typed_name="")
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    @property
    def reference(self) -> str:
        """What a person can read out on the phone: the random end of the key, "3F7A-90C2-11DE"."""
        tail = self.pk.hex[-12:].upper()
        return f"{tail[:4]}-{tail[4:8]}-{tail[8:]}"
