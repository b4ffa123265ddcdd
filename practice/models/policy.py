"""The practice itself, and what it decides for itself."""

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from practice.querysets import PracticeQuerySet

LARGEST_GROUP_EVER = 12  # R23: no policy may go above it


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
    ask_again_days = models.PositiveSmallIntegerField(
        _("days until somebody who was asked after and stays away is pointed out again"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
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
    # R41; ASVS 6.3.3: staff always need one, unless the installation is for trying out.
    members_need_second_step = models.BooleanField(
        _("members need a second step to sign in"),
        default=False,
        help_text=_("From their next page on they are asked to set one up: a passkey or an app."),
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
