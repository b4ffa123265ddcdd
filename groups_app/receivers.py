"""What groups do when something happens in a room below."""

from typing import Any

from django.dispatch import receiver

from common.acting import acting_as
from groups_app.services import welcome
from practice.models import User
from practice.signals import invitation_accepted


@receiver(invitation_accepted, sender=User)
def welcome_member(user: User, **_signal: Any) -> None:
    """Whoever takes over a client's account begins to prepare for the groups that wait for them."""
    if user.is_member:
        with acting_as(user):  # who came to the door a moment ago
            welcome(user=user)
