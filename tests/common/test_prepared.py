"""A prepared read asks what its queryset would, put together once and filled in anew each time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DataError, connection
from django.db.models import QuerySet, UUIDField
from django.test.utils import CaptureQueriesContext

from common.acting import SYSTEM, go_on_as
from common.prepared import Slot, many, prepared, remember, somebody
from groups_app.models import Group
from practice.models import Room, Site
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import AdministratorFactory, RoomFactory, SiteFactory, SupervisorFactory

built: list[dict[str, Any]] = []


@prepared(site=UUIDField())
def rooms(site: Slot, *, with_site: bool = False) -> QuerySet[Room]:
    built.append({"with_site": with_site})
    found = Room.objects.filter(site=site).order_by("name")
    return found.select_related("site") if with_site else found


@prepared(keys=many(UUIDField()))
def names(keys: Slot) -> QuerySet[Site, str]:
    return Site.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True)


@prepared()
def nothing() -> QuerySet[Room]:
    return Room.objects.none()


@pytest.mark.django_db
def test_each_reading_brings_its_own_value() -> None:
    one, other = RoomFactory(), RoomFactory(site=SiteFactory(name="Austin"))
    assert [room.pk for room in rooms(site=one.site_id)] == [one.pk]
    assert [room.pk for room in rooms(site=other.site_id)] == [other.pk]


@pytest.mark.django_db
def test_moments_are_in_utc_as_in_other_reads() -> None:
    room = RoomFactory()
    read = rooms(site=room.site_id)[0].created_at
    assert read == Room.objects.get().created_at == room.created_at
    assert read.tzinfo is Room.objects.get().created_at.tzinfo


@pytest.mark.django_db
def test_a_kind_of_query_is_put_together_once() -> None:
    room = RoomFactory()
    built.clear()
    for _ in range(3):
        rooms(site=room.site_id)
        rooms(site=room.site_id, with_site=True)
    assert len(built) <= 2


@pytest.mark.django_db
def test_objects_come_with_what_was_joined(django_assert_num_queries: Callable[..., Any]) -> None:
    room = RoomFactory()
    with django_assert_num_queries(1):
        assert rooms(site=room.site_id, with_site=True)[0].site.name == room.site.name


@pytest.mark.django_db
def test_a_list_of_values_none_included() -> None:
    sites = [SiteFactory(name=name) for name in ("Austin", "Brooklyn", "Chicago")]
    assert names(keys=[sites[2].pk, sites[0].pk]) == ["Austin", "Chicago"]
    assert names(keys=[]) == []


@pytest.mark.django_db
def test_what_finds_nothing_asks_nothing(django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert nothing() == []


@pytest.mark.django_db
def test_values_are_bound_and_never_part_of_the_sql() -> None:
    with pytest.raises(DataError):
        names(keys=["') OR true --"])


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection() -> None:
    room = RoomFactory()

    def read(_number: int) -> list[Any]:
        try:
            return [found.pk for found in rooms(site=room.site_id)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4, initializer=go_on_as, initargs=[SYSTEM]) as threads:
        assert list(threads.map(read, range(8))) == [[room.pk]] * 8


@pytest.mark.django_db
def test_what_is_remembered_is_not_asked_for(django_assert_num_queries: Callable[..., Any]) -> None:
    room = RoomFactory()
    site = Site.objects.get(pk=room.site_id)
    remember(site, "rooms", rooms(site=site.pk))
    with django_assert_num_queries(0):
        assert list(site.rooms.all()) == [room]


@prepared(user=somebody)
def led_groups(user: Any) -> QuerySet[Group]:
    return Group.objects.visible_to(user).order_by("name")


@pytest.mark.django_db
def test_somebody_is_asked_for_by_key_and_by_roles() -> None:
    one, other = GroupFactory(name="A"), GroupFactory(name="B")
    therapist = one.leaders.get().user
    assert led_groups(user=therapist) == [one]
    assert led_groups(user=other.leaders.get().user) == [other]
    assert led_groups(user=SupervisorFactory()) == [one, other]
    assert led_groups(user=AdministratorFactory()) == []


@pytest.mark.django_db
def test_postgresql_plans_a_read_once_and_keeps_no_other_statement() -> None:
    room = RoomFactory()
    for _ in range(3):
        assert rooms(site=room.site_id) == [room]
        assert Room.objects.get(pk=room.pk) == room
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%practice_room%'")
        assert [statement.count("$1::uuid") for (statement,) in cursor.fetchall()] == [1]


@prepared(site=UUIDField())
def half_empty(site: Slot) -> QuerySet[Room]:
    return Room.objects.filter(site=site, name__in=["50% o'clock %s", "100%"])


@pytest.mark.django_db
def test_values_of_the_query_itself_are_written_out_as_they_are() -> None:
    room = RoomFactory(name="50% o'clock %s")
    with CaptureQueriesContext(connection) as captured:
        assert half_empty(site=room.site_id) == [room]
    assert str(room.site_id).replace("-", "") in captured[0]["sql"].replace("-", "")
