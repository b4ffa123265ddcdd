"""Adding up, and what may be told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from climate.items import HIGHEST_SHOWN, ITEMS, LOWEST_SHOWN
from climate.tally import plus, read, told, written

CODES = [item.code for item in ITEMS]
ratings = st.fixed_dictionaries({code: st.integers(1, 5) for code in CODES})


@given(st.lists(ratings, min_size=5, max_size=12))
def test_averages_are_those_of_the_answers_and_never_at_an_end(answers: list[dict[str, int]]) -> None:
    sums = {}
    for answer in answers:
        sums = read(written(plus(sums, answer)))
    for code, mean in told(sums, len(answers)).items():
        true = sum(answer[code] for answer in answers) / len(answers)
        assert Decimal(str(LOWEST_SHOWN)) <= mean <= Decimal(str(HIGHEST_SHOWN))
        if LOWEST_SHOWN <= true <= HIGHEST_SHOWN:
            assert abs(float(mean) - true) <= 0.051


@pytest.mark.parametrize("count", [0, 1, 4])
def test_nothing_is_told_of_fewer_than_five(count: int) -> None:
    with pytest.raises(ValueError, match="Too few"):
        told(dict.fromkeys(CODES, 3 * count), count)


@pytest.mark.parametrize("change", [{"speak": 0}, {"speak": 6}, {"other": 3}])
def test_an_answer_is_whole_and_within_the_scale(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="rating"):
        plus({}, dict.fromkeys(CODES, 3) | change)
