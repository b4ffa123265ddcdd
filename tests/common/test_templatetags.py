"""The template language of the house."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from common.templatetags import kith

NEW_YORK = "America/New_York"
MORNING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    """Render ``source`` as a page's template would be."""
    return Template(source).render(Context(context))


def test_a_moment_is_shown_as_clocks_in_its_zone_show_it() -> None:
    assert kith.clock(MORNING, NEW_YORK) == "10:00 AM"
    assert kith.clock(MORNING, "America/Chicago") == "9:00 AM"
    assert kith.weekday_date(MORNING, NEW_YORK) == "Tuesday, November 24"
    assert kith.full_date(MORNING, NEW_YORK) == "November 24, 2026"


def test_the_day_of_a_moment_is_the_day_in_its_zone() -> None:
    """At 03:00 UTC on Wednesday it is still Tuesday evening in New York."""
    late = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    assert kith.weekday_date(late, NEW_YORK) == "Tuesday, November 24"
    assert kith.month_date(late, "UTC") == "November 25"


def test_a_day_needs_no_zone() -> None:
    assert kith.weekday_date(date(2026, 11, 24)) == "Tuesday, November 24"
    assert kith.month_date(date(2026, 12, 1)) == "December 1"


@pytest.mark.parametrize(
    ("hour", "minute", "shown"),
    [(16, 30, "10:00–11:30 AM"), (17, 0, "10:00 AM–12:00 PM"), (18, 15, "10:00 AM–1:15 PM")],
)
def test_a_span_names_the_half_of_the_day_once_if_once_is_enough(hour: int, minute: int, shown: str) -> None:
    end = MORNING.replace(hour=hour, minute=minute)
    assert rendered("{% span start end zone %}", start=MORNING, end=end, zone=NEW_YORK) == shown


@given(here=st.integers(0, 12), away=st.integers(0, 12), free=st.integers(0, 12))
def test_dots_draw_every_place_once_and_are_silent(here: int, away: int, free: int) -> None:
    drawn = kith.dots(here, away, free)
    assert drawn.count("<i ") == here + away + free
    assert drawn.count('"off"') == free
    assert 'aria-hidden="true"' in drawn


@given(total=st.integers(1, 60), data=st.data())
def test_steps_draw_every_session_once(total: int, data: st.DataObject) -> None:
    now = data.draw(st.integers(1, total))
    drawn = kith.steps(now, total)
    assert (drawn.count('"done"'), drawn.count('"now"'), drawn.count('"next"')) == (now - 1, 1, total - now)


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36",
            "Chrome, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_in_a_few_words(user_agent: str, said: str) -> None:
    assert kith.device(user_agent) == said


def test_a_link_to_a_field_leads_to_its_first_control() -> None:
    """The first radio of a group, the input itself otherwise: what a link to a ``<div>`` would not focus."""

    class Both(forms.Form):
        name = forms.CharField()
        kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)

    form = Both()
    assert kith.first_control(form["name"]) == "id_name"
    assert kith.first_control(form["kind"]) == "id_kind_0"
    assert 'id="id_kind_0"' in str(form["kind"])


def test_every_style_sheet_and_module_of_the_house_is_linked_and_exists() -> None:
    """A file that nobody links, or a link to nothing, fails here."""
    linked = {*kith.STYLESHEETS, *kith.MODULES}
    from_pages = {"css/pages/style.css", "js/passkey.js", "js/copy.js"}
    assert all(f"/static/{path}" in kith.stylesheets() + kith.scripts() for path in linked)
    assert not linked & from_pages
