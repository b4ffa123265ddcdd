"""Rooms and leaders are in one place at a time: the database refuses, this module says what is in the way (R32)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from common.acting import SYSTEM, acting_as
from common.db import constraint_errors
from groups_app.models import Group
from practice.models import Room, User
from sessions_log.models import Session
from sessions_log.series import Slot
from sessions_log.services.errors import Clash, LeaderTaken, RoomTaken


@dataclass(frozen=True)
class Booking:
    """What one session takes: from when to when, which room unless it is online, and whose time."""

    slot: Slot
    room: Room | None
    leaders: Sequence[User]
    zone: str

    def is_met_by(self, other: Session) -> bool:
        """Whether ``other`` is going on at some moment of it."""
        return self.slot.starts_at < other.ends_at and other.starts_at < self.slot.ends_at


@dataclass(frozen=True)
class Places:
    """The room of a group, unless it meets online, and its leaders."""

    room: Room | None
    leaders: Sequence[User]
    zone: str

    def on(self, slots: Sequence[Slot]) -> list[Booking]:
        """Return what sessions at ``slots`` take."""
        return [Booking(slot, self.room, self.leaders, self.zone) for slot in slots]


def places_of(group: Group) -> Places:
    """Return the room of ``group`` and its leaders of today, in their order."""
    rows = group.leaders.filter(until__isnull=True).select_related("user").order_by("position")
    return Places(room=group.room, leaders=[row.user for row in rows], zone=group.site.zone)


def booking_of(session: Session, slot: Slot, room: Room | None) -> Booking:
    """Return what ``session`` would take at ``slot`` in ``room``, with the leaders it has; they may be prefetched."""
    leaders = sorted(session.leaders.all(), key=lambda row: row.position)
    return Booking(slot, room, [row.user for row in leaders], session.zone)


def lock_places(bookings: Sequence[Booking]) -> None:
    """Let nobody else book these rooms and people until the transaction ends.

    The exclusion constraints alone would be safe, but two bookings that meet there wait for each other, and one dies of
    a deadlock instead of hearing what is in the way. Always rooms first, then people, by key.
    """
    rooms = {booking.room.pk for booking in bookings if booking.room}
    people = {leader.pk for booking in bookings for leader in booking.leaders}
    list(Room.objects.select_for_update(no_key=True).filter(pk__in=rooms).order_by("pk").values_list("pk"))
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))


@contextmanager
def guarded(bookings: Sequence[Booking], *, by: User, besides: Collection[UUID] = ()) -> Iterator[None]:
    """Run the block in a savepoint; raise ``RoomTaken`` or ``LeaderTaken`` when the database refuses ``bookings``.

    The error knows every clash, not the first alone. ``besides`` are the sessions that are being changed: none of them
    is in its own way.
    """

    def found(kind: type[RoomTaken] | type[LeaderTaken]) -> RoomTaken | LeaderTaken:
        clashes = clashes_of(bookings, by=by, besides=besides)
        # Whoever was in the way may have gone before anybody could ask who it was.
        return kind(clashes or [Clash.unnamed(bookings[0].slot, bookings[0].zone)])

    with constraint_errors(
        {"session_room_free": lambda: found(RoomTaken), "session_leader_free": lambda: found(LeaderTaken)}
    ):
        yield


def clashes_of(bookings: Sequence[Booking], *, by: User, besides: Collection[UUID] = ()) -> list[Clash]:
    """Return what is in the way of ``bookings``, in their order, told as far as ``by`` may know it (R43).

    Three queries at most, however many bookings there are.
    """
    around = _around(bookings, besides)
    if not around:
        return []
    known = set(
        Group.objects.visible_to(by).filter(pk__in={one.group_id for one in around}).values_list("pk", flat=True)
    )
    clashes: list[Clash] = []
    for booking in bookings:
        for other in around:
            if not booking.is_met_by(other):
                continue
            name = other.group.name if other.group_id in known else ""
            if booking.room and other.room_id == booking.room.pk:
                clashes.append(Clash(booking.slot, booking.zone, other=name, room=booking.room))
            busy = {row.user_id for row in other.leaders.all()}
            clashes += [
                Clash(booking.slot, booking.zone, other=name, leader=leader)
                for leader in booking.leaders
                if leader.pk in busy
            ]
    return clashes


def free_before_clash(bookings: Sequence[Booking]) -> int:
    """Return how many of ``bookings``, which are in order, come before the first that is taken."""
    around = _around(bookings, ())
    for position, booking in enumerate(bookings):
        if any(_are_taken(booking, other) for other in around if booking.is_met_by(other)):
            return position
    return len(bookings)


def free_among(bookings: Sequence[Booking]) -> list[Booking]:
    """Return those of ``bookings`` that nobody else takes."""
    around = _around(bookings, ())
    return [
        booking
        for booking in bookings
        if not any(_are_taken(booking, other) for other in around if booking.is_met_by(other))
    ]


def _are_taken(booking: Booking, other: Session) -> bool:
    if booking.room and booking.room.pk == other.room_id:
        return True
    wanted = {leader.pk for leader in booking.leaders}
    return any(row.user_id in wanted for row in other.leaders.all())


def _around(bookings: Sequence[Booking], besides: Collection[UUID]) -> list[Session]:
    """The sessions in any of the rooms, or led by any of the people, from the first to the last booking."""
    if not bookings:
        return []
    first, last = (min(one.slot.starts_at for one in bookings), max(one.slot.ends_at for one in bookings))
    sessions = Session.objects.scheduled().overlapping(first, last).exclude(pk__in=besides)
    rooms = {booking.room.pk for booking in bookings if booking.room}
    people = {leader.pk for booking in bookings for leader in booking.leaders}
    with acting_as(SYSTEM):  # what is in the way may be anybody's; it is named only to those who may know
        return list(sessions.taking(rooms=rooms, leaders=people).select_related("group").with_leaders())
