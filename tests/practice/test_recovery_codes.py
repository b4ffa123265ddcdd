"""Recovery codes: random, shown once, kept as hashes, each good for one sign-in (ASVS 5.0, 6.5.2; TRUST, accounts)."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.acting import SYSTEM, go_on_as
from practice.models import User
from practice.recovery_codes import HashedRecoveryCodes
from tests.factories.practice import PASSWORD, TherapistFactory

pytestmark = pytest.mark.django_db

RACERS = 32


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator WHERE type = 'recovery_codes'")
        return str(cursor.fetchone()[0])


def codes_of(person: User) -> HashedRecoveryCodes:
    wrapped = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert isinstance(wrapped, HashedRecoveryCodes)
    return wrapped


def test_ten_codes_of_a_hundred_and_twenty_bits() -> None:
    codes = HashedRecoveryCodes.activate(TherapistFactory()).get_unused_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}", code) for code in codes)


def test_a_code_works_once_however_it_is_typed() -> None:
    person = TherapistFactory()
    first, second, *_rest = HashedRecoveryCodes.activate(person).get_unused_codes()
    assert codes_of(person).validate_code(first.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    assert not codes_of(person).validate_code(first)
    assert codes_of(person).validate_code(second.replace("-", ""))
    assert len(codes_of(person).get_unused_codes()) == 8


@pytest.mark.parametrize("guess", ["", "0" * 24, "é" * 24, "\x00", "x" * 10_000])
def test_anything_else_does_not(guess: str) -> None:
    person = TherapistFactory()
    HashedRecoveryCodes.activate(person)
    assert not codes_of(person).validate_code(guess)
    assert len(codes_of(person).get_unused_codes()) == 10


def test_they_are_shown_once_and_the_database_cannot_give_them_back(client: Client) -> None:
    person = TherapistFactory()
    client.force_login(person)
    TOTP.activate(person, generate_totp_secret())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in page.content.decode() for code in codes)
    assert not any(code in stored() for code in codes)
    assert "unseen" not in stored()

    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in codes)
    assert "10 codes are left." in again
    assert codes_of(person).validate_code(codes[0])


def test_before_they_were_shown_they_lie_encrypted() -> None:
    codes = HashedRecoveryCodes.activate(TherapistFactory()).get_unused_codes()
    assert not any(code in stored() for code in codes)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_code_at_once_one_gets_in() -> None:
    person = TherapistFactory()
    code = HashedRecoveryCodes.activate(person).get_unused_codes()[0]

    def use(_: int) -> bool:
        try:
            return codes_of(person).validate_code(code)
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS, initializer=go_on_as, initargs=[SYSTEM]) as pool:
        assert sum(pool.map(use, range(RACERS))) == 1
