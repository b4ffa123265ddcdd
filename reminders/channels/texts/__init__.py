"""Text messages through whatever ``SMS_URL`` names, chosen like Django's mail backends."""

from django.conf import settings
from django.utils.module_loading import import_string

from reminders.channels.texts.base import TextBackend


def get_backend() -> TextBackend:
    """Return the backend of the installation."""
    backend: TextBackend = import_string(settings.SMS_BACKEND)(**settings.SMS_OPTIONS)
    return backend
