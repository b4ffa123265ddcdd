"""The room of the practice."""

from importlib import import_module

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "practice"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("practice.receivers")
