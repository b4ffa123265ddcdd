"""How a page of sessions finds its session: among what the person may see, and only with the right to it; else 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from practice.models import User
from sessions_log.models import Session


def session_for(user: User, pk: UUID, permission: str = "") -> Session:
    """Return the session, with place, leaders and rights, if ``user`` may see it and has ``permission`` for it."""
    sessions = Session.objects.visible_to(user).with_place().with_leaders().with_rights(user).with_style(user)
    session = get_object_or_404(sessions.select_related("cancelled_by"), pk=pk)
    if permission and not user.has_perm(permission, session):
        raise Http404
    return session
