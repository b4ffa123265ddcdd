"""``/healthz`` and ``/readyz`` (issue 2, health)."""

from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from common.health import HEARTBEAT_KEY
from common.tasks import worker_heartbeat


def test_alive_asks_nobody(client: Client) -> None:
    """Without the database mark any query of this test fails."""
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_ready_when_every_part_is(client: Client) -> None:
    worker_heartbeat()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "redis": "ok", "migrations": "ok", "worker": "ok"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_worker(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == "failed"


@pytest.mark.django_db(transaction=True)
def test_not_ready_with_a_migration_missing(client: Client) -> None:
    worker_heartbeat()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = name || '?' WHERE app = 'sessions'")
    try:
        response = client.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = rtrim(name, '?')")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": "ok", "redis": "ok", "migrations": "failed", "worker": "ok"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_redis_and_says_no_address(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["redis"] == "failed"
    assert b"127.0.0.1" not in response.content


def test_heartbeat_is_forgotten_after_a_minute() -> None:
    worker_heartbeat()
    with redis.from_url(django_settings.REDIS_URL) as server:
        assert 0 < server.ttl(cache.make_key(HEARTBEAT_KEY)) <= 60


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
