"""How long records are kept, whose time is over, and what holds them (R45).

Nothing is deleted, here or anywhere: the database refuses it. What is due is shown to a person, who decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from groups_app.models import OPEN_STATES, Membership
from members.models import Client, WaitingListEntry
from practice.models import Policy, Site, User
from records.models import LegalHold
from sessions_log.models import Attendance

MAJORITY = 18  # years: who is younger at the last contact is kept longer


@dataclass(frozen=True)
class Kept:
    """One record: the last contact, the day until which it is kept, and what holds it beyond that."""

    client: Client
    last_contact: date
    until: date
    hold: LegalHold | None
    is_due: bool


def kept_until(*, last_contact: date, born: date, years: int, minor_years: int) -> date:
    """Return the last day on which a record must be kept.

    ``years`` after the last contact; for who was a minor then, at least ``minor_years`` after coming of age.
    """
    until = last_contact + relativedelta(years=years)
    of_age = born + relativedelta(years=MAJORITY)
    return max(until, of_age + relativedelta(years=minor_years)) if last_contact < of_age else until


def years_at(site: Site, policy: Policy) -> int:
    """Return the years for which ``site`` keeps records: its own, where a state asks for others than the practice."""
    return policy.retention_years if site.retention_years is None else site.retention_years


def with_last_contact(clients: "QuerySet[Client]") -> Any:
    """Add ``last_contact``, a date, and ``is_in_contact``: in a group, proposed for one, or waiting.

    The last contact is the latest of the referral, a session with attendance, the end of a membership and of a wait.
    """
    of_client = {"client": OuterRef("pk")}
    first = F("referral_date")
    return clients.annotate(
        is_in_contact=Exists(Membership.objects.filter(**of_client, state__in=OPEN_STATES))
        | Exists(WaitingListEntry.objects.filter(**of_client, closed_on__isnull=True)),
        last_contact=Greatest(
            first,
            Coalesce(_latest(Attendance.objects, "membership__client", "session__local_day"), first),
            Coalesce(_latest(Membership.objects, "client", "ends_on"), first),
            Coalesce(_latest(WaitingListEntry.objects, "client", "closed_on"), first),
        ),
    )


def _latest(rows: Any, client: str, day: str) -> Subquery:
    of_client = rows.filter(**{client: OuterRef("pk")}).order_by().values(client)
    return Subquery(of_client.annotate(latest=Max(day)).values("latest"))


def due_or_held(user: User, *, at: datetime) -> list[Kept]:
    """Return the records whose time is over at ``at``, and those on hold, the longest due first (four queries)."""
    policy = Policy.objects.get()
    own = Site.objects.filter(retention_years__isnull=False).values_list("retention_years", flat=True)
    shortest = min([policy.retention_years, *(years for years in own if years is not None)])
    holds = {hold.client_id: hold for hold in LegalHold.objects.open().select_related("placed_by")}
    visible = with_last_contact(Client.objects.visible_to(user).select_related("site"))
    today = at.date()
    # What each client's own site and age make of it is worked out for those who may be due at all.
    old = Q(is_in_contact=False, last_contact__lte=today - relativedelta(years=shortest))
    some = visible.filter(old | Q(pk__in=list(holds)))
    kept = [_kept(client, policy, holds, today) for client in some]
    return sorted((each for each in kept if each.is_due or each.hold), key=lambda each: (each.until, each.client.pk))


def _kept(client: Any, policy: Policy, holds: Mapping[UUID, LegalHold], today: date) -> Kept:
    until = kept_until(
        last_contact=client.last_contact,
        born=client.birth_date,
        years=years_at(client.site, policy),
        minor_years=policy.minor_retention_years,
    )
    return Kept(
        client, client.last_contact, until, holds.get(client.pk), is_due=not client.is_in_contact and until < today
    )
