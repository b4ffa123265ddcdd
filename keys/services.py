"""Verbs on data keys."""

from typing import Any

from django.db import transaction

from audit.services import record
from common.clock import now
from common.key_scopes import Scope
from keys.models import DataKey
from keys.store import store


@transaction.atomic
def destroy(*, scope: Scope, by: Any, reason: str) -> int:
    """Destroy every data key of ``scope`` and return how many there were (crypto-erasure, TRUST).

    What they encrypted can never be read again, here or in another copy of the database that gets this change; backups
    made before still hold the wrapped keys. Other processes may read on for ``store.LIFETIME`` seconds.
    """
    keys = list(DataKey.objects.of(scope).usable().select_for_update())
    moment = now()
    for key in keys:
        key.wrapped = key.wrapped_by = None
        key.destroyed_at = moment
        key.retired_at = key.retired_at or moment
        key.save(update_fields=["wrapped", "wrapped_by", "destroyed_at", "retired_at"])
        record(action="key.destroyed", by=by, target=key, reason=reason)
    transaction.on_commit(store.forget)
    return len(keys)
