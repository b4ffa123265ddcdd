"""Nothing starts without the keys of what is stored: what half a keyring writes, the other half cannot read."""

from typing import Any

from django.core.checks import CheckMessage, Critical, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Count

from common.encryption import UnreadableText, keyring
from keys.models import DataKey
from keys.store import plain_of


def missing_keys() -> list[str]:
    """Return a sentence for each key that wraps data keys here and is missing from the keyring, or is another than it.

    Raises ``ImproperlyConfigured`` when the keyring itself cannot be used.
    """
    ring = keyring()
    sentences = []
    wrapping = DataKey.objects.usable().values_list("wrapped_by").annotate(Count("pk")).order_by("wrapped_by")
    for key_id, count in wrapping:
        if not ring.holds(key_id):
            sentences.append(
                f"The encryption key {key_id.hex} is missing: {count} data keys are wrapped by it. Put it back into "
                "KITH_ENCRYPTION_KEYS or its file; until then nothing starts."
            )
        elif not _opens(key_id):
            sentences.append(
                f"The encryption key {key_id.hex} is not the one that wrapped {count} data keys: its bytes are others. "
                "Put the right ones into KITH_ENCRYPTION_KEYS or its file; until then nothing starts."
            )
    return sentences


def refuse_to_start_without_keys() -> None:
    """Raise ``ImproperlyConfigured``, saying which key is missing, unless every data key can be unwrapped."""
    sentences = missing_keys() if _has_table() else []
    if sentences:
        raise ImproperlyConfigured(" ".join(sentences))


@register(Tags.database)
def check_keys(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Stop ``migrate``, which runs before each start, when a key is missing."""
    if not databases:
        return []
    try:
        sentences = missing_keys() if _has_table() else []
    except ImproperlyConfigured as error:
        sentences = [str(error)]
    return [Critical(sentence, id="keys.E001") for sentence in sentences]


def _opens(key_id: Any) -> bool:
    one = DataKey.objects.usable().filter(wrapped_by=key_id).order_by("pk")[0]
    try:
        plain_of(one)
    except UnreadableText:
        return False
    return True


def _has_table() -> bool:
    """Before the first migration there is nothing to lose."""
    return DataKey._meta.db_table in connection.introspection.table_names()
