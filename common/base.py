"""What every stored record has: a key that exists before the insert and sorts by time."""

from uuid import UUID

import uuid_utils.compat
from django.db import models

from common.clock import now


def new_id() -> UUID:
    """Return a new UUIDv7: unique, and ordered by the moment it was made."""
    return uuid_utils.compat.uuid7()


class Record(models.Model):
    """Abstract base of all tables of people's data; keys exist before the insert (TRUST, notes at rest)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True
