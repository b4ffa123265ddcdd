"""Who sits in a session's circle, and the network of what an author recorded, of one session or of a group's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from groups_app.models import Group, Membership
from practice.models import User
from process_notes.interactions import entries
from process_notes.interactions.entries import Interaction
from process_notes.interactions.network import Network, Seat
from process_notes.models import InteractionMap
from sessions_log.models import AWAY, Attendance, Session, SessionLeader
from sessions_log.roster import roster_of


def seats_of(session: Session, recorded: Iterable[Interaction] = ()) -> list[Seat]:
    """Return the circle of ``session``: its leaders in their order, its members by name. Two queries.

    Whoever is recorded as away has no seat, unless something of theirs is ``recorded``: nobody is alone for being away.
    """
    leaders = SessionLeader.objects.filter(session=session).select_related("user").order_by("position")
    spoken = _keys_in(recorded)
    away = Attendance.objects.filter(session=session, membership=OuterRef("pk"), status__in=AWAY).order_by()
    rows: Any = roster_of(session).annotate(was_away=Exists(away))
    seats = [(_member_seat(row), row.was_away) for row in rows]
    return [
        *(_leader_seat(leader.user) for leader in leaders),
        *(seat for seat, was_away in seats if not was_away or seat.key in spoken),
    ]


def map_of(session: Session, author: User) -> tuple[Network, list[Interaction]]:
    """Return the network of one session as ``author`` recorded it, and what they recorded, in order."""
    drawn = InteractionMap.objects.by(author).filter(session=session).first()
    recorded = entries.read(drawn.entries) if drawn else []
    return Network(seats_of(session, recorded), recorded), recorded


@dataclass(frozen=True)
class Stage:
    """One session on the way of a group."""

    session: Session
    network: Network


def maps_of(group: Group, author: User) -> list[Stage]:
    """Return the sessions of ``group`` for which ``author`` drew a map, in order, each with its network.

    The seats of each are those of its own day (R31). Five queries, however many sessions there are.
    """
    drawn = (
        InteractionMap.objects.by(author)
        .filter(session__group=group)
        .select_related("session")
        .order_by("session__number")
    )
    recorded = {row.session_id: entries.read(row.entries) for row in drawn}
    sessions = [row.session for row in drawn]
    spoken = {key: _keys_in(interactions) for key, interactions in recorded.items()}
    leaders = _leaders_of(recorded)
    away = set(
        Attendance.objects.filter(session__in=recorded, status__in=AWAY).values_list("session_id", "membership_id")
    )
    memberships = [
        (row, _member_seat(row))
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
                        and ((session.pk, row.pk) not in away or seat.key in spoken[session.pk])
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


def _keys_in(recorded: Iterable[Interaction]) -> set[str]:
    return {key for one in recorded for key in (one.source, one.target)}


def _member_seat(membership: Membership) -> Seat:
    return Seat(f"m:{membership.pk}", membership.client.roster_name)


def _leader_seat(user: User) -> Seat:
    return Seat(f"l:{user.pk}", user.short_name, is_leader=True)
