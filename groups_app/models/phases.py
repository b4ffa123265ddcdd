"""The phases of a time-limited group and what each is for (R15)."""

from collections.abc import Sequence
from math import ceil

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record


class Phase(Record):
    """One phase: it lasts until this share of a group's sessions is over. Reference data a practice may change.

    Notes keep its ``code``. A phase that is in use no more stays, so that they can be read.
    """

    code = models.SlugField(max_length=30, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    goals = models.CharField(_("goals"), max_length=300)
    until_percent = models.PositiveSmallIntegerField(
        _("until this percentage of the sessions"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("until_percent", "code")
        constraints = [
            models.UniqueConstraint(fields=["until_percent"], condition=Q(is_active=True), name="phase_one_a_share"),
            models.CheckConstraint(name="phase_within_the_group", condition=Q(until_percent__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return self.name


def phase_of(number: int, total: int | None, phases: Sequence[Phase]) -> Phase | None:
    """Return the phase of session ``number`` of ``total``; ``None`` for an ongoing group, or without phases.

    ``phases`` are in their order, those in use no more are passed over; a phase ends with the session that completes
    its share, and has at least one.
    """
    if not total:
        return None
    in_use = [phase for phase in phases if phase.is_active]
    for position, phase in enumerate(in_use, start=1):
        if number <= max(position, ceil(total * phase.until_percent / 100)):
            return phase
    return in_use[-1] if in_use else None
