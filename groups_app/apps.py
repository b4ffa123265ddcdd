"""The room of groups."""

from importlib import import_module

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "groups_app"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("groups_app.receivers")
