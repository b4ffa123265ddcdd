"""A group's new leaders lead its coming sessions; who led the past ones stays on record (R24, R31)."""

from django.db import transaction

from common.clock import now
from groups_app.models import Group
from practice.models import User
from sessions_log.models import Session, SessionLeader
from sessions_log.series import Slot
from sessions_log.services.places import places_of


@transaction.atomic
def follow_leaders(*, group: Group, by: User) -> None:
    """Give the coming sessions of ``group`` to its leaders of today, or raise ``LeaderTaken`` and change nothing."""
    places = places_of(group)
    coming = list(
        Session.objects.select_for_update(of=("self",))
        .filter(group=group, starts_at__gt=now())
        .scheduled()
        .order_by("starts_at")
    )
    places.lock()
    slots = [Slot(session.local_day, session.starts_at, session.ends_at) for session in coming]
    with places.guarded(slots, by=by, besides={session.pk for session in coming}):
        SessionLeader.objects.filter(session__in=coming).delete()
        SessionLeader.objects.bulk_create(
            SessionLeader(session=session, user=leader, position=position, busy=session.span)
            for session in coming
            for position, leader in enumerate(places.leaders, start=1)
        )
