"""What happens to the demo's groups beside their sessions: a door that is announced, somebody who covers."""

from collections.abc import Sequence
from datetime import date, time

from common.clock import moment
from groups_app.models import DoorOpening, Group, GroupCover, MemberNotice, NoticeKind
from home.demo.groups import Part
from home.demo.scene import ZONE, Scene
from practice.models import User


def announce_door(scene: Scene, group: Group, *, opens_on: date, reason: str, by: User) -> None:
    """Let ``by`` have announced yesterday that people may join from ``opens_on`` on (R28).

    It comes before the group is added.
    """
    at = scene.when(1, 18)
    group.door = DoorOpening(
        id=scene.keys.next("door"),
        created_at=at,
        group=group,
        reason=reason,
        opens_on=opens_on,
        announced_at=at,
        announced_by=by,
    )
    scene.sink.add(group.door)


def tell_of_door(scene: Scene, group: Group, parts: Sequence[Part]) -> None:
    """Tell every member of the announced door; the first has not read it yet."""
    assert group.door is not None  # noqa: S101 (announced just before)
    at = group.door.announced_at
    for position, part in enumerate(parts):
        scene.sink.add(
            MemberNotice(
                id=scene.keys.next("notice"),
                created_at=at,
                membership=part.membership,
                kind=NoticeKind.DOOR,
                day=group.door.opens_on,
                seen_at=None if position == 0 else min(scene.at, moment(scene.today, time(7), ZONE)),
            )
        )


def add_cover(scene: Scene, group: Group, user: User) -> None:
    """Let ``user`` step in for the group's leaders since it was planned (R24)."""
    since = group.created_at.date()
    scene.sink.add(
        GroupCover(id=scene.keys.next("cover"), created_at=group.created_at, group=group, user=user, since=since)
    )
