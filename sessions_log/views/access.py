"""How a page of sessions finds its session: only with the right to it; else 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from practice.models import User
from sessions_log.models import Session


def session_for(user: User, pk: UUID, permission: str = "sessions_log.view_session") -> Session:
    """Return the session, with place, leaders, group note and rights, if ``user`` has ``permission`` for it."""
    sessions = Session.objects.with_place().with_leaders().with_rights(user).with_page(user)
    session = get_object_or_404(sessions, pk=pk)
    if not user.has_perm(permission, session):
        raise Http404
    return session
