"""What the members of a demo group answered after its sessions, as far as anything of it is kept."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from climate.items import FEWEST_ANSWERS, ITEMS
from climate.models import CheckIn
from climate.tally import written
from home.demo.scene import Scene
from sessions_log.models import Session

_OPEN = timedelta(hours=72)
# How the averages begin and end: trust grows, and honesty takes a dip on the way.
_FROM, _TO = (
    {"speak": 2.6, "belong": 2.9, "honest": 2.4, "carry": 3.1},
    {
        "speak": 4.0,
        "belong": 4.1,
        "honest": 3.8,
        "carry": 4.2,
    },
)
_DIP = {"honest": 3}  # the session in which it falls back


def add_climate(scene: Scene, sessions: Sequence[Session]) -> None:
    """Write the check-ins of the past sessions that have closed; after one of them too few had answered."""
    random = Random(f"climate {scene.size.name} {scene.seed}")  # noqa: S311 (invented answers)
    closed = [one for one in sessions if not one.is_cancelled and one.ends_at + _OPEN <= scene.at]
    for position, session in enumerate(closed):
        if position == 1:  # fewer than five answered: nothing is kept
            continue
        answers = random.randint(FEWEST_ANSWERS, FEWEST_ANSWERS + 2)
        way = position / max(len(closed) - 1, 1)
        sums = {}
        for item in ITEMS:
            mean = _FROM[item.code] + way * (_TO[item.code] - _FROM[item.code]) + random.uniform(-0.2, 0.2)
            mean -= 0.7 * (_DIP.get(item.code) == position)
            sums[item.code] = round(mean * answers)
        scene.sink.add(
            CheckIn(
                id=scene.keys.next("check-in"),
                created_at=session.ends_at + timedelta(minutes=random.randint(10, 300)),
                session=session,
                closes_at=session.ends_at + _OPEN,
                answers=answers,
                tally=written(sums),
            )
        )
