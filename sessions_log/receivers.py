"""What sessions do when something happens in a room below."""

from typing import Any

from django.dispatch import receiver

from groups_app.models import Group
from groups_app.signals import leaders_changed
from practice.models import User
from sessions_log.services import follow_leaders


@receiver(leaders_changed, sender=Group)
def hand_over_sessions(group: Group, by: User, **_signal: Any) -> None:
    """Coming sessions follow the group's leaders."""
    follow_leaders(group=group, by=by)
