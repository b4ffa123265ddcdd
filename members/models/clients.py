"""Clients: the people in care, what they bring, when they can come and how they may be reached."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.dateformat import time_format as time_text
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.clock import today_in
from common.names import SortKeyField
from members.phones import as_written
from members.querysets import ClientQuerySet, ConsentQuerySet, WaitingListQuerySet
from practice.models import Site, User

RECORD_NUMBER_LENGTH = 12  # the last digits of a client's key: 48 random bits


class ReferenceItem(models.Model):
    """Abstract: one entry of a list that a practice may extend. ``code`` is stable; ``label`` is what people read."""

    code = models.SlugField(max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(_("offered in forms"), default=True)

    class Meta:
        abstract = True
        ordering = ("position", "label")

    def __str__(self) -> str:
        return self.label


class DifficultyArea(ReferenceItem):
    """An interpersonal difficulty that brings people to a process group (R9)."""


class ProblemArea(ReferenceItem):
    """One of the four problem areas of interpersonal psychotherapy (R14)."""


class Condition(ReferenceItem):
    """A condition as a tag, never a promise of an outcome (R16); ``is_part_2``: its records are under 42 CFR part 2."""

    is_part_2 = models.BooleanField(_("under 42 CFR part 2"), default=False)


class Goal(ReferenceItem):
    """Something to learn in a group (R10)."""


class FamilyRole(ReferenceItem):
    """A role taken in the family of origin; clinicians only (R7)."""


class ReferralReason(ReferenceItem):
    """Who or what led the client here (R19)."""


class Identity(ReferenceItem):
    """A part of who somebody is that they may ask the practice to consider when it composes a group (R20)."""


class Gender(models.TextChoices):
    """As the client describes it; empty means not asked or not answered."""

    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    NON_BINARY = "non-binary", _("Non-binary")
    ANOTHER = "another", _("Another")


class Client(Record):
    """A person in care. A membership, in ``groups_app``, ties the client to a group for a dated period."""

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="client")
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    sort_key = SortKeyField(source=("last_name", "first_name"))
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    gender = models.CharField(_("gender"), max_length=20, choices=Gender.choices, blank=True)
    birth_date = models.DateField(_("date of birth"))
    email = models.EmailField(_("email"), max_length=254)  # kept in lower case
    mobile = models.CharField(_("mobile phone"), max_length=16, blank=True, help_text=_("With area code."))
    site = models.ForeignKey(Site, models.PROTECT, related_name="clients", verbose_name=_("site"))
    online_ok = models.BooleanField(_("would join an online group"), default=False)
    referral_date = models.DateField(_("referral date"))
    referral_reason = models.ForeignKey(
        ReferralReason, models.PROTECT, null=True, blank=True, verbose_name=_("referral reason")
    )
    difficulties = models.ManyToManyField(DifficultyArea, blank=True, verbose_name=_("difficulties"))
    conditions = models.ManyToManyField(Condition, blank=True, verbose_name=_("conditions"))
    goals = models.ManyToManyField(Goal, blank=True, verbose_name=_("goals"))
    problem_areas = models.ManyToManyField(
        ProblemArea, through="ClientProblemArea", blank=True, verbose_name=_("problem areas")
    )
    identities = models.ManyToManyField(
        Identity,
        blank=True,
        verbose_name=_("asked us to consider"),
        help_text=_("Only what the client wants considered when a group is composed."),
    )
    notes = models.TextField(
        _("scheduling notes"),
        max_length=2000,
        blank=True,
        help_text=_("For coordinators: what matters for scheduling. Nothing clinical."),
    )

    # Only on rows read ``with_labels`` and ``with_identities``.
    difficulty_labels: list[str]
    problem_labels: list[str]
    identity_labels: list[str]

    objects: ClassVar[ClientQuerySet] = ClientQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("sort_key", "id")
        constraints = [
            models.CheckConstraint(name="client_birth_date_sane", condition=Q(birth_date__gte="1900-01-01")),
            # One record a person: an address belongs to one client (import twice, no duplicate).
            models.UniqueConstraint(
                fields=["email"],
                name="client_email_once",
                violation_error_message=_("Another client already has this email address."),
            ),
            models.CheckConstraint(name="client_email_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="client_mobile_e164", condition=Q(mobile="") | Q(mobile__regex=r"^\+[1-9]\d{6,14}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The name the person goes by."""
        return self.preferred_name or self.first_name

    @property
    def name(self) -> str:
        """The name the person goes by, and the last name."""
        return f"{self.called} {self.last_name}"

    @property
    def record_number(self) -> str:
        """What tells this record from others of the same name, on paper too: "4F2A-91BC-07DE"."""
        digits = self.pk.hex[-RECORD_NUMBER_LENGTH:].upper()
        return "-".join(digits[at : at + 4] for at in range(0, RECORD_NUMBER_LENGTH, 4))

    @property
    def phone(self) -> str:
        """The mobile phone as people write it."""
        return as_written(self.mobile)

    @property
    def roster_name(self) -> str:
        """The name for a roster: last names stay initials, "Imani A." (R43)."""
        return f"{self.called} {self.last_name[:1]}."


class ClientProblemArea(models.Model):
    """A problem area of one client; exactly one of a client's may be the primary one (R14)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="client_problem_areas")
    area = models.ForeignKey(ProblemArea, models.PROTECT, related_name="+")
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering = ("-is_primary", "area__position")
        constraints = [
            models.UniqueConstraint(fields=["client", "area"], name="client_problem_area_once"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_primary=True), name="client_one_primary_problem_area"
            ),
        ]

    def __str__(self) -> str:
        return str(self.area_id)


class Channel(models.TextChoices):
    """A way to reach a client."""

    EMAIL = "email", _("Email")
    TEXT = "text", _("Text message")


class ContactConsent(Record):
    """The client's consent to be contacted through one channel, from a moment until it is withdrawn (R48)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    # Nobody when the client withdrew it by a mailed link.
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ConsentQuerySet] = ConsentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "channel"], condition=Q(withdrawn_at__isnull=True), name="consent_one_open_a_channel"
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} consent {self.pk}"


class Weekday(models.IntegerChoices):
    """Days as Python numbers them: Monday is 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Availability(Record):
    """A span of a weekday in which the client can come, as clocks show it at the client's site."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        ordering = ("weekday", "starts")
        constraints = [
            models.UniqueConstraint(fields=["client", "weekday", "starts"], name="availability_once"),
            models.CheckConstraint(
                name="availability_ends_after_start",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("The end must be later than the start."),
            ),
            models.CheckConstraint(name="availability_weekday", condition=Q(weekday__range=(0, 6))),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def hours(self) -> str:
        """The span as people say it: "4:00–7:00 PM" or "11:00 AM–1:00 PM"."""
        is_same_half = time_text(self.starts, "A") == time_text(self.ends, "A")
        return f"{time_text(self.starts, 'g:i' if is_same_half else 'g:i A')}–{time_text(self.ends, 'g:i A')}"

    @property
    def day(self) -> str:
        """The weekday, short: "Mon"."""
        return str(WEEKDAYS_ABBR[self.weekday])


class WaitingOutcome(models.TextChoices):
    """Why somebody is no longer waiting."""

    PLACED = "placed", _("Joined a group")
    WITHDRAWN = "withdrawn", _("No longer interested")


class WaitingListEntry(Record):
    """A client's wait for a place, from a day until it ends with an outcome (R17)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="waiting_entries")
    since = models.DateField(_("waiting since"))
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=WaitingOutcome.choices, blank=True)

    objects: ClassVar[WaitingListQuerySet] = WaitingListQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(closed_on__isnull=True), name="waiting_one_open_a_client"
            ),
            models.CheckConstraint(
                name="waiting_closed_with_outcome",
                condition=Q(closed_on__isnull=True, outcome="") | Q(closed_on__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"waiting {self.pk}"

    @property
    def days(self) -> int:
        """Days waited until today, as the calendar at the client's site says; until the end of a wait that is over."""
        return ((self.closed_on or today_in(self.client.site.zone)) - self.since).days
