"""From the address of a provider of text messages to its backend."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PLACE = "reminders.channels.texts"


def sms_settings(address: str) -> tuple[str, dict[str, str]]:
    """Return the backend's path and its options for ``SMS_URL``. Raises ``ImproperlyConfigured``.

    ``console:``, ``file:///directory`` or ``twilio://account:token@sender``; ``?api=`` names another server that speaks
    Twilio's language, for tests.
    """
    parts = urlsplit(address)
    if parts.scheme == "console":
        return f"{_PLACE}.local.ConsoleBackend", {}
    if parts.scheme == "file":
        return f"{_PLACE}.local.FileBackend", {"path": unquote(parts.path)}
    sender = unquote(parts.netloc.rpartition("@")[2])
    if parts.scheme == "twilio" and parts.username and parts.password and sender:
        options = {"account": parts.username, "token": unquote(parts.password), "sender": sender}
        api = parse_qs(parts.query).get("api")
        return f"{_PLACE}.twilio.TwilioBackend", options | ({"api": api[0]} if api else {})
    raise ImproperlyConfigured("SMS_URL must be console:, file:///directory or twilio://account:token@sender.")
