"""Who said before a session that they cannot come."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from common.prepared import Slot, many, prepared
from sessions_log.models import AbsenceNotice, Session


def away_from(sessions: Iterable[Session]) -> dict[UUID, set[UUID]]:
    """Return session → memberships of those who said that they cannot come, and have not taken it back."""
    keys = [session.pk for session in sessions]
    away: dict[UUID, set[UUID]] = defaultdict(set)
    for session_id, membership_id in _notices(sessions=keys) if keys else ():
        away[session_id].add(membership_id)
    return away


@prepared(sessions=many(UUIDField()))
def _notices(sessions: Slot) -> QuerySet[AbsenceNotice, tuple[UUID, UUID]]:
    notices = AbsenceNotice.objects.standing().filter(session__in=sessions)
    return notices.values_list("session_id", "membership_id")
