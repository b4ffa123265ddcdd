"""Named reads of reminders."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from members.models import ContactConsent
from practice.models import Role, User
from sessions_log.models import AbsenceNotice


class ReminderQuerySet(models.QuerySet[Any]):
    """Reminders."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see of deliveries: they are the coordinators'."""
        return self if user.has_role(Role.COORDINATOR) else self.none()

    def due(self, at: datetime) -> Self:
        """Keep what waits to be sent at the moment ``at``, however late it is, the oldest first."""
        return self.filter(state="pending", due_at__lte=at).order_by("due_at", "id")

    def abandoned(self, at: datetime) -> Self:
        """Keep what somebody took to send it and did not report on before the lease ended."""
        return self.filter(state="sending", lease_until__lt=at)

    def failed(self) -> Self:
        """Keep what could not be sent."""
        return self.filter(state="failed")

    def with_recipient(self) -> Self:
        """Fetch along what a message and a line about it need: the session and the client."""
        return self.select_related("session", "membership__client")

    def with_checks(self, at: datetime) -> Self:
        """Add what decides, at the moment ``at``, whether a message may still go out.

        ``consents``: the client consents to e-mail. ``is_away``: the client said they cannot come. ``is_outdated``: a
        reminder closer to the session is due as well.
        """
        newer = apps.get_model("reminders", "Reminder").objects.filter(
            session=OuterRef("session"),
            membership=OuterRef("membership"),
            channel=OuterRef("channel"),
            kind=OuterRef("kind"),
            schedule_version=OuterRef("schedule_version"),
            lead_hours__lt=OuterRef("lead_hours"),
            due_at__lte=at,
            state__in=("pending", "sending", "sent"),
        )
        consents = ContactConsent.objects.in_force().filter(
            client=OuterRef("membership__client"), channel=OuterRef("channel")
        )
        notices = AbsenceNotice.objects.filter(
            session=OuterRef("session"), membership=OuterRef("membership"), withdrawn_at__isnull=True
        )
        return self.annotate(consents=Exists(consents), is_away=Exists(notices), is_outdated=Exists(newer))
