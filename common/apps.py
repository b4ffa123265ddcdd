"""The room below all others."""

from importlib import import_module

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Gives forms of every room, and of the libraries, our sentences."""

    name = "common"

    def ready(self) -> None:
        """Put the sentences in their places before the first form is made."""
        import_module("common.form_sentences").install()
