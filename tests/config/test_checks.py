"""What is said before a start about the ways to other machines (ASVS 5.0, 12.3)."""

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from config import checks
from config.archives import _environment

VERIFIED = "postgresql://kith_app:x@db.example.org:5432/kith?sslmode=verify-full&sslrootcert=/etc/kith/ca.crt"
VERIFIED_REDIS = "rediss://:x@redis.example.org:6379/0?ssl_cert_reqs=required&ssl_ca_certs=/etc/kith/ca.crt"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Any]:
    """``deployed(database, redis)`` lets the checks see what the settings make of these addresses, and returns it."""

    def read(database: str, redis: str) -> Any:
        monkeypatch.setenv("DATABASE_URL", database)
        monkeypatch.setenv("REDIS_URL", redis)
        made = SimpleNamespace(**runpy.run_path(str(django_settings.BASE_DIR / "config" / "settings.py")))
        monkeypatch.setattr(checks, "settings", made)
        return made

    return read


@pytest.mark.parametrize(
    ("database", "redis", "said"),
    [
        (VERIFIED, VERIFIED_REDIS, []),
        ("postgresql://kith_app:x@db/kith", "redis://:x@redis:6379/0", []),
        ("postgresql://kith_app@127.0.0.1:5432/kith", "unix:///tmp/redis.sock?db=0", []),
        ("postgresql://kith_app:x@db.example.org/kith", VERIFIED_REDIS, ["config.W001"]),
        (VERIFIED.replace("verify-full", "require"), VERIFIED_REDIS, ["config.W001"]),
        (VERIFIED, "redis://:x@redis.example.org:6379/0", ["config.W002"]),
        (VERIFIED, "rediss://:x@10.0.0.7:6379/0?ssl_cert_reqs=none", ["config.W002"]),
    ],
)
def test_traffic_to_another_machine_must_be_encrypted_and_verified(
    deployed: Callable[[str, str], Any], database: str, redis: str, said: list[str]
) -> None:
    deployed(database, redis)
    assert [message.id for message in checks.check_traffic(None)] == said


def test_every_program_that_reads_the_addresses_verifies(deployed: Callable[[str, str], Any]) -> None:
    """Django, the tools of PostgreSQL, the cache and the queue."""
    made = deployed(VERIFIED, VERIFIED_REDIS)
    options = made.DATABASES["default"]["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/kith/ca.crt")
    tools = _environment(VERIFIED)
    assert (tools["PGSSLMODE"], tools["PGSSLROOTCERT"]) == ("verify-full", "/etc/kith/ca.crt")
    assert made.CELERY_BROKER_URL == made.CACHES["default"]["LOCATION"] == VERIFIED_REDIS


@pytest.mark.parametrize(("command", "options"), [("migrate", {"options": "-c lock_timeout=2s"}), ("shell", {})])
def test_a_migration_waits_two_seconds_for_a_lock_and_keeps_nobody_waiting(
    deployed: Callable[[str, str], Any], monkeypatch: pytest.MonkeyPatch, command: str, options: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.argv", ["manage.py", command])
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    made = deployed("postgresql://kith_owner:x@db/kith", VERIFIED_REDIS)
    assert made.DATABASES["default"].get("OPTIONS", {}) == options


def test_a_list_that_is_not_there_is_said_before_anybody_changes_a_password(settings: Settings, tmp_path: Path) -> None:
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "sums")
    assert [message.id for message in checks.check_files(None)] == ["config.E001"]
    (tmp_path / "sums").touch()
    assert checks.check_files(None) == []
