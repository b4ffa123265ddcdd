"""Passwords that anybody would try first are refused: who knows this place, who has lists of leaks (ASVS 6.2)."""

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from practice.models import Practice
from practice.passwords import BreachedPasswordValidator
from tests.factories.practice import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _our_place() -> None:
    Practice.objects.update(name="Northside Practice for Groups")
    SiteFactory(name="Brooklyn")


@pytest.mark.parametrize(
    "password",
    ["Northside2026!!", "brooklyn-2026-kith", "GroupTherapy1234", "NORTHSIDE-brooklyn", "kith.kith.kith"],
)
def test_little_more_than_our_own_words(password: str) -> None:
    with pytest.raises(ValidationError, match="nothing to do with this practice"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["northside of the moon", "twelve quiet chairs", "8301745521-9932", "пароль от соседей", "x" * 200]
)
def test_any_other_composition_is_welcome(password: str) -> None:
    """ASVS 5.0, 6.2.5 and 6.2.9."""
    validate_password(password)


@given(st.text(max_size=200))
def test_no_password_breaks_it(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017 (a refusal is as good as an acceptance, if it says why)


@pytest.fixture
def sums(settings: Settings, tmp_path: Path) -> list[str]:
    """A list of breached passwords, as the installation may keep one: sums in order, each with a count."""
    breached = [f"leaked password {number}" for number in range(500)]
    lines = sorted(f"{hashlib.sha1(one.encode()).hexdigest().upper()}:{len(one)}\n" for one in breached)  # noqa: S324
    (tmp_path / "sums").write_text("".join(lines))
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "sums")
    return breached


def test_a_password_from_a_leak_is_refused(sums: list[str]) -> None:
    """ASVS 6.2.12: by a list on this machine; nobody else is asked."""
    validator = BreachedPasswordValidator()
    for breached in sums:
        with pytest.raises(ValidationError, match="known from a leak"):
            validator.validate(breached)
    for number in range(200):
        validator.validate(f"not leaked {number}")


def test_without_a_list_or_with_an_empty_one_none_is_refused(settings: Settings, tmp_path: Path) -> None:
    validator = BreachedPasswordValidator()
    assert settings.BREACHED_PASSWORDS_FILE == ""
    validator.validate("leaked password 1")
    (tmp_path / "sums").touch()
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "sums")
    validator.validate("leaked password 1")


def test_the_list_is_asked_when_a_password_is_chosen(sums: list[str]) -> None:
    with pytest.raises(ValidationError, match="known from a leak"):
        validate_password(sums[7])
