"""Writing for oneself."""

from dataclasses import dataclass

from django.db import transaction

import audit.services
from common.clock import now
from practice.models import User
from process_notes.models import ProcessNote
from process_notes.services.errors import StaleProcessNote
from process_notes.services.locking import locked_open
from sessions_log.models import Session
from sessions_log.services import Draft


@dataclass(frozen=True)
class ProcessNoteDraft(Draft):
    """What an author wrote, starting from ``version`` of their stored note (0: there was none)."""

    text: str
    version: int

    def is_in(self, stored: ProcessNote | None) -> bool:
        """Whether ``stored`` says just this; no note says nothing."""
        return self.text == (stored.text if stored else "")


@transaction.atomic
def keep_note(*, session: Session, text: str, version: int, by: User) -> ProcessNote:
    """Store ``text`` as the process note of ``by`` about ``session``, and return it.

    ``version`` is that of the note the writing started from (0: there was none). The same words write nothing. Raises
    ``StaleProcessNote`` when the note changed since and says something else; ``TooEarly`` or ``AlreadyCancelled``.
    """
    session = locked_open(session)
    draft = ProcessNoteDraft(text, version)
    stored = ProcessNote.objects.by(by).filter(session=session).first()
    if draft.is_in(stored):
        return stored or ProcessNote(session=session, author=by, version=0)
    if stored and not draft.is_newer_than(stored):
        raise StaleProcessNote(stored=stored)
    note = stored or ProcessNote(session=session, author=by, version=0)
    note.text, note.version, note.updated_at = text, note.version + 1, now()
    note.save()
    if stored is None:
        audit.services.record(action="process_note.begun", by=by, target=note)
    return note
