"""Who belongs to a session: the members of its group on its day (R31)."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from groups_app.models import Membership, MembershipState
from groups_app.querysets import MembershipQuerySet
from sessions_log.models import Session

# Whoever left was a member until that day, and past attendance never moves.
WAS_MEMBER = (MembershipState.ACTIVE, MembershipState.LEAVING, MembershipState.LEFT)


def roster_of(session: Session) -> MembershipQuerySet:
    """Return the memberships expected in ``session``, in the order of their names."""
    return roster_on(session.group_id, session.local_day)


def roster_on(group_id: UUID, day: date) -> MembershipQuerySet:
    """Return the memberships of a group on ``day``, a day at its site, in the order of their names."""
    return (
        Membership.objects.filter(group=group_id, state__in=WAS_MEMBER, starts_on__lte=day)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .select_related("client")
        .order_by("client__sort_key", "id")
    )
