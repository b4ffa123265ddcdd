"""Named reads of psychotherapy notes. There is no read for everybody: each begins with a person."""

from typing import Any, Self

from django.db import models

from practice.models import Supervision, User


class PrivateQuerySet(models.QuerySet[Any]):
    """Process notes and interaction maps."""

    def by(self, author: User) -> Self:
        """Keep what ``author`` wrote themselves."""
        return self.filter(author=author)


class ShareQuerySet(models.QuerySet[Any]):
    """What authors share with a colleague."""

    def open(self) -> Self:
        """Keep those that were not ended."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Keep what therapists whom ``user`` supervises share with them now."""
        return self.open().filter(reader=user, author__in=Supervision.objects.of(user).values("therapist"))

    def given_by(self, user: User) -> Self:
        """Keep what ``user`` shares now."""
        return self.open().filter(author=user)
