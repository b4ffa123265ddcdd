"""One practice for all tests of a module: it is made once, and what every test writes is undone."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.architecture.permissions.matrix import Objects
from tests.architecture.permissions.scene import Scene, all_objects, make_scene

# The morning after the scene's session: it can be documented, and members are asked how it was.
MORNING_AFTER = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The people and their groups. Each test of the module runs in a part of the transaction that holds them."""
    with django_db_blocker.unblock(), time_machine.travel(MORNING_AFTER), transaction.atomic():
        yield make_scene()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def objects(scene: Scene) -> Objects:
    """What the rooms make of the scene, by the names that their rows use."""
    return all_objects(scene)
