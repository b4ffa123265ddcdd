"""Named reads of data keys."""

from typing import Any, Self
from uuid import UUID

from django.db import models

from common.key_scopes import Scope


class DataKeyQuerySet(models.QuerySet[Any]):
    """Nobody sees data keys on a page, so there is no ``visible_to``."""

    def of(self, scope: Scope) -> Self:
        """Every key that ever was of ``scope``."""
        return self.filter(kind=scope.kind, owner=scope.owner)

    def current(self) -> Self:
        """Those that encrypt."""
        return self.filter(retired_at__isnull=True)

    def usable(self) -> Self:
        """Those that were not destroyed."""
        return self.filter(destroyed_at__isnull=True)

    def wrapped_by_others_than(self, key_id: UUID) -> Self:
        """Those that another key of the keyring wraps."""
        return self.usable().exclude(wrapped_by=key_id)
