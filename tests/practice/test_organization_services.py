"""Name, policy, sites, rooms, closures (R18, R23, R32)."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from common.acting import SYSTEM, go_on_as
from practice import services
from practice.models import Closure, Practice, Room, Site
from tests.factories.practice import AdministratorFactory, ClosureFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db


def test_the_practice_has_one_row_and_a_policy_with_sound_defaults() -> None:
    policy = Practice.objects.current().policy
    assert (policy.minimum_members, policy.target_members) == (5, 8)
    assert (policy.maximum_with_one_leader, policy.maximum_with_two_leaders) == (8, 10)
    assert (policy.reminder_leads, policy.quiet_from, policy.quiet_until) == (
        [48, 2],
        datetime.time(21),
        datetime.time(8),
    )


def test_name_and_phone_are_saved() -> None:
    practice = Practice.objects.get()
    practice.name, practice.phone = "Northside Practice", "(718) 555-0142"
    services.save_practice(practice=practice)
    assert str(Practice.objects.get()) == "Northside Practice"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"maximum_with_two_leaders": 13}, "no group may exceed 12"),
        ({"minimum_members": 9}, "must rise"),
        ({"minimum_members": 1}, "must rise"),
        ({"maximum_with_one_leader": 11}, "must rise"),
        ({"quiet_until": datetime.time(21)}, "must be earlier"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(changes: dict[str, object], sentence: str) -> None:
    policy = Practice.objects.current().policy
    for name, value in changes.items():
        setattr(policy, name, value)
    with pytest.raises(services.PolicyImpossible, match=sentence):
        services.save_policy(policy=policy, by=AdministratorFactory())


def test_site_names_are_unique() -> None:
    SiteFactory(name="Brooklyn")
    with pytest.raises(services.NameTaken, match="already a site"):
        services.save_site(site=Site(name="Brooklyn", zone="America/Chicago", state="TX"))


def test_an_online_site_has_no_rooms() -> None:
    online = SiteFactory(name="Online", is_online=True)
    with pytest.raises(services.RoomsAtOnlineSite, match="has no rooms"):
        services.save_room(room=Room(site=online, name="1"))
    room = services.save_room(room=Room(site=SiteFactory(), name="1"))
    room.site.is_online = True
    with pytest.raises(services.RoomsAtOnlineSite, match="cannot be online only"):
        services.save_site(site=room.site)


@pytest.mark.django_db(transaction=True)
def test_a_room_and_going_online_at_the_same_moment_never_both_happen() -> None:
    for trial in range(10):
        site = SiteFactory(name=f"Site {trial}")
        start = threading.Barrier(2)

        def add_room(site: Site = site, start: threading.Barrier = start) -> bool:
            start.wait()
            try:
                services.save_room(room=Room(site=site, name="1"))
            except services.RoomsAtOnlineSite:
                return False
            finally:
                connection.close()
            return True

        def go_online(site: Site = site, start: threading.Barrier = start) -> bool:
            changed = Site.objects.get(pk=site.pk)
            changed.is_online = True
            start.wait()
            try:
                services.save_site(site=changed)
            except services.RoomsAtOnlineSite:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2, initializer=go_on_as, initargs=[SYSTEM]) as pool:
            outcomes = [pool.submit(add_room), pool.submit(go_online)]
        assert sorted(outcome.result() for outcome in outcomes) == [False, True]


def test_room_names_are_unique_at_a_site() -> None:
    room = RoomFactory(name="Blue")
    with pytest.raises(services.NameTaken, match="already has a room"):
        services.save_room(room=Room(site=room.site, name="Blue"))
    services.save_room(room=Room(site=SiteFactory(name="Austin"), name="Blue"))


def test_the_same_days_are_closed_once() -> None:
    day = datetime.date(2026, 11, 26)
    services.add_closure(closure=Closure(name="Thanksgiving", first_day=day, last_day=day))
    with pytest.raises(services.ClosureExists, match="already closed"):
        services.add_closure(closure=Closure(name="Holiday", first_day=day, last_day=day))
    services.add_closure(closure=Closure(name="Repairs", site=SiteFactory(), first_day=day, last_day=day))


def test_a_closure_that_has_begun_stays() -> None:
    brooklyn, austin = SiteFactory(), SiteFactory(name="Austin", zone="America/Chicago")
    there, everywhere = ClosureFactory(site=austin), ClosureFactory(site=None)
    # It is November 26 in Brooklyn and still the 25th in Austin.
    with time_machine.travel(datetime.datetime(2026, 11, 26, 5, 30, tzinfo=datetime.UTC)):
        with pytest.raises(services.ClosureBegun, match="has begun already"):
            services.remove_closure(closure=everywhere)
        services.remove_closure(closure=there)
        services.remove_closure(closure=there)
    assert list(Closure.objects.all()) == [everywhere]
    assert Closure.objects.closed_days(brooklyn.pk, datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)) == {
        datetime.date(2026, 11, 26)
    }


def test_without_sites_days_are_those_of_utc() -> None:
    assert services.site_zones() == ["UTC"]
