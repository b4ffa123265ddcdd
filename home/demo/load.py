"""Filling an empty database with the demo practice."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import transaction

from common.clock import now
from common.errors import RuleBroken
from groups_app.models import Group
from home.demo import names
from home.demo.calendar import holidays
from home.demo.crowd import add_crowd
from home.demo.keys import Keys
from home.demo.scene import Place, Scene
from home.demo.sizes import SMALL, Size
from home.demo.story import add_story
from members.models import Client
from practice.models import Closure, Policy, Practice, Room, Site, User


class DemoRefused(RuleBroken):
    """The demo practice does not belong into this database."""


def load(size: Size, *, seed: int, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, int]:
    """Fill the database with the demo practice of this size and seed, as of today; all of it or nothing.

    Returns the number of rows written by model label; an empty dictionary when exactly this demo practice is there
    already, which is then left as it is. ``progress`` is told how many of how many groups are written. Raises
    ``DemoRefused`` where published passwords or invented people would do harm: in an installation that is not a demo,
    and in a database that already has people.
    """
    if not (settings.DEMO or settings.DEBUG):
        raise DemoRefused(
            "This installation is not a demo: set KITH_DEMO=1 to allow invented people with known passwords."
        )
    if User.objects.filter(pk=Keys(size.name, seed).next("staff")).exists():
        return {}
    if User.objects.exists() or Client.objects.exists():
        raise DemoRefused("This database already has people: the demo practice is loaded only into an empty one.")
    scene = Scene(size=size, seed=seed, at=now(), progress=progress)
    with transaction.atomic(), _without_garbage_collection(), with_open_doors():
        _add_practice(scene)
        add_story(scene)
        scene.sink.flush()
        if size.groups > SMALL.groups:
            add_crowd(scene)
        _close_a_day_later(scene)
        scene.progress(size.groups, size.groups)
    return scene.sink.written


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Millions of short-lived rows and hardly a cycle among them: looking for cycles takes a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def with_open_doors() -> Iterator[None]:
    """Members of running groups are written as history: they came before their group's door was shut."""
    with pgtrigger.ignore("groups_app.Membership:membership_door"):
        Group.objects.exists()  # COPY passes by what ignores triggers: any statement before it says so to the database
        yield


def _add_practice(scene: Scene) -> None:
    Policy.objects.update(session_fee=Decimal("60.00"))
    Practice.objects.update(name="North Ninth Group Practice", message_name="North Ninth", phone="+1 718 555 0100")
    for name, zone, state, address, area_codes in (names.BROOKLYN, names.AUSTIN, *names.CITIES[: scene.size.cities]):
        _add_place(scene, name=name, zone=zone, state=state, address=address, area_codes=area_codes)
    _, zone, state, _, area_codes = names.BROOKLYN
    _add_place(scene, name="Online", zone=zone, state=state, address="", area_codes=area_codes, is_online=True)
    _add_closures(scene)


def _add_place(
    scene: Scene,
    *,
    name: str,
    zone: str,
    state: str,
    address: str,
    area_codes: tuple[str, ...],
    is_online: bool = False,
) -> None:
    created_at = scene.when(500)
    site = Site(
        id=scene.keys.next("site"),
        created_at=created_at,
        name=name,
        zone=zone,
        state=state,
        address=address,
        is_online=is_online,
    )
    rooms = [
        Room(id=scene.keys.next("room"), created_at=created_at, site=site, name=f"Room {number}")
        for number in range(1, 1 + scene.size.rooms * (not is_online))
    ]
    scene.sink.add(site, *rooms)
    scene.places[name] = Place(site, rooms, area_codes)


def _close_a_day_later(scene: Scene) -> None:
    """Close Brooklyn on a day on which sessions are planned already: the calendar asks what becomes of them."""
    day = scene.today + timedelta(weeks=3)
    site = scene.places["Brooklyn"].site
    scene.sink.add(
        Closure(
            id=scene.keys.next("closure"),
            created_at=scene.when(1),
            site=site,
            name="Boiler repair",
            first_day=day,
            last_day=day,
        )
    )
    scene.sink.flush()


def _add_closures(scene: Scene) -> None:
    year = scene.today.year
    spans: list[tuple[Site | None, str, date, date]] = []
    for each in range(year - 2, year + 2):
        spans += [(None, *span) for span in holidays(each)]
    repairs = scene.today + timedelta(days=23)
    spans.append((scene.places["Austin"].site, "Water repairs", repairs, repairs + timedelta(days=1)))
    for site, name, first_day, last_day in spans:
        scene.closures.append(
            Closure(
                id=scene.keys.next("closure"),
                created_at=scene.when(500),
                site=site,
                name=name,
                first_day=first_day,
                last_day=last_day,
            )
        )
    scene.sink.add(*scene.closures)
