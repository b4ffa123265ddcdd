"""``manage.py shell``: Django's own, with the names by which one says for whom one looks."""

from typing import Any

from django.core.management.commands import shell


class Command(shell.Command):
    """Begins as nobody, who sees no row: ``with acting_as(SYSTEM): …`` or ``go_on_as(SYSTEM)`` says otherwise."""

    def get_auto_imports(self) -> Any:
        """Have ``acting_as``, ``go_on_as`` and ``SYSTEM`` at hand."""
        names = ("acting_as", "go_on_as", "SYSTEM")
        return [*(super().get_auto_imports() or ()), *(f"common.acting.{name}" for name in names)]
