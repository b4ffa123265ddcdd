"""What waits for a decision in the calendar, read for one person (R32)."""

from dataclasses import dataclass
from datetime import datetime

from practice.models import Closure, User
from sessions_log.models import SeriesStop, Session
from sessions_log.services import license_gap_of, next_lacking
from sessions_log.services.places import clashes_of
from sessions_log.words import title_of

MOST_SHOWN = 50


@dataclass(frozen=True)
class ClosedSession:
    """A coming session on a day that was closed after it was planned, and why the day is closed."""

    session: Session
    title: str
    reason: str


@dataclass(frozen=True)
class Stopped:
    """A series that cannot go on by itself: what is in the way, and the last session it has.

    ``may_skip`` where it could go on after the day; a missing license stops every day.
    """

    stop: SeriesStop
    sentences: list[str]
    last_session: object
    may_skip: bool


def count_waiting(user: User, *, at: datetime) -> int:
    """Return how many decisions wait for ``user``, in one query."""
    closed = Session.objects.reschedulable_by(user).coming(at).on_closed_days().order_by().values("pk")
    return closed.union(SeriesStop.objects.visible_to(user).order_by().values("pk"), all=True).count()


def closed_sessions(user: User, *, at: datetime) -> list[ClosedSession]:
    """Return the sessions on closed days that ``user`` may move, the next one first: three queries."""
    sessions = Session.objects.reschedulable_by(user).coming(at).on_closed_days().with_place().with_leaders()
    shown = list(sessions.order_by("starts_at", "pk")[:MOST_SHOWN])
    if not shown:
        return []
    days = [session.local_day for session in shown]
    closures = list(Closure.objects.filter(first_day__lte=max(days), last_day__gte=min(days)))
    return [ClosedSession(session, title_of(session), _reason(session, closures)) for session in shown]


def stopped_series(user: User) -> list[Stopped]:
    """Return the series that stopped in groups of ``user``, the nearest end first; a few queries each."""
    stops = SeriesStop.objects.visible_to(user).select_related("group__site", "group__room")
    found: list[Stopped] = []
    for stop in stops.order_by("day", "pk")[:MOST_SHOWN]:
        gap = license_gap_of(stop.group)
        lacking = None if gap else next_lacking(stop.group)
        clashes = clashes_of([lacking], by=user) if lacking else []
        last = stop.group.sessions.order_by("-starts_at").values_list("pk", flat=True).first()
        sentences = [gap] if gap else [str(clash) for clash in clashes]
        found.append(Stopped(stop, sentences, last, may_skip=not gap))
    return found


def _reason(session: Session, closures: list[Closure]) -> str:
    return next(
        closure.name
        for closure in closures
        if closure.site_id in (None, session.group.site_id)
        and closure.first_day <= session.local_day <= closure.last_day
    )
