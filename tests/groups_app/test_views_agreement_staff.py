"""Staff write an agreement, watch who signs it, and record a signature on paper."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups_app import services
from groups_app.models import AgreementVersion, Group, Membership, MembershipState, PaperScan, Signature
from practice.models import User
from tests.factories.groups_app import AgreementFactory, MembershipFactory, sign
from tests.factories.practice import SupervisorFactory, TherapistFactory
from tests.groups_app.pages import signed_in

# Session and account, savepoint and release; group, leader's right, versions, members, signatures, acknowledgements.
QUERIES_OF_THE_PAGE = 11
TEXT = "## We talk\nWe put into words what we feel.\n\n> It can be answered.\n\n## We come\nEvery time.\n"
PDF = b"%PDF-1.7 a page"


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def agreement(group: Group, therapist: User) -> AgreementVersion:
    """Version 1, of two clauses."""
    return AgreementFactory(group=group, published_by=therapist, text=TEXT, clauses=True)


@pytest.fixture
def browser(therapist: User, agreement: AgreementVersion) -> Browser:
    """The leader's."""
    return signed_in(therapist)


def typed(*clauses: tuple[str, str, str], based_on: AgreementVersion | None = None, **more: Any) -> dict[str, Any]:
    """What the form of an agreement sends: heading, text, number of each clause."""
    data: dict[str, Any] = {
        "title": "Agreement",
        "clause-TOTAL_FORMS": len(clauses),
        "clause-INITIAL_FORMS": 0,
        **more,
    }
    if based_on:
        data["based_on"] = based_on.pk
    for row, (heading, body, number) in enumerate(clauses):
        data |= {f"clause-{row}-heading": heading, f"clause-{row}-body": body, f"clause-{row}-ORDER": number}
    return data


def edit(group: Group) -> str:
    return reverse("groups_app:agreement_edit", args=[group.pk])


# --- Writing --------------------------------------------------------------------------------------------------------
def test_publish(browser: Browser, group: Group, agreement: AgreementVersion, therapist: User) -> None:
    MembershipFactory.create_batch(2, group=group)
    page = browser.get(edit(group)).content.decode()
    assert "Publishing asks 2 people to read and sign again." in page
    assert "It can be answered." in page
    sent = typed(("Second", "B\r\nb", "2"), ("First", "A", "1"), ("", "", "3"), based_on=agreement)
    assert browser.post(edit(group), sent)["Location"] == reverse("groups_app:agreement", args=[group.pk])
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    assert (newest.number, newest.published_by) == (2, therapist)
    assert newest.text == "## First\nA\n\n## Second\nB\nb\n"
    assert [clause.heading for clause in newest.clauses.all()] == ["First", "Second"]


def test_look_at_it_first(browser: Browser, group: Group, agreement: AgreementVersion) -> None:
    page = browser.post(edit(group), typed(("New", "**Words**", "1"), based_on=agreement, preview="1"))
    assert "<strong>Words</strong>" in page.content.decode()
    assert "Your text, not published yet" in page.content.decode()
    assert AgreementVersion.objects.count() == 1


def test_start_from_the_practices_text(browser: Browser, group: Group) -> None:
    page = browser.get(edit(group), {"from": "template"}).content.decode()
    assert "no hugging or any other touch" in page
    assert "for 3 more sessions after it" in page  # the policy's number


def test_publish_twice(browser: Browser, group: Group, agreement: AgreementVersion) -> None:
    sent = typed(("New", "A", "1"), based_on=agreement)
    browser.post(edit(group), sent)
    assert "This is version 2 word for word" in browser.post(edit(group), sent).content.decode()
    assert AgreementVersion.objects.filter(group=group).count() == 2


def test_publish_over_a_newer_version(
    browser: Browser, group: Group, agreement: AgreementVersion, therapist: User
) -> None:
    """Both texts are on the page; the next click publishes knowingly."""
    services.publish_agreement(group=group, title="Agreement", text="## Theirs\nWords.", by=therapist)
    response = browser.post(edit(group), typed(("Mine", "Words.", "1"), based_on=agreement))
    page = response.content.decode()
    assert response.status_code == 409
    assert "published version 2 meanwhile" in page
    assert 'value="Mine"' in page
    assert "<h3>Theirs</h3>" in page
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    assert browser.post(edit(group), typed(("Mine", "Words.", "1"), based_on=newest)).status_code == 302
    assert AgreementVersion.objects.filter(group=group).newest().get().text == "## Mine\nWords.\n"


@pytest.mark.parametrize(
    ("clauses", "sentence"),
    [
        ([("", "", "")], "Write at least one clause."),
        ([("", "Words.", "1")], "Give the clause a heading"),
        ([("A", "## Words.", "1")], "In “A” a line begins with"),
        ([("A", "One.\n> Two.", "1")], "In “A” a line begins with"),
        ([("A" * 121, "", "1")], "at most 120 characters"),
        ([("A", "x\x00", "1")], "Null characters"),
        ([("A", "x", "one")], "Enter a whole number."),
    ],
)
def test_what_cannot_be_published(
    browser: Browser, group: Group, agreement: AgreementVersion, clauses: list[tuple[str, str, str]], sentence: str
) -> None:
    page = browser.post(edit(group), typed(*clauses, based_on=agreement)).content.decode()
    assert sentence in page
    assert "<title>Error:" in page
    assert AgreementVersion.objects.count() == 1


def test_template(group: Group, therapist: User) -> None:
    address = reverse("groups_app:template_edit")
    assert signed_in(therapist).get(address).status_code == 404
    supervisor = signed_in(SupervisorFactory())
    assert "We talk instead of acting" in supervisor.get(address).content.decode()
    assert "In “A” a line" in supervisor.post(address, typed(("A", "> x", "1"))).content.decode()
    for _again in range(2):
        assert supervisor.post(address, typed(("A", "After {notice_sessions}.", "1"))).status_code == 302
    started = services.agreements.start_agreement(group=group, by=therapist)
    assert started.text == "## A\nAfter 3.\n"


# --- Who signed -----------------------------------------------------------------------------------------------------
def test_progress(browser: Browser, group: Group, agreement: AgreementVersion, coordinator: User) -> None:
    one, two, _three = MembershipFactory.create_batch(3, group=group, client__with_account=True)
    signature = sign(one, agreement)
    services.acknowledge_clause(membership=two, clause=agreement.clauses.first(), account=two.client.user)
    address = reverse("groups_app:agreement", args=[group.pk])
    page = browser.get(address).content.decode()
    assert "1 of 3" in page
    assert signature.reference in page
    assert "1 of 2 clauses agreed to" in page
    assert "Not begun" in page
    seen_by_the_desk = signed_in(coordinator).get(address).content.decode()
    assert "1 of 3" in seen_by_the_desk
    assert signature.reference not in seen_by_the_desk


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_for_any_number(
    rows: int,
    browser: Browser,
    group: Group,
    agreement: AgreementVersion,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for membership in MembershipFactory.create_batch(rows, group=group, client__with_account=True):
        sign(membership, agreement)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        browser.get(reverse("groups_app:agreement", args=[group.pk]))


def test_older_versions_stay_readable(
    browser: Browser, group: Group, agreement: AgreementVersion, therapist: User
) -> None:
    services.publish_agreement(group=group, title="Agreement", text="## New\nWords.", by=therapist)
    assert "1 version before this one" in browser.get(reverse("groups_app:agreement", args=[group.pk])).content.decode()
    old = browser.get(reverse("groups_app:agreement_version", args=[group.pk, 1]))
    assert agreement.sha256 in old.content.decode()
    assert browser.get(reverse("groups_app:agreement_version", args=[group.pk, 3])).status_code == 404


# --- Paper ----------------------------------------------------------------------------------------------------------
def paper_of(membership: Membership) -> str:
    return reverse("groups_app:paper", args=[membership.pk])


def on_paper(agreement: AgreementVersion, **changes: Any) -> dict[str, Any]:
    return {"version": agreement.pk, "signed_on": "11/12/2026", "name": "Imani Adeyemi", **changes}


def test_paper_with_a_scan(browser: Browser, group: Group, agreement: AgreementVersion, therapist: User) -> None:
    """R47: without an account somebody signs on paper and becomes a member; the scan is kept encrypted."""
    membership = MembershipFactory(group=group, state=MembershipState.INVITED, starts_on=None)
    upload = SimpleUploadedFile("IMG 1.pdf", PDF, content_type="text/html")
    assert browser.post(paper_of(membership), on_paper(agreement, scan=upload)).status_code == 302
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE
    signature = Signature.objects.get()
    assert (signature.account, signature.recorded_by, str(signature.paper_signed_on)) == (None, therapist, "2026-11-12")
    response = browser.get(reverse("groups_app:scan", args=[signature.pk]))
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert PDF not in bytes(PaperScan.objects.values_list("encoded", flat=True).get())


def test_paper_twice(browser: Browser, group: Group, agreement: AgreementVersion) -> None:
    membership = MembershipFactory(group=group)
    browser.post(paper_of(membership), on_paper(agreement))
    page = browser.post(paper_of(membership), on_paper(agreement)).content.decode()
    assert "has signed this version already" in page
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signed_on": "11/15/2026"}, "That day has not come yet."),
        ({"signed_on": "yesterday"}, "Enter a date as month/day/year"),
        ({"name": ""}, "Fill this in."),
        ({"scan": SimpleUploadedFile("a.pdf", b"<script>")}, "neither a PDF nor a JPEG or PNG"),
        ({"scan": SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * 5 * 1024 * 1024)}, "larger than 5 MB"),
    ],
)
def test_what_is_wrong_with_a_paper(
    browser: Browser, group: Group, agreement: AgreementVersion, changes: dict[str, Any], sentence: str
) -> None:
    membership = MembershipFactory(group=group)
    page = browser.post(paper_of(membership), on_paper(agreement, **changes)).content.decode()
    assert sentence in page
    assert not Signature.objects.exists()


def test_paper_of_an_old_version(browser: Browser, group: Group, agreement: AgreementVersion, therapist: User) -> None:
    membership = MembershipFactory(group=group)
    services.publish_agreement(group=group, title="Agreement", text="## New\nWords.", by=therapist)
    response = browser.post(paper_of(membership), on_paper(agreement))
    assert response.status_code == 409
    assert not Signature.objects.exists()


def test_scan_is_for_who_may_see_signatures(
    browser: Browser, group: Group, agreement: AgreementVersion, coordinator: User
) -> None:
    membership = MembershipFactory(group=group, client__with_account=True)
    browser.post(paper_of(membership), on_paper(agreement, scan=SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")))
    address = reverse("groups_app:scan", args=[Signature.objects.get().pk])
    assert membership.client.user is not None
    assert signed_in(membership.client.user).get(address).status_code == 200
    for outsider in (coordinator, TherapistFactory()):
        assert signed_in(outsider).get(address).status_code == 404
