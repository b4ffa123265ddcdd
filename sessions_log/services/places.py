"""Rooms and leaders are in one place at a time: the database refuses, this module says what is in the way (R32)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from common.db import constraint_errors
from groups_app.models import Group
from practice.models import Room, User
from sessions_log.models import Session, SessionLeader
from sessions_log.series import Slot
from sessions_log.services.errors import LeaderTaken, RoomTaken


@dataclass(frozen=True)
class Places:
    """What a session occupies: its room, unless it is online, and its leaders."""

    room: Room | None
    leaders: Sequence[User]
    zone: str

    def lock(self) -> None:
        """Let nobody else book these until the transaction ends.

        The exclusion constraints alone would be safe, but two bookings that meet there wait for each other, and one
        dies of a deadlock instead of hearing what is in the way. Always rooms first, then people, by key.
        """
        if self.room:
            list(Room.objects.select_for_update(no_key=True).filter(pk=self.room.pk).values_list("pk"))
        keys = [leader.pk for leader in self.leaders]
        list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))

    @contextmanager
    def guarded(self, slots: Sequence[Slot], *, by: User, besides: Collection[UUID] = ()) -> Iterator[None]:
        """Run the block in a savepoint; raise ``RoomTaken`` or ``LeaderTaken`` when the database refuses ``slots``.

        ``besides`` are the sessions that are being changed: none of them is in its own way.
        """
        with constraint_errors(
            {
                "session_room_free": lambda: self._room_taken(slots, by=by, besides=besides),
                "session_leader_free": lambda: self._leader_taken(slots, by=by, besides=besides),
            }
        ):
            yield

    def free_before_clash(self, slots: Sequence[Slot]) -> list[Slot]:
        """Return the slots before the first one in which the room or a leader is taken."""
        busy = [(session.starts_at, session.ends_at) for session in self._in_room(slots)]
        busy += [(row.session.starts_at, row.session.ends_at) for row in self._with_leaders(slots)]
        free: list[Slot] = []
        for slot in slots:
            if any(starts_at < slot.ends_at and slot.starts_at < ends_at for starts_at, ends_at in busy):
                break
            free.append(slot)
        return free

    def _room_taken(self, slots: Sequence[Slot], *, by: User, besides: Collection[UUID]) -> RoomTaken:
        assert self.room is not None  # noqa: S101  (online sessions cannot violate the room's constraint)
        for session in self._in_room(slots):
            slot = _met(slots, session)
            if slot and session.pk not in besides:
                return RoomTaken(room=self.room, slot=slot, zone=self.zone, other=_named(session.group, by))
        return RoomTaken(room=self.room, slot=slots[0], zone=self.zone, other=_named(None, by))

    def _leader_taken(self, slots: Sequence[Slot], *, by: User, besides: Collection[UUID]) -> LeaderTaken:
        for row in self._with_leaders(slots):
            slot = _met(slots, row.session)
            if slot and row.session_id not in besides:
                return LeaderTaken(leader=row.user, slot=slot, zone=self.zone, other=_named(row.session.group, by))
        return LeaderTaken(leader=self.leaders[0], slot=slots[0], zone=self.zone, other=_named(None, by))

    def _in_room(self, slots: Sequence[Slot]) -> list[Session]:
        if self.room is None or not slots:
            return []
        around = Session.objects.scheduled().overlapping(slots[0].starts_at, slots[-1].ends_at)
        return list(around.filter(room=self.room).select_related("group"))

    def _with_leaders(self, slots: Sequence[Slot]) -> list[SessionLeader]:
        if not slots:
            return []
        around = Session.objects.scheduled().overlapping(slots[0].starts_at, slots[-1].ends_at)
        rows = SessionLeader.objects.filter(session__in=around, user__in=self.leaders)
        return list(rows.select_related("user", "session__group").order_by("session__starts_at", "position"))


def places_of(group: Group) -> Places:
    """Return the room of ``group`` and its leaders of today, in their order."""
    rows = group.leaders.filter(until__isnull=True).select_related("user").order_by("position")
    return Places(room=group.room, leaders=[row.user for row in rows], zone=group.site.zone)


def _met(slots: Sequence[Slot], session: Session) -> Slot | None:
    return next((slot for slot in slots if slot.starts_at < session.ends_at and session.starts_at < slot.ends_at), None)


def _named(group: Group | None, by: User) -> str:
    """Say whose session it is to those who may see that group, and no more than that to others (R43).

    ``None``: the session in the way was cancelled before anybody could ask whose it was.
    """
    if group and Group.objects.visible_to(by).filter(pk=group.pk).exists():
        return group.name
    return _("another session")
