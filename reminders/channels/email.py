"""E-mail through whatever ``EMAIL_URL`` names: SMTP, a file, or a provider's interface (django-anymail)."""

import smtplib
from typing import Any

import structlog
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from reminders.channels.letters import Letter
from reminders.channels.results import Receipt, Refused, TryLater, Unreachable

log = structlog.get_logger(__name__)


class MailRoom:
    """One connection for as many letters as there are; it is opened by the first."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter over. Raises ``Refused``, ``TryLater`` or ``Unreachable``."""
        try:
            if isinstance(self._backend, EmailBackend):
                return self._send_raw(letter)
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
        self._backend.close()

    def _send_raw(self, letter: Letter) -> Receipt:
        content = letter.as_bytes()
        self._backend.open()
        self._backend.connection.sendmail(letter.sender_address, [letter.address], content)
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


def _of_status(status: int | None) -> Exception:
    if status is None or status >= 500 or status in (401, 403, 408, 429):
        return Unreachable("provider")
    return Refused("provider")
