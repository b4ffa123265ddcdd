"""Every verb takes the session's row first, so that the same author's two windows write one after the other."""

from sessions_log.models import Session
from sessions_log.services import AlreadyCancelled, TooEarly, can_be_documented


def locked_open(session: Session) -> Session:
    """Lock ``session``; raise ``AlreadyCancelled`` or ``TooEarly`` unless it is time to write about it.

    A signature on the session's record changes nothing here: these notes are the author's, not the record's.
    """
    session = Session.objects.select_for_update(of=("self",)).with_place().get(pk=session.pk)
    if session.is_cancelled:
        raise AlreadyCancelled
    if not can_be_documented(session):
        raise TooEarly(session=session)
    return session
