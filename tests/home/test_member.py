"""A member's pages: the next session, what is to be done, what comes; nothing of anybody else (R43)."""

import datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from common.clock import now
from groups_app.models import Group, LeavingReason, Membership, MembershipState, Signature
from home.reads.member import MemberHome, member_home
from members.models import Channel, ContactConsent
from practice.models import Practice, User
from reminders.models import ClientChannel, Wish
from sessions_log.models import AbsenceNotice, Session, SessionStatus
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import MemberUserFactory, SiteFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.home.conftest import MORNING

pytestmark = pytest.mark.django_db

HOME = reverse("home:member")
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def imani(circle: Group) -> Membership:
    """Imani, a member of the Tuesday circle since it began, with an account."""
    client = ClientFactory(with_account=True, first_name="Imani", last_name="Abara")
    return MembershipFactory(group=circle, client=client, starts_on=circle.first_day)


@pytest.fixture
def sessions(circle: Group) -> list[Session]:
    """The circle's first ten sessions; the seventh is today at 10:00 AM."""
    return SessionFactory.create_batch(10, group=circle)


def home_of(membership: Membership) -> MemberHome:
    """What the member's home shows now."""
    return member_home(membership.client.user, at=now())


def signed(membership: Membership, number: int = 1) -> None:
    """Let the member sign a version of the agreement."""
    version = membership.group.agreements.get(number=number)
    Signature.objects.create(
        membership=membership,
        version=version,
        account=membership.client.user,
        text=version.text,
        sha256=version.sha256,
        typed_name="Imani Abara",
        has_read=True,
        intends_to_sign=True,
        signed_at=MORNING,
    )


# --- The next session -----------------------------------------------------------------------------------------------
def test_the_next_session_says_day_time_and_place(
    sign_in: Any, imani: Membership, sessions: list[Session], circle: Group
) -> None:
    page = home_of(imani)
    assert page.following.session == sessions[6]
    assert (page.following.number, page.following.starts, page.following.ends) == ("7 of 14", "10:00 AM", "11:30 AM")
    assert page.is_today
    text = sign_in(imani.client.user).get(HOME).text
    for words in ("Hello, Imani", "Today<br>10:00 AM", "November 24, until 11:30 AM", "110 North 9th Street"):
        assert words in text


def test_directions_tell_the_map_the_address_only(imani: Membership, sessions: list[Session]) -> None:
    assert home_of(imani).following.directions_url == (
        "https://www.openstreetmap.org/search?query=110+North+9th+Street"
    )


def test_an_online_session_is_joined_and_names_its_zone(
    sign_in: Any, imani: Membership, sessions: list[Session]
) -> None:
    """R18: whoever joins from elsewhere must know whose clock it is."""
    Session.objects.update(room=None, online_link="https://video.example/a1")
    text = sign_in(imani.client.user).get(HOME).text
    assert 'href="https://video.example/a1"' in text
    assert "Online, Eastern Time" in text
    assert "Directions" not in text


def test_a_cancelled_session_is_not_the_next_one_but_stays_in_sight(
    imani: Membership, sessions: list[Session], dana: User
) -> None:
    Session.objects.filter(number=7).update(status=SessionStatus.CANCELLED, cancelled_at=MORNING, cancelled_by=dana)
    page = home_of(imani)
    assert page.following.session.number == 8
    assert not page.is_today
    assert [(one.session.number, one.change) for one in page.coming][:2] == [(7, "cancelled"), (9, "")]


def test_a_moved_session_says_so(imani: Membership, sessions: list[Session]) -> None:
    Session.objects.filter(number=8).update(moved_from=MORNING)
    assert home_of(imani).coming[0].change == "moved"


def test_after_the_last_day_nothing_comes(imani: Membership, sessions: list[Session]) -> None:
    Membership.objects.update(
        state=MembershipState.LEAVING, ends_on=sessions[6].local_day, leaving_reason=LeavingReason.OTHER
    )
    page = home_of(imani)
    assert page.following.session.number == 7
    assert page.coming == []


def test_without_any_session_the_page_says_what_happens_next(sign_in: Any, imani: Membership) -> None:
    assert "No session yet" in sign_in(imani.client.user).get(HOME).text


# --- "I can't come" -------------------------------------------------------------------------------------------------
def test_says_they_cannot_come_and_takes_it_back(sign_in: Any, imani: Membership, sessions: list[Session]) -> None:
    browser = sign_in(imani.client.user)
    absence = reverse("sessions_log:absence", args=[sessions[6].pk])
    assert absence in browser.get(HOME).text
    text = browser.post(absence, follow=True).text
    assert "You told us that you cannot come" in text
    assert "Undo" in text
    back = reverse("sessions_log:absence_withdraw", args=[sessions[6].pk])
    assert back in text
    assert "You told us that you cannot come" not in browser.post(back, follow=True).text


def test_whoever_is_not_a_member_yet_cannot_be_away(imani: Membership, sessions: list[Session]) -> None:
    Membership.objects.update(state=MembershipState.PREPARING)
    page = home_of(imani)
    assert page.following.session.number == 7
    assert not page.following.may_answer


def test_a_session_that_began_cannot_be_declined(clock: Any, imani: Membership, sessions: list[Session]) -> None:
    clock.move_to(sessions[6].starts_at)
    assert not home_of(imani).following.may_answer


# --- What is to be done ---------------------------------------------------------------------------------------------
def tasks_of(membership: Membership) -> list[tuple[str, bool]]:
    """Title and whether it is done."""
    return [(task.title, task.is_done) for task in home_of(membership).tasks]


def test_the_way_into_a_group(imani: Membership) -> None:
    """R25: the meeting and the agreement."""
    Membership.objects.update(state=MembershipState.PREPARING, pregroup_met_on=None)
    assert tasks_of(imani) == [("Read and sign the agreement", False), ("Meet your therapist", False)]
    signed(imani)
    Membership.objects.update(pregroup_met_on=TODAY)
    assert tasks_of(imani) == [("Agreement signed", True), ("Met your therapist", True)]


def test_a_changed_agreement_is_to_be_signed_again(imani: Membership, circle: Group) -> None:
    """R26."""
    signed(imani)
    assert tasks_of(imani) == []
    AgreementFactory(group=circle, number=2)
    (task,) = home_of(imani).tasks
    assert task.title == "Sign the changed agreement"
    assert task.url == reverse("groups_app:sign", args=[imani.pk])


# --- What a member must not see -------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["home:member", "home:schedule", "home:me"])
def test_nobody_else_is_on_a_members_pages(
    *, sign_in: Any, imani: Membership, circle: Group, sessions: list[Session], page: str
) -> None:
    """R43: no other member, no leader's note of who is away, nothing of other groups."""
    other = MembershipFactory(group=circle, client=ClientFactory(first_name="Zephyr", last_name="Quill"))
    AbsenceNotice.objects.create(
        session=sessions[6], membership=other, given_at=MORNING, given_by=circle.leaders.first().user
    )
    foreign = SessionFactory(group=GroupFactory(name="Another circle", leaders=[TherapistFactory()]))
    text = sign_in(imani.client.user).get(reverse(page)).text
    for canary in ("Zephyr", "Quill", other.client.email, "Another circle", str(foreign.pk), "you cannot come"):
        assert canary not in text


def test_a_members_account_without_a_record_has_no_page(sign_in: Any) -> None:
    assert sign_in(MemberUserFactory()).get(HOME).status_code == 404


# --- Schedule and me ------------------------------------------------------------------------------------------------
def test_the_schedule_lists_what_comes_by_month(sign_in: Any, imani: Membership, sessions: list[Session]) -> None:
    response = sign_in(imani.client.user).get(reverse("home:schedule"))
    months = [(month.month, len(listed)) for month, listed in response.context["months"]]
    assert months == [(11, 1), (12, 3)]
    assert "November 2026" in response.text


def test_me_shows_how_the_practice_reaches_the_member(sign_in: Any, imani: Membership) -> None:
    Practice.objects.update(name="Hudson Practice", phone="718-555-0199")
    text = sign_in(imani.client.user).get(reverse("home:me")).text
    for words in ("Imani Abara", imani.client.email, "718-555-0199", reverse("account_change_password")):
        assert words in text


def agreed(membership: Membership) -> set[str]:
    """The channels to which the member consents now."""
    return set(ContactConsent.objects.in_force().filter(client=membership.client).values_list("channel", flat=True))


@pytest.mark.parametrize(("channel", "said"), [(Channel.EMAIL, "no more emails"), (Channel.TEXT, "no more texts")])
def test_each_channel_is_stopped_and_started_with_undo(
    sign_in: Any, imani: Membership, channel: Channel, said: str
) -> None:
    """R48: by the member, at once; doing it twice is doing it once."""
    for each in Channel:
        ConsentFactory(client=imani.client, channel=each)
    browser = sign_in(imani.client.user)
    stop, start = (reverse("home:reach", args=[channel, choice]) for choice in ("nothing", "all"))
    first = browser.post(stop, follow=True).text
    assert said in first
    assert "Undo" in first
    assert "Undo" not in browser.post(stop, follow=True).text
    assert agreed(imani) == set(Channel) - {channel}
    for _ in range(2):
        browser.post(start)
        assert agreed(imani) == set(Channel)


def test_a_member_may_want_changes_only(sign_in: Any, imani: Membership) -> None:
    ConsentFactory(client=imani.client)
    browser = sign_in(imani.client.user)
    text = browser.post(reverse("home:reach", args=["email", "changes"]), follow=True).text
    assert "an email only when something changes" in text
    assert ClientChannel.objects.get(client=imani.client, channel=Channel.EMAIL).wish == Wish.CHANGES
    assert f'action="{reverse("home:reach", args=["email", "all"])}"' in text, "undo goes back to what held before"


def test_texts_are_agreed_to_with_their_terms_and_need_a_number(sign_in: Any, imani: Membership) -> None:
    browser = sign_in(imani.client.user)
    text = browser.get(reverse("home:me")).text
    assert "at most 1 a day and 3 a week" in text
    assert "Reply STOP and they end at once" in text
    imani.client.mobile = ""
    imani.client.save()
    assert "We have no mobile number of yours" in browser.get(reverse("home:me")).text
    assert "Enter a mobile phone" in browser.post(reverse("home:reach", args=["text", "all"]), follow=True).text
    assert agreed(imani) == set()


@pytest.mark.parametrize(("channel", "choice"), [("fax", "all"), ("app", "all"), ("email", "sometimes")])
def test_there_is_nothing_else_to_choose(sign_in: Any, imani: Membership, channel: str, choice: str) -> None:
    assert sign_in(imani.client.user).post(reverse("home:reach", args=[channel, choice])).status_code == 404


def test_consent_is_the_members_own_matter(sign_in: Any, dana: User, imani: Membership) -> None:
    verb = reverse("home:reach", args=["text", "nothing"])
    assert sign_in(dana).post(verb).status_code == 404
    assert sign_in(imani.client.user).get(verb).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_the_same_for_any_number_of_rows(
    client: Browser, dana: User, rows: int, django_assert_num_queries: Any
) -> None:
    someone = ClientFactory(with_account=True)
    for number in range(rows):
        group = GroupFactory(leaders=[dana], start_time=datetime.time(12 + 2 * number), first_day=TODAY)
        AgreementFactory(group=group)
        MembershipFactory(group=group, client=someone, state=MembershipState.PREPARING)
        SessionFactory.create_batch(2, group=group)
    client.force_login(someone.user)
    # savepoint and release (none outside tests); session; person; and what the page reads
    with django_assert_num_queries(12):
        client.get(HOME)
    with django_assert_num_queries(7):
        client.get(reverse("home:schedule"))
    assert SiteFactory().groups.count() == rows
