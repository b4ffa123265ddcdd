"""How a page of sessions finds its session: only with the right to it; else 404."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.http import Http404

from common.prepared import Slot, prepared, remember, somebody
from practice.models import User
from sessions_log.models import Session, SessionLeader


def session_for(user: User, pk: UUID, permission: str = "sessions_log.view_session") -> Session:
    """Return the session, with place, leaders, group note and rights, if ``user`` has ``permission`` for it."""
    found = _sessions(pk=pk, user=user)
    if not found:
        raise Http404
    session = found[0]
    remember(session, "leaders", _leaders(session=pk))
    if not user.has_perm(permission, session):
        raise Http404
    return session


@prepared(pk=UUIDField(), user=somebody)
def _sessions(pk: Slot, user: Any) -> QuerySet[Session]:
    return Session.objects.with_place().with_rights(user).with_page(user).filter(pk=pk)


@prepared(session=UUIDField())
def _leaders(session: Slot) -> QuerySet[SessionLeader]:
    return SessionLeader.objects.named().filter(session=session)
