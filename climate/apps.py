"""The room of the climate."""

from importlib import import_module

from django.apps import AppConfig


class ClimateConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "climate"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("climate.receivers")
