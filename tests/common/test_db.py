"""From a constraint's name to a typed error."""

import pytest
from django.db import IntegrityError, connection, transaction

from common.db import AnyOf, constraint_errors, violated_constraint
from common.errors import RuleBroken
from practice.models import Room, Site
from tests.factories.practice import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db


class NameTaken(RuleBroken):
    """Somebody was faster."""


@pytest.fixture
def room() -> Room:
    return RoomFactory(name="Room 1")


def again(room: Room, *, after: str = "") -> None:
    """Break the rule that a room's name is there once at a site, perhaps after making another room."""
    if after:
        RoomFactory(name=after)
    Room.objects.create(site=room.site, name=room.name)


def test_a_named_constraint_becomes_its_error(room: Room) -> None:
    with pytest.raises(NameTaken) as refusal, constraint_errors({"room_name_once_a_site": NameTaken}):
        again(room)
    assert isinstance(refusal.value.__cause__, IntegrityError)


def test_the_error_may_ask_the_database_what_clashed(room: Room) -> None:
    def make() -> NameTaken:
        return NameTaken(f"{Room.objects.get().name} exists.")

    with pytest.raises(NameTaken, match=r"Room 1 exists\."), constraint_errors({"room_name_once_a_site": make}):
        again(room)
    assert Room.objects.count() == 1


def test_other_violations_pass_through(room: Room) -> None:
    with pytest.raises(IntegrityError), constraint_errors({"another_constraint": NameTaken}):
        again(room)


def test_what_the_block_did_before_is_undone(room: Room) -> None:
    with pytest.raises(NameTaken), constraint_errors({"room_name_once_a_site": NameTaken}):
        again(room, after="Room 2")
    assert Room.objects.count() == 1


def test_without_a_violation_nothing_happens() -> None:
    with constraint_errors({"room_name_once_a_site": NameTaken}):
        RoomFactory()
    assert Room.objects.count() == 1


def test_the_name_of_a_violated_constraint(room: Room) -> None:
    with pytest.raises(IntegrityError) as violation, transaction.atomic():
        again(room)
    assert violated_constraint(violation.value) == "room_name_once_a_site"


def test_a_violation_without_a_constraint_has_no_name(room: Room) -> None:
    with pytest.raises(IntegrityError) as violation, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE practice_room SET name = NULL")
    assert violated_constraint(violation.value) is None
    assert violated_constraint(IntegrityError("without a cause")) is None


def test_any_of_keeps_the_rows_of_the_keys(room: Room) -> None:
    RoomFactory(site=SiteFactory(name="Austin"))
    assert list(Room.objects.filter(AnyOf("site", Site.objects.filter(pk=room.site_id).values("pk")))) == [room]
    assert not Room.objects.filter(AnyOf("site", Site.objects.none().values("pk"))).exists()
