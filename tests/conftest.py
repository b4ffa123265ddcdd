"""What every test gets: real servers, an empty cache, and templates in which every variable exists."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from argon2 import Parameters
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.template import base
from django.template.defaultfilters import default, default_if_none

from tests import servers

# Here rather than in a hook: the conftest files of subdirectories, read next, import models.
servers.provide()

from common.acting import SYSTEM, acting_as  # noqa: E402  (needs the settings that the line above makes possible)
from keys.store import store  # noqa: E402
from practice import log_off  # noqa: E402

pytest_plugins = ["tests.browser", "tests.database", "tests.dealing"]

# The suite makes up a few examples for every rule, `make fuzz` as many as TRUST.md asks for.
# How long one takes says something of the machine, not of the rule.
hypothesis.settings.register_profile(
    "kith", max_examples=int(os.environ.get("KITH_FUZZ_EXAMPLES", "25")), deadline=None
)
hypothesis.settings.load_profile("kith")


@receiver(connection_created)
def _stop_the_databases_clock(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """No result may depend on the day of a test: for the database nothing has begun until a verb says what time it is.

    What keeps the past from being changed would otherwise go by today (``sessions_log.services.locking``).
    """
    with connection.cursor() as cursor:
        cursor.execute("SET kith.now = '1900-01-01'")


@pytest.fixture(scope="session", autouse=True)
def _tests_see_everything() -> Iterator[None]:
    """What a test prepares and looks up, it does for nobody in particular; requests act for who is signed in."""
    with acting_as(SYSTEM):
        yield


@pytest.fixture(scope="session", autouse=True)
def practice_hashing() -> Iterator[Parameters]:
    """How a practice hashes passwords, slowly on purpose; tests do it in the same way with the least effort."""
    parameters = Argon2PasswordHasher().params()
    with pytest.MonkeyPatch.context() as patch:
        for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, name, least)
        yield parameters


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits, replay marks and keys of one test must not reach the next."""
    cache.clear()
    store.forget()


@pytest.fixture(autouse=True)
def _screens_stay_open(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that a test moves must not sign anybody off; tests marked ``log_off`` are about just that."""
    if not request.node.get_closest_marker("log_off"):
        centuries = 10**10
        monkeypatch.setattr(log_off, "limits_for", lambda _user: log_off.Limits(idle=centuries, longest=centuries))


@pytest.fixture(scope="session", autouse=True)
def _default_filter_takes_undefined_variables() -> Iterator[None]:
    """Undefined template variables fail a test (FAIL_INVALID_TEMPLATE_VARS), save where ``|default`` expects them."""
    original = base.FilterExpression.resolve

    def resolve(self: base.FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        expected = any(function in (default, default_if_none) for function, _ in self.filters)
        return original(self, context, ignore_failures or expected)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base.FilterExpression, "resolve", resolve)
        yield
