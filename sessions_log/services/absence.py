"""What members say before a session: that they cannot come, or that they can after all."""

from django.db import transaction

from common.clock import now
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import AbsenceNotice, Session
from sessions_log.services.attendance import ensure_on_roster
from sessions_log.services.errors import AlreadyCancelled, AlreadyStarted
from sessions_log.services.locking import locked


@transaction.atomic
def give_absence_notice(*, session: Session, membership: Membership, by: User | None) -> AbsenceNotice:
    """Note that a member cannot come; said twice it is one notice, the first.

    ``by`` is ``None`` where the link in a message says it for somebody who has no account.
    Raises ``AlreadyStarted``, ``AlreadyCancelled`` or ``NotOnRoster``.
    """
    session = locked(session)
    _ensure_coming(session)
    ensure_on_roster(session, {membership.pk})
    notice, _is_new = AbsenceNotice.objects.get_or_create(
        session=session, membership=membership, withdrawn_at=None, defaults={"given_at": now(), "given_by": by}
    )
    return notice


@transaction.atomic
def withdraw_absence_notice(*, session: Session, membership: Membership) -> None:
    """Take a notice back, if there is one. Raises ``AlreadyStarted`` or ``AlreadyCancelled``."""
    session = locked(session)
    _ensure_coming(session)
    AbsenceNotice.objects.standing().filter(session=session, membership=membership).update(withdrawn_at=now())


def _ensure_coming(session: Session) -> None:
    if session.is_cancelled:
        raise AlreadyCancelled
    if session.has_started(now()):
        raise AlreadyStarted
