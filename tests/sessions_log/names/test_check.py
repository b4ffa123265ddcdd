"""Names found in the notes of a session: shown before signing, taken out or confirmed with one click (R35)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from groups_app.models import Membership
from practice.models import User
from sessions_log.models import GroupNote, MemberNote, NameConfirmation, Session
from sessions_log.names.check import without
from sessions_log.names.finder import Names, Person
from sessions_log.services import (
    AlreadySigned,
    GroupNoteDraft,
    MemberNoteDraft,
    NameAnswer,
    NotReadyToSign,
    answer_names,
    document_session,
    sign_session,
)
from sessions_log.sheet import Sheet

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def write(past_session: Session, members: list[Membership], therapist: User) -> Callable[..., None]:
    """Saves everybody as here, a group note, and a note for each member, "Spoke." unless told otherwise."""

    def save(group: str = "Anger.", plan: str = "", **notes: str) -> None:
        texts = {0: "Spoke.", 1: "Spoke.", 2: "Spoke."} | {int(key[1:]): text for key, text in notes.items()}
        stored = Sheet(past_session)
        document_session(
            session=past_session,
            statuses={membership.pk: "present" for membership in members},
            group_note=GroupNoteDraft(
                theme=group, plan=plan, version=stored.group_note.version if stored.group_note else 0
            ),
            member_notes=[
                MemberNoteDraft(key, {"note": text}, version=stored.notes[key].version if key in stored.notes else 0)
                for key, text in ((members[number].pk, text) for number, text in texts.items())
            ],
            by=therapist,
        )

    return save


def found(session: Session) -> list[tuple[str, str]]:
    return [(one.membership.client.called if one.membership else "", one.name) for one in Sheet(session).named]


class TestFinding:
    def test_all_in_the_group_note_others_in_a_members(self, past_session: Session, write: Callable[..., None]) -> None:
        write("Imani and Keiko argued.", _0="Imani heard Jonas.", _1="Jonas spoke.")
        assert found(past_session) == [("", "Imani"), ("", "Keiko"), ("Imani", "Jonas")]

    def test_one_name_is_one_thing_to_do_however_often_it_stands_there(
        self, past_session: Session, write: Callable[..., None]
    ) -> None:
        write("Imani left. Imani’s chair stayed empty; imani came back. IMANI!")
        (one,) = Sheet(past_session).named
        assert (sum(map(len, one.places.values())), len(one.excerpts)) == (4, 3)
        assert one.excerpts[1].before.startswith("Imani left.")

    def test_it_keeps_from_signing(self, past_session: Session, write: Callable[..., None], therapist: User) -> None:
        write(_0="Told Jonas.")
        with pytest.raises(NotReadyToSign, match="“Jonas” in the note about Imani"):
            sign_session(session=past_session, by=therapist)

    def test_signed_notes_are_left_alone(
        self, past_session: Session, write: Callable[..., None], therapist: User
    ) -> None:
        write(_0="Told Jonas.")
        answer_names(session=past_session, answer=NameAnswer(), by=therapist)
        sign_session(session=past_session, by=therapist)
        NameConfirmation.objects.update(membership=None)  # the confirmation was for the member’s note
        assert found(past_session) == []


class TestSomebodyElse:
    def test_remembered_for_that_note_only(
        self, past_session: Session, write: Callable[..., None], therapist: User, members: list[Membership]
    ) -> None:
        members[0].client.preferred_name = "Grace"
        members[0].client.save()
        write("The Grace period was explained.", _1="Spoke of the Grace period.")
        answer_names(session=past_session, answer=NameAnswer(None, "grace"), by=therapist)
        assert found(past_session) == [("Jonas", "Grace")]
        write("Of the Grace period nobody spoke again.", _1="Spoke of it.")
        assert found(past_session) == []

    def test_twice_is_once_and_nonsense_is_nothing(
        self, past_session: Session, write: Callable[..., None], therapist: User
    ) -> None:
        write("Imani left.")
        for word in ("imani", "imani", "nobody"):
            answer_names(session=past_session, answer=NameAnswer(None, word), by=therapist)
        assert NameConfirmation.objects.count() == 1

    def test_the_word_is_not_readable_in_the_database(
        self, past_session: Session, write: Callable[..., None], therapist: User
    ) -> None:
        write("Imani left.")
        answer_names(session=past_session, answer=NameAnswer(), by=therapist)
        with connection.cursor() as cursor:
            cursor.execute("SELECT word FROM sessions_log_nameconfirmation")
            assert b"imani" not in bytes(cursor.fetchone()[0])

    def test_not_after_signing(self, past_session: Session, write: Callable[..., None], therapist: User) -> None:
        write()
        sign_session(session=past_session, by=therapist)
        with pytest.raises(AlreadySigned):
            answer_names(session=past_session, answer=NameAnswer(), by=therapist)


class TestTakingOut:
    def test_in_every_place_of_that_note(
        self, past_session: Session, write: Callable[..., None], therapist: User, members: list[Membership]
    ) -> None:
        write("Jonas left.", _0="Told Jonas. Jonas’s answer: no.")
        answer_names(session=past_session, answer=NameAnswer(members[0].pk, "jonas", take_out=True), by=therapist)
        note = MemberNote.objects.get(membership=members[0])
        assert note.parts == {"note": "Told another member. Another member’s answer: no."}
        assert note.version == 2
        assert found(past_session) == [("", "Jonas")]
        answer_names(session=past_session, answer=NameAnswer(None, "jonas", take_out=True), by=therapist)
        assert GroupNote.objects.get().parts["theme"] == "A member left."
        assert found(past_session) == []

    def test_what_is_not_there_changes_nothing(
        self, past_session: Session, write: Callable[..., None], therapist: User
    ) -> None:
        write("Jonas left.")
        answer_names(session=past_session, answer=NameAnswer(None, "imani", take_out=True), by=therapist)
        assert GroupNote.objects.get().version == 1

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Imani.", "A member."),
            ("Told Ms. Abara so.", "Told a member so."),
            ("Mr Abara? Then Imani's.", "A member? Then a member’s."),
            ("Was told by Imani A. Then left.", "Was told by a member Then left."),
            ("Was told by Imani A.", "Was told by a member."),
            ("“No.” Imani left", "“No.” A member left"),
        ],
    )
    def test_words_instead(self, text: str, expected: str) -> None:
        places = Names([Person(1, "Imani", "Abara")]).find(text)
        assert without(text, places, "a member") == expected


class TestPage:
    @pytest.fixture
    def browser(self, sign_in: SignIn, therapist: User) -> Client:
        return sign_in(therapist)

    def test_marked_in_its_place_with_both_ways_out(
        self, browser: Client, past_session: Session, write: Callable[..., None]
    ) -> None:
        write("The group and Imani disagreed.")
        page = browser.get(reverse("sessions_log:session", args=[past_session.pk])).content.decode()
        marked = '<span class="marks" aria-hidden="true">The group and <mark>Imani</mark> disagreed.</span>'
        assert f"The group and Imani disagreed.</textarea>{marked}</span>" in page
        assert "1 name to check" in page
        assert 'name="somebody_else" value="group imani"' in page
        assert 'name="take_name_out" value="group imani"' in page

    def test_no_mark_lies_over_other_words_than_those_it_was_found_in(
        self, browser: Client, past_session: Session, write: Callable[..., None]
    ) -> None:
        write("The group and Imani <b>disagreed</b>.")
        url = reverse("sessions_log:session", args=[past_session.pk])
        assert "<mark>Imani</mark> &lt;b&gt;disagreed" in browser.get(url).content.decode()
        part = browser.get(url).context["page"].group
        typed = {f"{part.key}-was": part.was, f"{part.key}-theme": "Imani stayed.", f"{part.key}-phase": "nonsense"}
        page = browser.post(url, typed).content.decode()
        assert ">\nImani stayed.</textarea></span>" in page

    def test_what_is_missing_leads_to_the_words(
        self, browser: Client, past_session: Session, write: Callable[..., None], members: list[Membership]
    ) -> None:
        write("Anger.", plan="Ask Imani.")
        page = browser.get(reverse("sessions_log:session", args=[past_session.pk]) + "?check").context["page"]
        assert [control for sentence, control in page.tasks if "Imani" in sentence] == ["id_group-plan"]

    @pytest.mark.parametrize("verb", ["somebody_else", "take_name_out"])
    def test_one_click_and_nothing_typed_is_lost(
        self, verb: str, browser: Client, past_session: Session, write: Callable[..., None]
    ) -> None:
        write("The group and Imani disagreed.")
        url = reverse("sessions_log:session", args=[past_session.pk])
        part = browser.get(url).context["page"].group
        data = {f"{part.key}-was": part.was, f"{part.key}-theme": "The group and Imani agreed."}
        answer = browser.post(url, {**data, verb: "group imani"})
        assert answer.headers["Location"].endswith("?check")
        written = GroupNote.objects.get().parts["theme"]
        assert written == (
            "The group and Imani agreed." if verb == "somebody_else" else "The group and a member agreed."
        )
        assert found(past_session) == []

    @pytest.mark.parametrize("value", ["", "group", "nobody imani", "group \x00", "x" * 500])
    def test_nonsense_does_nothing(
        self, value: str, browser: Client, past_session: Session, write: Callable[..., None]
    ) -> None:
        write("The group and Imani disagreed.")
        url = reverse("sessions_log:session", args=[past_session.pk])
        assert browser.post(url, {"somebody_else": value}).status_code == 302
        assert found(past_session) == [("", "Imani")]

    def test_all_at_once_and_signed(self, browser: Client, past_session: Session, write: Callable[..., None]) -> None:
        write("Imani and Jonas.", _1="Keiko.")
        url = reverse("sessions_log:session", args=[past_session.pk])
        assert "None of the names is a member’s: sign" in browser.get(url + "?check").content.decode()
        browser.post(url, {"sign": "all-somebody-else"})
        past_session.refresh_from_db()
        assert past_session.is_documented
        assert NameConfirmation.objects.count() == 3
