"""The room of the data keys."""

from importlib import import_module

from django.apps import AppConfig

from common.encryption import provide_data_keys


class KeysConfig(AppConfig):
    """Gives the encrypted fields their keys once the models are there."""

    name = "keys"

    def ready(self) -> None:
        """Provide the data keys and register the check of the keyring."""
        provide_data_keys(import_module("keys.store").store)
        import_module("keys.checks")
