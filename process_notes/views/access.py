"""How a page of psychotherapy notes finds its session: only for somebody who writes about it, or wrote; else 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from practice.models import User
from sessions_log.models import Session


def own_session(user: User, pk: UUID) -> Session:
    """Return the session, with place, leaders and rights, if ``user`` may keep psychotherapy notes about it."""
    sessions = Session.objects.with_place().with_leaders().with_rights(user)
    session = get_object_or_404(sessions, pk=pk)
    if not user.has_perm("process_notes.keep", session):
        raise Http404
    return session


def links_of(user: User, session: Session) -> dict[str, bool]:
    """Say which pages beside these the author may still open; whoever no longer leads the group keeps only theirs."""
    return {
        "knows_group": user.has_perm("sessions_log.reschedule_session", session),
        "reads_record": user.has_perm("sessions_log.read_notes", session),
    }
