"""Links in messages that work without signing in: signed, good for one purpose, revealing nothing."""

import base64
import binascii
import hmac
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

_stop = Signer(salt="reminders.stop")
_feed = Signer(salt="reminders.feed", sep=".")
# A text message has 160 signs for everything, so this link is short: the row's key and as many bytes of signature as
# nobody can guess. When it ends is the row's business.
_SIGNATURE_BYTES = 8


def stop_token(client_id: UUID) -> str:
    """Return what stands in the address at which this client stops messages. It does not expire: neither may "no"."""
    return _stop.sign(client_id.hex)


def client_of_stop_token(token: str) -> UUID | None:
    """Return whose token it is, or nothing if we did not sign it."""
    return _unsigned(_stop, token)


def feed_token(feed_id: UUID) -> str:
    """Return the secret part of a calendar's address (R55). Whether it still works is the row's business."""
    return _feed.sign(feed_id.hex)


def feed_of_token(token: str) -> UUID | None:
    """Return which calendar's token it is, or nothing if we did not sign it."""
    return _unsigned(_feed, token)


def answer_token(message_id: UUID) -> str:
    """Return what stands in the address at which a recipient says whether they come: 32 signs."""
    return base64.urlsafe_b64encode(message_id.bytes + _answer_signature(message_id)).decode()


def message_of_answer_token(token: str) -> UUID | None:
    """Return which message's token it is, or nothing if we did not sign it."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        message_id = UUID(bytes=raw[:16])
    except (ValueError, binascii.Error):
        return None
    return message_id if hmac.compare_digest(raw[16:], _answer_signature(message_id)) else None


def _answer_signature(message_id: UUID) -> bytes:
    digest = salted_hmac("reminders.answer", message_id.hex, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return digest[:_SIGNATURE_BYTES]


def _unsigned(signer: Signer, token: str) -> UUID | None:
    try:
        return UUID(hex=signer.unsign(token))
    except (BadSignature, ValueError):
        return None
