"""Named reads of imports."""

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
