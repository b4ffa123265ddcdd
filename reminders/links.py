"""Links in messages that work without signing in: signed, good for one purpose, revealing nothing."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="reminders.stop")


def stop_token(client_id: UUID) -> str:
    """Return what stands in the address at which this client stops messages. It does not expire: neither may "no"."""
    return _signer.sign(client_id.hex)


def client_of_stop_token(token: str) -> UUID | None:
    """Return whose token it is, or nothing if we did not sign it."""
    try:
        return UUID(hex=_signer.unsign(token))
    except BadSignature:
        return None
