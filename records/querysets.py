"""Named reads of imports and holds, of what leaves the practice and who asked for it."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models.functions import Coalesce

from members.models import Client
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


class OfClientQuerySet(models.QuerySet[Any]):
    """Abstract: rows about a client that the desk and who cares for the client keep, and the client reads."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see: desk and supervisors all, therapists of their groups, members their own."""
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.filter(client__in=Client.objects.led_by(user))
        return self.filter(client__user=user) if user.is_member else self.none()


class DisclosureQuerySet(OfClientQuerySet):
    """The ledger."""


class DisclosureConsentQuerySet(OfClientQuerySet):
    """Consents to disclose."""

    def in_force(self, day: date) -> Self:
        """Keep those by which something may go out on ``day``."""
        holds = models.Q(revoked_on__isnull=True) | models.Q(revoked_on__gt=day)
        return self.filter(holds, signed_on__lte=day, expires_on__gte=day)


class RecordRequestQuerySet(OfClientQuerySet):
    """Requests for a copy of the record."""

    def open(self) -> Self:
        """Keep those nobody has fulfilled."""
        return self.filter(fulfilled_at__isnull=True)

    def by_deadline(self) -> Self:
        """Put first who must have the copy first."""
        return self.order_by(Coalesce("extended_to", "due_on"), "id")
