"""The numbers of a group's sessions: "session 7 of 14" is the seventh (R15, R32)."""

from groups_app.models import Group
from sessions_log.models import Session
from sessions_log.services.locking import locked_coming


def renumber(group: Group) -> None:
    """Give the coming sessions of ``group``, which is locked, their numbers in the order of their planned starts.

    What was held keeps its number. The transaction must know the time (``on_the_clock``).
    """
    coming = locked_coming(group)
    numbers = sorted(one.number for one in coming)
    in_order = sorted(coming, key=lambda one: (one.planned_start, one.number))
    changed = [one for one, number in zip(in_order, numbers, strict=True) if one.number != number]
    for one, number in zip(in_order, numbers, strict=True):
        one.number = number
    Session.objects.bulk_update(changed, ["number"])
