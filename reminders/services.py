"""The outbox of reminders (R48; TRUST, reminders and mail; ADR 5).

``materialize`` writes what is to be sent as rows, ``dispatch`` sends what is due and ``reap`` takes back what a dead
worker held. Each may run in any number of processes at once, late, or twice: a row is sent by whoever leases it.
"""

import smtplib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from common.clock import now
from groups_app.models import MembershipState
from members.models import Channel, Client
from members.services import withdraw_consent
from practice.models import Policy, Practice
from reminders.messages import session_reminder
from reminders.models import Outcome, Reminder, ReminderKind, ReminderState
from reminders.schedule import SHORTEST_NOTICE, Hours, plan
from sessions_log.models import Session

LEASE = timedelta(seconds=60)
# A message is begun only while this much of the lease is left: longer than a mail server may keep us waiting.
SENDING_TAKES = timedelta(seconds=30)
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
BATCH = 100
ATTENDING = (MembershipState.ACTIVE, MembershipState.LEAVING)

log = structlog.get_logger(__name__)


def send_due(*, at: datetime) -> Counter[str]:
    """Do everything a tick is for, until nothing is due; return how many reminders came to which state.

    Must be called outside any transaction. The moment ``at`` decides what is due.
    """
    reap(at=at)
    materialize(at=at)
    totals: Counter[str] = Counter()
    while states := dispatch(at=at, batch=BATCH):
        totals += states
        # The mail server may be out of reach: the next tick knocks again, not the next batch.
        if states[ReminderState.PENDING] and not states[ReminderState.SENT]:
            break
    if totals:
        log.info("reminders_dispatched", **totals)
    return totals


def materialize(*, at: datetime, batch: int = 1_000) -> int:
    """Insert the missing reminders of sessions that come into the window; return how many rows were tried.

    One for each lead of the policy and each attending member who consents to e-mail, for this version of the session's
    schedule. Members whose rows are there already are not looked at again, so a tick without news costs one query.
    """
    policy = Practice.objects.current().policy
    if not policy.reminder_leads:
        return 0
    tried = 0
    while pairs := list(_without_reminders(at=at, longest_lead=max(policy.reminder_leads))[:batch]):
        rows = [row for pair in pairs for row in _rows(*pair, policy=policy, at=at)]
        # Another process may insert the same rows just now; the unique constraint lets one of them win.
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        tried += len(rows)
    return tried


def dispatch(*, at: datetime, batch: int = BATCH) -> Counter[str]:
    """Claim up to ``batch`` due reminders, send those that still hold, and return how many came to which state.

    Empty if nothing was due. Must be called outside any transaction: a claim is committed before anything is sent.
    """
    token = uuid4()
    lease_ends = now() + LEASE
    with transaction.atomic(durable=True):
        due = Reminder.objects.due(at).select_for_update(skip_locked=True)
        claimed = list(due.values_list("pk", flat=True)[:batch])
        Reminder.objects.filter(pk__in=claimed).update(
            state=ReminderState.SENDING, lease_token=token, lease_until=lease_ends, attempts=F("attempts") + 1
        )
    if not claimed:
        return Counter()
    practice = Practice.objects.current()
    hours = _hours(practice.policy)
    states: Counter[str] = Counter()
    sendable: list[Reminder] = []
    for reminder in Reminder.objects.filter(pk__in=claimed).with_recipient().with_checks(at).order_by("due_at", "id"):
        change = _objection(reminder, hours=hours, at=at)
        if change is None:
            sendable.append(reminder)
        else:
            states[_settle(reminder, token, **change)] += 1
    return states + _deliver(sendable, practice=practice, token=token, lease_ends=lease_ends)


def reap(*, at: datetime) -> int:
    """Make what a worker leased and did not report on due again; return how many rows that were.

    If that worker died after the mail server took the message, it goes out once more, with the same Message-ID.
    """
    return Reminder.objects.abandoned(at).update(state=ReminderState.PENDING, lease_token=None, lease_until=None)


def stop_email(*, client: Client) -> None:
    """Withdraw the client's consent to e-mail at once; doing it again changes nothing (R48)."""
    withdraw_consent(client=client, channel=Channel.EMAIL, by=None)


# --- Materializing --------------------------------------------------------------------------------------------------
def _without_reminders(*, at: datetime, longest_lead: int) -> Any:
    """Return (session, membership, zone, start, version) of members to be reminded who have no row yet."""
    made = Reminder.objects.filter(
        session=OuterRef("pk"),
        membership=OuterRef("membership"),
        channel=Channel.EMAIL,
        kind=ReminderKind.SESSION,
        schedule_version=OuterRef("schedule_version"),
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
            group__memberships__client__consents__channel=Channel.EMAIL,
            group__memberships__client__consents__withdrawn_at__isnull=True,
        )
        .annotate(membership=F("group__memberships__pk"))
        .exclude(Exists(made))
        .order_by("starts_at", "pk", "membership")
        .values_list("pk", "membership", "zone", "starts_at", "schedule_version")
    )


def _rows(
    session_id: UUID, membership_id: UUID, zone: str, starts_at: datetime, version: int, *, policy: Policy, at: datetime
) -> list[Reminder]:
    due = plan(starts_at=starts_at, zone=zone, leads=policy.reminder_leads, hours=_hours(policy), at=at)
    return [
        Reminder(
            session_id=session_id,
            membership_id=membership_id,
            channel=Channel.EMAIL,
            lead_hours=lead,
            schedule_version=version,
            due_at=due_at,
        )
        for lead, due_at in due.items()
    ]


def _hours(policy: Policy) -> Hours:
    return Hours(opens=policy.quiet_until, closes=policy.quiet_from)


# --- Dispatching ----------------------------------------------------------------------------------------------------
def _objection(reminder: Reminder, *, hours: Hours, at: datetime) -> dict[str, Any] | None:
    """Return what the row becomes instead of being sent, or nothing if the message may go out now."""
    session, membership = reminder.session, reminder.membership
    is_expected = membership.state in ATTENDING and (
        membership.ends_on is None or membership.ends_on >= session.local_day
    )
    reasons = (
        (session.is_cancelled, Outcome.CANCELLED),
        (session.schedule_version != reminder.schedule_version, Outcome.MOVED),
        (not is_expected, Outcome.NOT_EXPECTED),
        (reminder.is_away, Outcome.ABSENCE_KNOWN),  # type: ignore[attr-defined]
        (not reminder.consents, Outcome.NO_CONSENT),  # type: ignore[attr-defined]
        (reminder.is_outdated, Outcome.NEWER_DUE),  # type: ignore[attr-defined]
    )
    for applies, outcome in reasons:
        if applies:
            return {"state": ReminderState.VOID, "outcome": outcome}
    if session.has_started(at):
        return {"state": ReminderState.FAILED, "outcome": Outcome.TOO_LATE}
    if hours.contain(at, session.zone):
        return None
    morning = hours.next_opening(at, session.zone)
    if morning >= session.starts_at:
        return {"state": ReminderState.FAILED, "outcome": Outcome.TOO_LATE}
    return {"state": ReminderState.PENDING, "due_at": morning}


def _deliver(reminders: Sequence[Reminder], *, practice: Practice, token: UUID, lease_ends: datetime) -> Counter[str]:
    """Send one message a reminder over one connection; put off what is left when the lease or the server is gone."""
    states: Counter[str] = Counter()
    connection = get_connection()
    rest = list(reminders)
    try:
        while rest and now() + SENDING_TAKES < lease_ends:
            change = _send(rest[0], connection=connection, practice=practice)
            if change is None:  # the server is out of reach, for the others too
                break
            states[_settle(rest.pop(0), token, **change)] += 1
    finally:
        connection.close()
    for reminder in rest:
        states[_settle(reminder, token, **_later(reminder))] += 1
    return states


def _send(reminder: Reminder, *, connection: BaseEmailBackend, practice: Practice) -> dict[str, Any] | None:
    """Send the message; return what the row becomes, or nothing if there is no server to talk to."""
    try:
        connection.open()
        connection.send_messages([session_reminder(reminder, practice=practice)])
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(error.recipients.values(), reminder)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        return _later(reminder)
    except OSError as error:
        log.warning("mail_server_unreachable", error=type(error).__name__)
        return None
    except ValueError:  # an address or a name that cannot stand in a header
        return {"state": ReminderState.FAILED, "outcome": Outcome.REFUSED}
    return {"state": ReminderState.SENT, "sent_at": now(), "outcome": ""}


def _refused(answers: Iterable[tuple[int, bytes]], reminder: Reminder) -> dict[str, Any]:
    is_final = all(code >= 500 for code, _text in answers)
    return {"state": ReminderState.FAILED, "outcome": Outcome.REFUSED} if is_final else _later(reminder)


def _later(reminder: Reminder) -> dict[str, Any]:
    """Try again after 30 s, twice as long after each attempt, at most an hour; once more when the session starts."""
    delay = min(FIRST_DELAY * 2 ** min(reminder.attempts - 1, 10), LONGEST_DELAY)
    due_at = min(now() + delay, max(reminder.session.starts_at, now()))
    return {"state": ReminderState.PENDING, "due_at": due_at, "outcome": Outcome.SERVER_TROUBLE}


def _settle(reminder: Reminder, token: UUID, **change: Any) -> str:
    """Write what became of a leased row and return its state, or "lost" if the lease has passed to somebody else."""
    is_ours = Reminder.objects.filter(pk=reminder.pk, lease_token=token).update(
        lease_token=None, lease_until=None, **change
    )
    if is_ours:
        return str(change["state"])
    log.warning("reminder_lease_lost", reminder=str(reminder.pk))
    return "lost"
