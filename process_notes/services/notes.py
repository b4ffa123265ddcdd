"""Writing for oneself."""

from django.db import transaction

import audit.services
from common.clock import now
from practice.models import User
from process_notes.models import ProcessNote
from process_notes.services.errors import StaleProcessNote
from process_notes.services.locking import locked_open
from sessions_log.models import Session


@transaction.atomic
def keep_note(*, session: Session, text: str, version: int, by: User) -> ProcessNote:
    """Store ``text`` as the process note of ``by`` about ``session``, and return it.

    ``version`` is that of the note the writing started from (0: there was none). The same words write nothing. Raises
    ``StaleProcessNote`` when the note changed since and says something else; ``TooEarly`` or ``AlreadyCancelled``.
    """
    session = locked_open(session)
    stored = ProcessNote.objects.by(by).filter(session=session).first()
    if (stored.text if stored else "") == text:
        return stored or ProcessNote(session=session, author=by, version=0)
    if stored and stored.version != version:
        raise StaleProcessNote(stored=stored)
    note = stored or ProcessNote(session=session, author=by, version=0)
    note.text, note.version, note.updated_at = text, note.version + 1, now()
    note.save()
    if stored is None:
        audit.services.record(action="process_note.begun", by=by, target=note)
    return note
