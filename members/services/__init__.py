"""What is done with clients: verbs that keep a record, its consents, its wait and its intake in order.

``by`` is the account that acts; it is ``None`` where the client acts through a mailed link.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now
from common.db import constraint_errors
from common.errors import RuleBroken
from members.models import (
    Availability,
    Channel,
    Client,
    ClientProblemArea,
    Condition,
    ContactConsent,
    DifficultyArea,
    FamilyRole,
    Goal,
    Identity,
    Intake,
    ProblemArea,
    WaitingListEntry,
    WaitingOutcome,
)
from members.services.acquaintance import SamePerson as SamePerson
from members.services.acquaintance import keep_apart as keep_apart
from practice.models import User
from practice.services import invite


class EmailTaken(RuleBroken):
    """Another client has the address already: one record a person."""


class NoMobile(RuleBroken):
    """Text messages need a mobile phone."""


class NoAccount(RuleBroken):
    """The client has no account that a link could open."""

    def __init__(self, client: Client) -> None:
        super().__init__(
            _("%(name)s has no account yet. It is made when a group takes them in.") % {"name": client.name}
        )


class AlreadyWaiting(RuleBroken):
    """The client is on the waiting list."""


class HasPlace(RuleBroken):
    """The wait ended because the client got a place, not because somebody closed it."""


class IntakeChanged(RuleBroken):
    """Somebody else saved the intake since it was opened."""


class Span(NamedTuple):
    """A span of a weekday (Monday is 0) as clocks show it at the client's site."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What matching looks at beside the client's own row. The first problem area is the primary one (R14)."""

    difficulties: Collection[DifficultyArea] = ()
    problem_areas: Collection[ProblemArea] = ()
    conditions: Collection[Condition] = ()
    goals: Collection[Goal] = ()
    identities: Collection[Identity] = ()
    availability: Collection[Span] = ()


# --- The record -----------------------------------------------------------------------------------------------------
@transaction.atomic
def create_client(
    *,
    client: Client,
    fit: Fit,
    channels: Collection[Channel],
    waiting_since: date | None,
    by: User | None,
) -> Client:
    """Save the unsaved ``client`` with all that belongs to it; with ``waiting_since`` it starts to wait that day.

    Raises ``EmailTaken``, and ``NoMobile`` when texts are consented to without a number.
    """
    _save(client)
    _write_fit(client, fit)
    _give_consents(client, channels, by)
    if waiting_since is not None:
        open_waiting(client=client, since=waiting_since)
    return client


@transaction.atomic
def update_client(*, client: Client, fit: Fit) -> Client:
    """Save the changed ``client`` and replace all that matching looks at.

    An account that nobody has opened takes over a corrected address. Raises ``EmailTaken``, and ``NoMobile`` when the
    number goes while texts are consented to.
    """
    _lock(client)
    if not client.mobile and client.consents.in_force().filter(channel=Channel.TEXT).exists():
        raise NoMobile(
            _("%(name)s wants text messages. Enter a mobile phone, or withdraw that consent first.")
            % {"name": client.name}
        )
    _save(client)
    _correct_account(client)
    _write_fit(client, fit)
    return client


def _correct_account(client: Client) -> None:
    """Until its owner opens it, an account goes by the address in the record; afterwards only they change it."""
    account = client.user
    if account is None or account.has_usable_password() or account.email == client.email:
        return
    taken = EmailTaken(
        _("The address %(email)s belongs to another account. Use another one.") % {"email": client.email}
    )
    account.email = client.email
    with constraint_errors({"practice_user_email_key": lambda: taken}):
        account.save(update_fields=["email"])


@transaction.atomic
def invite_again(*, client: Client, by: User) -> None:
    """Send a fresh link to a client who has not opened the account; an earlier one stops working.

    Raises ``NoAccount``, and what ``practice.services.invite`` raises for an account that is open or closed.
    """
    if client.user is None:
        raise NoAccount(client)
    invite(user=client.user, by=by)
    record(action="client.invited", by=by, target=client, client=client)


def _save(client: Client) -> None:
    client.email = client.email.strip().lower()
    taken = EmailTaken(
        _("Another client already has the address %(email)s. Open that record instead.") % {"email": client.email}
    )
    with constraint_errors({"client_email_once": lambda: taken}):
        client.save()


def _write_fit(client: Client, fit: Fit) -> None:
    client.difficulties.set(fit.difficulties)
    client.conditions.set(fit.conditions)
    client.goals.set(fit.goals)
    client.identities.set(fit.identities)
    client.client_problem_areas.all().delete()
    ClientProblemArea.objects.bulk_create(
        ClientProblemArea(client=client, area=area, is_primary=position == 0)
        for position, area in enumerate(fit.problem_areas)
    )
    client.availabilities.all().delete()
    Availability.objects.bulk_create(
        Availability(client=client, weekday=span.weekday, starts=span.starts, ends=span.ends)
        for span in merged(fit.availability)
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same hours with overlapping and touching spans of a day joined, in order."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and last.weekday == span.weekday and span.starts <= last.ends:
            joined[-1] = last._replace(ends=max(last.ends, span.ends))
        else:
            joined.append(span)
    return joined


def _lock(client: Client) -> None:
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)


# --- Consent --------------------------------------------------------------------------------------------------------
@transaction.atomic
def give_consent(*, client: Client, channel: Channel, by: User | None) -> ContactConsent:
    """Record that the client may be reached through ``channel`` from now on; consent that is in force stays as it is.

    Raises ``NoMobile`` for texts to a client without a number (R48).
    """
    _lock(client)
    _give_consents(client, [channel], by)
    in_force: ContactConsent = client.consents.in_force().get(channel=channel)
    return in_force


@transaction.atomic
def withdraw_consent(*, client: Client, channel: Channel, by: User | None) -> None:
    """End the consent for ``channel`` at once; the row stays as history. Without one in force nothing changes (R48)."""
    _lock(client)
    _withdraw_consents(client, [channel], by)


@transaction.atomic
def set_consents(*, client: Client, channels: Collection[Channel], by: User) -> None:
    """Make exactly ``channels`` those the client may be reached through. Raises ``NoMobile``."""
    _lock(client)
    _withdraw_consents(client, [channel for channel in Channel if channel not in channels], by)
    _give_consents(client, channels, by)


def _give_consents(client: Client, channels: Collection[Channel], by: User | None) -> None:
    if Channel.TEXT in channels and not client.mobile:
        raise NoMobile(_("Enter a mobile phone for %(name)s first: texts need one.") % {"name": client.name})
    in_force = set(client.consents.in_force().values_list("channel", flat=True))
    ContactConsent.objects.bulk_create(
        ContactConsent(client=client, channel=channel, given_at=now(), recorded_by=by)
        for channel in channels
        if channel not in in_force
    )


def _withdraw_consents(client: Client, channels: Collection[Channel], by: User | None) -> None:
    client.consents.in_force().filter(channel__in=channels).update(withdrawn_at=now(), withdrawn_by=by)


# --- Waiting --------------------------------------------------------------------------------------------------------
def open_waiting(*, client: Client, since: date) -> WaitingListEntry:
    """Put the client on the waiting list from the day ``since``. Raises ``AlreadyWaiting``."""
    waiting = AlreadyWaiting(_("%(name)s is on the waiting list already.") % {"name": client.name})
    with constraint_errors({"waiting_one_open_a_client": lambda: waiting}):
        return WaitingListEntry.objects.create(client=client, since=since)


@transaction.atomic
def close_waiting(*, client: Client, outcome: WaitingOutcome, on: date) -> WaitingListEntry | None:
    """End the client's wait on the day ``on``; return what ended, or ``None`` if the client was not waiting."""
    entry = WaitingListEntry.objects.open().filter(client=client).select_for_update(no_key=True).first()
    if entry is not None:
        entry.closed_on, entry.outcome = on, outcome
        entry.save(update_fields=["closed_on", "outcome"])
    return entry


def resume_waiting(*, entry: WaitingListEntry) -> None:
    """Undo the end of a wait, keeping the days already waited.

    Raises ``AlreadyWaiting`` when a newer wait began meanwhile, ``HasPlace`` when the wait ended with a place.
    """
    if entry.outcome == WaitingOutcome.PLACED:
        raise HasPlace(
            _("%(name)s got a place in a group meanwhile, so the wait stays closed.") % {"name": entry.client.name}
        )
    waiting = AlreadyWaiting(_("%(name)s is on the waiting list already.") % {"name": entry.client.name})
    entry.closed_on, entry.outcome = None, ""
    with constraint_errors({"waiting_one_open_a_client": lambda: waiting}):
        entry.save(update_fields=["closed_on", "outcome"])


# --- Intake ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_intake(*, intake: Intake, family_roles: Collection[FamilyRole], seen: datetime | None, by: User) -> Intake:
    """Save the intake as ``by`` wrote it (R7).

    ``seen`` is the ``recorded_at`` that the writer started from, ``None`` for a new one. Raises ``IntakeChanged`` if
    the stored one is another by now, so that nobody's text is overwritten unread.
    """
    _lock(intake.client)
    stored = Intake.objects.filter(client=intake.client).select_related("recorded_by").first()
    if (stored.recorded_at if stored else None) != seen:
        author = stored.recorded_by.name if stored else by.name
        raise IntakeChanged(
            _("%(name)s saved this intake while you were writing. Copy your text, open the intake again and add it.")
            % {"name": author}
        )
    intake.recorded_by, intake.recorded_at = by, now()
    intake.save()
    intake.family_roles.set(family_roles)
    return intake
