"""What follows from who spoke to whom: pairs, people alone, who is in the middle, what goes through the leaders.

Every figure has its definition in plain words in ``DEFINITIONS``, which pages show beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from process_notes.interactions.entries import GROUP, Interaction

DEFINITIONS = {
    "exchanges": _("Each time somebody spoke to a person or to the group."),
    "mutual": _("Two people who both spoke to each other. The number is how often the quieter of the two did."),
    "isolates": _(
        "Members who spoke to no single person and to whom nobody spoke. Words to the whole group do not count."
    ),
    "unanswered": _("Members who spoke to somebody, and to whom nobody spoke."),
    "contacts": _("With how many of the others somebody exchanged words, in either direction."),
    "share": _("In which part of everything said to a single person this person took part, speaking or spoken to."),
    "among_members": _("Which part of everything said to a single person went from member to member, no leader in it."),
    "reciprocity": _("Of all pairs that had to do with each other, how many spoke in both directions."),
}


@dataclass(frozen=True)
class Seat:
    """A place in the circle. ``key`` is stable over sessions."""

    key: str
    name: str
    is_leader: bool = False


@dataclass(frozen=True)
class Pair:
    """Two people who spoke to each other, and how often each did."""

    first: Seat
    second: Seat
    there: int
    back: int

    @property
    def strength(self) -> int:
        """How often the quieter of the two spoke to the other."""
        return min(self.there, self.back)


@dataclass(frozen=True)
class Standing:
    """How one person stands in the network."""

    seat: Seat
    sent: int
    received: int
    to_group: int
    contacts: int
    others: int
    share: float  # 0 to 1


class Network:
    """The talk of one session, or of several together, among ``seats``. Talk of people without a seat is left out."""

    def __init__(self, seats: Sequence[Seat], interactions: Iterable[Interaction]) -> None:
        self.seats = list(seats)
        self._by_key = {seat.key: seat for seat in self.seats}
        known = {*self._by_key, GROUP}
        self.interactions = [one for one in interactions if one.source in self._by_key and one.target in known]

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How often each spoke to each, the group included as somebody spoken to."""
        return Counter((one.source, one.target) for one in self.interactions)

    @cached_property
    def kinds(self) -> Counter[str]:
        """How often each kind of speaking occurred."""
        return Counter(one.kind for one in self.interactions)

    @property
    def total(self) -> int:
        """How often somebody spoke."""
        return len(self.interactions)

    @cached_property
    def personal(self) -> Counter[tuple[str, str]]:
        """How often each spoke to each single person."""
        return Counter({pair: count for pair, count in self.counts.items() if pair[1] != GROUP})

    @cached_property
    def mutual(self) -> list[Pair]:
        """The pairs who spoke to each other, the strongest first."""
        pairs = [
            Pair(one, two, self.personal[one.key, two.key], self.personal[two.key, one.key])
            for position, one in enumerate(self.seats)
            for two in self.seats[position + 1 :]
            if self.personal[one.key, two.key] and self.personal[two.key, one.key]
        ]
        return sorted(pairs, key=lambda pair: (-pair.strength, -(pair.there + pair.back)))

    @cached_property
    def standings(self) -> list[Standing]:
        """How everybody stands, in the order of the seats."""
        personal = sum(self.personal.values())
        return [self._standing(seat, personal) for seat in self.seats]

    @property
    def most_central(self) -> list[Standing]:
        """Everybody, those in contact with most others first."""
        return sorted(self.standings, key=lambda one: (-one.contacts, -one.share))

    @property
    def isolates(self) -> list[Seat]:
        """The members without contact to a single person; nobody, as long as nothing is recorded."""
        return [one.seat for one in self.standings if not one.seat.is_leader and not one.contacts] if self.total else []

    @property
    def unanswered(self) -> list[Seat]:
        """The members who spoke to somebody, and to whom nobody spoke."""
        return [one.seat for one in self.standings if not one.seat.is_leader and one.sent and not one.received]

    @property
    def among_members(self) -> float | None:
        """Which part of what was said to a person had no leader in it, 0 to 1; nothing if nothing was said."""
        personal = sum(self.personal.values())
        if not personal:
            return None
        without = sum(count for pair, count in self.personal.items() if not any(self._is_leader(key) for key in pair))
        return without / personal

    @property
    def reciprocity(self) -> float | None:
        """Which part of the pairs in contact spoke both ways, 0 to 1; nothing if there is no pair."""
        pairs = {frozenset(pair) for pair in self.personal}
        return len(self.mutual) / len(pairs) if pairs else None

    def _standing(self, seat: Seat, personal: int) -> Standing:
        sent = sum(count for (source, _target), count in self.personal.items() if source == seat.key)
        received = sum(count for (_source, target), count in self.personal.items() if target == seat.key)
        contacts = {key for pair in self.personal if seat.key in pair for key in pair} - {seat.key}
        return Standing(
            seat=seat,
            sent=sent,
            received=received,
            to_group=self.counts[seat.key, GROUP],
            contacts=len(contacts),
            others=len(self.seats) - 1,
            share=(sent + received) / personal if personal else 0.0,
        )

    def _is_leader(self, key: str) -> bool:
        return self._by_key[key].is_leader
