"""Who on the waiting list fits which group: reads all of it in a fixed number of queries, asks ``matching.fit``."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from common.clock import today_in
from groups_app.models import ConflictOverride, Group, Membership, MembershipState
from matching.fit import ClientFacts, GroupFacts, Reason, WeekSpan, first_block, reasons
from members.models import Availability, Client, ClientProblemArea, KeepApart, WaitingListEntry
from practice.models import Policy, User


@dataclass(frozen=True)
class Candidate:
    """Somebody who waits and could join: since when, and the reasons for and against."""

    client: Client
    days_waiting: int
    reasons: list[Reason]


@dataclass(frozen=True)
class Unplaced:
    """Somebody who waits and cannot join, with the first reason."""

    client: Client
    days_waiting: int
    reason: Reason


@dataclass(frozen=True)
class Proposals:
    """One group's candidates, the longest wait first, the others, and who is proposed already."""

    candidates: list[Candidate]
    unplaced: list[Unplaced]
    proposed: list[Membership]
    free: int

    @property
    def shown_proposed(self) -> int:
        """Of the free places, how many would be taken if the leaders accepted."""
        return min(len(self.proposed), self.free)

    @property
    def shown_free(self) -> int:
        """Free places nobody is proposed for."""
        return self.free - self.shown_proposed


def proposals_for(group: Group, *, policy: Policy, user: User, with_composition: bool) -> Proposals:
    """Sort the waiting list, as far as ``user`` may see it, for ``group`` (from ``with_places``). Seven queries.

    ``with_composition`` adds the warnings that are for clinical staff only (R20).
    """
    waiting = _Waiting.read(user)
    memberships = _memberships([group.pk], waiting.clients)
    here = [membership for membership in memberships if membership.group_id == group.pk]
    waiting.read_wishes([membership.client_id for membership in here])
    facts = _group_facts(group, policy, here, waiting)
    about = _Relations(memberships, waiting.counterparts)

    candidates, unplaced = [], []
    for entry in waiting.entries:
        client = entry.client
        days = (today_in(client.site.zone) - entry.since).days
        client_facts = waiting.facts(client, about, group)
        block = first_block(facts, client_facts)
        if block is None:
            found = reasons(facts, client_facts, with_composition=with_composition)
            candidates.append(Candidate(client, days, found))
        elif block.code != "in-group":
            unplaced.append(Unplaced(client, days, block))
    proposed = [membership for membership in here if membership.state == MembershipState.PROPOSED]
    return Proposals(candidates, unplaced, proposed, free=max(0, group.places - group.seated))


def count_fitting(groups: Collection[Group], *, policy: Policy, user: User) -> tuple[dict[UUID, int], int]:
    """Return how many of the waiting fit each of ``groups`` (from ``with_places``), and how many wait. Four queries."""
    waiting = _Waiting.read(user)
    memberships = _memberships([group.pk for group in groups], waiting.clients)
    about = _Relations(memberships, waiting.counterparts)
    counts = {}
    for group in groups:
        facts = _group_facts(group, policy, [], waiting)
        counts[group.pk] = sum(
            first_block(facts, waiting.facts(entry.client, about, group)) is None for entry in waiting.entries
        )
    return counts, len(waiting.entries)


def _memberships(group_ids: Collection[UUID], clients: Collection[UUID]) -> list[Membership]:
    """Every membership, past ones too, in the groups, and the open ones of the clients elsewhere."""
    in_groups = Membership.objects.filter(group__in=group_ids)
    elsewhere = Membership.objects.filter(client__in=clients).open()
    return list((in_groups | elsewhere).select_related("client", "group").order_by("client__sort_key", "id"))


def _group_facts(group: Group, policy: Policy, memberships: Iterable[Membership], waiting: "_Waiting") -> GroupFacts:
    seated = [membership.client for membership in memberships if membership.is_seated]
    return GroupFacts(
        site_id=group.site_id,
        site_name=group.site.name,
        zone=group.site.zone,
        is_online=group.is_online,
        first_day=group.rhythm_from,
        start_time=group.start_time,
        minutes=group.minutes,
        accepts_members=group.accepts_members,
        places=group.places,
        smallest=policy.minimum_members,
        seated=group.seated,
        goals=frozenset().union(*(waiting.goals[client.pk] for client in seated)),
        problem_areas=frozenset().union(*(waiting.areas[client.pk] for client in seated)),
        genders=tuple(client.gender for client in seated),
    )


@dataclass
class _Waiting:
    """The waiting list and what its people bring."""

    entries: list[WaitingListEntry]
    clients: set[UUID]
    free: dict[UUID, tuple[WeekSpan, ...]]
    counterparts: dict[UUID, set[UUID]]
    screening: dict[UUID, str | None]
    goals: dict[UUID, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))
    areas: dict[UUID, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))

    @classmethod
    def read(cls, user: User) -> "_Waiting":
        """Read who waits, the longest first, when they are free, and whom they must not meet. Three queries."""
        entries = list(
            WaitingListEntry.objects.visible_to(user)
            .open()
            .with_screening()
            .select_related("client__site")
            .order_by("since", "id")
        )
        clients = {entry.client_id for entry in entries}
        free: dict[UUID, list[WeekSpan]] = defaultdict(list)
        for client_id, weekday, starts, ends in (
            Availability.objects.filter(client__in=clients)
            .order_by()
            .values_list("client", "weekday", "starts", "ends")
        ):
            free[client_id].append(WeekSpan.of_day(weekday, starts, ends))
        spans = defaultdict(tuple, {client_id: tuple(sorted(spans)) for client_id, spans in free.items()})
        screening = {entry.client_id: entry.screening for entry in entries}
        return cls(entries, clients, spans, KeepApart.objects.counterparts_of(clients), screening)

    def read_wishes(self, others: Iterable[UUID]) -> None:
        """Read goals and problem areas of the waiting and of ``others``. Two queries."""
        everybody = self.clients.union(others)
        chosen_goals = Client.goals.through.objects.filter(client__in=everybody).values_list("client", "goal__label")
        chosen_areas = ClientProblemArea.objects.filter(client__in=everybody).order_by()
        self.goals = _by_client(chosen_goals)
        self.areas = _by_client(chosen_areas.values_list("client", "area__label"))

    def facts(self, client: Client, about: "_Relations", group: Group) -> ClientFacts:
        """Return what matters of ``client`` for ``group``."""
        past = about.states_in(group.pk, client.pk)
        return ClientFacts(
            site_id=client.site_id,
            zone=client.site.zone,
            only_online=client.site.is_online,
            online_ok=client.online_ok,
            free=self.free[client.pk],
            goals=self.goals[client.pk],
            problem_areas=self.areas[client.pk],
            gender=client.gender,
            has_conflict=about.has_conflict(group.pk, client.pk),
            is_in_group=about.is_open_in(group.pk, client.pk),
            was_declined=MembershipState.DECLINED in past,
            was_member=MembershipState.LEFT in past,
            elsewhere=about.elsewhere(group.pk, client.pk),
            screening=self.screening[client.pk],
        )


class _Relations:
    """What ties clients to groups, looked up instead of searched."""

    def __init__(self, memberships: Iterable[Membership], counterparts: dict[UUID, set[UUID]]) -> None:
        self._counterparts = counterparts
        overrides = ConflictOverride.objects.filter(client__in=counterparts)
        self._overridden = set(overrides.values_list("group", "client"))
        self._states: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
        self._people: dict[UUID, set[UUID]] = defaultdict(set)
        self._open: dict[UUID, list[Membership]] = defaultdict(list)
        for membership in memberships:
            self._states[membership.group_id, membership.client_id].add(membership.state)
            if membership.is_open:
                self._people[membership.group_id].add(membership.client_id)
                self._open[membership.client_id].append(membership)

    def states_in(self, group_id: UUID, client_id: UUID) -> set[str]:
        """Return every state in which the client is or was in the group."""
        return self._states.get((group_id, client_id), set())

    def is_open_in(self, group_id: UUID, client_id: UUID) -> bool:
        """Whether the client holds a place in the group or is proposed for it."""
        return client_id in self._people.get(group_id, ())

    def has_conflict(self, group_id: UUID, client_id: UUID) -> bool:
        """Whether somebody whom the client must not meet is in the group or proposed for it (R22)."""
        apart = self._counterparts.get(client_id)
        if (group_id, client_id) in self._overridden:
            return False
        return bool(apart) and not self._people.get(group_id, set()).isdisjoint(apart or ())

    def elsewhere(self, group_id: UUID, client_id: UUID) -> str:
        """Say for which other group the client is proposed, or in which one they have a place."""
        for membership in self._open.get(client_id, ()):
            if membership.group_id != group_id:
                words = _("has a place in %(group)s") if membership.is_seated else _("proposed for %(group)s already")
                return words % {"group": membership.group}
        return ""


def _by_client(rows: Iterable[tuple[UUID, str]]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for client_id, label in rows:
        found[client_id].add(label)
    return defaultdict(frozenset, {client_id: frozenset(labels) for client_id, labels in found.items()})
