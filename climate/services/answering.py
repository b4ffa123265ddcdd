"""A member's answer, added to the others' at once and kept nowhere by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from climate import tally
from climate.models import CheckIn, Mark
from climate.services.closing import forget_closed
from climate.services.errors import AnsweredAlready, NotOpen, WasAway
from common.clock import now
from groups_app.models import Membership
from practice.models import Policy
from sessions_log.models import AWAY, Session


@transaction.atomic
def answer(*, session: Session, membership: Membership, ratings: Mapping[str, int]) -> None:
    """Add the ratings of ``membership``, which is on the roster of ``session``: question's code → 1 to 5.

    The trail is not told: who answered is nobody's business. Raises ``NotOpen``, ``AnsweredAlready``, ``WasAway`` or
    ``ValueError`` for ratings that are none.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    hours = Policy.objects.get().climate_hours
    if was_away(session, membership):
        raise WasAway
    if not is_open(session, hours=hours):
        raise NotOpen(is_over=session.ends_at <= now())
    check_in = CheckIn.objects.filter(session=session).first()
    if check_in is None:
        forget_closed()
        check_in = CheckIn(closes_at=closes_at(session, hours=hours))
    check_in.session = session
    _mark, is_first = Mark.objects.get_or_create(mark=mark_of(session, membership), defaults={"session": session})
    if not is_first:
        raise AnsweredAlready
    # Whatever the policy says by now: after the moment set with the first answer, averages may have been told.
    if check_in.closes_at <= now():
        raise NotOpen
    check_in.tally = tally.written(tally.plus(tally.read(check_in.tally), ratings))
    check_in.answers += 1
    check_in.save()


def is_open(session: Session, *, hours: int) -> bool:
    """Whether ``session`` is over, for no longer than ``hours``."""
    return not session.is_cancelled and session.ends_at <= now() < closes_at(session, hours=hours)


def closes_at(session: Session, *, hours: int) -> datetime:
    """Return until when members can answer about ``session``."""
    return session.ends_at + timedelta(hours=hours)


def was_away(session: Session, membership: Membership) -> bool:
    """Whether it is recorded that the member did not come, or they said so and nothing is recorded."""
    recorded = session.attendances.filter(membership=membership).first()
    if recorded is not None:
        return recorded.status in AWAY
    return session.absence_notices.standing().filter(membership=membership).exists()


def has_answered(session: Session, membership: Membership) -> bool:
    """Whether the member has answered; known only while the check-in is open."""
    return Mark.objects.filter(pk=mark_of(session, membership)).exists()


def mark_of(session: Session, membership: Membership) -> str:
    """Return the mark that says that ``membership`` answered about ``session``."""
    return salted_hmac("climate.mark", f"{session.pk} {membership.pk}", algorithm="sha256").hexdigest()
