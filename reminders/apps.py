"""The room of messages."""

from importlib import import_module

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "reminders"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("reminders.receivers")
