"""Pages of groups, agreements and matching in a real browser: accessible, and nothing out of sight on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from common.clock import now
from groups_app.clauses import text_of
from groups_app.models import AgreementVersion, Group, Membership, MembershipState
from groups_app.services import publish_agreement, template_clauses
from members.models import ClientProblemArea, Goal, ProblemArea
from practice.models import Policy, Role
from tests.browser import sign_in
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory, sign
from tests.factories.members import AvailabilityFactory, ClientFactory, WaitingFactory
from tests.factories.practice import SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[[Page], None]
# Light on a laptop: ``test_every_page``.
NARROW_AND_DARK = [(320, "light"), (1280, "dark")]
NAMES = [("Noor", "Baker"), ("Yusuf", "Okafor"), ("Imani", "Adeyemi"), ("Đorđe", "Lund"), ("Chloé", "Stone")]


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def group() -> Group:
    """Forming, with members, a proposal, and people who wait."""
    leaders = [TherapistFactory(first_name="Dana", last_name="Whitfield"), TherapistFactory(last_name="Soto")]
    group = GroupFactory(name="Tuesday circle", leaders=leaders)
    text = text_of(template_clauses(Policy.objects.get()))
    AgreementFactory(group=group, text=text, published_by=leaders[0], clauses=True)
    MembershipFactory.create_batch(4, group=group, client__gender="man")
    MembershipFactory(group=group, client__first_name="Ana", state=MembershipState.PROPOSED)
    grief = ProblemArea.objects.get(code="grief")
    for number, (first, last) in enumerate(NAMES):
        client = ClientFactory(first_name=first, last_name=last, gender="woman")
        WaitingFactory(client=client, since=now().date() - timedelta(days=61 - number))
        AvailabilityFactory(client=client, weekday=1 if number < 3 else 2)
        ClientProblemArea.objects.create(client=client, area=grief, is_primary=True)
        client.goals.add(Goal.objects.get(code="vulnerability"))
    return group


@pytest.fixture
def member(group: Group) -> Membership:
    """Somebody who has signed version 1 and is asked to sign version 2."""
    membership = MembershipFactory(group=group, client__with_account=True)
    version = AgreementVersion.objects.get(group=group)
    sign(membership, version)
    text = f"{version.text}\n## Phones\nThey stay silent.\n\n> Half an ear is heard."
    publish_agreement(group=group, title=version.title, text=text, by=version.published_by)
    return membership


@pytest.mark.takes(seconds=6)
@pytest.mark.parametrize(("width", "scheme"), NARROW_AND_DARK)
def test_staff_pages(
    new_page: Callable[..., Page], assert_accessible: Check, group: Group, width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, SupervisorFactory(roles=[Role.SUPERVISOR, Role.COORDINATOR]))
    proposed = Membership.objects.get(state=MembershipState.PROPOSED)
    addresses = [
        reverse("groups_app:list"),
        *(reverse(f"groups_app:{name}", args=[group.pk]) for name in ("edit", "change_state", "agreement_edit")),
        reverse("groups_app:agreement", args=[group.pk]),
        reverse("groups_app:agreement_version", args=[group.pk, 1]),
        reverse("groups_app:template_edit"),
        reverse("groups_app:paper", args=[group.memberships.seated().first().pk]),
        reverse("groups_app:check_copy"),
        *(reverse(f"groups_app:{name}", args=[proposed.pk]) for name in ("decline", "withdraw")),
        reverse("matching:board"),
        reverse("matching:group", args=[group.pk]),
    ]
    for address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert_accessible(page)


@pytest.mark.parametrize(("width", "scheme"), NARROW_AND_DARK)
def test_member_pages(
    new_page: Callable[..., Page], assert_accessible: Check, member: Membership, width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    assert member.client.user is not None
    sign_in(page, member.client.user)
    addresses = [
        reverse("groups_app:agreements"),
        reverse("groups_app:sign", args=[member.pk]),
        reverse("groups_app:sign_clause", args=[member.pk, 10]),
        reverse("groups_app:signed", args=[member.signatures.get().pk]),
        reverse("groups_app:withdraw_signature", args=[member.signatures.get().pk]),
    ]
    for address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert_accessible(page)


def test_propose_and_undo_without_scripts(new_page: Callable[..., Page], group: Group) -> None:
    page = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    sign_in(page, SupervisorFactory(roles=[Role.COORDINATOR]))
    page.goto(reverse("matching:group", args=[group.pk]))
    page.get_by_role("button", name="Propose Noor Baker").click()
    expect(page.get_by_role("status")).to_contain_text("Noor Baker is proposed for Tuesday circle.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The proposal of Noor Baker is taken back.")
    expect(page.get_by_role("button", name="Propose Noor Baker")).to_be_visible()


def test_sign_on_a_phone_without_scripts(new_page: Callable[..., Page], member: Membership) -> None:
    """UX 8: only the new clause is asked; a name and two boxes; what is missing is said, what was typed is kept."""
    assert member.client.user is not None
    phone = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    sign_in(phone, member.client.user)
    phone.goto(reverse("groups_app:sign", args=[member.pk]))
    expect(phone.get_by_text("9 clauses are as you signed them before.")).to_be_visible()
    phone.get_by_role("link", name="Go through it, clause by clause").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Phones")
    phone.get_by_role("button", name="I agree to this").click()
    phone.get_by_label("Your full name").fill("Imani Adeyemi")
    phone.get_by_role("button", name="Sign the agreement").click()
    expect(phone.get_by_text("Check this box if you want to sign.").first).to_be_visible()
    expect(phone.get_by_label("Your full name")).to_have_value("Imani Adeyemi")
    phone.get_by_label("I have read this agreement").check()
    phone.get_by_label("I mean to sign it").check()
    phone.get_by_role("button", name="Sign the agreement").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You signed the agreement")
    signature = member.signatures.get(version__number=2)
    assert signature.acknowledgements.count() == 10
    assert signature.acknowledgements.filter(carried_from=None).get().clause.heading == "Phones"
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Download your copy").click()
    assert download.value.suggested_filename == f"agreement-{signature.reference}.pdf"
