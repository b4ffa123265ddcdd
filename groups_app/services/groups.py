"""Verbs of a group as a whole."""

from collections.abc import Sequence
from types import EllipsisType

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import services as audit
from common.acting import SYSTEM, acting_as
from common.clock import today_in
from common.db import constraint_errors
from groups_app.models import Group, GroupCover, GroupLeader, GroupState, Membership, NoticeKind
from groups_app.services.agreements import start_agreement
from groups_app.services.conditions import leaders_with_licenses, license_gap
from groups_app.services.errors import LeadersWrong, NameTaken, NotLicensed, PlacesTaken
from groups_app.services.steps import lock_group, tell_members
from groups_app.signals import leaders_changed
from practice.models import Policy, Role, User


@transaction.atomic
def plan_group(*, group: Group, leaders: Sequence[User], by: User) -> Group:
    """Save a new ``group`` with its ``leaders`` in their order and version 1 of its agreement (R24, R26).

    The group's own fields were checked by ``full_clean``. Raises ``LeadersWrong`` and ``NameTaken``.
    """
    _check_leaders(leaders)
    if not by.has_perm("groups_app.plan_for_others") and by not in leaders:
        raise LeadersWrong(_("Add yourself as a leader, or ask a coordinator to plan the group."))
    today = today_in(group.site.zone)
    with acting_as(SYSTEM):  # until it has leaders, no leader sees it
        _save(group)
        GroupLeader.objects.bulk_create(
            GroupLeader(group=group, user=user, position=position, since=today)
            for position, user in enumerate(leaders, start=1)
        )
    start_agreement(group=group, by=by)
    return group


@transaction.atomic
def update_group(*, group: Group, leaders: Sequence[User], by: User, cover: User | EllipsisType | None = ...) -> None:
    """Save name, orientation and places of ``group``, and its leaders from today on (R24).

    ``cover`` stays who it is unless somebody, or nobody, is given. Day, time and place are those of the sessions, and
    not changed here. Members of a group that runs are told that others lead. Raises ``LeadersWrong``, ``NameTaken``,
    ``PlacesTaken``, and ``NotLicensed`` when leaders change (R4); receivers of ``leaders_changed`` may refuse as well.
    """
    _check_leaders(leaders)
    locked = lock_group(group)
    taken = Membership.objects.filter(group=group).seated().count()
    if group.capacity is not None and group.capacity < taken:
        raise PlacesTaken(
            ngettext(
                "%(taken)d place is taken already. Enter at least that many.",
                "%(taken)d places are taken already. Enter at least that many.",
                taken,
            )
            % {"taken": taken}
        )
    _save(group, fields=["name", "orientation", "capacity"])
    with acting_as(SYSTEM):  # who hands a group over no longer sees it
        if _replace_leaders(group, leaders):
            check_licenses(locked)
            leaders_changed.send(sender=Group, group=group, by=by)
            audit.record(action="group.leaders_changed", by=by, target=group)
            if locked.state in (GroupState.RUNNING, GroupState.ENDING):
                tell_members(locked, NoticeKind.LEADERS, day=today_in(group.site.zone))
        if cover is not ...:
            _replace_cover(locked, cover, by=by)


@transaction.atomic
def set_cover(*, group: Group, cover: User | None, by: User) -> None:
    """Let ``cover`` step in when the leaders cannot, or nobody, from today on; former ones stay on record (R24).

    Raises ``LeadersWrong`` for somebody who leads the group or is no active therapist.
    """
    _replace_cover(lock_group(group), cover, by=by)


def _replace_cover(locked: Group, cover: User | None, *, by: User) -> None:
    current = GroupCover.objects.filter(group=locked, until__isnull=True).first()
    if cover == (current.user if current else None):
        return
    if cover is not None:
        if GroupLeader.objects.filter(group=locked).current().filter(user=cover).exists():
            raise LeadersWrong(_("%(name)s leads this group. Choose somebody else to cover.") % {"name": cover.name})
        _check_leaders([cover])
    today = today_in(locked.site.zone)
    if current is not None:
        current.until = max(today, current.since)
        current.save(update_fields=["until"])
    if cover is not None:
        GroupCover.objects.create(group=locked, user=cover, since=today)
    audit.record(action="group.cover_changed", by=by, target=locked)


def check_licenses(group: Group) -> None:
    """Raise ``NotLicensed`` unless every leader of ``group`` has a license, valid today, where it meets (R4)."""
    gap = license_gap(group, leaders_with_licenses(group), today_in(group.site.zone))
    if gap:
        raise NotLicensed(
            _("%(gap)s Ask the administrator to record a license, or choose another leader.") % {"gap": gap}
        )


def capacity_of(group: Group) -> int:
    """Return how many members ``group`` may have: its own number, else the policy's for its leaders (R3, R23)."""
    if group.capacity is not None:
        return group.capacity
    leaders = GroupLeader.objects.filter(group=group, until__isnull=True).count()
    return places_by_policy(Policy.objects.get(), leaders=leaders)


def places_by_policy(policy: Policy, *, leaders: int) -> int:
    """Return how many members ``policy`` allows so many leaders; ``Group.objects.with_places`` says it in SQL."""
    return policy.maximum_with_one_leader if leaders <= 1 else policy.maximum_with_two_leaders


def _check_leaders(leaders: Sequence[User]) -> None:
    if not leaders:
        raise LeadersWrong(_("Choose at least one leader."))
    if len(set(leaders)) < len(leaders):
        raise LeadersWrong(_("A leader is chosen twice. Choose each person once."))
    for user in leaders:
        if not (user.is_active and user.has_role(Role.THERAPIST)):
            raise LeadersWrong(_("%(name)s is not an active therapist. Choose somebody else.") % {"name": user.name})


def _save(group: Group, fields: list[str] | None = None) -> None:
    def name_taken() -> NameTaken:
        return NameTaken(_("Another group is called “%(name)s”. Choose another name.") % {"name": group.name})

    with constraint_errors({"groups_app_group_name_key": name_taken}):
        group.save(update_fields=fields)


def _replace_leaders(group: Group, wanted: Sequence[User]) -> bool:
    """Make ``wanted`` the leaders from today on; return whether that changed anything. Former ones stay on record."""
    current = list(GroupLeader.objects.filter(group=group, until__isnull=True).order_by("position"))
    if [leader.user_id for leader in current] == [user.pk for user in wanted]:
        return False
    today = today_in(group.site.zone)
    # A new order is a new row too: who led first at a date stays on record.
    for leader in current:
        leader.until = max(today, leader.since)
    GroupLeader.objects.bulk_update(current, ["until"])
    GroupLeader.objects.bulk_create(
        GroupLeader(group=group, user=user, position=position, since=today)
        for position, user in enumerate(wanted, start=1)
    )
    return True
