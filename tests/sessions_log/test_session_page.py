"""The session's page: attendance and notes on one form (R33, R34, R43)."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse

from common.clock import now
from groups_app.models import Group, Membership, Phase
from practice.models import Role, User
from sessions_log.models import Attendance, AttendanceStatus, GroupNote, MemberNote, Session
from sessions_log.page import Page
from sessions_log.services import (
    GroupNoteDraft,
    MemberNoteDraft,
    cancel_session,
    document_session,
    give_absence_notice,
    sign_session,
)
from sessions_log.sheet import Sheet
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
CANARY = "canary-77 words that only leaders read"


class FormReader(HTMLParser):
    """Reads what a browser would send: the values of all controls inside the page's own form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or ""
        if tag == "input" and name and (values.get("type") not in ("radio", "checkbox") or "checked" in values):
            self.fields.append((name, values.get("value") or ""))
        elif tag == "textarea":
            self._textarea = name
            self.fields.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # The line break right after the tag belongs to the markup.
            self.fields[-1] = (self._textarea, self.fields[-1][1] + data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None


def form_of(response: HttpResponse) -> dict[str, Any]:
    """Return the page's form as a browser would send it: name → value, or values of checked boxes."""
    reader = FormReader()
    reader.feed(response.content.decode())
    data: dict[str, Any] = {}
    for name, value in reader.fields:
        if name in ("group-interventions", "group-factors") or name.startswith("initial-group-"):
            data.setdefault(name, []).append(value)
        else:
            data[name] = value
    data.pop("csrfmiddlewaretoken", None)
    return data


@pytest.fixture
def url(session: Session) -> str:
    return reverse("sessions_log:session", args=[session.pk])


@pytest.fixture
def browser(past_session: Session, therapist: User, sign_in: SignIn) -> Client:
    """The leader's, on the evening of the session."""
    return sign_in(therapist)


def key(membership: Membership, name: str) -> str:
    return f"{membership.pk}-{name}"


class TestForm:
    def test_proposes_that_everybody_is_here_but_who_said_otherwise(
        self, clock: time_machine.Traveller, session: Session, members: list[Membership], sign_in: SignIn
    ) -> None:
        url = reverse("sessions_log:session", args=[session.pk])
        give_absence_notice(session=session, membership=members[1], by=members[1].client.user)
        clock.move_to(session.ends_at)
        response = sign_in(session.leaders.get().user).get(url)
        data = form_of(response)
        assert [data[key(membership, "status")] for membership in members] == ["present", "absent-notice", "present"]
        page = response.content.decode()
        assert "Said on Friday they are away" in page
        for words in ("Session 1 of 14", "Tuesday, November 24, 6:00–7:30 PM", "D. Whitfield", "Not saved yet"):
            assert words in page
        assert not Attendance.objects.exists()

    def test_one_post_saves_all(self, browser: Client, url: str, members: list[Membership], therapist: User) -> None:
        data = form_of(browser.get(url)) | {
            "group-theme": "Anger\r\nand silence",
            "group-plan": "Stay with it",
            "group-interventions": ["feedback", "here-and-now"],
            key(members[0], "note"): CANARY,
            key(members[1], "status"): "late",
        }
        assert browser.post(url, data).status_code == 302
        note = GroupNote.objects.get()
        assert (note.parts["theme"], note.parts["plan"], note.interventions) == (
            "Anger\nand silence",
            "Stay with it",
            ["feedback", "here-and-now"],
        )
        assert MemberNote.objects.get().text == CANARY
        assert dict(Attendance.objects.values_list("membership", "status")) == {
            members[0].pk: "present",
            members[1].pk: "late",
            members[2].pk: "present",
        }
        page = browser.get(url).content.decode()
        assert "Saved 8:00 PM" in page
        assert "2 here, 1 late" in page
        assert "2 notes empty" in page

    def test_sent_twice_is_saved_once(self, browser: Client, url: str, members: list[Membership]) -> None:
        data = form_of(browser.get(url)) | {"group-theme": "Anger", key(members[0], "note"): CANARY}
        for _twice in range(2):
            assert browser.post(url, data).status_code == 302
        assert GroupNote.objects.get().version == 1
        assert MemberNote.objects.get().version == 1
        assert Attendance.objects.count() == 3

    def test_what_was_saved_comes_back_word_by_word(self, browser: Client, url: str, members: list[Membership]) -> None:
        words = "First line\r\n\r\n<b>Second</b> & “third” 🙂\r\n  indented"
        browser.post(url, form_of(browser.get(url)) | {key(members[0], "note"): words})
        shown = form_of(browser.get(url))
        assert shown[key(members[0], "note")] == words.replace("\r\n", "\n")
        # Sending the page as it is changes nothing.
        browser.post(
            url,
            {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in shown.items()},
        )
        assert MemberNote.objects.get().version == 1

    def test_an_invalid_field_keeps_every_other_word(
        self, browser: Client, url: str, members: list[Membership]
    ) -> None:
        data = form_of(browser.get(url)) | {
            "group-theme": "Anger",
            "group-factors": ["hope"],
            key(members[0], "note"): CANARY,
            key(members[1], "status"): "asleep",
            key(members[2], "note"): "x" * 20_001,
        }
        response = browser.post(url, data)
        assert response.status_code == 200
        page = response.content.decode()
        assert "<title>Error:" in page
        assert f'href="#id_{members[1].pk}-status"' in page
        assert f'href="#id_{members[2].pk}-note"' in page
        shown = form_of(response)
        for name in ("group-theme", key(members[0], "note"), key(members[2], "note")):
            assert shown[name] == data[name]
        assert shown["group-factors"] == ["hope"]
        assert not GroupNote.objects.exists()
        assert not Attendance.objects.exists()

    def test_a_null_byte_is_an_error_on_the_form(self, browser: Client, url: str) -> None:
        response = browser.post(url, form_of(browser.get(url)) | {"group-theme": "a\x00b"})
        assert "Null characters are not allowed" in response.content.decode()

    def test_a_broken_version_is_no_crash(self, browser: Client, url: str) -> None:
        response = browser.post(url, form_of(browser.get(url)) | {"group-theme": "Anger", "group-was": "x"})
        assert response.status_code == 302
        assert GroupNote.objects.get().text == "Anger"

    def test_signing_from_the_page(self, browser: Client, url: str, members: list[Membership], therapist: User) -> None:
        data = form_of(browser.get(url)) | {"group-theme": "Anger", "sign": ""}
        response = browser.post(url, data, follow=True)
        page = response.content.decode()
        # Saved, and told what is missing.
        assert "Before you can sign" in page
        assert "Imani A. needs a note." in page
        assert f'href="#id_{members[0].pk}-note"' in page
        assert GroupNote.objects.get().parts["theme"] == "Anger"
        data = form_of(response) | {key(membership, "note"): "Spoke." for membership in members}
        page = browser.post(url, data | {"sign": ""}, follow=True).content.decode()
        assert "Signed by Dana Whitfield on November 24, 2026 at 8:00 PM" in page
        assert "<textarea" not in page
        # Twice is once.
        assert browser.post(url, data | {"sign": ""}).status_code == 302
        assert MemberNote.objects.signed().count() == 3


class TestConflict:
    @pytest.fixture
    def colleague(self, past_session: Session) -> User:
        return TherapistFactory(first_name="Rosa", last_name="Osei")

    def test_both_texts_stay_on_the_page(
        self, browser: Client, url: str, past_session: Session, members: list[Membership], colleague: User
    ) -> None:
        data = form_of(browser.get(url)) | {key(members[0], "note"): "Mine", key(members[1], "note"): "Also mine"}
        document_session(
            session=past_session, member_notes=[MemberNoteDraft(members[0].pk, {"note": "Theirs"})], by=colleague
        )
        response = browser.post(url, data)
        assert response.status_code == 409
        page = response.content.decode()
        assert "Rosa Osei saved other words at 8:00 PM:" in page
        assert "Theirs" in page
        shown = form_of(response)
        assert (shown[key(members[0], "note")], shown[key(members[1], "note")]) == ("Mine", "Also mine")
        assert MemberNote.objects.get().text == "Theirs"
        # Saving the page once more is a decision.
        assert browser.post(url, shown).status_code == 302
        assert {note.text for note in MemberNote.objects.all()} == {"Mine", "Also mine"}

    def test_the_group_note_too(self, browser: Client, url: str, past_session: Session, colleague: User) -> None:
        data = form_of(browser.get(url)) | {"group-theme": "Mine"}
        theirs = GroupNoteDraft(theme="Theirs", plan="Their plan")
        document_session(session=past_session, group_note=theirs, by=colleague)
        response = browser.post(url, data)
        assert response.status_code == 409
        page = response.content.decode()
        assert "Theirs" in page
        assert "Their plan" in page
        assert form_of(response)["group-theme"] == "Mine"
        # Giving in to the stored text is a decision as well.
        browser.post(url, form_of(response) | {"group-theme": "Theirs", "group-plan": "Their plan"})
        assert GroupNote.objects.get().version == 1

    def test_what_nobody_touched_here_is_shown_as_it_is_stored(
        self, browser: Client, url: str, past_session: Session, members: list[Membership], colleague: User
    ) -> None:
        """Else the names found in a colleague's words would stand under an empty field."""
        data = form_of(browser.get(url)) | {"group-theme": "Mine"}
        theirs = [MemberNoteDraft(members[0].pk, {"note": "Spoke of the door."})]
        document_session(session=past_session, group_note=GroupNoteDraft(theme="T"), member_notes=theirs, by=colleague)
        response = browser.post(url, data)
        assert response.status_code == 409
        assert '<a href="#id_group-theme">The group</a>' in response.text
        shown = form_of(response)
        assert (shown["group-theme"], shown[key(members[0], "note")]) == ("Mine", "Spoke of the door.")
        assert browser.post(url, shown).status_code == 302
        assert MemberNote.objects.get().text == "Spoke of the door."

    def test_one_window_after_the_other_is_oneself(
        self, browser: Client, url: str, past_session: Session, therapist: User
    ) -> None:
        data = form_of(browser.get(url)) | {"group-theme": "Mine"}
        document_session(session=past_session, group_note=GroupNoteDraft(theme="T"), by=therapist)
        assert "You saved other words in another window" in browser.post(url, data).text

    def test_what_was_not_touched_is_never_written_over(
        self, browser: Client, url: str, past_session: Session, members: list[Membership], colleague: User
    ) -> None:
        """Two leaders write at once, each about other people: no conflict, nothing lost."""
        data = form_of(browser.get(url)) | {key(members[0], "note"): "Mine"}
        document_session(
            session=past_session,
            statuses={members[1].pk: AttendanceStatus.LATE},
            member_notes=[MemberNoteDraft(members[1].pk, {"note": "Theirs"})],
            by=colleague,
        )
        assert browser.post(url, data).status_code == 302
        texts = {note.membership_id: note.text for note in MemberNote.objects.all()}
        assert texts == {members[0].pk: "Mine", members[1].pk: "Theirs"}
        assert Attendance.objects.get(membership=members[1]).status == "late"

    def test_words_typed_while_somebody_signed_stay_on_the_page(
        self, browser: Client, url: str, past_session: Session, members: list[Membership], colleague: User
    ) -> None:
        data = form_of(browser.get(url)) | {key(members[0], "note"): "Typed too late"}
        document_session(
            session=past_session,
            statuses={membership.pk: AttendanceStatus.NO_SHOW for membership in members},
            group_note=GroupNoteDraft(theme="Nobody came"),
            by=colleague,
        )
        sign_session(session=past_session, by=colleague)
        response = browser.post(url, data)
        assert response.status_code == 409
        page = response.content.decode()
        assert "Your words were not saved" in page
        assert "Typed too late" in page
        assert not MemberNote.objects.exists()


class TestWhoMaySeeWhat:
    @pytest.fixture(autouse=True)
    def _written(self, past_session: Session, members: list[Membership], therapist: User) -> None:
        document_session(
            session=past_session,
            statuses={membership.pk: AttendanceStatus.PRESENT for membership in members},
            group_note=GroupNoteDraft(theme=CANARY),
            member_notes=[MemberNoteDraft(membership.pk, {"note": CANARY}) for membership in members],
            by=therapist,
        )

    def test_coordinators_see_the_schedule_and_no_person(
        self, sign_in: SignIn, url: str, members: list[Membership]
    ) -> None:
        """R43."""
        page = sign_in(CoordinatorFactory()).get(url).content.decode()
        assert "Tuesday, November 24" in page
        for hidden in ("canary", "Imani", "textarea", "Here"):
            assert hidden not in page

    def test_supervisors_read_what_is_signed_and_no_draft(
        self, sign_in: SignIn, url: str, past_session: Session, therapist: User
    ) -> None:
        browser, other = sign_in(SupervisorFactory(of=[therapist])), SupervisorFactory(of=[TherapistFactory()])
        assert "canary" not in browser.get(url).content.decode()
        sign_session(session=past_session, by=therapist)
        page = browser.get(url).content.decode()
        assert CANARY in page
        assert "<textarea" not in page
        assert "canary" not in sign_in(other).get(url).content.decode()

    def test_a_co_leader_reads_and_writes(self, sign_in: SignIn, url: str, group: Group) -> None:
        colleague = TherapistFactory()
        group.leaders.create(user=colleague, position=2, since=group.first_day)
        assert CANARY in sign_in(colleague).get(url).content.decode()

    def test_a_therapist_who_led_only_this_session_documents_it(
        self, sign_in: SignIn, url: str, past_session: Session, group: Group
    ) -> None:
        substitute = TherapistFactory()
        past_session.leaders.create(user=substitute, position=2, busy=past_session.span)
        browser = sign_in(substitute)
        assert CANARY in browser.get(url).content.decode()
        other = group.sessions.get(number=2)
        assert browser.get(reverse("sessions_log:session", args=[other.pk])).status_code == 404

    def test_others_find_nothing(self, sign_in: SignIn, url: str, members: list[Membership]) -> None:
        for outsider in (
            TherapistFactory(),
            AdministratorFactory(),
            members[0].client.user,
            MemberUserFactory(),
            TherapistFactory(roles=[Role.THERAPIST, Role.ADMINISTRATOR]),
        ):
            browser = sign_in(outsider)
            assert browser.get(url).status_code == 404
            assert browser.post(url, {}).status_code == 404

    def test_only_leaders_write(self, sign_in: SignIn, url: str) -> None:
        for reader in (CoordinatorFactory(), SupervisorFactory()):
            assert sign_in(reader).post(url, {"group-theme": "Mine"}).status_code == 404
        assert GroupNote.objects.get().parts["theme"] == CANARY

    def test_other_verbs_are_refused(self, sign_in: SignIn, url: str, therapist: User) -> None:
        assert sign_in(therapist).delete(url).status_code == 405
        assert sign_in(therapist).put(url).status_code == 405


class TestTime:
    def test_before_the_start_the_roster_says_who_will_be_away(
        self, session: Session, members: list[Membership], therapist: User, sign_in: SignIn, url: str
    ) -> None:
        give_absence_notice(session=session, membership=members[1], by=members[1].client.user)
        page = sign_in(therapist).get(url).content.decode()
        assert "3 people, 1 will be away" in page
        assert "Said on Friday they are away" in page
        assert "<textarea" not in page
        assert reverse("sessions_log:move", args=[session.pk]) in page

    def test_words_sent_too_early_stay_on_the_page(
        self, session: Session, members: list[Membership], therapist: User, sign_in: SignIn, url: str
    ) -> None:
        data = {"group-theme": "Early words", **{key(membership, "status"): "present" for membership in members}}
        response = sign_in(therapist).post(url, data)
        assert "from 30 minutes before its start" in response.content.decode()
        assert form_of(response)["group-theme"] == "Early words"
        assert not GroupNote.objects.exists()

    def test_a_cancelled_session_says_why(self, session: Session, therapist: User, sign_in: SignIn, url: str) -> None:
        cancel_session(session=session, reason="Leader ill", by=therapist)
        page = sign_in(therapist).get(url).content.decode()
        assert "Leader ill" in page
        assert reverse("sessions_log:move", args=[session.pk]) not in page


def leave_but(group: Group, staying: list[Membership]) -> None:
    """Let everybody else have left before the session."""
    others = group.memberships.exclude(pk__in=[membership.pk for membership in staying])
    others.update(state="left", seat=None, ends_on=F("starts_on"), leaving_reason="completed")


class TestSpeed:
    @pytest.mark.parametrize("people", [1, 3])
    def test_reading(
        self, people: int, group: Group, browser: Client, url: str, django_assert_num_queries: Any
    ) -> None:
        leave_but(group, list(group.memberships.all()[:people]))
        with django_assert_num_queries(8):  # two of them a test's savepoint
            assert browser.get(url).status_code == 200

    @pytest.mark.parametrize("people", [1, 8])
    def test_saving_in_one_round_trip(
        self, people: int, group: Group, browser: Client, url: str, django_assert_num_queries: Any
    ) -> None:
        MembershipFactory.create_batch(max(people - 3, 0), group=group)
        chosen = list(group.memberships.all()[:people])
        leave_but(group, chosen)
        data = form_of(browser.get(url)) | {"group-theme": "Anger"}
        data |= {key(membership, "note"): "Spoke." for membership in chosen}
        with django_assert_num_queries(18):  # two of them a test's savepoint
            assert browser.post(url, data).status_code == 302
        assert MemberNote.objects.count() == people


class TestPhase:
    """R15: the phases are the practice's; a note keeps the one it was written in."""

    def test_suggested_by_the_number(self, past_session: Session) -> None:
        assert Sheet.read_anew(past_session).phase == "Assessment"
        past_session.number = 14
        assert Sheet(past_session).phase == "Resilience"

    def test_one_out_of_use_stays_where_it_was_noted(self, past_session: Session, therapist: User) -> None:
        note = GroupNote(
            session=past_session, author=therapist, phase="skills", updated_at=now(), parts={"theme": "Trust"}
        )
        note.save()
        Phase.objects.filter(code="skills").update(is_active=False)
        sheet = Sheet.read_anew(past_session)
        assert sheet.phase == "Building skills"
        assert [phase.code for phase in sheet.phases] == ["assessment", "problem-areas", "skills", "resilience"]
        assert Page(sheet, preferred="short").group.problems == {}
        typed = QueryDict(f"group-was={Page(sheet, preferred='short').group.was}&group-phase=nothing&group-theme=Trust")
        assert Page(sheet, preferred="short", data=typed).group.problems == {"phase": "Choose one of the phases."}
