"""How long it takes to find a time: ``python -m benchmarks.finding``; two leaders, any room of Brooklyn, 14 weeks.

It reads the demo practice that ``DATA_DIR`` names (``KITH_DEMO_SIZE=practice make run`` makes one) and changes nothing.
"""

import os
import statistics
import sys
import time
from datetime import time as wall
from datetime import timedelta

import django
from django.apps import apps

if not apps.ready:  # a program of its own; the installation names the settings
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from common.acting import SYSTEM, acting_as
from common.clock import today_in
from home.demo.accounts import DEMO_ACCOUNTS
from practice.models import Site, User
from sessions_log.finding import Search, find_times

TARGET_MS = 300
ROUNDS = 30


def main() -> int:
    """Search, print the figures, and return the exit code: 1 when the target is missed."""
    coordinator = User.objects.get(email=DEMO_ACCOUNTS[1].email)
    site = Site.objects.get(name="Brooklyn")
    leaders = list(User.objects.therapists().filter(home_site=site).order_by("pk")[:2])
    search = Search(
        site=site,
        leaders=leaders,
        minutes=90,
        weeks=1,
        count=14,
        earliest_day=today_in(site.zone) + timedelta(days=1),
        earliest_time=wall(8),
        latest_time=wall(21),
        weekdays=range(7),
    )
    took = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        find_times(search, by=coordinator)
        took.append((time.perf_counter() - started) * 1_000)
    median = statistics.median(took)
    print(f"A time for 14 weeks: median {median:.0f} ms, worst {max(took):.0f} ms of {ROUNDS} (target: {TARGET_MS} ms)")
    return 0 if median < TARGET_MS else 1


if __name__ == "__main__":
    with acting_as(SYSTEM):
        sys.exit(main())
