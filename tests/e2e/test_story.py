"""The whole story in one go, in real browsers, with a real worker and a real mail server (issue "A walking house")."""

import datetime
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from common.clock import local, now
from groups_app.models import Group, MembershipState, Signature
from groups_app.services import record_paper_signature
from practice.models import Practice, User
from reminders.models import Message, MessageState
from sessions_log.models import Attendance, GroupNote, MemberNote
from sessions_log.services import schedule_series
from tests.e2e.conftest import Worker
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.practice import PASSWORD, CoordinatorFactory, RoomFactory, SiteFactory, TherapistFactory
from tests.mail_server import PATIENCE_SECONDS, MailServer

pytestmark = pytest.mark.django_db(transaction=True)

WAITING_LIST = Path(__file__).parent.parent / "records" / "data" / "waiting-list.csv"
MEMBER_PASSWORD = "twelve quiet chairs"
THEME = "Anger that is easier to leave than to say."
AGREEMENT = "## We talk instead of acting\nWe put into words what we feel."
NOTE = "Said that the silence felt like being left, and stayed in the room."
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def noon_zone() -> str:
    """A zone in which it is about noon: mail is due by day, and nobody freezes the clock of a browser and a worker."""
    offset = 12 - now().hour
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


@pytest.fixture
def therapist() -> User:
    return TherapistFactory(first_name="Dana", last_name="Whitfield", email="dana@kith.example")


@pytest.fixture
def group(therapist: User, noon_zone: str) -> Group:
    """A forming group with four members who signed on paper; it meets in twenty minutes, then every week."""
    site = SiteFactory(zone=noon_zone)
    therapist.home_site = site
    therapist.save()
    SiteFactory(name="Austin", zone="America/Chicago", state="TX")
    SiteFactory(name="Online", is_online=True)
    start = local(now() + datetime.timedelta(minutes=20), noon_zone).replace(second=0, microsecond=0)
    group = GroupFactory(
        name="Evergreen circle",
        site=site,
        room=RoomFactory(site=site),
        first_day=start.date(),
        start_time=start.time(),
        leaders=[therapist],
    )
    agreement = AgreementFactory(group=group, text=AGREEMENT, published_by=therapist, clauses=True)
    schedule_series(group=group, by=therapist)
    for membership in MembershipFactory.create_batch(4, group=group, starts_on=start.date()):
        record_paper_signature(
            membership=membership,
            version=agreement,
            signed_on=start.date(),
            name=membership.client.name,
            by=therapist,
        )
    # The session of next week is due for its reminder already.
    policy = Practice.objects.current().policy
    policy.reminder_leads = [192, 2]
    policy.save()
    return group


@pytest.fixture
def waiting_list(tmp_path: Path, group: Group) -> Path:
    """The practice's file, with one more person who is free when the group meets."""
    day = WEEKDAYS[group.weekday]
    row = (
        "Noor,Benítez,,she/her,woman,1988-03-04,noor@mail.example,+1 718 555 0177,email,Brooklyn,no,2026-09-20,self,"
        f"trust; loneliness,role transitions,anxiety,connections,{day} 08:00-20:00,,\n"
    )
    path = tmp_path / "waiting-list.csv"
    path.write_text(WAITING_LIST.read_text("utf-8").rstrip("\n") + "\n" + row, "utf-8")
    return path


@pytest.fixture
def open_as(new_page: Callable[..., Page]) -> Callable[[User], Page]:
    """``open_as(user)`` is a page of somebody who has signed in."""

    def sign_in(user: User) -> Page:
        page = new_page(viewport={"width": 1280, "height": 900})
        page.goto("/account/login/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda address: "/account/login/" not in address)
        return page

    return sign_in


@pytest.mark.takes(seconds=12)
def test_from_the_spreadsheet_to_the_signed_note_and_the_reminder(  # noqa: PLR0917 (fixtures)
    open_as: Callable[[User], Page],
    new_page: Callable[..., Page],
    worker: Worker,
    mail_server: MailServer,
    therapist: User,
    group: Group,
    waiting_list: Path,
) -> None:
    coordinator = CoordinatorFactory()

    at_the_desk = open_as(coordinator)
    import_the_waiting_list(at_the_desk, waiting_list)
    ask_for_screening(at_the_desk)

    with_dana = open_as(therapist)
    screen_noor(with_dana)
    propose_noor(at_the_desk, group)
    accept_noor(with_dana)
    with_noor = new_page(viewport={"width": 390, "height": 844})
    take_the_invitation(with_noor, mail_server)
    sign_the_agreement(with_noor)
    record_the_meeting_and_start(with_dana, group)
    see_the_next_session(with_noor)

    document_the_session(with_dana)

    worker.queue("reminders.tasks.send_due_reminders")
    expect_one_neutral_mail(mail_server, group, therapist)
    worker.finish()
    assert Message.objects.filter(state=MessageState.SENT).count() == 2  # the invitation, too
    assert mail_server.is_empty


def import_the_waiting_list(page: Page, path: Path) -> None:
    """Upload, look at the dry run, take the good rows (R54)."""
    page.goto("/clients/waiting/")
    page.get_by_role("link", name=re.compile("Import|Upload")).first.click()
    if page.get_by_label("File").count() == 0:
        page.get_by_role("link", name=re.compile("Upload")).first.click()
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Every row can be read.")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    page.get_by_role("button", name="Take the 121 good rows").click()
    expect(page.get_by_role("heading", name="121 clients taken")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)


def ask_for_screening(page: Page) -> None:
    """The coordinator finds Noor, one of four of that name, on the list and asks Dana to screen her (R21)."""
    page.goto("/clients/waiting/?q=Noor+Benitez")
    page.get_by_label("Therapist").select_option(label="Dana Whitfield")
    page.get_by_role("button", name="Ask to screen").click()
    expect(page.get_by_text("Dana Whitfield is asked to screen 1 person.")).to_be_visible()


def screen_noor(page: Page) -> None:
    """Five answers and a decision (R21)."""
    page.get_by_role("link", name="Screening").click()
    page.get_by_role("link", name="Screen Noor Benítez").click()
    answers = {"regularly": "Yes", "listen": "Yes", "crisis": "No", "psychosis": "No", "absence": "No"}
    for question, answer in answers.items():
        page.get_by_role("group", name=re.compile(question)).get_by_role("radio", name=answer, exact=True).check()
    page.get_by_role("radio", name="Approved").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text("Noor Benítez: approved.")).to_be_visible()


def propose_noor(page: Page, group: Group) -> None:
    """One click on the matching board (R17)."""
    page.get_by_role("link", name="Matching").click()
    page.get_by_role("link", name=group.name).click()
    page.get_by_role("button", name="Propose Noor Benítez").click()
    expect(page.get_by_role("button", name="Take back Noor Benítez")).to_be_visible()


def accept_noor(page: Page) -> None:
    """Today leads to the candidate; accepting invites her."""
    page.goto("/today/")
    page.get_by_role("link", name=re.compile("^Answer")).click()
    page.get_by_role("button", name="Accept Noor Benítez").click()
    expect(page.get_by_text("Invited")).to_be_visible()


def take_the_invitation(page: Page, mail_server: MailServer) -> None:
    """The mailed link makes the account hers (R41)."""
    recipients, mail = mail_server.next()
    assert recipients == ["noor@mail.example"]
    text = mail.get_body(("plain",))
    assert text is not None
    link = re.search(r"https?://\S+/invitation/\S+", text.get_content())
    assert link
    page.goto(link[0])
    page.get_by_label("Password", exact=False).first.fill(MEMBER_PASSWORD)
    page.get_by_label(re.compile("again", re.IGNORECASE)).fill(MEMBER_PASSWORD)
    page.get_by_role("button", name="Save password and sign in").click()
    expect(page.get_by_role("heading", name="Hello, Noor")).to_be_visible()


def sign_the_agreement(page: Page) -> None:
    """Exact text, typed name, two boxes that nobody ticked for her (R47)."""
    page.get_by_role("link", name="Read and sign the agreement").click()
    page.get_by_role("link", name="Go through it, clause by clause").click()
    page.get_by_role("button", name="I agree to this").click()
    for box in page.get_by_role("checkbox").all():
        expect(box).not_to_be_checked()
        box.check()
    page.get_by_label("Your full name").fill("Noor Benítez")
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("heading", name="You signed the agreement")).to_be_visible()
    signature = Signature.objects.get(membership__client__email="noor@mail.example")
    assert signature.sha256 == hashlib.sha256(AGREEMENT.encode()).hexdigest()
    expect(page.get_by_text(signature.reference)).to_be_visible()


def record_the_meeting_and_start(page: Page, group: Group) -> None:
    """With the meeting recorded she is a member (R25), and the group can start."""
    page.goto(f"/groups/{group.pk}/")
    page.get_by_role("link", name=re.compile("^Record meeting.*Noor Benítez")).click()
    page.get_by_label("In own words").first.fill("Say what I miss before I stay away.")
    page.get_by_label("People who matter").fill("A sister, close; a father, hard to reach.")
    page.get_by_label("We went through the agreement together.").check()
    page.get_by_role("button", name="Record the meeting").click()
    expect(page.get_by_text("The meeting is recorded. Noor Benítez is a member now.")).to_be_visible()
    assert group.memberships.get(client__email="noor@mail.example").state == MembershipState.ACTIVE
    page.get_by_role("link", name="Start the group").first.click()
    page.get_by_role("button", name="Start the group").click()
    expect(page.locator(".over").get_by_text("Running")).to_be_visible()


def see_the_next_session(page: Page) -> None:
    """The first thing on her phone is when and where."""
    page.goto("/")
    card = page.locator(".card-next")
    expect(card).to_contain_text("Your next session, 1 of 14")
    expect(card).to_contain_text("Today")
    expect(card.get_by_role("button", name="I can’t come")).to_be_visible()


def document_the_session(page: Page) -> None:
    """One form: everybody was here but one; a note for the group, one for each; signed and locked (R33, R34, R37)."""
    page.goto("/today/")
    page.get_by_role("link", name=re.compile("Take attendance")).click()
    page.get_by_label("Theme").fill(THEME)
    people = page.locator("li.person")
    expect(people).to_have_count(5)
    people.nth(0).get_by_role("radio", name="Away no notice").check()
    for number in range(1, 5):
        people.nth(number).get_by_role("textbox").fill(NOTE)
    page.get_by_role("button", name="Check and sign").click()
    expect(page.get_by_text(re.compile("Signed")).first).to_be_visible()
    expect(page.get_by_text(THEME)).to_be_visible()
    expect(page.get_by_role("textbox", name="Theme")).to_have_count(0)
    assert GroupNote.objects.signed().count() == 1
    assert MemberNote.objects.signed().count() == 4
    assert sorted(Attendance.objects.values_list("status", flat=True)).count("present") == 4


def expect_one_neutral_mail(mail_server: MailServer, group: Group, therapist: User) -> None:
    """The worker mails Noor about next week: her alone, no group, no therapist, no word of therapy (R48)."""
    recipients, mail = mail_server.next()
    assert recipients == ["noor@mail.example"]
    everything = mail.as_string()
    for word in (group.name, therapist.last_name, "therap", "group", "Whitfield"):
        assert word.lower() not in everything.lower(), word
