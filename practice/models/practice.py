"""Accounts, sites and rooms, and what the practice decides for itself."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import available_timezones

import rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.clock import now
from common.names import SortKeyField
from practice.querysets import (
    ClosureQuerySet,
    InvitationQuerySet,
    LicenseQuerySet,
    PracticeQuerySet,
    UserManager,
    UserQuerySet,
)

LARGEST_GROUP_EVER = 12  # R23: no policy may go above it

us_state = RegexValidator(r"^[A-Z]{2}$", _("Enter the two letters of a state, for example NY."))


class Role(models.TextChoices):
    """What an account may be. A person may hold several staff roles; a member's account is a member's only."""

    THERAPIST = "therapist", _("Therapist")
    COORDINATOR = "coordinator", _("Coordinator")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    MEMBER = "member", _("Member")


STAFF_ROLES = frozenset({Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR, Role.ADMINISTRATOR})


def validate_zone(value: str) -> None:
    """Raise ``ValidationError`` unless ``value`` is an IANA time zone name."""
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone. Example: America/New_York."), params={"value": value})


class User(Record, AbstractBaseUser):
    """An account. It is made by an invitation (R41) and signs in with its e-mail address."""

    email = models.EmailField(_("email address"), max_length=254, unique=True)  # kept in lower case
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    sort_key = SortKeyField(source=("last_name", "first_name"))
    credentials = models.CharField(
        _("credentials"), max_length=60, blank=True, help_text=_("As written after the name, for example PsyD.")
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))
    home_site = models.ForeignKey(
        "practice.Site", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("home site")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("sort_key", "id")
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="user_roles_known", condition=Q(roles__contained_by=Role.values) & ~Q(roles__len=0)
            ),
            # A member's account never opens staff pages, also when a therapist is somebody's client here.
            models.CheckConstraint(
                name="user_member_is_member_only", condition=~Q(roles__contains=["member"]) | Q(roles=["member"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """The initial and the last name, "D. Whitfield"."""
        return f"{self.first_name[:1]}. {self.last_name}" if self.first_name else self.last_name

    @property
    def role_names(self) -> str:
        """The roles in words, "Therapist, Supervisor"."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether the account holds any staff role."""
        return not STAFF_ROLES.isdisjoint(self.roles)

    @property
    def is_member(self) -> bool:
        """Whether this is a client's account."""
        return Role.MEMBER in self.roles

    def has_role(self, *wanted: Role) -> bool:
        """Whether the account holds at least one of ``wanted``."""
        return any(role in self.roles for role in wanted)

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Ask ``rules.py``; there is no superuser who bypasses it."""
        return bool(self.is_active and rules.has_perm(permission, self, obj))


def display_name(user: User | AnonymousUser) -> str:
    """Return what allauth's pages call an account."""
    return user.name if isinstance(user, User) else ""


class Invitation(Record):
    """One mailed link by which an account is taken over by its owner, once, within its time (R41)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    mail_after = models.DateTimeField(default=now)  # moved on when the mail server refuses
    mailed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="invitation_one_open_a_user",
                fields=["user"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether the link still works at the moment ``at``."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class License(Record):
    """A license to practice in one state, until a date (R4)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="licenses")
    state = models.CharField(_("state"), max_length=2, validators=[us_state])
    number = models.CharField(_("license number"), max_length=40)
    expires_on = models.DateField(_("valid until"))

    objects: ClassVar[LicenseQuerySet] = LicenseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("state",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "state"],
                name="license_one_a_state",
                violation_error_message=_("There is already a license for this state: change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.number}"

    def is_valid_on(self, day: date) -> bool:
        """Whether the license covers ``day``, its last day included."""
        return day <= self.expires_on


class Practice(Record):
    """The organization itself. There is exactly one row."""

    name = models.CharField(_("practice name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, help_text=_("Shown in every message and to members."))
    message_name = models.CharField(
        _("name in messages"),
        max_length=40,
        blank=True,
        help_text=_("Short, and saying nothing of what you do: others may read it. Empty: the practice’s name."),
    )
    only = models.BooleanField(default=True, editable=False)

    objects: ClassVar[PracticeQuerySet] = PracticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="practice_single_row"),
            models.CheckConstraint(name="practice_single_value", condition=Q(only=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_in_messages(self) -> str:
        """What messages call the practice, on one line."""
        return " ".join((self.message_name or self.name).split())


def default_reminder_leads() -> list[int]:
    """Two days and two hours before a session."""
    return [48, 2]


class Policy(Record):
    """What a practice may decide for itself; the requirements call these *policy*."""

    practice = models.OneToOneField(Practice, models.PROTECT, related_name="policy")
    minimum_members = models.PositiveSmallIntegerField(_("smallest group"), default=5)
    target_members = models.PositiveSmallIntegerField(_("preferred size"), default=8)
    maximum_with_one_leader = models.PositiveSmallIntegerField(_("largest group with one leader"), default=8)
    maximum_with_two_leaders = models.PositiveSmallIntegerField(
        _("largest group with two or more leaders"),
        default=10,
        help_text=_("Never more than 12, whatever is entered here."),
    )
    session_minutes = models.PositiveSmallIntegerField(
        _("usual length of a session, in minutes"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(480)],
    )
    horizon_weeks = models.PositiveSmallIntegerField(
        _("weeks ahead for which sessions of ongoing groups are scheduled"),
        default=26,
        validators=[MinValueValidator(4), MaxValueValidator(104)],
    )
    notice_sessions = models.PositiveSmallIntegerField(
        _("sessions of notice before leaving"), default=3, validators=[MaxValueValidator(26)]
    )
    minimum_stay_sessions = models.PositiveSmallIntegerField(
        _("sessions a member agrees to stay"), default=6, validators=[MaxValueValidator(104)]
    )
    early_sessions = models.PositiveSmallIntegerField(
        _("first sessions of a member that are watched"), default=4, validators=[MaxValueValidator(26)]
    )
    early_absences = models.PositiveSmallIntegerField(
        _("absences within them that are pointed out"), default=2, validators=[MinValueValidator(1)]
    )
    absences_in_a_row = models.PositiveSmallIntegerField(
        _("absences in a row after which somebody is asked after"), default=3, validators=[MinValueValidator(1)]
    )
    ending_prompt_sessions = models.PositiveSmallIntegerField(
        _("sessions left at which the ending is brought up"), default=5, validators=[MaxValueValidator(26)]
    )
    note_due_hours = models.PositiveSmallIntegerField(
        _("hours until an unsigned note is overdue"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    climate_hours = models.PositiveSmallIntegerField(
        _("hours a check-in stays open after a session"),
        default=72,
        validators=[MaxValueValidator(336)],
        help_text=_(
            "Members answer four questions; leaders see averages once it has closed. 0: members are not asked."
        ),
    )
    invitation_days = models.PositiveSmallIntegerField(
        _("days an invitation stays valid"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    # R41; TRUST, accounts: a screen nobody uses locks, a session ends for good.
    staff_idle_minutes = models.PositiveSmallIntegerField(
        _("minutes until an unused screen of staff locks"),
        default=15,
        validators=[MinValueValidator(10), MaxValueValidator(60)],
    )
    member_idle_minutes = models.PositiveSmallIntegerField(
        _("minutes until an unused screen of a member locks"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(240)],
    )
    retention_years = models.PositiveSmallIntegerField(
        _("years a record is kept after the last contact"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    minor_retention_years = models.PositiveSmallIntegerField(
        _("years a minor’s record is kept after the 18th birthday"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    # R41: how long a chart that was opened in an emergency stays open, and by when a supervisor reviews it.
    emergency_minutes = models.PositiveSmallIntegerField(
        _("minutes a record stays open in an emergency"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    emergency_review_days = models.PositiveSmallIntegerField(
        _("days until the review of an emergency access is overdue"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    access_days = models.PositiveSmallIntegerField(
        _("days within which somebody gets the copy of their record they ask for"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    trail_names_staff = models.BooleanField(
        _("members see by name who opened their record"),
        default=False,
        help_text=_("Otherwise they see the role: a therapist, a coordinator."),
    )
    session_hours = models.PositiveSmallIntegerField(
        _("hours after which everybody signs in again"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    reminder_leads = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(336)]),
        verbose_name=_("hours before a session at which a reminder is sent"),
        default=default_reminder_leads,
        help_text=_("Numbers with commas between them, for example 48, 2."),
    )
    texts_a_day = models.PositiveSmallIntegerField(
        _("most text messages to one person in a day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    texts_a_week = models.PositiveSmallIntegerField(
        _("most text messages to one person in seven days"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    # R40: what a session is billed as, and by whom.
    service_code = models.CharField(
        _("service code of a group session"),
        max_length=10,
        default="90853",
        validators=[RegexValidator(r"^[A-Z0-9]{3,10}\Z", _("Use capital letters and digits, for example 90853."))],
    )
    session_fee = models.DecimalField(
        _("fee of a session, in dollars"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    coordinators_bill = models.BooleanField(_("coordinators prepare billing"), default=True)
    quiet_from = models.TimeField(_("no message after"), default=time(21))
    quiet_until = models.TimeField(_("no message before"), default=time(8))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="policy_sizes_in_order",
                condition=Q(minimum_members__gte=2)
                & Q(minimum_members__lte=F("target_members"))
                & Q(target_members__lte=F("maximum_with_two_leaders"))
                & Q(maximum_with_one_leader__lte=F("maximum_with_two_leaders"))
                & Q(minimum_members__lte=F("maximum_with_one_leader"))
                & Q(maximum_with_two_leaders__lte=LARGEST_GROUP_EVER),
                violation_error_message=_(
                    "Sizes must rise from smallest to preferred to largest, and no group may exceed 12 members."
                ),
            ),
            models.CheckConstraint(
                name="policy_day_has_hours",
                condition=Q(quiet_until__lt=F("quiet_from")),
                violation_error_message=_("“No message before” must be earlier in the day than “no message after”."),
            ),
        ]

    def __str__(self) -> str:
        return "policy"


class Site(Record):
    """A place where groups meet, with its own clock (R18). Online groups meet at a site that has no rooms."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    state = models.CharField(
        _("state"),
        max_length=2,
        validators=[us_state],
        help_text=_("Leaders need a license for this state, for example NY."),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_online = models.BooleanField(_("online only"), default=False)
    retention_years = models.PositiveSmallIntegerField(
        _("years records are kept here"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Empty: as the practice’s policy says. States differ."),
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Room(Record):
    """A room at a site; one session at a time."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms")
    name = models.CharField(_("room"), max_length=60)
    seats = models.PositiveSmallIntegerField(_("seats"), default=12, validators=[MinValueValidator(2)])

    class Meta:
        ordering = ("site__name", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="room_name_once_a_site",
                violation_error_message=_("This site already has a room of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Closure(Record):
    """Days on which no sessions are held, at one site or at all of them (R32)."""

    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="closures", verbose_name=_("site")
    )
    name = models.CharField(_("reason"), max_length=80, help_text=_("For example Thanksgiving."))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects: ClassVar[ClosureQuerySet] = ClosureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("first_day", "name")
        constraints = [
            models.CheckConstraint(
                name="closure_days_in_order",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.UniqueConstraint(
                name="closure_once",
                fields=["site", "first_day", "last_day"],
                nulls_distinct=False,
                violation_error_message=_("These days are already closed there."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
