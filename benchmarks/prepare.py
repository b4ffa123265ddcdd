"""Inside an installation: load the demo practice and the measured group, sign in, and look at each page once.

``python -m benchmarks.prepare SIZE [PAGE …]`` prints JSON: page → path, cookie, queries, bytes of a visit.
"""

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import time, timedelta
from functools import partial

import django
from django.apps import apps

if not apps.ready:  # a program of its own; the installation names the settings
    django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from benchmarks.sizes import SIZES, Size
from common.acting import SYSTEM, acting_as
from common.clock import now
from groups_app.models import Group, GroupState, Length
from home.demo import names
from home.demo.accounts import DEMO_ACCOUNTS
from home.demo.calendar import first_day_before
from home.demo.groups import Part, Plan, add_group, make_group, session_days
from home.demo.load import load, with_open_doors
from home.demo.people import add_client
from home.demo.scene import Place, Scene
from home.demo.sessions import add_sessions
from practice.models import LARGEST_GROUP_EVER, Closure, Role, Site, User
from reminders.links import feed_token
from reminders.models import CalendarFeed, Detail
from reminders.services import open_feed
from sessions_log.models import Session, SessionLeader

SESSIONS, MEMBERS = 16, 8
MOST_SESSIONS = 100
SEED = 1
FEED_SESSIONS = 500
BARE, FEED, UNCHANGED_FEED = "bare page", "calendar feed", "calendar feed, unchanged"
_CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Page:
    """One page as one person sees it; ``queries`` without BEGIN and COMMIT."""

    path: str
    cookie: str
    queries: int
    bytes: int
    headers: str = ""
    status: int = 200


def main(size: Size, wanted: list[str]) -> dict[str, Page]:
    """Fill the database and return the bare page and the ``wanted`` ones, all if none is named, by name."""
    load(size, seed=SEED)
    group, large = _measured_groups(size)
    therapist, coordinator = (User.objects.get(email=account.email) for account in DEMO_ACCOUNTS[:2])
    sheet = group.sessions.order_by("-number")[1]
    pages = {
        "group page": (therapist, reverse("home:group", args=[group.pk])),
        "largest group page": (therapist, reverse("home:group", args=[large.pk]) + "?sessions=all"),
        "Today": (therapist, reverse("home:today")),
        "attendance sheet": (therapist, reverse("sessions_log:session", args=[sheet.pk])),
        "calendar": (therapist, reverse("sessions_log:calendar")),
        "waiting list": (coordinator, reverse("members:waiting")),
        FEED: (None, reverse("reminders:feed", args=[feed_token(_feed().pk)])),
    }
    unknown = set(wanted) - set(pages)
    if unknown:
        raise SystemExit(f"Unknown page: {', '.join(sorted(unknown))}. Known: {', '.join(pages)}.")
    chosen = {name: pages[name] for name in wanted or pages}
    visited = {name: _visit(*visit) for name, visit in {BARE: (therapist, "/bare/"), **chosen}.items()}
    if FEED in visited:
        visited[UNCHANGED_FEED] = _visit(*chosen[FEED], unchanged=True)
    return visited


def _measured_groups(size: Size) -> tuple[Group, Group]:
    """Add two groups of the demo therapist's, all sessions held but the last: one as most are, one as large as any."""
    scene = Scene(size=replace(size, name="measured"), seed=SEED, at=now(), progress=lambda done, total: None)
    site = Site.objects.get(name="Brooklyn")
    place = Place(site, list(site.rooms.all()), area_codes=names.BROOKLYN[4])
    scene.closures = list(Closure.objects.all())
    therapist, scene.coordinator = (User.objects.get(email=account.email) for account in DEMO_ACCOUNTS[:2])
    measured = partial(_measured_group, scene, place, therapist)
    usual = measured(name="Measured circle", start=time(10), sessions=SESSIONS, members=MEMBERS)
    large = measured(name="Largest circle", start=time(13), sessions=MOST_SESSIONS, members=LARGEST_GROUP_EVER)
    return usual, large


def _measured_group(
    scene: Scene, place: Place, therapist: User, *, name: str, start: time, sessions: int, members: int
) -> Group:
    group = make_group(
        scene,
        name=name,
        site=place.site,
        room=place.rooms[1],
        # The story's groups meet today; tomorrow its therapist and its room are free.
        first_day=first_day_before(
            scene.today + timedelta(days=1),
            sessions_before=sessions - 1,
            cadence=1,
            closed=scene.closed_days(place.site),
        ),
        start_time=start,
        length=Length.TIME_LIMITED,
        session_count=sessions,
        capacity=members,
        state=GroupState.RUNNING,
    )
    referred_on = group.first_day - timedelta(days=60)
    parts = [Part(add_client(scene, place, referred_on=referred_on, number=number)) for number in range(members)]
    plan = Plan(group, [therapist], parts, session_days(scene, group), drafts={sessions - 1})
    with transaction.atomic(), with_open_doors():
        add_group(scene, plan)
        add_sessions(scene, plan)
        scene.sink.flush()
    return group


def _feed() -> CalendarFeed:
    """Make the calendar of somebody who leads five hundred sessions, one a day, of a group that goes on and on."""
    leader = User.objects.create_user(email="feed@kith.example", first_name="F", last_name="L", roles=[Role.THERAPIST])
    first = now() + timedelta(days=1)
    group = Group.objects.create(
        name="Subscribed circle",
        site=Site.objects.get(is_online=True),
        online_link="https://meet.example/x",
        first_day=first.date(),
        start_time=first.time(),
        minutes=90,
        length=Length.ONGOING,
        state=GroupState.RUNNING,
    )
    sessions = Session.objects.bulk_create(
        Session(
            group=group,
            number=number,
            local_day=(first + timedelta(days=number)).date(),
            local_time=first.time(),
            minutes=90,
            zone=group.site.zone,
            starts_at=first + timedelta(days=number),
            ends_at=first + timedelta(days=number, minutes=90),
            online_link=group.online_link,
        )
        for number in range(1, 1 + FEED_SESSIONS)
    )
    SessionLeader.objects.bulk_create(
        SessionLeader(session=session, user=leader, busy=session.span) for session in sessions
    )
    return open_feed(user=leader, detail=Detail.NEUTRAL)


def _visit(user: User | None, path: str, *, unchanged: bool = False) -> Page:
    """Look at a page once; ``unchanged``: as a program that has it already."""
    browser = Browser()
    if user is not None:
        browser.force_login(user)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        first = browser.get(path)  # the first visit fills caches
        headers = {"If-None-Match": first["ETag"]} if unchanged else {}
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(path, headers=headers)
    if response.status_code != (304 if unchanged else 200):
        raise SystemExit(f"{path} answers {response.status_code}.")
    name = settings.SESSION_COOKIE_NAME
    return Page(
        path=path,
        cookie=f"{name}={browser.cookies[name].value}" if user is not None else "",
        queries=sum(not query["sql"].startswith(_CONTROL) for query in captured),
        bytes=len(response.content),
        headers="".join(f"{header}: {value}\r\n" for header, value in headers.items()),
        status=response.status_code,
    )


if __name__ == "__main__":
    with acting_as(SYSTEM):
        print(json.dumps({name: asdict(page) for name, page in main(SIZES[sys.argv[1]], sys.argv[2:]).items()}))
