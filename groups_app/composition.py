"""Who is in a group: how what people bring spreads, who is alone with something, what a candidate changes (R20).

For clinical staff only. It warns and never blocks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.clock import today_in
from groups_app.models import Group, Membership
from members.models import Client, Gender

# From this age on, in whole years.
AGE_BANDS = (
    (0, gettext_lazy("under 30")),
    (30, gettext_lazy("30 to 44")),
    (45, gettext_lazy("45 to 59")),
    (60, gettext_lazy("60 and over")),
)
SMALLEST_TO_WARN = 3  # in a group of two everybody is the only one of something


@dataclass(frozen=True)
class Person:
    """What counts of one person: labels as they are read. Who gave no gender is compared with nobody."""

    name: str
    gender: str
    age_band: str
    problem_areas: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """How many people bring ``label`` now, and with the candidates."""

    label: str
    now: int
    after: int

    @property
    def coming(self) -> int:
        """How many of the candidates bring it."""
        return self.after - self.now

    @property
    def is_new(self) -> bool:
        """Whether only the candidates bring it."""
        return self.now == 0


@dataclass(frozen=True)
class Section:
    """One aspect and its spread, the commonest first."""

    title: str
    shares: list[Share]


@dataclass(frozen=True)
class Composition:
    """A group as it is and, with ``candidates``, as it would be."""

    people: int
    candidates: list[str]
    sections: list[Section]
    alone: list[str] = field(default_factory=list)
    alone_after: list[str] = field(default_factory=list)

    @property
    def people_after(self) -> int:
        """How many people there would be."""
        return self.people + len(self.candidates)

    @property
    def newly_alone(self) -> list[str]:
        """Warnings that only the candidates bring about."""
        return [warning for warning in self.alone_after if warning not in self.alone]

    @property
    def no_longer_alone(self) -> list[str]:
        """Warnings that the candidates would end."""
        return [warning for warning in self.alone if warning not in self.alone_after]


def composition_of(group: Group, *, candidates: Iterable[Client] = ()) -> Composition:
    """Gather the composition of ``group``, with its site fetched: who holds a place, and the ``candidates``.

    Four queries, three when nobody is there.
    """
    seated = Membership.objects.filter(group=group).seated().values_list("client", flat=True)
    wanted = [candidate.pk for candidate in candidates]
    clients = list(
        Client.objects.filter(pk__in=[*seated, *wanted]).with_labels().with_identities().order_by("sort_key", "id")
    )
    today = today_in(group.site.zone)
    inside = [person_of(client, today) for client in clients if client.pk not in wanted]
    coming = [person_of(client, today) for client in clients if client.pk in wanted]
    return compose(inside, coming)


def person_of(client: Client, today: date) -> Person:
    """Return what counts of a client read ``with_labels`` and ``with_identities``."""
    return Person(
        name=client.roster_name,
        gender=str(Gender(client.gender).label) if client.gender else "",
        age_band=age_band(client.birth_date, today),
        problem_areas=tuple(client.problem_labels),
        difficulties=tuple(client.difficulty_labels),
        identities=tuple(client.identity_labels),
    )


def age_band(born: date, today: date) -> str:
    """Return the age band somebody is in on ``today``."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return str([label for first, label in AGE_BANDS if age >= first][-1])


def compose(people: Sequence[Person], candidates: Sequence[Person] = ()) -> Composition:
    """Return how the group of ``people`` is composed, and would be with ``candidates``."""
    everybody = [*people, *candidates]
    aspects: list[tuple[str, Callable[[Person], tuple[str, ...]]]] = [
        (_("Problem areas"), lambda person: person.problem_areas),
        (_("Difficulties"), lambda person: person.difficulties),
        (_("Gender"), lambda person: (person.gender,) if person.gender else ()),
        (_("Age"), lambda person: (person.age_band,)),
        (_("Asked us to consider"), lambda person: person.identities),
    ]
    return Composition(
        people=len(people),
        candidates=[candidate.name for candidate in candidates],
        sections=[Section(title, _shares(people, everybody, labels)) for title, labels in aspects],
        alone=_alone(people),
        alone_after=_alone(everybody),
    )


def _shares(
    people: Sequence[Person], everybody: Sequence[Person], labels: Callable[[Person], tuple[str, ...]]
) -> list[Share]:
    now = Counter(label for person in people for label in labels(person))
    after = Counter(label for person in everybody for label in labels(person))
    ordered = sorted(after, key=lambda label: (-after[label], label))
    return [Share(label, now[label], after[label]) for label in ordered]


def _alone(people: Sequence[Person]) -> list[str]:
    """Say who is the only one of a gender, an age band or an identity they asked us to consider (R20)."""
    if len(people) < SMALLEST_TO_WARN:
        return []
    warnings = []
    genders = Counter(person.gender for person in people if person.gender)
    bands = Counter(person.age_band for person in people)
    identities = Counter(label for person in people for label in person.identities)
    for person in people:
        alone = [label for label in (person.gender,) if genders[label] == 1 and len(genders) > 1]
        alone += [person.age_band] if bands[person.age_band] == 1 and len(bands) > 1 else []
        alone += [label for label in person.identities if identities[label] == 1]
        warnings += [
            _("%(name)s: the only one, %(what)s") % {"name": person.name, "what": label.lower()} for label in alone
        ]
    return warnings
