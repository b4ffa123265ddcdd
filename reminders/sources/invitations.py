"""Invitations (R41): the link goes out as soon as there is one, and once more after three days if nobody took it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from practice.models import Invitation, Policy
from reminders.models import Kind, Message, Outcome, Via
from reminders.sources.base import Source, insert

AT_ONCE, ONCE_MORE = 0, 72  # hours after it was made
_NEEDS = timedelta(hours=12)  # who gets the link again must have time to use it


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    told = Message.objects.filter(kind=Kind.INVITATION, subject_id=OuterRef("pk"))
    lasts = Q(expires_at__gt=F("created_at") + timedelta(hours=ONCE_MORE) + _NEEDS)
    untold = (
        Invitation.objects.open(at)
        .filter(user__is_active=True)
        .filter(~Exists(told.filter(lead_hours=AT_ONCE)) | lasts & ~Exists(told.filter(lead_hours=ONCE_MORE)))
        .annotate(client=F("user__client__pk"))
    )
    rows = [_message(one, lead) for one in untold for lead in _leads(one)]
    if rows:
        yield insert(rows)


def _leads(invitation: Invitation) -> Sequence[int]:
    again = invitation.created_at + timedelta(hours=ONCE_MORE)
    return (AT_ONCE, ONCE_MORE) if invitation.expires_at > again + _NEEDS else (AT_ONCE,)


def _message(one: Any, lead: int) -> Message:
    """Return the row for an invitation, to the client whose account it opens or else to the account."""
    return Message(
        kind=Kind.INVITATION,
        channel=Via.EMAIL,
        client_id=one.client,
        account_id=None if one.client else one.user_id,
        subject_id=one.pk,
        lead_hours=lead,
        due_at=one.created_at + timedelta(hours=lead),
        useful_until=one.expires_at,
    )


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    """Return those whose link was taken or no longer works, and what waited until the later one is due, too."""
    subjects = {message.subject_id for message in messages}
    # Whose time is over has not become needless: a coordinator sees that it could not be sent.
    states = {
        invitation.pk: (invitation.accepted_at is not None, invitation.revoked_at is None and invitation.user.is_active)
        for invitation in Invitation.objects.filter(pk__in=subjects).select_related("user")
    }
    later_due = set(
        Message.objects.filter(kind=Kind.INVITATION, subject_id__in=subjects, lead_hours=ONCE_MORE, due_at__lte=at)
        .exclude(state="void")
        .values_list("subject_id", flat=True)
    )
    stale = {}
    for message in messages:
        is_taken, works = states.get(message.subject_id, (False, False))
        if is_taken:
            stale[message.pk] = Outcome.SETTLED
        elif not works:
            stale[message.pk] = Outcome.WITHDRAWN
        elif message.lead_hours == AT_ONCE and message.subject_id in later_due:
            stale[message.pk] = Outcome.NEWER_DUE
    return stale


SOURCE = Source(kinds=frozenset({Kind.INVITATION}), find=_find, stale=_stale)
