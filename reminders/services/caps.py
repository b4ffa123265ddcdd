"""At most so many texts to one person in a day and in a week (R48)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common.clock import local
from members.models import Client
from practice.models import Policy
from reminders.models import Message, MessageState, Outcome
from reminders.sources.base import hours_of

_WEEK = timedelta(days=7)


@transaction.atomic
def take_turn(message: Message, *, policy: Policy, at: datetime) -> dict[str, Any] | None:
    """Count this text for the recipient's day, or return what the row becomes if it has to wait.

    It waits for the next morning; where that helps nobody any more, it has failed and a coordinator sees it. Two
    workers that hold two texts for one person take turns on the client's row.
    """
    Client.objects.select_for_update(of=("self",), no_key=True).only("pk").get(messages=message)
    today = local(at, message.zone).date()
    others = (
        Message.objects.filter(client=message.client_id, texted_on__gt=today - _WEEK, texted_on__lte=today)
        .exclude(pk=message.pk)
        .filter(state__in=(MessageState.SENDING, MessageState.SENT, MessageState.FAILED))
    )
    days = list(others.values_list("texted_on", flat=True))
    if days.count(today) < policy.texts_a_day and len(days) < policy.texts_a_week:
        Message.objects.filter(pk=message.pk, lease_token__isnull=False).update(texted_on=today)
        return None
    morning = hours_of(policy).next_opening(at, message.zone)
    if local(morning, message.zone).date() == today:  # still before the first opening
        morning = hours_of(policy).next_opening(morning, message.zone)
    if morning >= message.useful_until:
        return {"state": MessageState.FAILED, "outcome": Outcome.CAP}
    return {"state": MessageState.PENDING, "due_at": morning, "outcome": Outcome.CAP}
