"""allauth under our settings: closed, quiet about who has an account, second factors encrypted (R41; TRUST)."""

import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from argon2 import Parameters, Type
from django.contrib.auth.hashers import get_hasher
from django.core import checks, mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.clock import now
from common.encryption import UnreadableText
from practice.adapters import EncryptedMfaAdapter
from practice.models import Practice, User
from tests.factories.practice import PASSWORD, MemberUserFactory, TherapistFactory, UserFactory

NEW_PASSWORD = "a longer secret phrase"

pytestmark = pytest.mark.django_db


def sign_in(browser: Client, user: User, password: str = PASSWORD) -> Any:
    return browser.post(reverse("account_login"), {"login": user.email, "password": password})


def confirm_identity(browser: Client, password: str = PASSWORD) -> None:
    browser.post(reverse("account_reauthenticate"), {"password": password})


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))


def test_the_settings_are_what_allauth_expects() -> None:
    found = [message for message in checks.run_checks() if "ACCOUNT" in message.msg or "MFA" in message.msg]
    assert found == []


def test_a_practice_hashes_slowly(practice_hashing: Parameters) -> None:
    """OWASP's least for Argon2id: 19 MiB and two rounds."""
    assert get_hasher().algorithm == "argon2"
    assert practice_hashing.type == Type.ID
    assert practice_hashing.memory_cost >= 19 * 1024
    assert practice_hashing.time_cost >= 2


def test_nobody_signs_up(client: Client) -> None:
    form = {"email": "new@kith.example", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    for response in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), form)):
        assert response.templates[0].name == "account/signup_closed.html"
    assert not User.objects.exists()


def test_signing_in_with_an_address_in_any_case(client: Client) -> None:
    user = MemberUserFactory(email="ana@kith.example")
    response = client.post(reverse("account_login"), {"login": "ANA@Kith.Example", "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_answer_the_same(client: Client) -> None:
    user = MemberUserFactory()
    wrong = sign_in(client, user, "not the password")
    unknown = client.post(reverse("account_login"), {"login": "nobody@kith.example", "password": "not the password"})
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.status_code == unknown.status_code == 200


def test_guessing_is_slowed_down(client: Client) -> None:
    user = MemberUserFactory()
    for _ in range(5):
        sign_in(client, user, "not the password")
    response = sign_in(client, user)
    assert "Too many tries" in response.context["form"].errors["__all__"][0]
    assert "_auth_user_id" not in client.session


def test_a_reset_answers_the_same_for_every_address(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    """Only who has chosen a password gets a mail: an unaccepted invitation is the only way to the first one."""
    Practice.objects.update(name="Northside Practice", phone="(718) 555-0142")
    person, invited, closed = MemberUserFactory(), UserFactory(password=None), UserFactory(is_active=False)
    answers = []
    for email in (person.email, invited.email, closed.email, "nobody@kith.example"):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse("account_reset_password"), {"email": email})
        answers.append((response.status_code, response.url))
    assert len(set(answers)) == 1
    [message] = mail.outbox
    assert message.recipients() == [person.email]
    assert message.subject == "A new password for Northside Practice"
    assert "(718) 555-0142" in message.body


def reset_link() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_reset_password_signs_out_everywhere(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    person, elsewhere = MemberUserFactory(), Client()
    sign_in(elsewhere, person)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": person.email})
    page = client.get(reset_link(), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert not UserSession.objects.filter(user=person).exists()
    assert elsewhere.get(reverse("account_email")).url.startswith(reverse("account_login"))


def test_a_changed_password_signs_out_everywhere(client: Client) -> None:
    person, elsewhere = MemberUserFactory(), Client()
    sign_in(client, person)
    sign_in(elsewhere, person)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    assert not UserSession.objects.filter(user=person).exists()
    for browser in (client, elsewhere):
        assert browser.get(reverse("account_email")).url.startswith(reverse("account_login"))
    assert sign_in(client, person, NEW_PASSWORD).status_code == 302
    assert client.get(reverse("account_email")).status_code == 200


@pytest.mark.parametrize("password", ["short", "1q2w3e4r5t6y", "naomi.whitfield"])
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    person = MemberUserFactory(email="naomi.whitfield@kith.example")
    sign_in(client, person)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), form).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def change_address(browser: Client, email: str, capture: Any) -> Any:
    confirm_identity(browser)
    with capture(execute=True):
        return browser.post(reverse("account_email"), {"email": email, "action_add": ""})


def sent_code() -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[0]


def test_an_address_changes_by_a_code_and_stays_in_lower_case(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = MemberUserFactory(email="ana@kith.example")
    sign_in(client, person)
    response = change_address(client, "Ana.Ruiz@Kith.Example", django_capture_on_commit_callbacks)
    assert response.url == reverse("account_email_verification_sent")
    assert mail.outbox[-1].recipients() == ["ana.ruiz@kith.example"]
    person.refresh_from_db()
    assert person.email == "ana@kith.example"

    page = client.get(response.url)
    assert "Enter the code" in page.content.decode()
    client.post(response.url, {"code": sent_code()})

    person.refresh_from_db()
    assert person.email == "ana.ruiz@kith.example"
    [address] = EmailAddress.objects.filter(user=person)
    assert (address.email, address.verified, address.primary) == ("ana.ruiz@kith.example", True, True)


def test_somebody_with_a_second_step_changes_their_address_too(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = TherapistFactory()
    client.force_login(person)
    TOTP.activate(person, generate_totp_secret())
    response = change_address(client, "naomi@kith.example", django_capture_on_commit_callbacks)
    client.post(response.url, {"code": sent_code()})
    person.refresh_from_db()
    assert person.email == "naomi@kith.example"


def test_changing_to_somebody_elses_address_does_not_tell_that_it_is_taken(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """R43: a member must not learn who else has an account here."""
    MemberUserFactory(email="other@kith.example")
    person = MemberUserFactory()
    sign_in(client, person)
    taken = change_address(client, "other@kith.example", django_capture_on_commit_callbacks)
    free = change_address(client, "free@kith.example", django_capture_on_commit_callbacks)
    assert (taken.status_code, taken.url) == (free.status_code, free.url)


def test_totp_secrets_and_recovery_codes_are_unreadable_in_the_database() -> None:
    person = TherapistFactory()
    secret = generate_totp_secret()
    totp = TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    assert secret not in stored
    assert not any(code in stored for code in codes)
    assert totp.validate_code(totp_code(secret))


def test_a_secret_that_was_tampered_with_is_refused() -> None:
    adapter = EncryptedMfaAdapter()
    sealed = adapter.encrypt("secret")
    assert adapter.decrypt(sealed) == "secret"
    with pytest.raises(UnreadableText):
        adapter.decrypt(sealed[:-2] + ("00" if sealed[-2:] != "00" else "01"))


def test_a_code_works_once_and_only_in_its_half_minute() -> None:
    """TRUST: no tolerance, and a replay mark in the shared cache."""
    person = TherapistFactory()
    secret = generate_totp_secret()
    totp = TOTP.activate(person, secret)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        code = totp_code(secret)
        clock.shift(30)
        assert not totp.validate_code(code)
        code = totp_code(secret)
        assert totp.validate_code(code)
        assert not totp.validate_code(code)


def test_signing_in_with_a_second_step(client: Client) -> None:
    person = TherapistFactory()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    assert sign_in(client, person).url == reverse("mfa_authenticate")
    assert client.get(reverse("account_email")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)}).status_code == 302
    assert client.get(reverse("account_email")).status_code == 200
    assert Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).last_used_at


def test_changing_to_the_address_of_an_open_invitation_tells_and_breaks_nothing(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """R43: neither the answer nor what comes after the code says that somebody was invited with it."""
    UserFactory(email="invited@kith.example", password=None)
    person = MemberUserFactory(email="ana@kith.example")
    sign_in(client, person)
    response = change_address(client, "invited@kith.example", django_capture_on_commit_callbacks)
    assert response.url == reverse("account_email_verification_sent")
    if mail.outbox:
        response = client.post(response.url, {"code": sent_code()})
        assert response.status_code < 500
    person.refresh_from_db()
    assert person.email == "ana@kith.example"
