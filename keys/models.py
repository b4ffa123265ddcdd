"""Data keys, wrapped. Who has the database alone has none of them."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from common.base import Record
from keys.querysets import DataKeyQuerySet


class DataKey(Record):
    """The key of one scope (a group, an author, a client, the practice), wrapped by a key of the keyring.

    Retired, it only decrypts; destroyed, it is gone from here, and with it everything that it encrypted.
    """

    kind = models.CharField(max_length=20)
    owner = models.UUIDField(null=True)
    wrapped = models.BinaryField(null=True)
    wrapped_by = models.UUIDField(null=True)  # which key of the keyring, to be asked for without unwrapping
    retired_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    objects: ClassVar[DataKeyQuerySet] = DataKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="data_key_one_current",
                fields=["kind", "owner"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="data_key_wrapped_unless_destroyed",
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False, wrapped_by__isnull=False)
                | Q(
                    destroyed_at__isnull=False, wrapped__isnull=True, wrapped_by__isnull=True, retired_at__isnull=False
                ),
            ),
        ]
        indexes = [models.Index(fields=["wrapped_by"], name="data_key_wrapped_by")]
        triggers = [pgtrigger.Protect(name="data_key_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"data key {self.pk}"

    @property
    def place(self) -> bytes:
        """What the wrapped key is bound to: it cannot be passed off as another scope's."""
        return b"\x00".join([b"data-key", self.pk.bytes, self.kind.encode(), self.owner.bytes if self.owner else b""])
