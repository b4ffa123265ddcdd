"""Dealing loses no test and doubles none, and every worker begins with long ones."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.dealing import dealt


@dataclass(frozen=True)
class Item:
    """What dealing looks at of a test."""

    name: str
    seconds: float = 0

    def get_closest_marker(self, _name: str) -> Any:
        return pytest.mark.takes(seconds=self.seconds).mark if self.seconds else None


LONG = [Item("slow", 40), Item("slower", 90), Item("slowest", 200)]
SHORT = [Item(str(number)) for number in range(7)]


@pytest.mark.parametrize("workers", [1, 2, 3, 12])
@pytest.mark.parametrize("items", [[*SHORT, *LONG], [*SHORT[:3], *LONG, *SHORT[3:]], LONG, SHORT, []])
def test_all_are_dealt_once(items: Any, workers: int) -> None:
    assert sorted(dealt(items, workers), key=str) == sorted(items, key=str)


def test_each_stretch_begins_with_long_ones_and_keeps_the_order_of_the_others() -> None:
    items: Any = [*SHORT, *LONG]
    names = [item.name for item in dealt(items, 2)]  # type: ignore[attr-defined]
    assert names[:5] == ["slowest", "slow", "0", "1", "2"]
    assert names[5:] == ["slower", "3", "4", "5", "6"]
