"""What follows from who spoke to whom, on circles small enough to count by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process_notes.interactions.entries import GROUP, Interaction, Kind, next_number, read, written
from process_notes.interactions.network import Network, Seat
from process_notes.interactions.ring import draw, grade, seated

LEADER = Seat("l", "D. Whitfield", is_leader=True)
ANA, BEN, CLEO, DAN = (Seat(name.lower(), name) for name in ("Ana", "Ben", "Cleo", "Dan"))
CIRCLE = [LEADER, ANA, BEN, CLEO, DAN]


def said(*pairs: tuple[str, str]) -> list[Interaction]:
    return [Interaction(number, *pair, Kind.REMARK) for number, pair in enumerate(pairs, start=1)]


TALK = said(
    ("ana", "ben"), ("ana", "ben"), ("ana", "ben"), ("ben", "ana"), ("l", "ana"), ("cleo", "l"), ("cleo", GROUP),
    ("dan", GROUP),
)  # fmt: skip


class TestFigures:
    def test_mutual_pairs_are_as_strong_as_the_quieter_one(self) -> None:
        (pair,) = Network(CIRCLE, TALK).mutual
        assert (pair.first, pair.second, pair.there, pair.back, pair.strength) == (ANA, BEN, 3, 1, 1)

    def test_who_speaks_to_the_group_only_is_alone(self) -> None:
        assert Network(CIRCLE, TALK).isolates == [DAN]

    def test_nobody_is_alone_before_anything_is_recorded(self) -> None:
        assert Network(CIRCLE, []).isolates == []

    def test_unanswered(self) -> None:
        assert Network(CIRCLE, TALK).unanswered == [CLEO]

    def test_standing(self) -> None:
        ana = next(one for one in Network(CIRCLE, TALK).standings if one.seat == ANA)
        assert (ana.sent, ana.received, ana.contacts, ana.others) == (3, 2, 2, 4)
        assert ana.share == pytest.approx(5 / 6)

    def test_most_contacts_first(self) -> None:
        first, second, *_ = Network(CIRCLE, TALK).most_central
        assert (first.seat, second.seat) == (ANA, LEADER)

    def test_parts_of_the_whole(self) -> None:
        network = Network(CIRCLE, TALK)
        assert network.among_members == pytest.approx(4 / 6)
        assert network.reciprocity == pytest.approx(1 / 3)

    def test_nothing_to_divide_by(self) -> None:
        network = Network(CIRCLE, said(("ana", GROUP)))
        assert (network.among_members, network.reciprocity) == (None, None)

    def test_words_of_somebody_without_a_seat_are_left_out(self) -> None:
        assert Network([ANA, BEN], TALK).total == 4


class TestPicture:
    def test_leaders_sit_apart(self) -> None:
        second = Seat("m", "R. Osei", is_leader=True)
        circle = seated([LEADER, second, ANA, BEN, CLEO, DAN])
        assert [circle.index(LEADER), circle.index(second)] == [0, 3]

    def test_one_arrow_a_direction_and_the_thickest_last(self) -> None:
        ring = draw(Network(CIRCLE, TALK))
        assert len(ring.arrows) == 6
        assert (ring.arrows[-1].source, ring.arrows[-1].target, ring.arrows[-1].weight) == ("Ana", "Ben", 2)
        assert {arrow.is_mutual for arrow in ring.arrows if {arrow.source, arrow.target} == {"Ana", "Ben"}} == {True}

    def test_strength_is_measured_by_the_strongest(self) -> None:
        assert [grade(count, 11) for count in (0, 1, 2, 4, 7, 11)] == [0, 1, 2, 3, 4, 5]
        assert [grade(count, 110) for count in (0, 1, 20, 110)] == [0, 1, 2, 5]

    @given(st.integers(0, 15), st.integers(0, 3))
    def test_any_circle_can_be_drawn(self, members: int, leaders: int) -> None:
        seats = [Seat(f"l{n}", f"L{n}", is_leader=True) for n in range(leaders)]
        seats += [Seat(f"m{n}", f"M{n}") for n in range(members)]
        talk = said(*((one.key, other.key) for one in seats for other in seats if one != other))
        ring = draw(Network(seats, talk))
        assert len(ring.points) == len(seats)
        assert all(0 <= point.x <= ring.width and 0 <= point.y <= ring.height for point in ring.points)


def test_what_is_written_is_read() -> None:
    assert read(written(TALK)) == TALK
    assert read("") == []
    assert (next_number([]), next_number(TALK)) == (1, 9)
