"""A small version of ``make chaos`` (TRUST, reminders and mail): real processes, killed and restarted."""

import tempfile
from pathlib import Path

import pytest

from benchmarks.chaos import Plan, run
from tests import migrated


@pytest.mark.takes(seconds=12)
def test_nothing_is_lost_and_hardly_anything_sent_twice() -> None:
    """Forty reminders, two workers and two beats, three kills, Redis and PostgreSQL restarted, mail misbehaving."""
    plan = Plan(
        number=40, seconds=4, kills=3, redis_restarts=1, postgres_restarts=1, pace=0.02, lease=4, tick=1, seed=7
    )
    # Not pytest's own directory: PostgreSQL's system user could not enter it.
    with tempfile.TemporaryDirectory(prefix="kith-chaos-", dir="/tmp") as directory:
        Path(directory).chmod(0o711)
        migrated.copy_to(Path(directory) / "postgres")
        report = run(plan, Path(directory))
    assert (report.reminders, report.kills, report.redis_restarts, report.postgres_restarts) == (40, 3, 1, 1)
    assert report.misses == []
