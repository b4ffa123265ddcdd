"""Where groups meet, by which clock, and when nobody meets there."""

from typing import ClassVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from practice.querysets import ClosureQuerySet

us_state = RegexValidator(r"^[A-Z]{2}$", _("Enter the two letters of a state, for example NY."))


def validate_zone(value: str) -> None:
    """Raise ``ValidationError`` unless ``value`` is an IANA time zone name."""
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone. Example: America/New_York."), params={"value": value})


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
