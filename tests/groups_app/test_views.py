"""Pages and buttons of groups and memberships: who reaches them, and what they do."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from pytest_django import Settings

from groups_app.models import (
    AgreementVersion,
    EndingItem,
    Group,
    GroupState,
    Membership,
    MembershipState,
    PregroupMeeting,
)
from practice.models import User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import (
    AdministratorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)
from tests.factories.sessions_log import SessionFactory
from tests.groups_app.pages import signed_in, text
from tests.groups_app.ready import MEETING, TYPED_MEETING, make_ready


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def membership(group: Group) -> Membership:
    """Somebody proposed."""
    return MembershipFactory(
        group=group,
        client__first_name="Noor",
        client__last_name="Baker",
        state=MembershipState.PROPOSED,
        pregroup_met_on=None,
        starts_on=None,
    )


# --- Who reaches what -----------------------------------------------------------------------------------------------
GROUP_PAGES = ["edit", "change_state", "agreement_edit"]
MEMBERSHIP_PAGES = ["decline", "withdraw", "pregroup"]


@pytest.mark.parametrize("make", [TherapistFactory, AdministratorFactory, MemberUserFactory])
def test_outsiders_find_nothing(
    make: Callable[[], User], group: Group, agreement: AgreementVersion, membership: Membership
) -> None:
    """R43: another group's therapist, an administrator, a member."""
    browser = signed_in(make())
    for name in GROUP_PAGES:
        address = reverse(f"groups_app:{name}", args=[group.pk])
        assert browser.get(address).status_code == browser.post(address).status_code == 404
    for name in MEMBERSHIP_PAGES:
        address = reverse(f"groups_app:{name}", args=[membership.pk])
        assert browser.get(address).status_code == browser.post(address).status_code == 404
    assert browser.post(reverse("groups_app:accept", args=[membership.pk])).status_code == 404


def test_clinical_decisions_are_not_the_coordinators(
    group: Group, agreement: AgreementVersion, membership: Membership, coordinator: User
) -> None:
    browser = signed_in(coordinator)
    for name in ("change_state", "agreement_edit"):
        assert browser.post(reverse(f"groups_app:{name}", args=[group.pk])).status_code == 404
    for name in ("accept", "decline", "pregroup"):
        assert browser.post(reverse(f"groups_app:{name}", args=[membership.pk])).status_code == 404
    Membership.objects.filter(pk=membership.pk).update(
        state="active", seat=1, pregroup_met_on=date(2026, 11, 10), starts_on=date(2026, 11, 12)
    )
    assert browser.get(reverse("groups_app:withdraw", args=[membership.pk])).status_code == 404


def test_wrong_verbs(group: Group, agreement: AgreementVersion, membership: Membership, therapist: User) -> None:
    browser = signed_in(therapist)
    assert browser.get(reverse("groups_app:accept", args=[membership.pk])).status_code == 405
    assert browser.post(reverse("groups_app:list")).status_code == 405
    for name in GROUP_PAGES:
        assert browser.put(reverse(f"groups_app:{name}", args=[group.pk])).status_code == 405
    for name in MEMBERSHIP_PAGES:
        assert browser.put(reverse(f"groups_app:{name}", args=[membership.pk])).status_code == 405


# --- Editing --------------------------------------------------------------------------------------------------------
def test_edit(group: Group, therapist: User, coordinator: User) -> None:
    second = TherapistFactory()
    address = reverse("groups_app:edit", args=[group.pk])
    browser = signed_in(coordinator)
    assert "It meets on Tuesday at 6:00 PM, Brooklyn." in text(browser.get(address))
    said = {
        "name": "Evening circle",
        "orientation": "cbt",
        "capacity": "6",
        "leader_1": second.pk,
        "leader_3": therapist.pk,
    }
    assert browser.post(address, said).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.orientation, group.capacity) == ("Evening circle", "cbt", 6)
    assert [row.user for row in group.leaders.filter(until__isnull=True).order_by("position")] == [second, therapist]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"capacity": "13"}, "A group has from 2 to 12 places."),
        ({"name": "Monday circle"}, "Another group is called “Monday circle”."),
        ({"leader_1": ""}, "Choose one."),
        ({"leader_1": "nobody"}, "not one of the available choices"),
        ({"capacity": "2"}, "3 places are taken already"),
    ],
)
def test_edit_keeps_what_was_typed(group: Group, therapist: User, changes: dict[str, str], sentence: str) -> None:
    GroupFactory(name="Monday circle")
    MembershipFactory.create_batch(3, group=group)
    said = {"name": "Typed name", "orientation": "cbt", "capacity": "8", "leader_1": str(therapist.pk), **changes}
    response = signed_in(therapist).post(reverse("groups_app:edit", args=[group.pk]), said)
    page = text(response)
    assert response.status_code == 200
    assert "<title>Error:" in page
    assert sentence in page
    assert said["name"] in page
    group.refresh_from_db()
    assert group.name == "Tuesday circle"


def test_edit_names_a_leader_who_is_chosen_twice(group: Group, therapist: User) -> None:
    said = {"name": "Circle", "orientation": "cbt", "leader_1": therapist.pk, "leader_2": therapist.pk}
    page = text(signed_in(therapist).post(reverse("groups_app:edit", args=[group.pk]), said))
    assert "A leader is chosen twice" in page


# --- The life of a group --------------------------------------------------------------------------------------------
def test_start(group: Group, therapist: User) -> None:
    address = reverse("groups_app:change_state", args=[group.pk])
    browser = signed_in(therapist)
    page = text(browser.get(address))
    assert "the door is shut" in page
    assert "Start the group</button>" not in page  # what is open comes first
    refused = text(browser.post(address, {"to": "running"}))
    assert "No session is to come." in refused
    assert "Every agreement signed" in refused
    make_ready(group)
    assert browser.post(address, {"to": "running", "reason": "Everybody is ready."}).status_code == 302
    group.refresh_from_db()
    assert group.state == GroupState.RUNNING
    assert "Load the page again" in text(browser.post(address, {"to": "running"}))


@pytest.mark.parametrize("state", GroupState.values)
def test_every_step_has_its_page(group: Group, therapist: User, state: str) -> None:
    Group.objects.update(state=state)
    assert signed_in(therapist).get(reverse("groups_app:change_state", args=[group.pk])).status_code == 200


def test_a_step_offers_undo(group: Group, therapist: User) -> None:
    """UX: what can be undone says so."""
    Group.objects.update(state=GroupState.PLANNED)
    browser = signed_in(therapist)
    browser.post(reverse("groups_app:change_state", args=[group.pk]), {"to": "forming"})
    back = reverse("groups_app:take_step_back", args=[group.pk])
    assert back in text(browser.get(reverse("home:group", args=[group.pk])))
    for state, sentence in (("planned", "is planned again"), ("planned", "There is no step to take back")):
        assert sentence in text(browser.post(back, follow=True))
        group.refresh_from_db()
        assert group.state == state


def test_call_off(group: Group, therapist: User) -> None:
    address = reverse("groups_app:call_off", args=[group.pk])
    browser = signed_in(therapist)
    assert "cannot be taken back" in text(browser.get(address))
    assert "<title>Error:" in text(browser.post(address, {"reason": ""}))
    page = text(browser.post(address, {"reason": "Too few people."}, follow=True))
    assert "is called off" in page
    assert "Too few people." in page
    assert "has started" in text(browser.post(address, {"reason": "Again."}))


def test_the_ending_is_checked_off(group: Group, therapist: User) -> None:
    """R29: a line is a button; the step itself asks for a reason while lines are open."""
    Group.objects.update(state=GroupState.ENDING)
    item = EndingItem.objects.first()
    assert item is not None
    address = reverse("groups_app:ending_check", args=[group.pk, item.pk])
    browser = signed_in(therapist)
    for said, count in (({"done": "1"}, 1), ({"done": "1"}, 1), ({}, 0)):
        assert browser.post(address, said).status_code == 302
        assert group.ending_checks.count() == count
    change = reverse("groups_app:change_state", args=[group.pk])
    assert item.title in text(browser.get(change))
    assert "say in a few words why not" in text(browser.post(change, {"to": "ended"}))
    Group.objects.update(state=GroupState.ENDED)
    assert "This group is over" in text(browser.post(address, {"done": "1"}, follow=True))


# --- Answering ------------------------------------------------------------------------------------------------------
def test_accept(membership: Membership, therapist: User) -> None:
    browser = signed_in(therapist)
    address = reverse("groups_app:accept", args=[membership.pk])
    response = browser.post(address)
    assert response["Location"] == reverse("home:group", args=[membership.group_id])
    membership.refresh_from_db()
    assert membership.state == MembershipState.INVITED
    browser.post(address)
    sentences = [str(message) for message in browser.get(reverse("groups_app:list")).context["messages"]]
    assert sentences == [
        "Noor Baker has a place now and gets an invitation by email.",
        "Noor B. is “invited” in this group now. Load the page again to see what comes next.",
    ]


def test_supervisor_may_answer(membership: Membership) -> None:
    signed_in(SupervisorFactory()).post(reverse("groups_app:accept", args=[membership.pk]))
    membership.refresh_from_db()
    assert membership.is_seated


def test_decline_asks_why(membership: Membership, therapist: User) -> None:
    address = reverse("groups_app:decline", args=[membership.pk])
    browser = signed_in(therapist)
    assert "Decline Noor Baker?" in text(browser.get(address))
    assert "Fill this in." in text(browser.post(address, {"reason": " "}))
    assert browser.post(address, {"reason": "Too early."}).status_code == 302
    assert "Load the page again" in text(browser.post(address, {"reason": "Too early."}))
    membership.refresh_from_db()
    assert membership.state == MembershipState.DECLINED


def test_withdraw_a_proposal_without_words(membership: Membership, coordinator: User) -> None:
    browser = signed_in(coordinator)
    address = reverse("groups_app:withdraw", args=[membership.pk])
    assert "Take back the proposal of Noor Baker?" in text(browser.get(address))
    assert browser.post(address).status_code == 302
    membership.refresh_from_db()
    assert membership.state == MembershipState.WITHDRAWN


def test_end_a_membership(group: Group, therapist: User) -> None:
    member = MembershipFactory(group=group)
    browser = signed_in(therapist)
    address = reverse("groups_app:withdraw", args=[member.pk])
    assert "End the place" in text(browser.get(address))
    assert browser.post(address).status_code == 200
    assert browser.post(address, {"reason": "Moved away."}).status_code == 200
    assert browser.post(address, {"reason": "Moved away.", "why": "moved"}).status_code == 302
    member.refresh_from_db()
    assert (member.state, member.leaving_reason) == (MembershipState.LEFT, "moved")


def test_a_notice_from_the_page_to_staying(group: Group, therapist: User) -> None:
    """R27: the policy's number of sessions is chosen; staying after all is one button."""
    member = MembershipFactory(group=group)
    SessionFactory.create_batch(5, group=group)
    browser = signed_in(therapist)
    address = reverse("sessions_log:notice", args=[member.pk])
    assert 'value="2026-12-08" selected' in text(browser.get(address))
    refused = text(browser.post(address, {"last_day": "2026-12-09", "why": ""}))
    assert "<title>Error:" in refused
    page = text(browser.post(address, {"last_day": "2026-12-08", "why": "moved"}, follow=True))
    assert "Leaves on December 8 · 3 sessions left · Moved away" in page
    back = reverse("groups_app:take_notice_back", args=[member.pk])
    assert back in page
    assert "stays." in text(browser.post(back, follow=True))
    assert "Load the page again" in text(browser.post(back, follow=True))
    member.refresh_from_db()
    assert member.state == MembershipState.ACTIVE


def test_the_door_from_the_page(group: Group, therapist: User) -> None:
    """R28."""
    make_ready(group)
    Group.objects.update(state=GroupState.RUNNING)
    browser = signed_in(therapist)
    address = reverse("sessions_log:door", args=[group.pk])
    page = text(browser.get(address))
    assert "2026-12-01" in page
    assert "2026-11-24" not in page
    assert "<title>Error:" in text(browser.post(address, {"opens_on": "2026-11-24", "reason": "Soon."}))
    page = text(browser.post(address, {"opens_on": "2026-12-01", "reason": "Two places are free."}, follow=True))
    assert "It opens on Tuesday, December 1." in page
    assert "Two places are free." in page
    member = Membership.objects.filter(group=group).first()
    assert member is not None
    assert member.client.user is not None
    mine = signed_in(member.client.user)
    home = text(mine.get(reverse("home:member")))
    assert "Starting Tuesday, December 1, somebody new may join your group." in home
    assert "places" not in home
    seen = reverse("groups_app:see_notice", args=[member.notices.get().pk])
    for _ in range(2):
        assert "somebody new" not in text(mine.post(seen, follow=True))
    close = reverse("groups_app:close_door", args=[group.pk])
    assert "is shut" in text(browser.post(close, follow=True))
    assert "shut already" in text(browser.post(close, follow=True))


def test_a_follow_up_from_the_page(group: Group, therapist: User) -> None:
    """R29."""
    left = MembershipFactory(group=group, state=MembershipState.LEFT)
    browser = signed_in(therapist)
    address = reverse("groups_app:follow_up", args=[left.pk])
    assert "That day" not in text(browser.post(address, {"on": "2026-11-14"}))
    page = text(browser.get(address))
    assert "Record that we met" in page
    assert "Met afterwards on November 14" in text(
        browser.post(address, {"on": "2026-11-14", "held": "1"}, follow=True)
    )
    assert "This meeting took place" in text(browser.get(address))


def test_edit_sets_the_cover(group: Group, therapist: User) -> None:
    """R24."""
    cover = TherapistFactory(first_name="Ruth", last_name="Osei")
    said = {"name": group.name, "orientation": "cbt", "leader_1": therapist.pk, "cover": cover.pk}
    page = text(signed_in(therapist).post(reverse("groups_app:edit", args=[group.pk]), said, follow=True))
    assert "Ruth Osei covers" in page


# --- The meeting ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["11/12/2026", "2026-11-12", "November 12, 2026"])
def test_record_the_meeting(group: Group, therapist: User, typed: str) -> None:
    """R25; dates are typed as people write them."""
    preparing = MembershipFactory(group=group, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None)
    address = reverse("groups_app:pregroup", args=[preparing.pk])
    browser = signed_in(therapist)
    assert "11/14/2026" in text(browser.get(address))
    assert "Agree on at least one goal" in text(browser.post(address, {"on": typed}))
    assert not PregroupMeeting.objects.exists()
    assert browser.post(address, {"on": typed, **TYPED_MEETING}).status_code == 302
    preparing.refresh_from_db()
    assert preparing.pregroup_met_on == date(2026, 11, 12)
    assert PregroupMeeting.objects.get().inventory == MEETING["inventory"]
    assert TYPED_MEETING["words_1"] in text(browser.get(address))


@pytest.mark.parametrize(
    ("typed", "sentence"), [("11/15/2026", "That day has not come yet."), ("soon", "Enter a date as month/day/year")]
)
def test_meeting_that_cannot_be(group: Group, therapist: User, typed: str, sentence: str) -> None:
    preparing = MembershipFactory(group=group, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None)
    page = text(
        signed_in(therapist).post(reverse("groups_app:pregroup", args=[preparing.pk]), {"on": typed, **TYPED_MEETING})
    )
    assert sentence in page
    assert f'value="{typed}"' in page
