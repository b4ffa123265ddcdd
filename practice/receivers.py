"""What the practice does, and writes down, when somebody signs in, fails to, or changes how they do (R42)."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from audit.services import record
from common.clock import now
from practice import log_off
from practice.models import User


@receiver(user_logged_in)
def start_the_clocks(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Begin the idle and the absolute time of a session when somebody signs in (R41)."""
    log_off.begin(request.session, limits=log_off.limits_for(user), at=now())
    record(action="account.signed_in", by=user, target=user)


@receiver(user_logged_out)
def note_sign_out(user: User | None, **_signal: Any) -> None:
    """Write down that somebody signed out; a session that had ended before belongs to nobody."""
    if user is not None:
        record(action="account.signed_out", by=user, target=user)


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **_signal: Any) -> None:
    """Write down that a sign-in failed, and at which account if there is one; never what was typed."""
    typed = credentials.get("email") or credentials.get("username") or ""
    account = User.objects.filter(email=str(typed).strip().lower().replace("\x00", "")).first()
    record(action="account.sign_in_failed", by=None, target=account)


@receiver([password_changed, password_reset])
def note_new_password(user: User, **_signal: Any) -> None:
    """Write down that a password was changed or reset."""
    record(action="account.password_changed", by=user, target=user)


@receiver(authenticator_added)
def note_new_factor(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Write down that a second step was set up."""
    record(action="account.factor_added", by=user, target=user, reason=authenticator.type)


@receiver([authenticator_removed, authenticator_reset])
def note_factor_change(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Write down that a second step was taken away or made anew."""
    record(action="account.factor_changed", by=user, target=user, reason=authenticator.type)
