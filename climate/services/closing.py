"""Forgetting what closed check-ins no longer need."""

from climate.models import CheckIn, Mark
from common.acting import SYSTEM, acting_as
from common.clock import now


def forget_closed() -> None:
    """Delete the marks of all check-ins that have closed, and whole ones that closed with too few answers.

    Called when a check-in begins and when a session's notes are signed, of whatever group, so that a group's last
    session is forgotten like the others: background work has no right to these tables. Two at a time each take what
    the other left.
    """
    with acting_as(SYSTEM):  # whoever answers first sees no other group's
        left = CheckIn.objects.closed(now()).with_leftovers().select_for_update(skip_locked=True, of=("self",))
        closed = {row.session_id: row for row in left.only("session", "answers")}
        Mark.objects.filter(session__in=closed).delete()
        CheckIn.objects.filter(session__in=closed).too_few().delete()
