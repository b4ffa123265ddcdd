"""Is it alive, can it work: ``/healthz`` and ``/readyz``, for load balancers, containers and the one-command start.

The answers name parts ("database"), never addresses, errors or people; the reason of a failure goes to the log.
"""

import asyncio
import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.base import HealthCheck, HealthCheckResult
from health_check.checks import Cache, Database
from health_check.exceptions import ServiceUnavailable

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_LIFETIME = datetime.timedelta(seconds=60)


def note_worker_heartbeat() -> None:
    """A worker is at work; forgotten after ``HEARTBEAT_LIFETIME``."""
    cache.set(HEARTBEAT_KEY, True, timeout=HEARTBEAT_LIFETIME.total_seconds())


@require_safe
@login_not_required
@transaction.non_atomic_requests
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; touches neither database nor Redis."""
    return JsonResponse({"status": "ok"})


@dataclass
class Migrations(HealthCheck):
    """The database has every migration of this code."""

    timeout = datetime.timedelta(seconds=5)

    def run(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        finally:
            # Checks run in a thread of their own, whose connection nobody else would close.
            connection.close()
        if missing:
            raise ServiceUnavailable(f"{len(missing)} migrations are missing")


@dataclass
class WorkerHeartbeat(HealthCheck):
    """Beat and at least one worker have done something lately."""

    timeout = datetime.timedelta(seconds=5)

    def run(self) -> None:
        if not cache.get(HEARTBEAT_KEY):
            raise ServiceUnavailable("no worker was at work lately")


@require_safe
@login_not_required
@never_cache
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """200 when everything that a request or a reminder needs is there, else 503; says which part is missing."""
    # The checks want an event loop; in a thread of its own it cannot meet one that runs already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        results = thread.submit(asyncio.run, _results()).result()
    states = {part: "failed" if result.error else "ok" for part, result in zip(PARTS, results, strict=True)}
    is_ready = "failed" not in states.values()
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": states}, status=200 if is_ready else 503
    )


async def _results() -> list[HealthCheckResult]:
    return [await check().get_result() for check in PARTS.values()]


PARTS: dict[str, type[HealthCheck]] = {
    "database": Database,
    "redis": Cache,
    "migrations": Migrations,
    "worker": WorkerHeartbeat,
}
