"""What is done about names found in notes: another word for them, or the word that they are somebody else (R35)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from audit.services import record
from common.clock import now
from practice.models import User
from sessions_log.models import NameConfirmation, Session
from sessions_log.names.check import Named, Note, person_of, without
from sessions_log.names.finder import names_of
from sessions_log.services.attendance import ensure_documentable
from sessions_log.services.locking import locked
from sessions_log.sheet import Sheet


@dataclass(frozen=True)
class NameAnswer:
    """What somebody says about a name: ``word`` in the note of ``membership_id`` (``None``: the group's).

    Without ``word`` it is about all names found in all notes. ``take_out`` writes another word in its places; else it
    is somebody else's name, and that is remembered for the note.
    """

    membership_id: UUID | None = None
    word: str = ""
    take_out: bool = False

    def is_about(self, named: Named) -> bool:
        """Whether ``named`` is what it speaks of."""
        membership_id = named.membership.pk if named.membership else None
        return not self.word or (named.word == self.word and membership_id == self.membership_id)


@transaction.atomic
def answer_names(*, session: Session, answer: NameAnswer, by: User) -> None:
    """Take a name out, or note that it is somebody else's; what is not found, or no longer, changes nothing.

    Raises ``TooEarly``, ``AlreadyCancelled`` or ``AlreadySigned``.
    """
    session = locked(session)
    ensure_documentable(session)
    write_answer(session=session, answer=answer, by=by)


def write_answer(*, session: Session, answer: NameAnswer, by: User) -> None:
    """Do what ``answer`` says in a locked session."""
    sheet = Sheet(session)
    meant = [one for one in sheet.named if answer.is_about(one)]
    if answer.take_out:
        for one in meant:
            _take_out(sheet, one, by)
        return
    NameConfirmation.objects.bulk_create(
        NameConfirmation(session=session, membership=one.membership, word=one.word, confirmed_by=by, confirmed_at=now())
        for one in meant
    )
    if meant:
        record(action="note.names_confirmed", by=by, target=session)


def _take_out(sheet: Sheet, one: Named, by: User) -> None:
    """Write "another member", in the group note "a member", in every place of the name."""
    note: Note | None = sheet.notes.get(one.membership.pk) if one.membership else sheet.group_note
    if note is None:
        return
    names = names_of(tuple(person_of(membership) for membership in sheet.memberships))
    owner = person_of(one.membership) if one.membership else None
    note.parts = {
        key: without(text, [place for place in names.find(text, owner=owner) if place.word == one.word], one.instead)
        for key, text in note.parts.items()
    }
    note.author, note.updated_at, note.version = by, now(), note.version + 1
    note.save(update_fields=["parts", "author", "updated_at", "version"])
