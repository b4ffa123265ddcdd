"""E-mail through whatever ``EMAIL_URL`` names: SMTP, a file, or a provider's interface (django-anymail)."""

import smtplib
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from reminders.channels.letters import Letter
from reminders.channels.results import Receipt, Refused, TryLater, Unreachable
from reminders.channels.smtp import Counter, Parcel

log = structlog.get_logger(__name__)


class MailRoom:
    """One connection for as many letters as there are; it is opened by the first."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._counter: Counter | None = None
        self._packed: dict[UUID, Parcel] = {}

    def send(self, letter: Letter, *, following: Letter | None = None) -> Receipt:
        """Hand the letter over; ``following`` comes next. Raises ``Refused``, ``TryLater`` or ``Unreachable``."""
        try:
            if isinstance(self._backend, EmailBackend):
                return self._send_raw(letter, following)
            return self._send_through_backend(letter)
        except smtplib.SMTPRecipientsRefused as error:
            is_final = all(code >= 500 for code, _text in error.recipients.values())
            raise (Refused if is_final else TryLater)("recipient") from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
            raise TryLater("data") from None
        except OSError as error:  # every other SMTP error is one, and so are time-outs
            log.warning("mail_server_unreachable", error=type(error).__name__)
            self.close()
            raise Unreachable(type(error).__name__) from None
        except ValueError:  # an address or a name that cannot stand in a header
            raise Refused("address") from None

    def close(self) -> None:
        """End the connection."""
        if self._counter and self._counter.is_mid_mail and self._backend.connection:
            self._backend.connection.close()
            self._backend.connection = None
        self._counter = None
        self._backend.close()

    def _send_raw(self, letter: Letter, following: Letter | None) -> Receipt:
        parcel = self._packed.pop(letter.key, None) or _parcel(letter)
        if following:
            with suppress(ValueError):  # its own turn will tell
                self._packed = {following.key: _parcel(following)}
        if self._backend.open() or self._counter is None:
            self._counter = Counter(self._backend.connection)
        self._counter.hand_over(parcel, following=self._packed.get(following.key) if following else None)
        return Receipt()

    def _send_through_backend(self, letter: Letter) -> Receipt:
        message: Any = letter.as_django_message()
        message.metadata = {"message": str(letter.key)}
        try:
            self._backend.open()
            self._backend.send_messages([message])
        except AnymailRecipientsRefused:
            raise Refused("recipient") from None
        except AnymailAPIError as error:
            raise _of_status(getattr(error, "status_code", None)) from None
        status = getattr(message, "anymail_status", None)
        return Receipt(provider_id=str(getattr(status, "message_id", "") or "")[:80])


def _parcel(letter: Letter) -> Parcel:
    return Parcel(letter.sender_address, letter.address, letter.as_bytes())


def _of_status(status: int | None) -> Exception:
    if status is None or status >= 500 or status in (401, 403, 408, 429):
        return Unreachable("provider")
    return Refused("provider")
