"""The phases of a time-limited group and what each is for (R15)."""

from collections.abc import Sequence
from math import ceil

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record


class Phase(Record):
    """One phase: it lasts until this share of a group's sessions is over. Reference data a practice may change."""

    name = models.CharField(_("name"), max_length=60)
    goals = models.CharField(_("goals"), max_length=300)
    until_percent = models.PositiveSmallIntegerField(
        _("until this percentage of the sessions"),
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        ordering = ("until_percent",)
        constraints = [
            models.CheckConstraint(name="phase_within_the_group", condition=Q(until_percent__range=(1, 100)))
        ]

    def __str__(self) -> str:
        return self.name


def phase_of(number: int, total: int | None, phases: Sequence[Phase]) -> Phase | None:
    """Return the phase of session ``number`` of ``total``; ``None`` for an ongoing group, or without phases.

    ``phases`` are in their order; a phase ends with the session that completes its share, and has at least one.
    """
    if not total:
        return None
    for position, phase in enumerate(phases, start=1):
        if number <= max(position, ceil(total * phase.until_percent / 100)):
            return phase
    return phases[-1] if phases else None
