"""Named reads of messages, silences and calendar feeds."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q

from members.models import ContactConsent
from practice.models import Role, User

SLOW_AFTER = timedelta(minutes=10)
FAILURES_SHOWN_FOR = timedelta(days=7)


# What sources, letters and texts look at; reading every column of six tables takes twice as long.
_LOOKED_AT_BEFORE_SENDING = (
    *("kind", "channel", "client_id", "account_id", "subject_id", "session_id", "membership_id", "lead_hours"),
    *("version", "previous_at", "is_elsewhere", "also_changed", "due_at", "useful_until", "attempts"),
    *("client__email", "client__mobile", "client__site__zone", "account__email", "account__home_site__zone"),
    *("session__starts_at", "session__ends_at", "session__zone", "session__status", "session__local_day"),
    *("session__schedule_version", "session__created_at", "session__cancelled_at"),
    *("membership__state", "membership__ends_on"),
)


class MessageQuerySet(models.QuerySet[Any]):
    """Messages."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see of deliveries: coordinators all, administrators what went to staff."""
        if user.has_role(Role.COORDINATOR):
            return self
        return self.filter(account__isnull=False) if user.has_role(Role.ADMINISTRATOR) else self.none()

    def notices_of(self, user: User) -> Self:
        """Keep what was told to a member in Kith itself, the latest first."""
        return self.filter(client__user=user, channel="app", state="sent").order_by("-sent_at", "id")

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
        """Fetch along what a message and a line about it need: session and recipient."""
        return self.select_related("session", "client__site", "membership", "account__home_site")

    def to_send(self) -> Self:
        """The same ``with_consent``, with no more columns than sending looks at."""
        return self.with_recipient().only(*_LOOKED_AT_BEFORE_SENDING).with_consent()

    def with_line(self) -> Self:
        """Fetch along what a line of a list shows: recipient, session and group."""
        return self.select_related("client__site", "account__home_site", "session", "membership__group")

    def with_consent(self) -> Self:
        """Add what the recipient wants now.

        ``consents``: to the channel. ``is_silenced``: nothing may leave the house for them. ``changes_only``: no mere
        reminders through this channel. ``is_dead``: the address they have now is known not to work.
        """
        consents = ContactConsent.objects.in_force().filter(client=OuterRef("client"), channel=OuterRef("channel"))
        silences = apps.get_model("reminders", "Silence").objects.filter(
            client=OuterRef("client"), lifted_at__isnull=True
        )
        channels = apps.get_model("reminders", "ClientChannel").objects.filter(
            client=OuterRef("client"), channel=OuterRef("channel")
        )
        is_same = Q(channel="email", troubled_address=F("client__email")) | Q(
            channel="text", troubled_address=F("client__mobile")
        )
        return self.annotate(
            consents=Exists(consents),
            is_silenced=Exists(silences),
            changes_only=Exists(channels.filter(wish="changes")),
            is_dead=Exists(channels.filter(is_same).exclude(trouble="")),
        )

    def health(self, at: datetime) -> dict[str, Any]:
        """Return how the queue is at the moment ``at``: what is late, waits, is under way, failed in the last week."""
        late = Q(state="pending", due_at__lte=at)
        found = self.order_by().aggregate(
            late=Count("pk", filter=late),
            oldest=Min("due_at", filter=late),
            waiting=Count("pk", filter=Q(state="pending", due_at__gt=at)),
            sending=Count("pk", filter=Q(state="sending")),
            failed=Count("pk", filter=Q(state="failed", due_at__gt=at - FAILURES_SHOWN_FOR)),
            sent=Count("pk", filter=Q(state="sent", sent_at__gt=at - timedelta(days=1))),
        )
        return found | {"is_slow": bool(found["oldest"] and found["oldest"] < at - SLOW_AFTER)}


class TakenQuerySet(models.QuerySet[Any]):
    """Notes that a server took a message."""

    def visible_to(self, user: User) -> Self:
        """Keep nothing: they are the program's own. People see the message."""
        return self.none()

    def of_no_use(self) -> Self:
        """Keep those whose message was settled in another way, as by a bounce that was quicker."""
        on_its_way = apps.get_model("reminders", "Message").objects.filter(state__in=("pending", "sending"))
        return self.exclude(Exists(on_its_way.filter(pk=OuterRef("message_id"))))


class SilenceQuerySet(models.QuerySet[Any]):
    """Silences."""

    def in_force(self) -> Self:
        """Keep those that nobody lifted."""
        return self.filter(lifted_at__isnull=True)


class FeedQuerySet(models.QuerySet[Any]):
    """Calendar feeds."""

    def open(self) -> Self:
        """Keep those that were not revoked and whose owner may still sign in."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)
