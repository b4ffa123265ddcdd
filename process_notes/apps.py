"""The room of psychotherapy notes."""

from importlib import import_module

from django.apps import AppConfig


class ProcessNotesConfig(AppConfig):
    """Connects the receivers once all models are there."""

    name = "process_notes"

    def ready(self) -> None:
        """Load the receivers; loading connects them."""
        import_module("process_notes.receivers")
