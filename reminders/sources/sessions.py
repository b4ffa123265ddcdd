"""Reminders of sessions that come into the window (R48), and what makes any message about a session stale."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from practice.models import Policy
from reminders.models import Kind, Message, Outcome
from reminders.schedule import SHORTEST_NOTICE, plan
from reminders.sources.base import ATTENDING, Source, hours_of, insert
from sessions_log.models import AbsenceNotice, Session

_BATCH = 1_000


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    """One row for each lead of the policy, each attending member and each channel they consent to, for this version of
    the session's schedule. Members whose rows are there already are not looked at again, so a tick without news costs
    one query.
    """
    if not policy.reminder_leads:
        return
    while expected := list(_without_reminders(at=at, longest_lead=max(policy.reminder_leads))[:_BATCH]):
        yield insert(row for one in expected for row in _rows(one, policy=policy, at=at))


def _without_reminders(*, at: datetime, longest_lead: int) -> Any:
    made = Message.objects.filter(
        session=OuterRef("pk"),
        membership=OuterRef("membership"),
        channel=OuterRef("channel"),
        kind=Kind.SESSION,
        version=OuterRef("schedule_version"),
    )
    # A day more than the longest lead, because hours may move a reminder to the evening before.
    window_ends = at + timedelta(hours=longest_lead, days=1)
    return (
        Session.objects.scheduled()
        .filter(
            Q(group__memberships__ends_on__isnull=True) | Q(group__memberships__ends_on__gte=F("local_day")),
            starts_at__gt=at + SHORTEST_NOTICE,
            starts_at__lte=window_ends,
            group__memberships__state__in=ATTENDING,
            group__memberships__starts_on__lte=F("local_day"),
            group__memberships__client__consents__withdrawn_at__isnull=True,
            group__memberships__client__consents__isnull=False,
        )
        .annotate(
            membership=F("group__memberships__pk"),
            client=F("group__memberships__client_id"),
            client_zone=F("group__memberships__client__site__zone"),
            channel=F("group__memberships__client__consents__channel"),
        )
        .exclude(Exists(made))
        .order_by("starts_at", "pk", "membership", "channel")
        .values("pk", "membership", "client", "client_zone", "channel", "starts_at", "schedule_version")
    )


def _rows(expected: dict[str, Any], *, policy: Policy, at: datetime) -> list[Message]:
    due = plan(
        starts_at=expected["starts_at"],
        zone=expected["client_zone"],
        leads=policy.reminder_leads,
        hours=hours_of(policy),
        at=at,
    )
    return [
        Message(
            kind=Kind.SESSION,
            channel=expected["channel"],
            client_id=expected["client"],
            subject_id=expected["pk"],
            session_id=expected["pk"],
            membership_id=expected["membership"],
            lead_hours=lead,
            version=expected["schedule_version"],
            due_at=due_at,
            useful_until=expected["starts_at"],
        )
        for lead, due_at in due.items()
    ]


def stale_reminders(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    """Return the reminders nobody needs: known to be away, overtaken, or stale as every message about a session."""
    stale = stale_about_sessions(messages)
    keys = [message.pk for message in messages if message.pk not in stale]
    newer = Message.objects.filter(
        session=OuterRef("session"),
        membership=OuterRef("membership"),
        channel=OuterRef("channel"),
        kind=OuterRef("kind"),
        version=OuterRef("version"),
        lead_hours__lt=OuterRef("lead_hours"),
        due_at__lte=at,
        state__in=("pending", "sending", "sent"),
    )
    notices = AbsenceNotice.objects.standing().filter(session=OuterRef("session"), membership=OuterRef("membership"))
    checks = (
        Message.objects.filter(pk__in=keys)
        .annotate(is_away=Exists(notices), is_outdated=Exists(newer))
        .order_by()
        .values_list("pk", "is_away", "is_outdated")
    )
    for key, is_away, is_outdated in checks:
        if is_away or is_outdated:
            stale[key] = Outcome.ABSENCE_KNOWN if is_away else Outcome.NEWER_DUE
    return stale


def stale_about_sessions(messages: Sequence[Message]) -> dict[UUID, Outcome]:
    """Return the messages whose session was called off or changed again, or whose member is not expected."""
    return {message.pk: outcome for message in messages if (outcome := _stale_about_session(message))}


def _stale_about_session(message: Message) -> Outcome | None:
    session, membership = message.session, message.membership
    if session is None or membership is None:
        return None
    if session.is_cancelled != (message.kind == Kind.CANCELLED):
        return Outcome.CANCELLED if session.is_cancelled else Outcome.MOVED
    if session.schedule_version != message.version:
        return Outcome.MOVED
    is_expected = membership.state in ATTENDING and (
        membership.ends_on is None or membership.ends_on >= session.local_day
    )
    return None if is_expected else Outcome.NOT_EXPECTED


SOURCE = Source(kinds=frozenset({Kind.SESSION}), find=_find, stale=stale_reminders)
