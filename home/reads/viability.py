"""Whether enough people are expected in the sessions to come (R30)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from groups_app.models import Group, GroupState, Membership
from home.reads.absence import away_from
from practice.models import Policy, User
from sessions_log.models import Session

AT_RISK = (GroupState.RUNNING, GroupState.ENDING)
LOOKED_AHEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class SmallGroup:
    """A group with fewer people than the practice's smallest size: in the session of ``day``, or today if it has none.

    Of several such sessions it is the first.
    """

    group: Group
    expected: int
    day: date | None


def expected_in(session: Session, members: Iterable[Membership], away: set[UUID]) -> int:
    """Return how many of ``members`` are expected: there by then, not gone by then, and not in ``away``."""
    day = session.local_day
    return sum(member.attends_on(day) and member.pk not in away for member in members)


def small_groups(user: User, policy: Policy, *, at: datetime) -> list[SmallGroup]:
    """Return the groups of ``user`` that run and are too small, the smallest first: four queries."""
    groups = list(Group.objects.visible_to(user).filter(state__in=AT_RISK).order_by("name"))
    keys = [group.pk for group in groups]
    sessions = _coming(keys, at)
    away = away_from([session for coming in sessions.values() for session in coming])
    members = _members(keys)
    found = []
    for group in groups:
        here, coming = members[group.pk], sessions[group.pk]
        counts = [(expected_in(session, here, away[session.pk]), session.local_day) for session in coming]
        small = next((one for one in counts if one[0] < policy.minimum_members), None)
        if small:
            found.append(SmallGroup(group, *small))
        elif not coming and len(here) < policy.minimum_members:
            found.append(SmallGroup(group, len(here), None))
    return sorted(found, key=lambda one: (one.expected, one.group.name))


def _coming(groups: list[UUID], at: datetime) -> dict[UUID, list[Session]]:
    rows = Session.objects.scheduled().filter(group__in=groups, starts_at__gt=at, starts_at__lt=at + LOOKED_AHEAD)
    sessions: dict[UUID, list[Session]] = defaultdict(list)
    for session in rows.only("group", "local_day").order_by("starts_at"):
        sessions[session.group_id].append(session)
    return sessions


def _members(groups: list[UUID]) -> dict[UUID, list[Membership]]:
    rows = Membership.objects.filter(group__in=groups).attending()
    members: dict[UUID, list[Membership]] = defaultdict(list)
    for membership in rows.only("group", "state", "starts_on", "ends_on").order_by():
        members[membership.group_id].append(membership)
    return members
