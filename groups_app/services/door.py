"""Verbs of the door of a running group: opened with a reason and an announced day, closed again (R1, R28)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now, today_in
from groups_app.models import DoorOpening, Group, GroupState, MemberNotice, Membership, NoticeKind
from groups_app.services.errors import DayPast, DoorInUse, DoorOpenAlready, ReasonMissing, WrongState
from groups_app.services.steps import lock_group, shut_door, tell_members
from groups_app.signals import door_announced
from practice.models import User


@transaction.atomic
def open_door(*, group: Group, opens_on: date, reason: str, by: User) -> DoorOpening:
    """Announce that people may join the running ``group`` from the day ``opens_on`` on, at its site.

    From now on clients can be proposed, accepted and prepared; none is a member before that day. Every member gets a
    neutral notice. The ``reason`` is the leaders'; members never read it. Raises ``WrongState`` unless the group runs,
    ``DoorOpenAlready``, ``ReasonMissing``, ``DayPast``; a room above refuses a day before which it does not meet.
    """
    locked = lock_group(group)
    if locked.state != GroupState.RUNNING:
        raise WrongState(_("Only a running group has a door to open. Before the start people are simply proposed."))
    if locked.door_id is not None:
        raise DoorOpenAlready(_("The door of this group is open already. Close it first to announce another day."))
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why the door opens."))
    if opens_on <= today_in(locked.site.zone):
        raise DayPast(_("Announce a day that is still to come."))
    opening = DoorOpening.objects.create(
        group=locked, reason=reason.strip(), opens_on=opens_on, announced_at=now(), announced_by=by
    )
    locked.door = group.door = opening
    locked.save(update_fields=["door"])
    tell_members(locked, NoticeKind.DOOR, day=opens_on)
    door_announced.send(sender=Group, group=locked, opening=opening)
    audit.record(action="group.door_opened", by=by, target=locked, reason=reason)
    return opening


@transaction.atomic
def close_door(*, group: Group, by: User) -> None:
    """Shut the door of ``group`` again; who joined stays.

    If nobody joined, a member who has read the announcement is told that nobody comes; an unread one is taken back.
    Raises ``WrongState`` if it is shut, ``DoorInUse`` while somebody is on the way in.
    """
    locked = lock_group(group)
    opening = locked.door
    if opening is None:
        raise WrongState(_("The door of this group is shut already."))
    on_the_way = Membership.objects.filter(group=locked).on_the_way().select_related("client")
    names = ", ".join(membership.client.roster_name for membership in on_the_way)
    if names:
        raise DoorInUse(
            _("%(names)s: still on the way in. Finish or withdraw that first, then close the door.") % {"names": names}
        )
    shut_door(locked, by=by)
    group.door = None
    audit.record(action="group.door_closed", by=by, target=locked)
    if not opening.memberships.attending().exists():
        _say_that_nobody_comes(locked, opening)


def _say_that_nobody_comes(group: Group, opening: DoorOpening) -> None:
    announced = MemberNotice.objects.filter(
        membership__group=group, kind=NoticeKind.DOOR, day=opening.opens_on, withdrawn_at__isnull=True
    )
    announced.filter(seen_at__isnull=True).update(withdrawn_at=now())
    readers = announced.filter(seen_at__isnull=False).values_list("membership_id", flat=True)
    MemberNotice.objects.bulk_create(
        MemberNotice(membership_id=pk, kind=NoticeKind.DOOR_SHUT, day=opening.opens_on) for pk in set(readers)
    )
