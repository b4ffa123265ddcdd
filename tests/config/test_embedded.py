"""The servers that come with Kith."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_kith_is_no_superuser() -> None:
    """The product never talks to PostgreSQL as a superuser (TRUST, row-level security)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_cache_is_a_real_redis() -> None:
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"
