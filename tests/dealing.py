"""How tests are dealt out to workers: each begins with its share of the long ones; in the end nobody waits for one.

xdist gives every worker one stretch of the list; who is done takes from the ends of the others' (``--dist worksteal``).
"""

import os

import pytest

WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests marked ``takes`` at the beginnings of the stretches."""
    items[:] = dealt(items, WORKERS)


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the tests in an order of as many stretches as there are workers, each beginning with long ones."""
    long = sorted(filter(_seconds, items), key=_seconds, reverse=True)
    others = [item for item in items if not _seconds(item)]
    found: list[pytest.Item] = []
    for number in range(workers):
        first = long[number::workers]
        length = max((len(items) - len(found)) // (workers - number) - len(first), 0)
        found += [*first, *others[:length]]
        others = others[length:]
    return found


def _seconds(item: pytest.Item) -> float:
    """How long the test takes on an idle machine, if that is long."""
    marker = item.get_closest_marker("takes")
    return float(marker.kwargs["seconds"]) if marker else 0
