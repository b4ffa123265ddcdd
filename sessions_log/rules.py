"""Who may do what with sessions. Which sessions somebody sees at all says ``Session.objects.visible_to`` (R43).

Rows fetched ``with_rights`` carry the answers.
"""

import rules

from practice.models import User
from sessions_log.models import Session


@rules.predicate
def documents(user: User, session: Session | None) -> bool:
    """A therapist who leads the session's group, or led this session."""
    if session is None:
        return False
    known = getattr(session, "may_document", None)
    return Session.objects.documentable_by(user).filter(pk=session.pk).exists() if known is None else bool(known)


@rules.predicate
def reads_notes(user: User, session: Session | None) -> bool:
    """Whoever documents the session, and supervisors. Coordinators and administrators never."""
    if session is None:
        return False
    known = getattr(session, "may_read_notes", None)
    return Session.objects.read_by(user).filter(pk=session.pk).exists() if known is None else bool(known)


@rules.predicate
def reschedules(user: User, session: Session | None) -> bool:
    """A coordinator, a supervisor, or a therapist who leads the session's group."""
    if session is None:
        return False
    known = getattr(session, "may_reschedule", None)
    return Session.objects.reschedulable_by(user).filter(pk=session.pk).exists() if known is None else bool(known)


rules.add_perm("sessions_log.document_session", documents)
rules.add_perm("sessions_log.read_notes", reads_notes)
rules.add_perm("sessions_log.reschedule_session", reschedules)
