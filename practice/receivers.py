"""What the practice does when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from common.clock import now
from practice import log_off
from practice.models import User


@receiver(user_logged_in)
def start_the_clocks(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Begin the idle and the absolute time of a session when somebody signs in (R41)."""
    log_off.begin(request.session, limits=log_off.limits_for(user), at=now())
