"""Writing, reading and signing an agreement in the browser."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups_app import services
from groups_app.models import AgreementVersion, Group, Membership, MembershipState, Signature
from practice.models import User
from tests.factories.groups_app import AgreementFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import MemberUserFactory

# Session and account, savepoint and release of the request's transaction; memberships and signatures.
QUERIES_OF_THE_LIST = 6
UNKNOWN = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def membership(group: Group, agreement: AgreementVersion) -> Membership:
    """Somebody who prepares and has not signed."""
    return MembershipFactory(group=group, client__with_account=True, state=MembershipState.PREPARING, starts_on=None)


@pytest.fixture
def browser(membership: Membership) -> Browser:
    """The member's."""
    return _signed_in(membership.client.user)


def _signed_in(user: User | None) -> Browser:
    assert user is not None
    browser = Browser()
    browser.force_login(user)
    return browser


def said(agreement: AgreementVersion, **changes: Any) -> dict[str, Any]:
    """What a member sends."""
    return {
        "version": agreement.pk,
        "typed_name": "Imani Adeyemi",
        "has_read": "on",
        "intends_to_sign": "on",
        **changes,
    }


# --- Signing (UX 8) -------------------------------------------------------------------------------------------------
def test_read_and_sign(browser: Browser, membership: Membership, agreement: AgreementVersion) -> None:
    """R47: read, type the name, check two boxes that start empty, get a reference."""
    assert (
        "Read it and sign before your first session." in browser.get(reverse("groups_app:agreements")).content.decode()
    )
    address = reverse("groups_app:sign", args=[membership.pk])
    page = browser.get(address).content.decode()
    assert "<h2>We talk</h2>" in page
    assert "checked" not in page
    confirmation = browser.post(address, said(agreement), follow=True).content.decode()
    signature = Signature.objects.get()
    assert signature.reference in confirmation
    assert "November 14, 2026, 12:00 PM" in confirmation
    assert signature.sha256 in confirmation
    assert "We put into words what we feel." in confirmation
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE


def test_sign_twice(browser: Browser, membership: Membership, agreement: AgreementVersion) -> None:
    address = reverse("groups_app:sign", args=[membership.pk])
    first = browser.post(address, said(agreement))
    assert browser.post(address, said(agreement))["Location"] == first["Location"]
    assert browser.get(address)["Location"] == first["Location"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"typed_name": "  "}, "Your full name: This field is required."),
        ({"has_read": ""}, "Check this box once you have read the agreement."),
        ({"intends_to_sign": ""}, "Check this box if you want to sign."),
        ({"version": UNKNOWN}, "Select a valid choice"),
        ({"typed_name": "Imani\x00Adeyemi"}, "Null characters are not allowed."),
        ({"typed_name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_sign_asks_for_what_is_missing(
    browser: Browser, membership: Membership, agreement: AgreementVersion, changes: dict[str, str], sentence: str
) -> None:
    page = browser.post(reverse("groups_app:sign", args=[membership.pk]), said(agreement, **changes)).content.decode()
    assert "<title>Error:" in page
    assert sentence in page
    assert not Signature.objects.exists()


def test_text_changed_while_it_was_read(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    """R26: the new text is shown, the name is kept, the boxes are about the new text and so are empty again."""
    services.publish_agreement(group=membership.group, title="Agreement", text="## Newer\nWords.", by=therapist)
    response = browser.post(reverse("groups_app:sign", args=[membership.pk]), said(agreement))
    page = response.content.decode()
    assert response.status_code == 409
    assert "The agreement has changed since you opened it." in page
    assert "<h2>Newer</h2>" in page
    assert 'value="Imani Adeyemi"' in page
    assert "checked" not in page
    newest = AgreementVersion.objects.filter(group=membership.group).newest().get()
    assert f'value="{newest.pk}"' in page
    browser.post(reverse("groups_app:sign", args=[membership.pk]), said(newest))
    assert Signature.objects.get().text == "## Newer\nWords.\n"


def test_signing_again_after_a_change(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    browser.post(reverse("groups_app:sign", args=[membership.pk]), said(agreement))
    services.publish_agreement(group=membership.group, title="Agreement", text="New.", by=therapist)
    page = browser.get(reverse("groups_app:agreements")).content.decode()
    assert "The text has changed." in page
    assert "Version 1, signed November 14, 2026" in page


def test_nobody_reads_or_signs_for_others(
    membership: Membership, agreement: AgreementVersion, browser: Browser, therapist: User
) -> None:
    """R43."""
    browser.post(reverse("groups_app:sign", args=[membership.pk]), said(agreement))
    signature = Signature.objects.get()
    other = MembershipFactory(group=membership.group, client__with_account=True, state=MembershipState.PREPARING)
    for user in (other.client.user, MemberUserFactory(), therapist):
        outsider = _signed_in(user)
        address = reverse("groups_app:sign", args=[membership.pk])
        assert outsider.get(address).status_code == outsider.post(address, said(agreement)).status_code == 404
        assert outsider.get(reverse("groups_app:signed", args=[signature.pk])).status_code == 404
    assert _signed_in(therapist).get(reverse("groups_app:agreements")).status_code == 404


@pytest.mark.parametrize("state", [MembershipState.PROPOSED, MembershipState.DECLINED])
def test_members_do_not_see_proposals(agreement: AgreementVersion, state: str) -> None:
    """A proposal is between coordinator and leaders until it is accepted."""
    client = ClientFactory(with_account=True)
    proposal = MembershipFactory(group=agreement.group, client=client, state=state)
    browser = _signed_in(client.user)
    assert agreement.group.name not in browser.get(reverse("groups_app:agreements")).content.decode()
    assert browser.get(reverse("groups_app:sign", args=[proposal.pk])).status_code == 404


def test_signed_agreements_stay_after_leaving(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    browser.post(reverse("groups_app:sign", args=[membership.pk]), said(agreement))
    services.withdraw(membership=membership, by=therapist, reason="Moved away.")
    page = browser.get(reverse("groups_app:agreements")).content.decode()
    assert "Version 1, signed" in page
    assert "To sign" not in page


def test_text_is_never_markup(membership: Membership, browser: Browser, therapist: User) -> None:
    services.publish_agreement(group=membership.group, title="<b>A</b>", text="## <i>B</i>\n<script>", by=therapist)
    page = browser.get(reverse("groups_app:sign", args=[membership.pk])).content.decode()
    assert "&lt;i&gt;B" in page
    assert "<script>\n" not in page
    assert "<b>A" not in page


def test_wrong_verbs(browser: Browser, membership: Membership) -> None:
    assert browser.post(reverse("groups_app:agreements")).status_code == 405
    assert browser.put(reverse("groups_app:sign", args=[membership.pk])).status_code == 405
    assert browser.post(reverse("groups_app:signed", args=[membership.pk])).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_any_number(
    rows: int, clock: object, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = ClientFactory(with_account=True)
    for _ in range(rows):
        signed, unsigned = AgreementFactory(), AgreementFactory()
        mine = MembershipFactory(group=signed.group, client=client, state=MembershipState.PREPARING, starts_on=None)
        MembershipFactory(group=unsigned.group, client=client, state=MembershipState.PREPARING, starts_on=None)
        services.sign_agreement(
            membership=mine,
            version=signed,
            typed_name="Imani",
            has_read=True,
            intends_to_sign=True,
            account=client.user,
        )
    browser = _signed_in(client.user)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        browser.get(reverse("groups_app:agreements"))


# --- Writing --------------------------------------------------------------------------------------------------------
def test_publish(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    MembershipFactory.create_batch(2, group=group)
    browser = _signed_in(therapist)
    address = reverse("groups_app:agreement_edit", args=[group.pk])
    assert "Publishing asks 2 people to read and sign again." in browser.get(address).content.decode()
    sent = {"title": "Agreement", "text": "## We talk\r\nMore.", "based_on": agreement.pk}
    assert browser.post(address, sent).status_code == 302
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    assert (newest.number, newest.text, newest.published_by) == (2, "## We talk\nMore.\n", therapist)


def test_publish_twice(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    browser = _signed_in(therapist)
    address = reverse("groups_app:agreement_edit", args=[group.pk])
    sent = {"title": "Agreement", "text": "New.", "based_on": agreement.pk}
    browser.post(address, sent)
    assert "This is version 2 word for word" in browser.post(address, sent).content.decode()
    assert AgreementVersion.objects.filter(group=group).count() == 2


def test_publish_over_a_newer_version(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    """Both texts are on the page; the next click publishes knowingly."""
    services.publish_agreement(group=group, title="Agreement", text="## Theirs\nWords.", by=therapist)
    browser = _signed_in(therapist)
    address = reverse("groups_app:agreement_edit", args=[group.pk])
    sent = {"title": "Agreement", "text": "## Mine\nWords.", "based_on": agreement.pk}
    response = browser.post(address, sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "published version 2 meanwhile" in page
    assert "## Mine" in page
    assert "<h3>Theirs</h3>" in page
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    assert browser.post(address, {**sent, "based_on": newest.pk}).status_code == 302
    assert AgreementVersion.objects.filter(group=group).newest().get().text == "## Mine\nWords.\n"
