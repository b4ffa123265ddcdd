"""An author lets their supervisor read, for supervised training, and ends it."""

from django.db import transaction

import audit.services
from common.clock import now
from practice.models import Supervision, User
from process_notes.models import InteractionMap, ProcessNote, Share
from process_notes.services.errors import NotAReader, NothingToShare
from sessions_log.models import Session


@transaction.atomic
def share(*, session: Session, reader: User, by: User) -> Share:
    """Let ``reader`` read what ``by`` wrote and drew about ``session``, until it is ended; twice is once.

    Raises ``NothingToShare``, and ``NotAReader`` unless ``reader`` supervises ``by``. The end of the supervision ends
    the reading, too.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not Supervision.objects.of(reader).filter(therapist=by, supervisor__is_active=True).exists():
        raise NotAReader
    if not any(model.objects.by(by).filter(session=session).exists() for model in (ProcessNote, InteractionMap)):
        raise NothingToShare
    given, is_new = Share.objects.get_or_create(
        session=session, author=by, reader=reader, ended_at=None, defaults={"given_at": now()}
    )
    if is_new:
        audit.services.record(action="process_note.shared", by=by, target=given)
    return given


@transaction.atomic
def end_share(*, given: Share, by: User) -> None:
    """End a share of ``by``, from the next page on; ended already, nothing happens."""
    if Share.objects.given_by(by).filter(pk=given.pk).update(ended_at=now()):
        audit.services.record(action="process_note.share_ended", by=by, target=given)
