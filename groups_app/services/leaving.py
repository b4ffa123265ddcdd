"""Verbs of leaving: notice, the goodbye, and the meeting afterwards (R27, R29)."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.clock import now, today_in
from groups_app.models import LeavingReason, MemberNotice, Membership, MembershipState, MembershipTransition
from groups_app.services.errors import DayPast, MeetingInFuture, WrongState
from groups_app.services.steps import end_membership, lock_membership, require_state, take_step
from practice.models import User


@transaction.atomic
def give_notice(
    *, membership: Membership, last_day: date, why: LeavingReason | str, by: User, reason: str = ""
) -> Membership:
    """Record that a member will leave after the session of ``last_day``; until then it is a goodbye (R27).

    Raises ``DayPast`` for a day that is over at the site, ``WrongState`` unless the membership is active.
    """
    current = lock_membership(membership)
    require_state(current, MembershipState.ACTIVE)
    today = today_in(current.group.site.zone)
    if last_day < max(today, current.starts_on or today):
        raise DayPast(_("Choose a last session that is still to come. To end the membership today, end it at once."))
    current.notice_on, current.ends_on, current.leaving_reason = today, last_day, LeavingReason(why)
    take_step(current, MembershipState.LEAVING, by=by, reason=reason)
    return current


@transaction.atomic
def take_notice_back(*, membership: Membership, by: User) -> Membership:
    """Let a member who gave notice stay. Raises ``WrongState`` unless they are leaving and the last day is to come."""
    current = lock_membership(membership)
    require_state(current, MembershipState.LEAVING)
    if current.ends_on is not None and current.ends_on < today_in(current.group.site.zone):
        raise WrongState(_("The last session is over. Who comes back gets a new membership."))
    current.notice_on = current.ends_on = None
    current.leaving_reason = ""
    take_step(current, MembershipState.ACTIVE, by=by, reason=_("Notice taken back."))
    return current


def leavings_to_finish() -> QuerySet[Membership]:
    """Return the memberships whose last day may be over; each site's own clock decides in ``finish_leaving``."""
    return Membership.objects.filter(state=MembershipState.LEAVING, ends_on__lte=now().date())


@transaction.atomic
def finish_leaving(*, membership: Membership) -> bool:
    """Let a member whose last day is over have left; return whether anything changed. Twice is once.

    The step is that of whoever recorded the notice: nobody else decided anything.
    """
    current = lock_membership(membership)
    last_day = current.ends_on
    is_due = last_day is not None and last_day < today_in(current.group.site.zone)
    if current.state != MembershipState.LEAVING or not is_due:
        return False
    notice = MembershipTransition.objects.filter(membership=current, to_state=MembershipState.LEAVING).latest("at")
    end_membership(current, by=notice.by, reason=notice.reason)
    current.ends_on = last_day
    current.save(update_fields=["ends_on"])
    return True


@transaction.atomic
def plan_follow_up(*, membership: Membership, on: date, by: User) -> None:
    """Plan the meeting with somebody who leaves or has left, for the day ``on`` (R29); planning again moves it.

    Raises ``DayPast``, and ``WrongState`` if it was held already or the person is still a member without notice.
    """
    current = lock_membership(membership)
    require_state(current, MembershipState.LEAVING, MembershipState.LEFT)
    if current.follow_up_held_on is not None:
        raise WrongState(_("That meeting was held already."))
    if on < today_in(current.group.site.zone):
        raise DayPast(_("Choose a day that is still to come."))
    current.follow_up_on = on
    current.save(update_fields=["follow_up_on"])


@transaction.atomic
def record_follow_up(*, membership: Membership, on: date, by: User) -> None:
    """Record that the meeting afterwards took place on the day ``on``. Raises ``WrongState`` if none was planned or it
    was recorded already, ``MeetingInFuture``."""
    current = lock_membership(membership)
    if current.follow_up_on is None or current.follow_up_held_on is not None:
        raise WrongState(_("There is no follow-up meeting to record. Load the page again."))
    if on > today_in(current.group.site.zone):
        raise MeetingInFuture(_("That day has not come yet. Record the meeting once it took place."))
    current.follow_up_held_on = on
    current.save(update_fields=["follow_up_held_on"])


def see_notice(*, notice: MemberNotice) -> None:
    """Note that a member has read what they were told; twice is once."""
    MemberNotice.objects.filter(pk=notice.pk, seen_at__isnull=True).update(seen_at=now())
