"""What every part of the demo practice is made with: keys, chance, the day, the places, and where rows go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password

from common.clock import local, moment
from groups_app.clauses import Clause
from groups_app.models import EndingItem
from groups_app.services.agreements import default_template, template_clauses
from home.demo.accounts import DEMO_PASSWORD
from home.demo.keys import Keys
from home.demo.sizes import Size
from home.demo.write import Sink
from members.models import Condition, DifficultyArea, FamilyRole, Goal, ProblemArea, ReferralReason, ScreeningItem
from practice.models import Closure, Practice, Room, Site, User
from sessions_log.series import DaysOff

ZONE = "America/New_York"  # the demo's "today" is Brooklyn's


@dataclass(frozen=True)
class Place:
    """A site with its rooms; ``area_codes`` are those of the people who come there."""

    site: Site
    rooms: Sequence[Room]
    area_codes: Sequence[str]


@dataclass
class Scene:
    """One demo practice in the making."""

    size: Size
    seed: int
    at: datetime
    progress: Callable[[int, int], None]
    sink: Sink = field(default_factory=Sink)
    places: dict[str, Place] = field(default_factory=dict)
    closures: list[Closure] = field(default_factory=list)
    reached: dict[UUID, tuple[str, ...]] = field(default_factory=dict)  # what clients agreed to, by key
    coordinator: User = field(init=False)  # set when the staff are made, before everybody else

    def __post_init__(self) -> None:
        self.keys = Keys(self.size.name, self.seed)
        self.random = Random(f"{self.size.name} {self.seed}")  # noqa: S311 (invented people, not secrets)
        self.today = local(self.at, ZONE).date()

    def when(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return the moment ``days_ago`` days before today at that wall time in Brooklyn, never later than now."""
        return min(self.at, moment(self.today - timedelta(days=days_ago), time(hour, minute), ZONE))

    def on(self, day: date, hour: int = 9) -> datetime:
        """Return the moment of that hour of ``day`` in Brooklyn, never later than now."""
        return min(self.at, moment(day, time(hour), ZONE))

    def days_off(self, site: Site) -> DaysOff:
        """Return the spans of days on which ``site`` holds no sessions."""
        return [
            (closure.first_day, closure.last_day) for closure in self.closures if closure.site_id in (None, site.pk)
        ]

    def closed_days(self, site: Site) -> frozenset[date]:
        """Return all days on which ``site`` holds no sessions."""
        return frozenset(
            date.fromordinal(ordinal)
            for first_day, last_day in self.days_off(site)
            for ordinal in range(first_day.toordinal(), last_day.toordinal() + 1)
        )

    def horizon(self, site: Site) -> date:
        """Return the last day for which ongoing groups at ``site`` have sessions."""
        return local(self.at, site.zone).date() + timedelta(weeks=self._horizon_weeks)

    @cached_property
    def password(self) -> str:
        """The one password of all demo accounts, hashed once: hashing is meant to be slow."""
        return make_password(DEMO_PASSWORD, salt=f"demoSalt{self.seed:024d}")

    @cached_property
    def _horizon_weeks(self) -> int:
        return Practice.objects.current().policy.horizon_weeks

    @cached_property
    def agreement(self) -> list[Clause]:
        """The clauses every group starts from."""
        return template_clauses(Practice.objects.current().policy)

    @cached_property
    def agreement_title(self) -> str:
        """What the agreement of every group is called."""
        return default_template().title

    @cached_property
    def ending_items(self) -> list[EndingItem]:
        """The practice's checklist for endings."""
        return list(EndingItem.objects.all())

    @cached_property
    def lists(self) -> "Lists":
        """The keys of the reference data."""
        return Lists()


class Lists:
    """The keys of the reference lists' entries, in their order."""

    def __init__(self) -> None:
        self.difficulties = list(DifficultyArea.objects.values_list("pk", flat=True))
        self.conditions = list(Condition.objects.values_list("pk", flat=True))
        self.goals = list(Goal.objects.values_list("pk", flat=True))
        self.problem_areas = list(ProblemArea.objects.values_list("pk", flat=True))
        self.family_roles = list(FamilyRole.objects.values_list("pk", flat=True))
        self.checklist = list(ScreeningItem.objects.values_list("code", "favors"))
        self.referral_reasons = list(ReferralReason.objects.values_list("pk", flat=True))
