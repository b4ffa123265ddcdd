"""Earlier versions of rows, kept by triggers whoever writes, raw SQL too (R33; TRUST, log and versions).

When a row changes or goes, a trigger keeps it as it was; the row itself is the newest version, so nothing is stored
twice. A table of versions is made by ``keep_versions``; a migration gives it ``Protect`` and ``written_once``
(docs/row-security.md).
"""

from collections.abc import Sequence
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Func
from pghistory.models import Event

REMOVED = "removed"  # the label of a row that was deleted


class Version(Event):
    """Abstract: a row as it was before somebody changed or removed it.

    ``pgh_created_at`` is the moment of the change by the database's clock, ``pgh_label`` ``"changed"`` or ``REMOVED``.
    ``changed_by`` is the account that acted, whom row-level security went by; empty where the program did.
    """

    pgh_id = models.BigAutoField(primary_key=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        db_default=Func(function="kith_actor_id"),
    )

    class Meta:
        abstract = True


def keep_versions(model: type[models.Model], *, fields: Sequence[str], by: str = "id") -> Any:
    """Make the model of the versions of ``model``: its name and "Version". ``fields`` are kept, ``by`` is indexed.

    A change of other fields makes no version. Texts that are encrypted do not belong here.
    """
    index = models.Index(fields=[by], name=f"{model._meta.model_name}_version_{by}")
    return pghistory.create_event_model(
        model,
        pghistory.UpdateEvent("changed", row="OLD", trigger_name="keep_version_changed"),
        pghistory.DeleteEvent(REMOVED, trigger_name="keep_version_removed"),
        fields=["id", *fields],
        obj_field=None,  # type: ignore[arg-type]  # None is allowed, its annotation forgot it
        context_field=None,  # type: ignore[arg-type]
        append_only=True,
        model_name=f"{model._meta.object_name}Version",
        base_model=Version,
        meta={"ordering": ("pgh_id",), "indexes": [index]},
        abstract=False,
    )
