"""The room of the practice."""

from importlib import import_module

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "practice"

    def ready(self) -> None:
        """Load the receivers, which connects them, and put our recovery codes in the place of allauth's."""
        import_module("practice.receivers")
        import_module("practice.recovery_codes").install()
