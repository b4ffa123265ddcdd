"""Who said before a session that they cannot come."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sessions_log.models import AbsenceNotice, Session


def away_from(sessions: Iterable[Session]) -> dict[UUID, set[UUID]]:
    """Return session → memberships of those who said that they cannot come, and have not taken it back."""
    notices = AbsenceNotice.objects.filter(session__in=[session.pk for session in sessions], withdrawn_at__isnull=True)
    away: dict[UUID, set[UUID]] = defaultdict(set)
    for session_id, membership_id in notices.values_list("session_id", "membership_id"):
        away[session_id].add(membership_id)
    return away
