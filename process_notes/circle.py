"""Who sits in a session's circle, and the network of what an author recorded, of one session or of a group's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from groups_app.models import Group
from practice.models import User
from process_notes.interactions import entries
from process_notes.interactions.entries import Interaction
from process_notes.interactions.network import Network, Seat
from process_notes.models import InteractionMap
from sessions_log.models import Session, SessionLeader
from sessions_log.roster import roster_of


def seats_of(session: Session) -> list[Seat]:
    """Return the circle of ``session``: its leaders in their order, its members by name. Two queries."""
    leaders = SessionLeader.objects.filter(session=session).select_related("user").order_by("position")
    return [
        *(_leader_seat(leader.user) for leader in leaders),
        *(Seat(f"m:{membership.pk}", membership.client.roster_name) for membership in roster_of(session)),
    ]


def map_of(session: Session, author: User) -> tuple[Network, list[Interaction]]:
    """Return the network of one session as ``author`` recorded it, and what they recorded, in order."""
    drawn = InteractionMap.objects.by(author).filter(session=session).first()
    recorded = entries.read(drawn.entries) if drawn else []
    return Network(seats_of(session), recorded), recorded


@dataclass(frozen=True)
class Stage:
    """One session on the way of a group."""

    session: Session
    network: Network


def maps_of(group: Group, author: User) -> list[Stage]:
    """Return the sessions of ``group`` for which ``author`` drew a map, in order, each with its network.

    The seats of each are those of its own day (R31). Four queries, however many sessions there are.
    """
    drawn = (
        InteractionMap.objects.by(author)
        .filter(session__group=group)
        .select_related("session")
        .order_by("session__number")
    )
    recorded = {row.session_id: entries.read(row.entries) for row in drawn}
    sessions = [row.session for row in drawn]
    leaders = _leaders_of(recorded)
    memberships = [
        (row, Seat(f"m:{row.pk}", row.client.roster_name))
        for row in group.memberships.exclude(starts_on=None).select_related("client").order_by("client__sort_key", "id")
    ]
    return [
        Stage(
            session,
            Network(
                [
                    *leaders.get(session.pk, []),
                    *(
                        seat
                        for row, seat in memberships
                        if row.starts_on <= session.local_day
                        and (row.ends_on is None or row.ends_on >= session.local_day)
                    ),
                ],
                recorded[session.pk],
            ),
        )
        for session in sessions
    ]


def together(stages: Sequence[Stage]) -> Network:
    """Return one network of several sessions: everybody who sat in one of them, everything that was said."""
    seats = {seat.key: seat for stage in stages for seat in stage.network.seats}
    ordered = sorted(seats.values(), key=lambda seat: not seat.is_leader)
    return Network(ordered, [one for stage in stages for one in stage.network.interactions])


def _leaders_of(sessions: Iterable[UUID]) -> dict[UUID, list[Seat]]:
    seats: dict[UUID, list[Seat]] = {}
    rows = SessionLeader.objects.filter(session__in=list(sessions)).select_related("user").order_by("position")
    for row in rows:
        seats.setdefault(row.session_id, []).append(_leader_seat(row.user))
    return seats


def _leader_seat(user: User) -> Seat:
    return Seat(f"l:{user.pk}", user.short_name, is_leader=True)
