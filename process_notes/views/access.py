"""How a page of psychotherapy notes finds its session: only for somebody who writes about it, or wrote; else 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from practice.models import Role, User
from process_notes.models import InteractionMap, ProcessNote
from sessions_log.models import Session


def own_session(user: User, pk: UUID) -> Session:
    """Return the session, with place, leaders and rights, if ``user`` may keep psychotherapy notes about it."""
    sessions = Session.objects.with_place().with_leaders().with_rights(user)
    session = get_object_or_404(sessions, pk=pk)
    if not user.has_role(Role.THERAPIST, Role.SUPERVISOR) or not user.has_perm("process_notes.keep", session):
        raise Http404
    return session


def has_written(user: User, session: Session) -> bool:
    """Whether there is anything of ``user`` about ``session`` to be shared."""
    return any(model.objects.by(user).filter(session=session).exists() for model in (ProcessNote, InteractionMap))
