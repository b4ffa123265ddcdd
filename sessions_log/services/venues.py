"""Where a session is: in a room of its group's site, or online by a link; never both (R32)."""

from dataclasses import dataclass
from typing import Self

from groups_app.models import Group
from practice.models import Room
from sessions_log.models import Session
from sessions_log.services.errors import NoLink, RoomElsewhere


@dataclass(frozen=True)
class Venue:
    """A room, or a link."""

    room: Room | None
    link: str = ""

    @classmethod
    def of(cls, one: Group | Session) -> Self:
        """Return where ``one`` is as it stands."""
        return cls(one.room, one.online_link)


def venue_for(group: Group, room: Room | None, link: str) -> Venue:
    """Return what somebody asked for; without a room and a link of its own it is the group's link.

    Raises ``RoomElsewhere`` for a room of another site, ``NoLink`` when nobody could join.
    """
    if room is not None:
        if room.site_id != group.site_id:
            raise RoomElsewhere
        return Venue(room)
    if not (link or group.online_link):
        raise NoLink
    return Venue(None, link or group.online_link)
