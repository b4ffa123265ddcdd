"""A member reads and signs an agreement in the browser."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups_app import services
from groups_app.models import Acknowledgement, AgreementVersion, Group, Membership, MembershipState, Signature
from practice.models import User
from tests.factories.groups_app import AgreementFactory, MembershipFactory, sign
from tests.factories.members import ClientFactory
from tests.factories.practice import MemberUserFactory

# Session and account, savepoint and release of the request's transaction; memberships and signatures.
QUERIES_OF_THE_LIST = 6
UNKNOWN = "00000000-0000-0000-0000-000000000000"
TEXT = "## We talk\nWe put into words what we feel.\n\n> It can be answered.\n\n## We come\nEvery time.\n"


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def agreement(group: Group, therapist: User) -> AgreementVersion:
    """Version 1, of two clauses."""
    return AgreementFactory(group=group, published_by=therapist, text=TEXT, clauses=True)


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


def agree_to_all(membership: Membership, agreement: AgreementVersion) -> None:
    for clause in agreement.clauses.all():
        services.acknowledge_clause(membership=membership, clause=clause, account=membership.client.user)


def finish(membership: Membership) -> str:
    return reverse("groups_app:sign_finish", args=[membership.pk])


# --- Signing (UX 8) -------------------------------------------------------------------------------------------------
def test_read_go_through_the_clauses_and_sign(
    browser: Browser, membership: Membership, agreement: AgreementVersion
) -> None:
    """R47: read, agree clause by clause, type the name, check two boxes that start empty, get a reference."""
    overview = browser.get(reverse("groups_app:agreements")).content.decode()
    assert "Read it and sign before your first session." in overview
    whole = browser.get(reverse("groups_app:sign", args=[membership.pk])).content.decode()
    assert "<h2>We talk</h2>" in whole
    assert "It can be answered." in whole
    first, second = (reverse("groups_app:sign_clause", args=[membership.pk, number]) for number in (1, 2))
    assert first in whole
    assert "Clause 1 of 2" in browser.get(first).content.decode()
    clauses = list(agreement.clauses.all())
    assert browser.post(first, {"clause": clauses[0].pk})["Location"] == second
    assert browser.post(second, {"clause": clauses[1].pk})["Location"] == finish(membership)
    page = browser.get(finish(membership)).content.decode()
    assert "checked" not in page
    confirmation = browser.post(finish(membership), said(agreement), follow=True).content.decode()
    signature = Signature.objects.get()
    assert signature.reference in confirmation
    assert "November 14, 2026, 12:00 PM" in confirmation
    assert signature.sha256 in confirmation
    assert "We put into words what we feel." in confirmation
    assert signature.acknowledgements.count() == 2
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE


def test_no_signature_before_every_clause(
    browser: Browser, membership: Membership, agreement: AgreementVersion
) -> None:
    whole = reverse("groups_app:sign", args=[membership.pk])
    assert browser.get(finish(membership))["Location"] == whole
    assert browser.post(finish(membership), said(agreement))["Location"] == whole
    assert "Go through every clause first" in browser.get(whole).content.decode()
    assert not Signature.objects.exists()


def test_agree_twice_records_once(browser: Browser, membership: Membership, agreement: AgreementVersion) -> None:
    address = reverse("groups_app:sign_clause", args=[membership.pk, 1])
    for _again in range(2):
        browser.post(address, {"clause": agreement.clauses.first().pk})
    assert Acknowledgement.objects.count() == 1


def test_clause_changed_while_it_was_read(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    """The button was about other words than those that stand there now."""
    old = agreement.clauses.first()
    services.publish_agreement(group=membership.group, title="Agreement", text="## Newer\nWords.", by=therapist)
    response = browser.post(reverse("groups_app:sign_clause", args=[membership.pk, 1]), {"clause": old.pk})
    assert response["Location"] == reverse("groups_app:sign", args=[membership.pk])
    assert not Acknowledgement.objects.exists()


def test_clause_that_is_not_there(browser: Browser, membership: Membership) -> None:
    assert browser.get(reverse("groups_app:sign_clause", args=[membership.pk, 3])).status_code == 404


def test_sign_twice(browser: Browser, membership: Membership, agreement: AgreementVersion) -> None:
    agree_to_all(membership, agreement)
    first = browser.post(finish(membership), said(agreement))
    assert browser.post(finish(membership), said(agreement))["Location"] == first["Location"]
    for name, more in (("sign", []), ("sign_clause", [1]), ("sign_finish", [])):
        address = reverse(f"groups_app:{name}", args=[membership.pk, *more])
        assert browser.get(address)["Location"] == first["Location"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"typed_name": "  "}, "Your full name: Type your name as your signature."),
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
    agree_to_all(membership, agreement)
    page = browser.post(finish(membership), said(agreement, **changes)).content.decode()
    assert "<title>Error:" in page
    assert sentence in page
    assert not Signature.objects.exists()


def test_text_changed_while_it_was_read(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    """R26: nothing is signed; the new text is shown, and only its new clause is asked for."""
    agree_to_all(membership, agreement)
    text = f"{TEXT}\n## Newer\nWords."
    services.publish_agreement(group=membership.group, title="Agreement", text=text, by=therapist)
    response = browser.post(finish(membership), said(agreement))
    page = response.content.decode()
    assert response.status_code == 409
    assert "The agreement has changed since you opened it." in page
    assert "<h2>Newer</h2>" in page
    assert not Signature.objects.exists()


def test_signing_again_after_a_change_asks_only_for_what_is_new(
    browser: Browser, membership: Membership, agreement: AgreementVersion, therapist: User
) -> None:
    sign(membership, agreement)
    text = f"{TEXT}\n## Newer\nWords."
    newest = services.publish_agreement(group=membership.group, title="Agreement", text=text, by=therapist)
    overview = browser.get(reverse("groups_app:agreements")).content.decode()
    assert "The text has changed." in overview
    assert "Version 1, signed November 14, 2026" in overview
    page = browser.get(reverse("groups_app:sign", args=[membership.pk])).content.decode()
    assert "2 clauses are as you signed them before." in page
    third = reverse("groups_app:sign_clause", args=[membership.pk, 3])
    assert third in page
    assert browser.post(third, {"clause": newest.clauses.last().pk})["Location"] == finish(membership)
    browser.post(finish(membership), said(newest))
    signature = Signature.objects.get(version=newest)
    carried = [acknowledgement.carried_from is not None for acknowledgement in signature.acknowledgements.all()]
    assert carried == [True, True, False]


def test_nobody_reads_or_signs_for_others(membership: Membership, agreement: AgreementVersion, therapist: User) -> None:
    """R43."""
    signature = sign(membership, agreement)
    other = MembershipFactory(group=membership.group, client__with_account=True, state=MembershipState.PREPARING)
    clause = agreement.clauses.first()
    for user in (other.client.user, MemberUserFactory(), therapist):
        outsider = _signed_in(user)
        for name, more in (("sign", []), ("sign_clause", [1]), ("sign_finish", [])):
            address = reverse(f"groups_app:{name}", args=[membership.pk, *more])
            assert outsider.get(address).status_code == 404
        assert outsider.post(finish(membership), said(agreement)).status_code == 404
        assert (
            outsider.post(reverse("groups_app:sign_clause", args=[membership.pk, 1]), {"clause": clause.pk}).status_code
            == 404
        )
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
    sign(membership, agreement)
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
    assert browser.post(reverse("groups_app:sign", args=[membership.pk])).status_code == 405
    assert browser.put(finish(membership)).status_code == 405
    assert browser.put(reverse("groups_app:sign_clause", args=[membership.pk, 1])).status_code == 405
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
        sign(mine, signed)
    browser = _signed_in(client.user)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        browser.get(reverse("groups_app:agreements"))
