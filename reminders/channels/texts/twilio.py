"""Twilio over its REST interface. Its own package would bring sixteen others."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

import httpx
import structlog
from django.conf import settings
from django.urls import reverse

from reminders.channels.results import OptedOut, Receipt, Refused, TryLater, Unreachable
from reminders.channels.texts.base import Text
from reminders.texts.gsm import segments

PATIENCE = httpx.Timeout(10.0, connect=5.0)
_OPTED_OUT = 21610
_ACCOUNT_TROUBLE = (401, 403, 404)
log = structlog.get_logger(__name__)


class TwilioBackend:
    """Sends with one kept connection. ``sender`` is a number (E.164) or a messaging service ("MG…")."""

    def __init__(self, account: str, token: str, sender: str, api: str = "https://api.twilio.com") -> None:
        self._sender = sender
        self._path = f"/2010-04-01/Accounts/{account}/Messages.json"
        self._client = httpx.Client(base_url=api, auth=(account, token), timeout=PATIENCE)

    def send(self, text: Text) -> Receipt:
        """Hand one over. After a time-out nobody knows whether it was taken; the same key goes along again."""
        try:
            answer = self._client.post(self._path, data=self._form(text), headers={"Idempotency-Key": str(text.key)})
        except httpx.HTTPError as error:
            log.warning("text_provider_unreachable", error=type(error).__name__)
            raise Unreachable(type(error).__name__) from None
        if answer.is_success:
            told = _told(answer)
            return Receipt(
                provider_id=str(told.get("sid", ""))[:80],
                segments=_number(told.get("num_segments")) or segments(text.body),
            )
        raise self._refusal(answer)

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def _form(self, text: Text) -> dict[str, str]:
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        return {
            sender: self._sender,
            "To": text.recipient,
            "Body": text.body,
            "StatusCallback": settings.BASE_URL + reverse("reminders:text_status", args=[text.key]),
        }

    @staticmethod
    def _refusal(answer: httpx.Response) -> Exception:
        status, code = answer.status_code, _number(_told(answer).get("code"))
        log.warning("text_refused", status=status, code=code)
        if code == _OPTED_OUT:
            return OptedOut(str(code))
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return TryLater(str(status))
        if status >= 500 or status in _ACCOUNT_TROUBLE:
            return Unreachable(str(status))
        return Refused(str(code or status))


def signature(token: str, address: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Return what Twilio puts into ``X-Twilio-Signature`` when it posts ``parameters`` to ``address``."""
    signed = address + "".join(f"{name}{value}" for name, value in sorted(parameters))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_signed_by_twilio(path: str, parameters: Iterable[tuple[str, str]], given: str) -> bool:
    """Whether a call to ``path`` on this installation comes from the provider; never if there is none."""
    token = str(settings.SMS_OPTIONS.get("token", ""))
    if not token:
        return False
    wanted = signature(token, settings.BASE_URL + path, parameters)
    return hmac.compare_digest(wanted.encode(), given.encode())


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else None
