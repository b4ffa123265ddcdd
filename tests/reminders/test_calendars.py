"""Calendars read back by programs that are not ours: across clock changes, moved, canceled (R55, RFC 5545)."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from common.base import new_id
from members.models import Client
from practice.models import Site, User
from reminders import services
from reminders.calendars.ical import Event, calendar
from reminders.links import feed_token
from reminders.models import CalendarFeed, Detail
from sessions_log.models import AbsenceNotice, Session
from sessions_log.services import cancel_session, move_session
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
# From before the clocks go back (November 1) until after they go forward (March 14).
FIRST = date(2026, 10, 20)
NOW = datetime(2026, 10, 19, 17, tzinfo=UTC)
PAGE = reverse("reminders:my_calendar")


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[Any]:
    """The day before the first session."""
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def leader() -> User:
    """Who leads the group."""
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


@pytest.fixture
def sessions(leader: User) -> list[Session]:
    """Twenty-two Tuesdays at 6:00 PM in New York, October to March."""
    group = GroupFactory(name="Thursday circle", leaders=[leader], first_day=FIRST, session_count=22)
    return [SessionFactory(group=group) for _ in range(22)]


@pytest.fixture
def member(sessions: list[Session]) -> Client:
    """A member of the group with an account."""
    client = ClientFactory(first_name="Imani", last_name="Abara", with_account=True)
    MembershipFactory(group=sessions[0].group, client=client, starts_on=FIRST)
    return client


def feed_of(user: User, detail: Detail = Detail.NEUTRAL) -> str:
    """The address of a calendar that ``user`` subscribes to."""
    return reverse("reminders:feed", args=[feed_token(services.open_feed(user=user, detail=detail).pk)])


def events_of(content: bytes) -> list[Any]:
    """Every event, expanded as calendar programs do, in order."""
    parsed = icalendar.Calendar.from_ical(content)
    found = recurring_ical_events.of(parsed).between(date(2026, 1, 1), date(2028, 1, 1))
    return sorted(found, key=lambda event: event["DTSTART"].dt)


def test_wall_time_stays_the_same_across_clock_changes(client: Browser, member: Client) -> None:
    events = events_of(client.get(feed_of(member.user)).content)
    assert len(events) == 22
    for number, event in enumerate(events):
        starts = event["DTSTART"].dt
        wall = datetime.combine(FIRST + timedelta(weeks=number), time(18), NEW_YORK)
        assert (starts.isoformat(), starts.astimezone(UTC)) == (wall.isoformat(), wall.astimezone(UTC))
        assert event["DTEND"].dt - starts == timedelta(minutes=90)


def test_every_zone_is_described_for_programs_that_know_none(client: Browser, member: Client) -> None:
    parsed = icalendar.Calendar.from_ical(client.get(feed_of(member.user)).content)
    (zone,) = parsed.walk("VTIMEZONE")
    assert zone["TZID"] == "America/New_York"
    own = zone.to_tz(lookup_tzid=False)
    for day in (date(2026, 10, 27), date(2026, 11, 3), date(2027, 3, 16)):
        read, real = (datetime.combine(day, time(18), zone) for zone in (own, NEW_YORK))
        assert read.utcoffset() == real.utcoffset()


def test_moved_and_canceled_ones_keep_their_uid_and_count_up(
    client: Browser, member: Client, sessions: list[Session]
) -> None:
    address = feed_of(member.user)
    before = {str(event["UID"]): event for event in events_of(client.get(address).content)}
    by = CoordinatorFactory()
    moved, cancelled = sessions[3], sessions[4]
    move_session(session=moved, day=moved.local_day + timedelta(days=2), wall=moved.local_time, room=moved.room, by=by)
    cancel_session(session=cancelled, reason="", by=by)
    after = {str(event["UID"]): event for event in events_of(client.get(address).content)}
    assert set(after) == set(before)
    (one,) = [event for event in after.values() if event["SEQUENCE"] == 1 and event["STATUS"] == "CONFIRMED"]
    assert one["DTSTART"].dt.date() == moved.local_day + timedelta(days=2)
    (gone,) = [event for event in after.values() if event["STATUS"] == "CANCELLED"]
    assert (gone["SEQUENCE"], gone["DTSTART"].dt.date()) == (1, cancelled.local_day)
    assert all(event["SEQUENCE"] == 0 for event in before.values())


def test_khal_reads_it(client: Browser, member: Client, sessions: list[Session], tmp_path: Path) -> None:
    """Debian's command-line calendar: import and list the weeks around the clock change."""
    cancel_session(session=sessions[1], reason="", by=CoordinatorFactory())
    file = tmp_path / "feed.ics"
    file.write_bytes(client.get(feed_of(member.user)).content)
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[home]]\npath = {tmp_path / 'vdir'}\n[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Lisbon\ndefault_timezone = Europe/Lisbon\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    (tmp_path / "vdir").mkdir()

    def khal(*words: str) -> str:
        command = [str(Path(sys.executable).parent / "khal"), "-c", str(config), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout

    khal("import", "--batch", "-a", "home", str(file))
    listed = khal(
        "list", "--once", "--format", "{start-long} {title} {status}", "--day-format", "", "2026-10-20", "25d"
    )
    # Seen from Lisbon, where the clocks change a week earlier: the appointment is at 23:00, for a week at 22:00.
    lines = [line.split() for line in listed.splitlines() if "Appointment" in line]
    assert [" ".join(line[:2]) for line in lines] == [
        "2026-10-20 23:00",
        "2026-10-27 22:00",
        "2026-11-03 23:00",
        "2026-11-10 23:00",
    ]
    assert "CANCELLED" in lines[1]


def test_is_neutral_by_default(client: Browser, member: Client) -> None:
    text = client.get(feed_of(member.user)).content.decode().replace("\r\n ", "")
    assert text.count("SUMMARY:Appointment\r\n") == 22
    for word in ("circle", "Thursday", "Dana", "Whitfield", "Imani", "Abara", "LOCATION", "DESCRIPTION", "ATTENDEE"):
        assert word not in text


def test_shows_the_place_if_wished(client: Browser, member: Client) -> None:
    text = client.get(feed_of(member.user, Detail.PLACE)).content.decode().replace("\r\n ", "")
    assert "110 North 9th Street" in text
    assert "circle" not in text


def test_a_leader_may_see_initials_and_nothing_more(
    client: Browser, leader: User, member: Client, sessions: list[Session]
) -> None:
    AbsenceNotice.objects.create(session=sessions[0], membership=member.memberships.get(), given_at=NOW)
    text = client.get(feed_of(leader, Detail.INITIALS)).content.decode()
    assert "DESCRIPTION:Away: I.A." in text
    assert "SUMMARY:Appointment 7" in text
    for word in ("Imani", "Abara", "circle"):
        assert word not in text
    with pytest.raises(services.NotForMembers):
        services.open_feed(user=member.user, detail=Detail.INITIALS)


def test_holds_only_the_sessions_of_ones_own_time(client: Browser, sessions: list[Session]) -> None:
    someone = ClientFactory(with_account=True)
    MembershipFactory(
        group=sessions[0].group,
        client=someone,
        state="left",
        leaving_reason="completed",
        starts_on=sessions[2].local_day,
        ends_on=sessions[4].local_day,
    )
    assert len(events_of(client.get(feed_of(someone.user)).content)) == 3
    assert events_of(client.get(feed_of(SupervisorFactory())).content) == []


def test_unchanged_it_answers_304(client: Browser, member: Client, sessions: list[Session]) -> None:
    address = feed_of(member.user)
    fresh = client.get(address)
    assert fresh["ETag"] == client.get(address)["ETag"]
    assert fresh.content == client.get(address).content
    unchanged = client.get(address, headers={"If-None-Match": fresh["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Cache-Control"] == "private, no-cache"
    cancel_session(session=sessions[0], reason="", by=CoordinatorFactory())
    changed = client.get(address, headers={"If-None-Match": fresh["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != fresh["ETag"]


def test_the_mark_changes_with_all_that_is_shown(client: Browser, member: Client, leader: User) -> None:
    places, initials = feed_of(member.user, Detail.PLACE), feed_of(leader, Detail.INITIALS)
    before = client.get(places)["ETag"], client.get(initials)["ETag"]
    Site.objects.update(address="1 Elsewhere")
    AbsenceNotice.objects.create(session=Session.objects.first(), membership=member.memberships.get(), given_at=NOW)
    assert client.get(places)["ETag"] != before[0]
    assert client.get(initials)["ETag"] != before[1]


@pytest.mark.parametrize("detail", [Detail.NEUTRAL, Detail.INITIALS])
@pytest.mark.parametrize("more", [0, 2])
def test_costs_three_queries_or_two(  # noqa: PLR0917 (fixtures)
    client: Browser, leader: User, sessions: list[Session], django_assert_num_queries: Any, detail: Detail, more: int
) -> None:
    for _ in range(more):
        SessionFactory(group=sessions[0].group)
    address = feed_of(leader, detail)
    # and savepoint and release, none outside tests
    with django_assert_num_queries(3 + 2):
        mark = client.get(address)["ETag"]
    with django_assert_num_queries(2 + 2):
        client.get(address, headers={"If-None-Match": mark})


# --- The link -------------------------------------------------------------------------------------------------------
def test_a_link_works_until_it_is_stopped_or_replaced(client: Browser, member: Client) -> None:
    first = feed_of(member.user)
    second = feed_of(member.user)
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    for _ in range(2):
        services.close_feed(user=member.user)
    assert client.get(second).status_code == 404


def test_who_may_no_longer_sign_in_has_no_calendar(client: Browser, member: Client) -> None:
    address = feed_of(member.user)
    User.objects.update(is_active=False)
    assert client.get(address).status_code == 404


def test_a_link_we_did_not_sign_is_unknown(client: Browser, member: Client) -> None:
    address = feed_of(member.user)
    assert client.get(address.replace(".", "x", 1)).status_code == 404
    assert client.get(reverse("reminders:feed", args=["x"])).status_code == 404
    assert client.post(address).status_code == 405


def test_asking_too_often_is_refused_for_a_while(client: Browser, member: Client, settings: Any) -> None:
    settings.FEED_RATE = 2
    address, other = feed_of(member.user), feed_of(TherapistFactory())
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(address)["Retry-After"] == str(settings.FEED_RATE_SECONDS)
    assert client.get(other).status_code == 200
    cache.clear()
    assert client.get(address).status_code == 200


def test_without_redis_nobody_is_refused(client: Browser, member: Client, settings: Any) -> None:
    address = feed_of(member.user)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert client.get(address).status_code == 200


# --- The page -------------------------------------------------------------------------------------------------------
def test_a_member_makes_changes_and_stops_the_link(client: Browser, member: Client) -> None:
    client.force_login(member.user)
    assert "Make my link" in client.get(PAGE).text
    assert client.post(reverse("reminders:open_feed")).url == PAGE
    first = CalendarFeed.objects.get()
    assert feed_token(first.pk) in client.get(PAGE).text
    client.post(reverse("reminders:show_in_feed"), {"detail": "place"})
    assert CalendarFeed.objects.get().detail == Detail.PLACE
    client.post(reverse("reminders:open_feed"), {"detail": "place"})
    assert CalendarFeed.objects.filter(revoked_at__isnull=True).exclude(pk=first.pk).count() == 1
    for _ in range(2):
        assert client.post(reverse("reminders:close_feed")).url == PAGE
    assert "Make my link" in client.get(PAGE).text


def test_members_are_not_offered_initials(client: Browser, member: Client, leader: User) -> None:
    services.open_feed(user=member.user, detail=Detail.NEUTRAL)
    client.force_login(member.user)
    assert "initials" not in client.get(PAGE).text
    refused = client.post(reverse("reminders:show_in_feed"), {"detail": "initials"}, follow=True)
    assert "Only leaders can have initials" in refused.text
    assert client.post(reverse("reminders:show_in_feed"), {"detail": "everything"}).status_code == 404


def test_one_session_as_a_file(client: Browser, member: Client, sessions: list[Session]) -> None:
    client.force_login(member.user)
    response = client.get(reverse("reminders:appointment", args=[sessions[0].pk]))
    (event,) = events_of(response.content)
    assert (event["SUMMARY"], event["SEQUENCE"]) == ("Appointment", 0)
    client.force_login(ClientFactory(with_account=True).user)
    assert client.get(reverse("reminders:appointment", args=[sessions[0].pk])).status_code == 404


# --- The bytes ------------------------------------------------------------------------------------------------------
@given(title=st.text(max_size=200), place=st.text(max_size=200), zone=st.sampled_from(["Asia/Tokyo", "Europe/Lisbon"]))
def test_whatever_is_written_is_read_back(title: str, place: str, zone: str) -> None:
    starts = datetime(2026, 7, 1, 12, tzinfo=UTC)
    event = Event(
        key=new_id(),
        version=3,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        zone=zone,
        is_cancelled=False,
        stamp=starts,
        title=title,
        place=place,
    )
    content = calendar([event], name="Appointments")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (read,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(read["SUMMARY"]) == "\n".join(title.splitlines())
    assert str(read.get("LOCATION", "")) == "\n".join(place.splitlines())
    assert read["DTSTART"].dt.astimezone(UTC) == starts
