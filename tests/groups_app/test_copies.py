"""The printed copy of a signed agreement, checking it, and taking a signature back."""

import io
import re
import zlib

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from groups_app import services
from groups_app.agreement_copy import copy_of, is_genuine
from groups_app.models import AgreementVersion, Group, Membership, Signature
from practice.models import Practice, User
from tests.factories.groups_app import AgreementFactory, MembershipFactory, sign
from tests.factories.practice import TherapistFactory
from tests.groups_app.pages import signed_in

CHECK = "groups_app:check_copy"


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def agreement(group: Group, therapist: User) -> AgreementVersion:
    text = "## We #talk\nWe say *what* we feel.\n\n- one\n- two\n\n> Because.\n"
    return AgreementFactory(group=group, published_by=therapist, text=text, clauses=True)


@pytest.fixture
def membership(group: Group, agreement: AgreementVersion) -> Membership:
    return MembershipFactory(group=group, client__with_account=True)


@pytest.fixture
def signature(membership: Membership, agreement: AgreementVersion) -> Signature:
    return sign(membership, agreement)


# --- The copy -------------------------------------------------------------------------------------------------------
def test_copy_is_an_accessible_pdf(signature: Signature, membership: Membership, therapist: User) -> None:
    """R47: text, name, time, reference and fingerprint; PDF/UA-1; nothing of the group."""
    for user in (membership.client.user, therapist):
        response = signed_in(user).get(reverse("groups_app:signed_pdf", args=[signature.pk]))
        assert response.content.startswith(b"%PDF-")
        assert b"pdfuaid" in response.content
        assert signature.reference in response["Content-Disposition"]
        assert "Tuesday circle" not in response["Content-Disposition"]
        assert b"Tuesday circle" not in _inflated(response.content)


def test_copy_of_words_that_look_like_typst(signature: Signature) -> None:
    """Data, never source: a name that would be a program prints as it is."""
    signature.typed_name = '#panic("x") $ \\ ]'
    assert copy_of(signature, practice=Practice.objects.get(), address="https://kith.example/check/").startswith(
        b"%PDF"
    )


def test_copy_of_letters_no_font_has(signature: Signature) -> None:
    signature.typed_name = "\U00012000"
    assert copy_of(signature, practice=Practice.objects.get(), address="https://kith.example/check/").startswith(
        b"%PDF"
    )


def test_copy_is_for_the_member_and_who_cares(signature: Signature, coordinator: User) -> None:
    address = reverse("groups_app:signed_pdf", args=[signature.pk])
    other = MembershipFactory(group=signature.membership.group, client__with_account=True)
    for user in (coordinator, TherapistFactory(), other.client.user):
        assert signed_in(user).get(address).status_code == 404
    assert signed_in(signature.account).post(address).status_code == 405


def _inflated(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.DOTALL)
    text = io.BytesIO()
    for stream in streams:
        try:
            text.write(zlib.decompress(stream.strip()))
        except zlib.error:
            text.write(stream)
    return pdf + text.getvalue()


# --- Checking a copy ------------------------------------------------------------------------------------------------
def test_check_says_valid_and_nothing_else(signature: Signature) -> None:
    anybody = Browser()
    page = anybody.get(reverse(CHECK), {"reference": signature.reference, "fingerprint": signature.sha256})
    assert signature.reference in page.content.decode()
    said = {"reference": signature.reference, "name": "imani  adeyemi ", "fingerprint": signature.sha256}
    verdict = anybody.post(reverse(CHECK), said).content.decode()
    assert "Valid" in verdict
    for secret in ("Tuesday circle", signature.membership.client.last_name, "We say", "Whitfield"):
        assert secret not in verdict


@pytest.mark.parametrize(
    "wrong", [{"name": "Somebody Else"}, {"reference": "0000-0000-0000"}, {"fingerprint": "0" * 64}, {"name": "%"}]
)
def test_check_says_not_valid(signature: Signature, wrong: dict[str, str]) -> None:
    said = {"reference": signature.reference, "name": "Imani Adeyemi", "fingerprint": signature.sha256, **wrong}
    assert "Not valid" in Browser().post(reverse(CHECK), said).content.decode()


@pytest.mark.parametrize("junk", ["", "\x00", "x" * 500, "'; --", "🜁"])
def test_check_takes_any_junk(db: None, junk: str) -> None:
    response = Browser().post(reverse(CHECK), {"reference": junk, "name": junk, "fingerprint": junk})
    assert response.status_code == 200
    assert "Valid</b>" not in response.content.decode()


def test_check_is_limited(db: None) -> None:
    anybody = Browser()
    said = {"reference": "0000-0000-0000", "name": "A", "fingerprint": "0" * 64}
    answers = [anybody.post(reverse(CHECK), said).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


# --- Taking it back -------------------------------------------------------------------------------------------------
def test_member_withdraws_and_signs_again(signature: Signature, membership: Membership) -> None:
    browser = signed_in(membership.client.user)
    address = reverse("groups_app:withdraw_signature", args=[signature.pk])
    assert "You can sign again." in browser.get(address).content.decode()
    assert browser.post(address, {"reason": ""}).status_code == 302
    assert "withdrawn already" in browser.post(address, {"reason": ""}).content.decode()
    assert not Membership.objects.with_agreement_state().get(pk=membership.pk).agreement_signed
    assert (
        "You withdrew your signature" in browser.get(reverse("groups_app:signed", args=[signature.pk])).content.decode()
    )
    assert not is_genuine(reference=signature.reference, name="Imani Adeyemi", fingerprint=signature.sha256)
    again = sign(membership, signature.version)
    assert again != signature
    assert again.acknowledgements.get().carried_from is None


def test_leader_withdraws_with_a_reason(signature: Signature, therapist: User, coordinator: User) -> None:
    address = reverse("groups_app:withdraw_signature", args=[signature.pk])
    for outsider in (coordinator, TherapistFactory()):
        assert signed_in(outsider).post(address, {"reason": "x"}).status_code == 404
    browser = signed_in(therapist)
    assert "Fill this in." in browser.post(address, {"reason": ""}).content.decode()
    assert browser.post(address, {"reason": "Signed by mistake."}).status_code == 302
    signature.refresh_from_db()
    assert (signature.withdrawn_by, signature.withdrawal_reason) == (therapist, "Signed by mistake.")
    page = browser.get(reverse("groups_app:agreement", args=[signature.membership.group_id])).content.decode()
    assert "Signed by mistake." in page


def test_withdrawing_twice_is_refused(signature: Signature, therapist: User) -> None:
    services.withdraw_signature(signature=signature, by=therapist, reason="x")
    with pytest.raises(services.WrongState, match="withdrawn already"):
        services.withdraw_signature(signature=signature, by=therapist, reason="y")


# --- What the database refuses --------------------------------------------------------------------------------------
def test_published_and_signed_rows_are_final(signature: Signature) -> None:
    acknowledgement = signature.acknowledgements.get()
    for change in (
        lambda: AgreementVersion.objects.update(text="other"),
        acknowledgement.clause.delete,
        lambda: Signature.objects.update(typed_name="other"),
        lambda: Signature.objects.all().delete(),
        lambda: signature.acknowledgements.update(signature=None),
    ):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            change()
