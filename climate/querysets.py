"""Named reads of check-ins."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models

from climate.items import FEWEST_ANSWERS


class CheckInQuerySet(models.QuerySet[Any]):
    """Check-ins."""

    def closed(self, at: datetime) -> Self:
        """Keep those that take no answer any more at the moment ``at``."""
        return self.filter(closes_at__lte=at)

    def told(self, at: datetime) -> Self:
        """Keep those whose averages may be told at the moment ``at``: closed, with enough answers (R39)."""
        return self.closed(at).filter(answers__gte=FEWEST_ANSWERS)

    def with_leftovers(self) -> Self:
        """Keep those of which something is kept that goes once they have closed: who answered, or too few answers."""
        marks = apps.get_model("climate", "Mark").objects.filter(session=models.OuterRef("session"))
        return self.filter(models.Q(answers__lt=FEWEST_ANSWERS) | models.Exists(marks.order_by()))

    def too_few(self) -> Self:
        """Keep those with fewer answers than an average may be told of."""
        return self.filter(answers__lt=FEWEST_ANSWERS)
