"""What sessions do, and answer, when something happens in a room below."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from groups_app.models import DoorOpening, Group
from groups_app.services.conditions import Condition
from groups_app.signals import absences_asked, door_announced, group_over, has_met_asked, leaders_changed, start_asked
from practice.models import Policy, User
from sessions_log.services import (
    cancel_remaining,
    check_session_before,
    follow_leaders,
    has_met,
    series_condition,
)
from sessions_log.staying_away import count_by_group


@receiver(leaders_changed, sender=Group)
def hand_over_sessions(group: Group, by: User, **_signal: Any) -> None:
    """Coming sessions follow the group's leaders."""
    follow_leaders(group=group, by=by)


@receiver(group_over, sender=Group)
def cancel_sessions(group: Group, by: User, **_signal: Any) -> None:
    """Nothing of a group that is over takes place (R29)."""
    cancel_remaining(group=group, by=by)


@receiver(door_announced, sender=Group)
def wait_for_a_session(group: Group, opening: DoorOpening, **_signal: Any) -> None:
    """A door opens only after a session in which it can be talked about (R28)."""
    check_session_before(group=group, day=opening.opens_on)


@receiver(start_asked, sender=Group)
def answer_start(group: Group, **_signal: Any) -> Condition:
    """Say whether the series stands."""
    return series_condition(group)


@receiver(absences_asked, sender=Group)
def answer_absences(groups: list[UUID], policy: Policy, **_signal: Any) -> dict[UUID, int]:
    """Say in which groups members stay away."""
    return count_by_group(groups, policy)


@receiver(has_met_asked, sender=Group)
def answer_has_met(group: Group, since: datetime, **_signal: Any) -> bool:
    """A step after which the group met stays."""
    return has_met(group, since)
