"""The look of forms and the fields of our own."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from common.forms import BirthDateField, Chips, DateField, Segments


class Intake(forms.Form):
    """A form with every field of our own."""

    name = forms.CharField(label="Name", help_text="As on the card.", error_messages={"required": "Enter a name."})
    born_on = BirthDateField(label="Date of birth", required=False)
    starts_on = DateField(label="First session", required=False)
    status = forms.ChoiceField(
        choices=[("here", "Here"), ("late", "Late"), ("gone", "Walked out")],
        widget=Segments(warn={"late"}, rest={"gone"}),
        required=False,
    )
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=Chips, required=False)


def test_a_field_says_its_label_help_and_error_and_ties_them_to_the_control() -> None:
    html = Intake({"name": ""})["name"].as_field_group()
    assert '<label for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As on the card.' in html
    assert 'id="id_name_error">Enter a name.' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(optional)" in Intake()["starts_on"].as_field_group()
    assert "(optional)" not in Intake()["name"].as_field_group()


@given(born_on=st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_a_birth_date_in_three_parts_comes_back_whole(born_on: date) -> None:
    form = Intake(
        {
            "name": "I",
            "born_on_month": born_on.month,
            "born_on_day": f"{born_on.day:02}",
            "born_on_year": f" {born_on.year} ",
        }
    )
    assert form.is_valid()
    assert form.cleaned_data["born_on"] == born_on


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [
        ("2", "30", "1990"),
        ("13", "1", "1990"),
        ("1", "1", "1899"),
        ("1", "1", "9999"),
        ("x", "1", "1990"),
        ("1", "\0", "1"),
    ],
)
def test_a_day_that_is_no_birthday_gets_one_sentence(month: str, day: str, year: str) -> None:
    form = Intake({"name": "I", "born_on_month": month, "born_on_day": day, "born_on_year": year})
    assert form.errors["born_on"] == ["Enter a real date of birth, for example month 3, day 27, year 1985."]
    assert f'value="{month}"' in form["born_on"].as_field_group()


def test_half_a_birth_date_asks_for_the_rest() -> None:
    form = Intake({"name": "I", "born_on_month": "3", "born_on_day": "", "born_on_year": ""})
    assert form.errors["born_on"] == ["Enter the month, the day and the year."]


def test_a_birth_date_shows_what_is_stored_in_labeled_parts() -> None:
    html = str(Intake(initial={"born_on": date(1985, 3, 27)})["born_on"])
    assert [part in html for part in ("Month", "Day", "Year", 'value="3"', 'value="27"', 'value="1985"')] == [True] * 6


@pytest.mark.parametrize("typed", ["11/24/2026", "11/24/26", "2026-11-24", "November 24, 2026", "11-24-2026"])
def test_a_date_may_be_typed_as_people_write_it(typed: str) -> None:
    form = Intake({"name": "I", "starts_on": typed})
    assert form.is_valid()
    assert form.cleaned_data["starts_on"] == date(2026, 11, 24)


def test_segments_hide_the_rare_choices_until_one_is_chosen() -> None:
    """R33: one tap for the common ones."""
    assert "<details>" in str(Intake(initial={"status": "here"})["status"])
    assert "<details open>" in str(Intake(initial={"status": "gone"})["status"])
    assert str(Intake()["status"]).count('class="warn"') == 1


def test_chips_are_checkboxes() -> None:
    form = Intake(QueryDict("name=I&tags=a&tags=b"))
    assert form.is_valid()
    assert form.cleaned_data["tags"] == ["a", "b"]
    assert str(form["tags"]).count("checked") == 2
