"""Agreements that wait for a signature (R26): told once it waits, and again after three days and a week."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from groups_app.models import AgreementVersion, Membership
from members.models import ContactConsent
from practice.models import Policy
from reminders.models import Kind, Message, Outcome, Via
from reminders.sources.base import Source, hours_of, insert

# Hours after it was first seen unsigned. Who has just been asked signs within the hour or hears of it.
LEADS = {Via.EMAIL: (1, 72, 168), Via.TEXT: (1,), Via.APP: (1,)}
_USEFUL_FOR = timedelta(days=14)
# By name, because the annotations of ``with_agreement_state`` are no fields.
_UNSIGNED: dict[str, Any] = {"agreement_id__isnull": False, "agreement_signed": False}


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    told = Message.objects.filter(kind=Kind.AGREEMENT, subject_id=OuterRef("agreement_id"), membership=OuterRef("pk"))
    unsigned = (
        Membership.objects.seated()
        .filter(client__user__is_active=True)
        .with_agreement_state()
        .filter(**_UNSIGNED)
        .exclude(Exists(told))
        .annotate(zone=F("client__site__zone"))
    )
    waiting = list(unsigned.order_by("pk"))
    if not waiting:
        return
    numbers = dict(
        AgreementVersion.objects.filter(pk__in={one.agreement_id for one in waiting}).values_list("pk", "number")
    )
    consents = set(
        ContactConsent.objects.in_force()
        .filter(client__in=[one.client_id for one in waiting])
        .values_list("client_id", "channel")
    )
    yield insert(
        _message(one, channel, lead, numbers=numbers, at=at, policy=policy)
        for one in waiting
        for channel, leads in LEADS.items()
        if channel == Via.APP or (one.client_id, channel) in consents
        for lead in leads
    )


def _message(one: Any, channel: str, lead: int, *, numbers: dict[UUID, int], at: datetime, policy: Policy) -> Message:
    wanted = at + timedelta(hours=lead)
    useful_until = wanted + _USEFUL_FOR
    return Message(
        kind=Kind.AGREEMENT,
        channel=channel,
        client_id=one.client_id,
        subject_id=one.agreement_id,
        membership_id=one.pk,
        lead_hours=lead,
        version=numbers[one.agreement_id],
        due_at=wanted if channel == Via.APP else hours_of(policy).place(wanted, zone=one.zone, before=useful_until),
        useful_until=useful_until,
    )


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    states = {
        membership.pk: (membership.is_seated, membership.agreement_id, membership.agreement_signed)
        for membership in Membership.objects.filter(
            pk__in=[message.membership_id for message in messages]
        ).with_agreement_state()
    }
    stale = {}
    for message in messages:
        is_seated, newest, is_signed = states[message.membership_id]  # type: ignore[index]
        if not is_seated:
            stale[message.pk] = Outcome.NOT_EXPECTED
        elif is_signed or newest != message.subject_id:
            stale[message.pk] = Outcome.SETTLED
    return stale


SOURCE = Source(kinds=frozenset({Kind.AGREEMENT}), find=_find, stale=_stale)
