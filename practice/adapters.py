"""How allauth's accounts behave here: by invitation only, second factors encrypted at rest (R41)."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.encryption import open_sealed, seal
from common.key_scopes import PRACTICE_KIND, Scope
from practice import services
from practice.models import Practice, User

_MFA_PLACE = b"mfa_authenticator\x00secret"


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes public sign-up and makes an invitation the only way to a first password."""

    # What people meet, in plain words; the rest as allauth says it.
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Call your practice if that is a mistake."),
        "email_password_mismatch": _("This email and this password do not belong together. Check both."),
        "enter_current_password": _("That is not your current password. Type it again."),
        "incorrect_code": _("This code is wrong or too old. Type the newest one."),
        "incorrect_password": _("That is not your password. Type it again."),
        "rate_limited": _("That was too often in a short time. Wait a few minutes, then try again."),
        "same_as_current": _("That is what it is already. Enter another one."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Stay silent for an account whose invitation was never accepted; the page says the same in every case."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)

    def set_password(self, user: User, password: str) -> None:
        """Change or reset a password and sign the person out everywhere."""
        super().set_password(user, password)
        services.end_sessions(user=user)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password again; who proves it goes on with a new session token (ASVS 5.0, 7.2.4)."""
        is_right = bool(super().reauthenticate(user, password))
        if is_right:
            services.renew_session(context.request.session)
        return is_right

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send once the transaction is committed; a mail server that refuses is logged and breaks no page."""
        message = self.render_mail(
            template_prefix, email, {**context, "email": email, "practice": Practice.objects.get()}
        )
        transaction.on_commit(message.send, robust=True)


class EncryptedMfaAdapter(DefaultMFAAdapter):
    """Keeps TOTP secrets and recovery seeds unreadable in the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": InvitationOnlyAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return seal(text, _MFA_PLACE, Scope(PRACTICE_KIND, None)).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(bytes.fromhex(encrypted_text), _MFA_PLACE)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Kith"}
