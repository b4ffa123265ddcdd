"""Verbs of a member's goals: set, rated now and then, replaced (R10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now, today_in
from groups_app.models import GoalRating, MemberGoal, Membership, MembershipState, Side
from groups_app.models.goals import MOST_GOALS
from groups_app.services.errors import GoalsFull, GoalWrong, WrongState
from groups_app.services.steps import lock_membership, require_state
from members.models import Goal
from practice.models import User

_OPEN = (MembershipState.ACCEPTED, MembershipState.INVITED, MembershipState.PREPARING)
_RATED = (MembershipState.ACTIVE, MembershipState.LEAVING)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to work on: from the catalogue, in own words, or both."""

    catalogue: Goal | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self.catalogue is not None or bool(self.words.strip())


def agree_on_goals(*, membership: Membership, wishes: Sequence[Wish], by: User) -> None:
    """Make ``wishes`` the goals of a locked ``membership``: what stays keeps its ratings, what is left out ends (R10).

    Raises ``GoalsFull`` for more than three.
    """
    wanted = [Wish(wish.catalogue, wish.words.strip()) for wish in wishes if wish]
    if len(wanted) > MOST_GOALS:
        raise _full()
    kept: list[int] = []
    for goal in membership.goals.filter(ended_at__isnull=True).select_related("catalogue"):
        known = Wish(goal.catalogue, goal.words)
        if known in wanted:
            wanted.remove(known)
            kept.append(goal.position)
        else:
            _end(goal, membership, by=by)
    for position, wish in zip(_free_places(kept), wanted, strict=False):
        _add(membership, wish, position, by=by)


@transaction.atomic
def set_goal(*, membership: Membership, catalogue: Goal | None, words: str, by: User) -> MemberGoal:
    """Give a member another goal, in the lowest free of three places.

    Raises ``GoalWrong`` without anything to work on, ``GoalsFull`` with three goals, ``WrongState`` without a place.
    """
    current = lock_membership(membership)
    require_state(current, *_OPEN, *_RATED)
    wish = Wish(catalogue, words.strip())
    if not wish:
        raise GoalWrong(_("Choose a goal, or write one in your own words."))
    free = _free_places(current.goals.filter(ended_at__isnull=True).values_list("position", flat=True))
    if not free:
        raise _full()
    return _add(current, wish, free[0], by=by)


@transaction.atomic
def end_goal(*, goal: MemberGoal, by: User) -> None:
    """Make room for another goal; what was rated stays. Twice changes nothing."""
    _end(goal, lock_membership(goal.membership), by=by)


@transaction.atomic
def rate_goals(*, membership: Membership, scores: Mapping[MemberGoal, int], side: Side, by: User) -> None:
    """Rate goals from 0 to 10 as of today at the group's site; a second rating of the day replaces the first.

    Raises ``WrongState`` for a goal of somebody else or one that ended, and without a place.
    """
    current = lock_membership(membership)
    require_state(current, *_OPEN, *_RATED)
    day = today_in(current.group.site.zone)
    for goal, score in scores.items():
        if goal.membership_id != current.pk or goal.ended_at is not None:
            raise WrongState(_("A goal has changed meanwhile. Load the page again, then rate."))
        GoalRating.objects.update_or_create(goal=goal, side=side, day=day, defaults={"score": score, "by": by})
    audit.record(action="goal.rated", by=by, target=current, client=current.client_id)


def _full() -> GoalsFull:
    return GoalsFull(_("Three goals are enough. End one of them first."))


def _free_places(taken: Iterable[int]) -> list[int]:
    """Return the places that are not ``taken``, the lowest first."""
    return sorted(set(range(1, MOST_GOALS + 1)) - set(taken))


def _add(membership: Membership, wish: Wish, position: int, *, by: User) -> MemberGoal:
    goal = MemberGoal.objects.create(
        membership=membership, catalogue=wish.catalogue, words=wish.words, position=position, set_by=by
    )
    audit.record(action="goal.set", by=by, target=goal, client=membership.client_id)
    return goal


def _end(goal: MemberGoal, membership: Membership, *, by: User) -> None:
    if MemberGoal.objects.filter(pk=goal.pk, ended_at__isnull=True).update(ended_at=now()):
        audit.record(action="goal.ended", by=by, target=goal, client=membership.client_id)
