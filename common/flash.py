"""Messages after something was done; they name the person or thing and may offer to undo it."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def done(request: HttpRequest, sentence: str, *, undo_url: str = "") -> None:
    """Say ``sentence`` on the next page, with an *Undo* button that posts to ``undo_url`` if there is one."""
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_address(extra_tags: str | None) -> str:
    """Return the address in a message's ``extra_tags``, or nothing."""
    return (extra_tags or "").removeprefix(UNDO) if (extra_tags or "").startswith(UNDO) else ""
