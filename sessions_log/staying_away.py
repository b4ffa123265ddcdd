"""Members who stop coming are found, not forgotten (R27): how often they were away, and when that is too often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common.clock import now
from groups_app.models import Membership, MembershipState
from groups_app.querysets import GroupQuerySet, MembershipQuerySet
from practice.models import Policy
from sessions_log.models import AWAY, AskedAfter, AttendanceStatus

# A session that a leader called off says nothing about anybody.
COUNTED = frozenset(AttendanceStatus.values) - {AttendanceStatus.CALLED_OFF.value}
# How far back is looked at; who joined before is no newcomer any more.
LOOKED_AT = timedelta(weeks=26)

# Membership, group, first day there, and how the person came, the oldest first.
Marks = tuple[UUID, UUID, date, list[str]]


@dataclass(frozen=True)
class Absences:
    """How often somebody was away: the last times in a row, or else among their first sessions."""

    times: int
    in_a_row: bool

    def __str__(self) -> str:
        sentence = _("Away %(count)d times in a row") if self.in_a_row else _("Away %(count)d times since the start")
        return sentence % {"count": self.times}


@dataclass(frozen=True)
class StayingAway:
    """A member to ask after."""

    membership_id: UUID
    group_id: UUID
    absences: Absences


def too_often(marks: Sequence[str], policy: Policy, *, from_the_start: bool) -> Absences | None:
    """Say whether ``marks``, the oldest first, are those of somebody who may be lost (R27).

    Away the policy's number of times in a row up to the last session; or, while somebody is new and the marks go back
    to the beginning, that many times in the first sessions.
    """
    counted = [mark for mark in marks if mark in COUNTED]
    in_a_row = next((back for back, mark in enumerate(reversed(counted)) if mark not in AWAY), len(counted))
    if in_a_row >= policy.absences_in_a_row:
        return Absences(in_a_row, in_a_row=True)
    early = sum(mark in AWAY for mark in counted[: policy.early_sessions])
    is_new = from_the_start and len(counted) <= policy.early_sessions * 2
    return Absences(early, in_a_row=False) if is_new and early >= policy.early_absences else None


def staying_away(memberships: MembershipQuerySet, policy: Policy) -> list[StayingAway]:
    """Return who of ``memberships`` is to be asked after: members without a notice who stay away. One query.

    Who was asked after lately is left in peace for the policy's number of days.
    """
    since = looked_at_since()
    return judged(marks_of(not_asked_since(memberships, asked_lately(policy)), since), policy, since)


def absences_of(membership: Membership, policy: Policy) -> Absences | None:
    """Return how often a member was away, if that is too often, whoever asked after them since. One query."""
    since = looked_at_since()
    found = judged(marks_of(Membership.objects.filter(pk=membership.pk), since), policy, since)
    return found[0].absences if found else None


def looked_at_since() -> date:
    """Return the first day that is looked at."""
    return now().date() - LOOKED_AT


def asked_lately(policy: Policy) -> date:
    """Return the day after which having asked somebody counts as lately."""
    return now().date() - timedelta(days=policy.ask_again_days)


def not_asked_since(memberships: MembershipQuerySet, day: date) -> MembershipQuerySet:
    """Keep the members after whom nobody asked since ``day``."""
    asked = AskedAfter.objects.standing().filter(membership=OuterRef("pk"), asked_on__gt=day)
    return memberships.filter(~Exists(asked))


def marks_of(memberships: MembershipQuerySet, since: date) -> QuerySet[Membership, Marks]:
    """Return how the members among ``memberships`` came from the day ``since`` on."""
    return (
        memberships.filter(state=MembershipState.ACTIVE, attendances__session__local_day__gte=since)
        .order_by()
        .values_list("pk", "group_id", "starts_on")
        .annotate(marks=ArrayAgg("attendances__status", order_by="attendances__session__starts_at"))
    )


def judged(marks: Iterable[Marks], policy: Policy, since: date) -> list[StayingAway]:
    """Return who of them is to be asked after."""
    found = (
        (pk, group_id, too_often(statuses, policy, from_the_start=starts_on >= since))
        for pk, group_id, starts_on, statuses in marks
    )
    return [StayingAway(pk, group_id, absences) for pk, group_id, absences in found if absences]


def count_by_group(groups: GroupQuerySet | Sequence[UUID], policy: Policy) -> dict[UUID, int]:
    """Return in which of ``groups`` members stay away, and how many."""
    counts: dict[UUID, int] = {}
    for one in staying_away(Membership.objects.filter(group__in=groups), policy):
        counts[one.group_id] = counts.get(one.group_id, 0) + 1
    return counts
