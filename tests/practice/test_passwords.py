"""Passwords that anybody who knows this place would try first are refused (ASVS 5.0, 6.2.11)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from practice.models import Practice
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
