"""What the climate does when something happens in a room below."""

from typing import Any

from django.dispatch import receiver

from climate.services.closing import forget_closed
from sessions_log.models import Session
from sessions_log.signals import session_documented


@receiver(session_documented, sender=Session)
def forget_who_answered(**_signal: Any) -> None:
    """Closed check-ins are forgotten also where no other one begins: notes are signed wherever groups meet (R39)."""
    forget_closed()
