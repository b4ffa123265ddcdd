"""Drafts that overwrite nobody, signatures that lock (R34, R37, R45, R49)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from common.encryption import UnreadableText
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import AttendanceStatus, GroupNote, MemberNote, Session
from sessions_log.services import (
    AlreadyCancelled,
    AlreadySigned,
    GroupNoteDraft,
    MemberNoteDraft,
    NotOnRoster,
    NotReadyToSign,
    StaleNote,
    TooEarly,
    cancel_session,
    document_session,
    record_attendance,
    save_group_note,
    save_member_note,
    sign_session,
)
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db

CANARY = "canary-5f2e anger that is easier to leave than to say"


@pytest.fixture
def documented(past_session: Session, members: list[Membership], therapist: User) -> Session:
    """A session with all that signing needs: two came, one was away and needs no note."""
    document_session(
        session=past_session,
        statuses={
            members[0].pk: AttendanceStatus.PRESENT,
            members[1].pk: AttendanceStatus.LATE,
            members[2].pk: AttendanceStatus.ABSENT_WITH_NOTICE,
        },
        group_note=GroupNoteDraft(theme=CANARY, interventions=["feedback"], factors=["cohesion"]),
        member_notes=[
            MemberNoteDraft(members[0].pk, {"note": CANARY}),
            MemberNoteDraft(members[1].pk, {"note": "Listened."}),
        ],
        by=therapist,
    )
    return past_session


def stored_bytes(table: str, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({column}, ''::bytea) FROM {table}")  # noqa: S608  (names of our own)
        return bytes(cursor.fetchone()[0])


class TestDrafts:
    def test_all_is_read_again_as_it_was_written(
        self, documented: Session, members: list[Membership], therapist: User
    ) -> None:
        note = GroupNote.objects.get()
        assert note.parts == {"theme": CANARY, "dynamics": "", "observations": "", "plan": ""}
        assert (note.interventions, note.factors) == (["feedback"], ["cohesion"])
        assert (note.author, note.version, note.is_signed) == (therapist, 1, False)
        texts = {row.membership_id: row.text for row in MemberNote.objects.all()}
        assert texts == {members[0].pk: CANARY, members[1].pk: "Listened."}

    def test_a_second_save_changes_only_what_differs(
        self, documented: Session, members: list[Membership], therapist: User
    ) -> None:
        colleague = TherapistFactory()
        drafts = [
            MemberNoteDraft(members[0].pk, {"note": CANARY}, version=1),
            MemberNoteDraft(members[1].pk, {"note": "Spoke."}, version=1),
        ]
        document_session(
            session=documented,
            group_note=GroupNoteDraft(theme=CANARY, interventions=["feedback"], factors=["cohesion"], version=1),
            member_notes=drafts,
            by=colleague,
        )
        rows = MemberNote.objects.in_bulk(field_name="id").values()
        assert {(row.text, row.version, row.author) for row in rows} == {
            (CANARY, 1, therapist),
            ("Spoke.", 2, colleague),
        }
        assert GroupNote.objects.get().version == 1

    def test_nothing_written_makes_no_row(
        self, past_session: Session, members: list[Membership], therapist: User
    ) -> None:
        document_session(
            session=past_session,
            group_note=GroupNoteDraft(),
            member_notes=[MemberNoteDraft(members[0].pk, {"note": ""})],
            by=therapist,
        )
        assert not GroupNote.objects.exists()
        assert not MemberNote.objects.exists()

    def test_the_same_number_of_statements_for_any_number_of_members(
        self,
        past_session: Session,
        members: list[Membership],
        therapist: User,
        django_assert_num_queries: Any,
    ) -> None:
        for people in (members[:1], members):
            drafts = [
                MemberNoteDraft(
                    m.pk, {"note": f"Spoke with {len(people)}."}, version=1 if len(people) > 1 and m == people[0] else 0
                )
                for m in people
            ]
            with django_assert_num_queries(8):  # savepoint, lock, roster, group note, notes, written, trail, released
                document_session(session=past_session, member_notes=drafts, by=therapist)

    def test_not_for_strangers_not_early_not_when_cancelled(
        self, clock: Any, session: Session, members: list[Membership], therapist: User
    ) -> None:
        draft = MemberNoteDraft(members[0].pk, {"note": "Spoke."})
        with pytest.raises(TooEarly):
            save_member_note(session=session, draft=draft, by=therapist)
        clock.move_to(session.ends_at)
        with pytest.raises(NotOnRoster):
            save_member_note(
                session=session, draft=MemberNoteDraft(MembershipFactory().pk, {"note": "x"}), by=therapist
            )
        cancel_session(session=session, reason="Snow", by=therapist)
        with pytest.raises(AlreadyCancelled):
            save_group_note(session=session, draft=GroupNoteDraft(theme="x"), by=therapist)


class TestStale:
    def test_a_note_that_changed_meanwhile_is_not_overwritten(
        self, documented: Session, members: list[Membership], therapist: User
    ) -> None:
        save_member_note(
            session=documented, draft=MemberNoteDraft(members[0].pk, {"note": "Newer."}, 1), by=TherapistFactory()
        )
        with pytest.raises(StaleNote) as refusal:
            document_session(
                session=documented,
                statuses={members[1].pk: AttendanceStatus.NO_SHOW},
                group_note=GroupNoteDraft(theme="Mine", version=1),
                member_notes=[
                    MemberNoteDraft(members[0].pk, {"note": "Mine."}, 1),
                    MemberNoteDraft(members[1].pk, {"note": "Also mine."}, 1),
                ],
                by=therapist,
            )
        assert refusal.value.group_note is None
        assert {pk: note.text for pk, note in refusal.value.member_notes.items()} == {members[0].pk: "Newer."}
        # All or nothing: the rest of the page was not written either.
        assert GroupNote.objects.get().parts["theme"] == CANARY
        assert documented.attendances.get(membership=members[1]).status == AttendanceStatus.LATE

    def test_the_group_note_too(self, documented: Session, therapist: User) -> None:
        save_group_note(session=documented, draft=GroupNoteDraft(theme="Newer", version=1), by=therapist)
        with pytest.raises(StaleNote) as refusal:
            save_group_note(session=documented, draft=GroupNoteDraft(theme="Mine", version=1), by=therapist)
        assert refusal.value.group_note is not None
        assert refusal.value.group_note.parts["theme"] == "Newer"

    def test_the_same_words_are_no_conflict(
        self, documented: Session, members: list[Membership], therapist: User
    ) -> None:
        """A form that is sent twice is saved once."""
        for _twice in range(2):
            save_member_note(
                session=documented, draft=MemberNoteDraft(members[0].pk, {"note": "Newer."}, 1), by=therapist
            )
        assert MemberNote.objects.get(membership=members[0]).version == 2


class TestSigning:
    def test_signs_everything_at_once(self, documented: Session, therapist: User) -> None:
        sign_session(session=documented, by=therapist)
        at = datetime(2026, 11, 25, 1, tzinfo=UTC)
        for note in (GroupNote.objects.get(), *MemberNote.objects.all()):
            assert (note.signed_at, note.signed_by) == (at, therapist)
        assert GroupNote.objects.get().parts["theme"] == CANARY

    def test_says_what_is_missing(self, past_session: Session, members: list[Membership], therapist: User) -> None:
        with pytest.raises(NotReadyToSign) as refusal:
            sign_session(session=past_session, by=therapist)
        assert [str(item) for item in refusal.value.missing] == [
            "Save the attendance.",
            "Write the group note.",
            "Imani A. needs a note.",
            "Jonas Z. needs a note.",
            "Keiko Z. needs a note.",
        ]
        record_attendance(session=past_session, statuses={m.pk: "no-show" for m in members}, by=therapist)
        save_group_note(session=past_session, draft=GroupNoteDraft(factors=["hope"]), by=therapist)
        with pytest.raises(NotReadyToSign, match=r"^Before you sign: Write the group note\.$"):
            sign_session(session=past_session, by=therapist)
        assert not GroupNote.objects.signed().exists()

    def test_locks_the_record(self, documented: Session, members: list[Membership], therapist: User) -> None:
        sign_session(session=documented, by=therapist)
        for verb in (
            lambda: sign_session(session=documented, by=therapist),
            lambda: save_group_note(session=documented, draft=GroupNoteDraft(theme="New", version=1), by=therapist),
            lambda: save_member_note(
                session=documented, draft=MemberNoteDraft(members[2].pk, {"note": "New"}), by=therapist
            ),
            lambda: record_attendance(session=documented, statuses={members[0].pk: "late"}, by=therapist),
        ):
            with pytest.raises(AlreadySigned):
                verb()


class TestAtRest:
    def test_no_word_stands_in_the_database(self, documented: Session) -> None:
        """R49."""
        assert b"canary" not in stored_bytes("sessions_log_groupnote", "parts")
        assert b"canary" not in stored_bytes("sessions_log_membernote", "parts")

    def test_a_text_moved_to_another_row_is_refused(self, documented: Session) -> None:
        one, other = MemberNote.objects.all()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sessions_log_membernote SET parts = "
                "(SELECT parts FROM sessions_log_membernote WHERE id = %s) WHERE id = %s",
                [one.pk, other.pk],
            )
        with pytest.raises(UnreadableText):
            assert MemberNote.objects.get(pk=other.pk).text

    def test_a_saved_page_keeps_texts_in_their_rows(
        self, documented: Session, members: list[Membership], therapist: User
    ) -> None:
        """The statement that writes many rows must not seal a text for a row it does not end up in."""
        save_member_note(session=documented, draft=MemberNoteDraft(members[0].pk, {"note": "Newer."}, 1), by=therapist)
        assert MemberNote.objects.get(membership=members[0]).text == "Newer."


class TestLock:
    """Signed notes are protected by the database, not by good manners (TRUST, audit)."""

    @pytest.fixture(autouse=True)
    def _signed(self, documented: Session, therapist: User) -> None:
        sign_session(session=documented, by=therapist)

    @pytest.mark.parametrize("model", [GroupNote, MemberNote])
    def test_refuses_the_orm(self, model: type[GroupNote | MemberNote]) -> None:
        note = model.objects.first()
        for change in (note.save, note.delete, lambda: model.objects.update(version=9), model.objects.all().delete):
            with pytest.raises(DatabaseError, match=r"Cannot update or delete|permission denied"), transaction.atomic():
                change()

    @pytest.mark.parametrize("table", ["sessions_log_groupnote", "sessions_log_membernote"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET signed_at = NULL, signed_by_id = NULL", "DELETE FROM {}"])
    def test_refuses_raw_sql(self, table: str, statement: str) -> None:
        with (
            pytest.raises(DatabaseError, match=r"Cannot update or delete|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_an_upsert_too(self, documented: Session, members: list[Membership], therapist: User) -> None:
        note = MemberNote.objects.get(membership=members[0])
        note.parts = {"note": "Rewritten."}
        with pytest.raises(DatabaseError, match=r"Cannot update or delete|permission denied"), transaction.atomic():
            MemberNote.objects.bulk_create([note], update_conflicts=True, unique_fields=["id"], update_fields=["parts"])
