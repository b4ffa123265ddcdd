"""What happened to a membership: its steps, and every other change of its row, with who, when and why (R31, R33)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups_app.models import Membership, MembershipState, MembershipTransition, MembershipVersion
from practice.models import User

# What else than the state may change, in the words of the page.
_DAYS = {
    "pregroup_met_on": gettext_lazy("Met alone"),
    "starts_on": gettext_lazy("Member from"),
    "notice_on": gettext_lazy("Notice given"),
    "ends_on": gettext_lazy("Last day"),
    "follow_up_on": gettext_lazy("Follow-up meeting"),
    "follow_up_held_on": gettext_lazy("Follow-up meeting held"),
}


@dataclass(frozen=True)
class Happening:
    """One change: when, by whom, why, and which days it set."""

    at: datetime
    what: str
    who: str
    why: str = ""
    days: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Change:
    """A row before and after somebody changed it."""

    at: datetime
    by: User | None
    before: Any
    after: Any

    @property
    def days(self) -> list[str]:
        """The days that were set or taken back."""
        return [
            _day(str(label), getattr(self.before, name), getattr(self.after, name))
            for name, label in _DAYS.items()
            if getattr(self.before, name) != getattr(self.after, name)
        ]

    @property
    def happening(self) -> Happening:
        """The change by itself."""
        return Happening(self.at, _("Days changed"), self.by.name if self.by else _("Kith"), days=self.days)


def history_of(membership: Membership) -> list[Happening]:
    """Return what happened, the newest first, in two queries.

    A step and the days that were set with it are one happening; days that were set apart from a step are one by
    themselves, after the step they followed.
    """
    steps = list(MembershipTransition.objects.filter(membership=membership).select_related("by").order_by("at", "id"))
    days_of: dict[int, list[str]] = {}
    apart: dict[int, list[Happening]] = defaultdict(list)
    following = 0
    for change in _changes(membership):
        is_step = change.before.state != change.after.state
        position = _step_to(change.after.state, steps, following) if is_step else None
        if position is not None:
            days_of[position] = change.days
            following = position + 1
        elif change.days:
            # Steps of before there were versions are told apart by their time.
            after = following - 1 if following else sum(step.at <= change.at for step in steps) - 1
            apart[after].append(change.happening)
    happenings = apart[-1]
    for number, step in enumerate(steps):
        happenings += [_happening(step, days_of.get(number, [])), *apart[number]]
    return happenings[::-1]


def _changes(membership: Membership) -> Iterator[_Change]:
    versions = list(MembershipVersion.objects.filter(id=membership.pk).select_related("changed_by").order_by("pgh_id"))
    for before, after in pairwise([*versions, membership]):
        yield _Change(before.pgh_created_at, before.changed_by, before, after)


def _happening(step: MembershipTransition, days: list[str]) -> Happening:
    return Happening(step.at, str(MembershipState(step.to_state).label), step.by.name, step.reason, days)


def _step_to(state: str, steps: Sequence[MembershipTransition], first: int) -> int | None:
    """Return the next step that led to ``state``; rows written past the services have none."""
    return next((number for number in range(first, len(steps)) if steps[number].to_state == state), None)


def _day(label: str, before: date | None, after: date | None) -> str:
    if after is None:
        return _("%(what)s: %(day)s taken back") % {"what": label, "day": _full(before)}
    return _("%(what)s: %(day)s") % {"what": label, "day": _full(after)}


def _full(day: date | None) -> str:
    return date_text(day, "F j, Y") if day else ""
