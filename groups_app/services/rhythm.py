"""When and where a group meets from now on, after its series was changed."""

from datetime import date, time

from groups_app.models import Group
from practice.models import Room


def set_rhythm(
    *,
    group: Group,
    wall: time,
    minutes: int,
    room: Room | None,
    link: str,
    rhythm_day: date | None,
    first_day: date | None = None,
) -> None:
    """Write down how ``group``, whose row is locked, meets from now on; sessions are made from it (R32).

    ``rhythm_day`` is the first day on the new weekday, ``None`` if the weekday stays. ``first_day`` is given while no
    session was held: then the group begins there.
    """
    group.start_time, group.minutes, group.room, group.online_link = wall, minutes, room, link
    if first_day:
        group.first_day, group.rhythm_day = first_day, None
    elif rhythm_day:
        group.rhythm_day = rhythm_day
    group.save(update_fields=["start_time", "minutes", "room", "online_link", "first_day", "rhythm_day"])


def set_session_count(*, group: Group, count: int) -> None:
    """Write down that a time-limited ``group``, whose row is locked, has ``count`` sessions (R15)."""
    group.session_count = count
    group.save(update_fields=["session_count"])
