"""Pages of psychotherapy notes. Who gets an answer at all is in the permission matrix."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.acting import acting_as
from groups_app.models import GroupLeader, Membership
from practice.models import User
from process_notes.interactions.entries import GROUP, Kind
from process_notes.models import InteractionMap, ProcessNote, Share
from process_notes.services import keep_note, record_interaction
from sessions_log.models import GroupNote, MemberNote, Session, SessionLeader
from sessions_log.services import GroupNoteDraft, MemberNoteDraft, cancel_session, document_session
from tests.factories.practice import SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
JSON = {"Accept": "application/json"}


@pytest.fixture
def browser(sign_in: SignIn, therapist: User) -> Client:
    return sign_in(therapist)


def url(name: str, session: Session) -> str:
    return reverse(f"process_notes:{name}", args=[session.pk])


def note(text: str, was: int = 0, **other: str) -> dict[str, Any]:
    return {"note-text": text, "note-was": was, **other}


def talk(members: list[Membership], **changes: str) -> dict[str, str]:
    return {"source": f"m:{members[0].pk}", "target": GROUP, "kind": Kind.REMARK, **changes}


def hand_over(session: Session, leader: User) -> None:
    """Nobody but ``leader`` leads the group from today on."""
    session.group.leaders.filter(until__isnull=True).update(until=session.local_day)
    GroupLeader.objects.create(group=session.group, user=leader, position=1, since=session.local_day)


class TestNote:
    def test_written_and_read(self, browser: Client, past_session: Session) -> None:
        page = url("session", past_session)
        assert browser.post(page, note("My envy of her ease.")).status_code == 302
        assert "My envy of her ease." in browser.get(page).content.decode()

    def test_sent_twice_it_is_kept_once(self, browser: Client, past_session: Session) -> None:
        for _ in range(2):
            browser.post(url("session", past_session), note("Once.\r\nAgain."))
        assert ProcessNote.objects.get().text == "Once.\nAgain."

    def test_autosave_is_told_the_version(self, browser: Client, past_session: Session) -> None:
        answer = browser.post(url("session", past_session), note("One"), headers=JSON)
        assert (answer.status_code, answer.json()) == (200, {"was": {"note": "1"}, "saved": "Saved 8:00 PM"})

    def test_autosave_is_told_what_is_wrong(self, browser: Client, past_session: Session, session: Session) -> None:
        answer = browser.post(url("session", past_session), note("x" * 50_001), headers=JSON)
        assert (answer.status_code, list(answer.json())) == (422, ["sentence"])
        cancel_session(session=past_session, reason="Ill", by=past_session.leaders.get().user)
        answer = browser.post(url("session", past_session), note("Words"), headers=JSON)
        assert (answer.status_code, answer.json()) == (422, {"sentence": "This session is cancelled."})

    def test_two_windows_show_both_texts(self, browser: Client, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="From the first window.", version=0, by=therapist)
        page = url("session", past_session)
        answer = browser.post(page, note("From the second."))
        assert answer.status_code == 409
        for words in (
            "From the first window.",
            "From the second.",
            "You saved other words in another window at 8:00 PM",
        ):
            assert words in answer.content.decode()
        (conflict,) = browser.post(page, note("From the second."), headers=JSON).json()["conflicts"]
        assert (conflict["key"], conflict["was"]) == ("note", "1")
        browser.post(page, note("From the second.", was=answer.context["form"]["was"].value()))
        assert ProcessNote.objects.get().text == "From the second."

    @pytest.mark.parametrize(
        ("choice", "expected"),
        [("both", "From the first. From the second."), ("theirs", "From the first."), ("mine", "From the second.")],
    )
    def test_a_choice_works_without_javascript(
        self, choice: str, expected: str, browser: Client, past_session: Session, therapist: User
    ) -> None:
        keep_note(session=past_session, text="From the first.", version=0, by=therapist)
        browser.post(url("session", past_session), note("From the second.", was=1, settle=f"{choice}:note"))
        assert ProcessNote.objects.get().text == expected

    def test_too_long_a_text_is_kept_on_the_page(self, browser: Client, past_session: Session) -> None:
        answer = browser.post(url("session", past_session), note("x" * 50_001))
        assert "x" * 50_001 in answer.content.decode()
        assert not ProcessNote.objects.exists()

    def test_not_open_yet(self, browser: Client, session: Session) -> None:
        page = url("session", session)
        assert "open 30 minutes before" in browser.get(page).content.decode()
        assert "Early words" in browser.post(page, note("Early words")).content.decode()

    def test_an_author_who_led_nothing_but_the_group_keeps_theirs(
        self, sign_in: SignIn, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        """Also where a stand-in led the session, so that nothing but what they wrote ties them to it (R36)."""
        successor, stand_in = TherapistFactory(), TherapistFactory()
        keep_note(session=past_session, text="Still mine", version=0, by=therapist)
        record_interaction(session=past_session, **talk(members), by=therapist)
        SessionLeader.objects.filter(session=past_session).update(user=stand_in)
        hand_over(past_session, successor)
        group_map = reverse("process_notes:group_map", args=[past_session.group_id])
        browser = sign_in(therapist)
        assert past_session.group.name in browser.get(reverse("process_notes:mine")).content.decode()
        page = browser.get(url("session", past_session)).content.decode()
        assert "Still mine" in page
        record = reverse("sessions_log:session", args=[past_session.pk])
        for gone in (record, reverse("home:group", args=[past_session.group_id])):
            assert browser.get(gone).status_code == 404
            assert f'"{gone}"' not in page
        for kept in (url("map", past_session), group_map):
            assert "Imani A." in browser.get(kept).content.decode()
        assert browser.post(url("session", past_session), note("Mine, and more", was=1)).status_code == 302
        for other in (successor, stand_in):
            browser = sign_in(other)
            assert "Mine, and more" not in browser.get(url("session", past_session)).content.decode()
            assert browser.get(group_map).status_code == 404

    def test_the_second_fence_shows_a_former_leader_theirs_and_no_record(
        self, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        keep_note(session=past_session, text="Still mine", version=0, by=therapist)
        successor = TherapistFactory()
        document_session(
            session=past_session,
            group_note=GroupNoteDraft(theme="Anger"),
            member_notes=[MemberNoteDraft(members[0].pk, {"note": "Spoke."})],
            by=successor,
        )
        keep_note(session=past_session, text="Hers", version=0, by=successor)
        SessionLeader.objects.filter(session=past_session).update(user=successor)
        hand_over(past_session, successor)
        with acting_as(therapist):
            notes = ProcessNote.objects.select_related("session__group__site")
            assert [one.text for one in notes] == ["Still mine"]
            assert not GroupNote.objects.exists()
            assert not MemberNote.objects.exists()


class TestMap:
    def test_added_and_kind_kept(self, browser: Client, past_session: Session, members: list[Membership]) -> None:
        answer = browser.post(url("map", past_session), talk(members, kind=Kind.SUPPORT))
        assert answer.headers["Location"] == f"{url('map', past_session)}?kind=support"
        page = browser.get(answer.headers["Location"]).content.decode()
        assert "Imani A." in page
        assert 'value="support" id="id_kind_3" checked' in page

    def test_a_tap_gets_the_map_alone(self, browser: Client, past_session: Session, members: list[Membership]) -> None:
        answer = browser.post(url("map", past_session), talk(members), headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert answer.content.decode().lstrip().startswith('<div class="stack-l" id="map">')

    def test_what_is_wrong_is_said_and_kept(
        self, browser: Client, past_session: Session, members: list[Membership]
    ) -> None:
        same = f"m:{members[0].pk}"
        page = browser.post(url("map", past_session), talk(members, target=same)).content.decode()
        assert "two different people" in page
        assert f'<option value="{same}" selected>' in page
        assert "Choose somebody." in browser.post(url("map", past_session), {}).content.decode()
        assert not InteractionMap.objects.exists()

    @pytest.mark.parametrize("number", ["1", "x", "", "-1", "²", "1" * 30])
    def test_taken_back_or_not(
        self, number: str, browser: Client, past_session: Session, members: list[Membership]
    ) -> None:
        browser.post(url("map", past_session), talk(members))
        assert browser.post(url("map_undo", past_session), {"number": number}).status_code == 302
        assert (InteractionMap.objects.get().entries == "[]") is (number == "1")

    def test_over_sessions_of_one_kind(
        self, browser: Client, past_session: Session, members: list[Membership], therapist: User
    ) -> None:
        record_interaction(session=past_session, **talk(members, target=f"m:{members[1].pk}"), by=therapist)
        address = reverse("process_notes:group_map", args=[past_session.group_id])
        assert browser.get(address).context["picture"].network.total == 1
        assert browser.get(address, {"kind": "support"}).context["picture"].network.total == 0
        assert browser.get(address, {"kind": "nonsense", "of": "nonsense"}).status_code == 200

    def test_no_map_no_page(self, browser: Client, past_session: Session) -> None:
        assert browser.get(reverse("process_notes:group_map", args=[past_session.group_id])).status_code == 404


class TestSharing:
    def test_the_reader_reads_until_it_ends(
        self, browser: Client, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        keep_note(session=past_session, text="For supervision", version=0, by=therapist)
        record_interaction(session=past_session, **talk(members), by=therapist)
        supervisor = SupervisorFactory(of=[therapist])
        browser.post(url("share", past_session), {"reader": supervisor.pk})
        given = Share.objects.get()
        assert supervisor.name in browser.get(url("session", past_session)).content.decode()
        reading = Client()
        reading.force_login(supervisor)
        page = reading.get(reverse("process_notes:shared", args=[given.pk]))
        assert "For supervision" in page.content.decode()
        assert "data-seat" not in page.content.decode()
        assert therapist.name in reading.get(reverse("process_notes:mine")).content.decode()
        browser.post(reverse("process_notes:end", args=[given.pk]))
        assert reading.get(reverse("process_notes:shared", args=[given.pk])).status_code == 404

    def test_nobody_chosen(self, browser: Client, past_session: Session) -> None:
        answer = browser.post(url("share", past_session), {}, follow=True)
        assert "Choose with whom." in answer.content.decode()


class TestSpeed:
    @pytest.mark.parametrize("count", [1, 3])
    def test_list(
        self, count: int, browser: Client, past_session: Session, therapist: User, django_assert_num_queries: Any
    ) -> None:
        for session in past_session.group.sessions.all()[:count]:
            ProcessNote.objects.create(session=session, author=therapist, updated_at=session.ends_at)
        with django_assert_num_queries(7):  # two of them a test's savepoint
            browser.get(reverse("process_notes:mine"))

    @pytest.mark.parametrize("count", [1, 3])
    def test_map(
        self,
        count: int,
        browser: Client,
        past_session: Session,
        members: list[Membership],
        django_assert_num_queries: Any,
    ) -> None:
        for _ in range(count):
            browser.post(url("map", past_session), talk(members))
        with django_assert_num_queries(11):
            browser.get(url("map", past_session))

    @pytest.mark.parametrize("count", [1, 3])
    def test_over_sessions(
        self, count: int, browser: Client, past_session: Session, therapist: User, django_assert_num_queries: Any
    ) -> None:
        for session in past_session.group.sessions.all()[:count]:
            InteractionMap.objects.create(session=session, author=therapist, updated_at=session.ends_at)
        with django_assert_num_queries(10):
            browser.get(reverse("process_notes:group_map", args=[past_session.group_id]))
