"""The roof as an application."""

from importlib import import_module

from django.apps import AppConfig


class RoofConfig(AppConfig):
    """Registers the checks of what is deployed."""

    name = "config"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("config.checks")
