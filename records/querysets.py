"""Named reads of imports and holds."""

from typing import Any, Self

from django.db import models

from practice.models import Role, User


class ClientImportQuerySet(models.QuerySet[Any]):
    """Uploaded lists."""

    def visible_to(self, user: User) -> Self:
        """Keep the imports ``user`` may open: every coordinator those of all, nobody else any."""
        return self if user.has_role(Role.COORDINATOR) else self.none()

    def without_content(self) -> Self:
        """Leave the file itself, which may be megabytes, in the database."""
        return self.defer("content")


class LegalHoldQuerySet(models.QuerySet[Any]):
    """Legal holds."""

    def visible_to(self, user: User) -> Self:
        """Keep the holds ``user`` may see: supervisors all, nobody else any."""
        return self if user.has_role(Role.SUPERVISOR) else self.none()

    def open(self) -> Self:
        """Keep those that hold now."""
        return self.filter(lifted_at__isnull=True)
