"""Subresource integrity: a style sheet or script runs only if it is what this release shipped (TRUST, the browser)."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def integrity(path: str) -> str:
    """Return the ``integrity`` attribute's value for the static file ``path``, as browsers will receive it.

    Raises ``FileNotFoundError`` when there is no such file: a page that names it is wrong.
    """
    return f"sha384-{base64.b64encode(hashlib.sha384(_content(path)).digest()).decode()}"


def _content(path: str) -> bytes:
    stored_name = getattr(staticfiles_storage, "stored_name", None)
    if stored_name and not settings.DEBUG:  # collected, with the addresses inside rewritten to the hashed names
        with staticfiles_storage.open(stored_name(path)) as file:
            return bytes(file.read())
    source = finders.find(path)
    if source is None:
        raise FileNotFoundError(path)
    return Path(str(source)).read_bytes()
