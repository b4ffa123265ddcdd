"""The form of a new group."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups_app.forms import GroupForm
from practice.models import Policy, User
from tests.factories.practice import CoordinatorFactory, RoomFactory, TherapistFactory


def form_with(user: User, **changes: Any) -> GroupForm:
    """The form as somebody sends it: a time-limited group in a room."""
    room = RoomFactory()
    said = {
        "name": "Thursday evening",
        "orientation": "interpersonal",
        "site": room.site_id,
        "room": room.pk,
        "first_day": "1/7/2027",
        "start_time": "18:00",
        "minutes": "90",
        "cadence": "1",
        "length": "time-limited",
        "session_count": "14",
        "leader_1": TherapistFactory().pk,
    }
    return GroupForm({**said, **changes}, policy=Policy.objects.get(), user=user)


def test_a_group_in_a_room(coordinator: User) -> None:
    second = TherapistFactory()
    form = form_with(coordinator, leader_3=second.pk)
    assert form.is_valid(), form.errors
    group = form.instance
    assert (group.first_day, group.start_time, group.session_count) == (date(2027, 1, 7), time(18), 14)
    assert form.leaders[1:] == [second]


@pytest.mark.parametrize("typed", ["18:00", "6:00 PM", "6 pm", "6:00pm"])
def test_times_as_people_type_them(coordinator: User, typed: str) -> None:
    form = form_with(coordinator, start_time=typed)
    assert form.is_valid(), form.errors
    assert form.instance.start_time == time(18)


def test_an_online_group(coordinator: User) -> None:
    form = form_with(coordinator, room="", online_link="meet.example/circle")
    assert form.is_valid(), form.errors
    assert form.instance.online_link == "https://meet.example/circle"


def test_an_ongoing_group_has_no_number_of_sessions(coordinator: User) -> None:
    """The number stands in the form from the start; it is not the author's to delete."""
    form = form_with(coordinator, length="ongoing")
    assert form.is_valid(), form.errors
    assert form.instance.session_count is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"session_count": ""}, "A time-limited group needs its number of sessions"),
        ({"room": ""}, "Choose a room, or give the link"),
        ({"online_link": "https://meet.example"}, "Choose a room, or give the link"),
        ({"capacity": "13"}, "A group has from 2 to 12 places."),
        ({"first_day": "soon"}, "Enter a date as month/day/year"),
        ({"start_time": "evening"}, "Enter a valid time."),
        ({"leader_1": ""}, "Choose one."),
    ],
)
def test_what_cannot_be(coordinator: User, changes: dict[str, str], sentence: str) -> None:
    assert sentence in str(form_with(coordinator, **changes).errors)


def test_a_room_at_another_site(coordinator: User) -> None:
    room = RoomFactory(site__name="Austin", site__zone="America/Chicago", site__state="TX")
    assert "room" in form_with(coordinator, room=room.pk).errors


def test_a_therapist_leads_first_unless_they_say_otherwise(therapist: User) -> None:
    policy = Policy.objects.get()
    assert GroupForm(policy=policy, user=therapist)["leader_1"].initial == str(therapist.pk)
    assert not GroupForm(policy=policy, user=CoordinatorFactory())["leader_1"].initial


ODD = ["\x00", "9" * 400, "-1", "1/1/0001", "12/31/9999", "25:00", "\U0001f642", "\u200f\u05d0"]
anything = st.text(max_size=30) | st.sampled_from(ODD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_typed_breaks_it(coordinator: User, data: st.DataObject) -> None:
    """TRUST, bad input: a sentence or a group, never an error of ours."""
    form = GroupForm(policy=Policy.objects.get(), user=coordinator)
    said = {name: data.draw(anything, label=name) for name in form.fields}
    assert GroupForm(said, policy=Policy.objects.get(), user=coordinator).is_valid() in (True, False)
