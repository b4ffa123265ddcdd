"""Every verb takes its rows first, so that two people's verbs happen one after the other: the group, then sessions."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from common.clock import now
from groups_app.models import Group
from sessions_log.models import Session


def locked(session: Session) -> Session:
    """Read the session again with its group, site and room, and keep others from changing it meanwhile."""
    return Session.objects.select_for_update(of=("self",)).with_place().get(pk=session.pk)


def locked_group(group_id: UUID) -> Group:
    """Read the group with its site and room, and keep others from changing it or its series meanwhile."""
    return Group.objects.select_for_update(of=("self",)).select_related("site", "room").get(pk=group_id)


def locked_coming(group: Group) -> Sequence[Session]:
    """Read the coming sessions of ``group``, which is locked, canceled ones too, with room and leaders; lock them."""
    rows = Session.objects.select_for_update(of=("self",)).filter(group=group, starts_at__gt=now())
    return list(rows.select_related("room").with_leaders().order_by("starts_at", "pk"))


def on_the_clock() -> None:
    """Tell the database what time it is for this transaction: its trigger keeps the past from being changed.

    Without this it goes by its own clock, which differs only where a test has stopped ours.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kith.now', %s, true)", [now().isoformat()])
