"""The room of sessions."""

from importlib import import_module

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "sessions_log"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("sessions_log.receivers")
