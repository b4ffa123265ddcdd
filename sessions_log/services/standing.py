"""What the sessions of a group mean for its life: whether the series stands, whether it has met, what remains."""

from datetime import date, datetime

from django.db import transaction
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import now
from groups_app.models import Group, GroupState
from groups_app.services.conditions import Condition
from practice.models import Closure, User
from sessions_log.models import Session, SessionStatus
from sessions_log.services.errors import NoSessionBefore, SeriesIncomplete


def series_condition(group: Group) -> Condition:
    """Return whether every session of ``group`` has its day: that rooms and leaders are free the database has seen to.

    Two queries. A day on which the site was closed after scheduling is pointed out (R32).
    """
    days = list(
        Session.objects.filter(group=group, starts_at__gt=now())
        .scheduled()
        .order_by("starts_at")
        .values_list("local_day", flat=True)
    )
    title = _("Sessions scheduled without a clash")
    if not days:
        sentence = _("No session is to come. Schedule the sessions first.")
        return Condition("series", title, is_met=False, note=sentence, refusal=SeriesIncomplete(sentence))
    closed = sorted(set(days) & Closure.objects.closed_days(group.site_id, days[0], days[-1]))
    if closed:
        sentence = _("A session is on %(day)s, when the site is closed. Move or cancel it in the calendar.") % {
            "day": date_text(closed[0], "F j")
        }
        return Condition("series", title, is_met=False, note=sentence, refusal=SeriesIncomplete(sentence))
    note = ngettext("%(many)d session from %(day)s", "%(many)d sessions from %(day)s", len(days)) % {
        "many": len(days),
        "day": date_text(days[0], "l, F j"),
    }
    return Condition("series", title, is_met=True, note=note)


def has_met(group: Group, since: datetime) -> bool:
    """Return whether a session of ``group`` began between ``since`` and now."""
    return Session.objects.filter(group=group, starts_at__gt=since, starts_at__lte=now()).scheduled().exists()


def check_session_before(*, group: Group, day: date) -> None:
    """Raise ``NoSessionBefore`` unless ``group`` meets at least once from now on and before ``day`` (R28)."""
    coming = Session.objects.filter(group=group, starts_at__gt=now()).scheduled().order_by("starts_at")
    following = coming.values_list("local_day", flat=True).first()
    if following is None or following >= day:
        raise NoSessionBefore(following)


@transaction.atomic
def cancel_remaining(*, group: Group, by: User) -> int:
    """Cancel every session of a group that is over and has not begun; return how many (R29).

    Rooms and leaders are free again; what was prepared for the sessions becomes void.
    """
    remaining = list(
        Session.objects.select_for_update(of=("self",)).filter(group=group, starts_at__gt=now()).scheduled()
    )
    reason = _("The group ended.") if group.state == GroupState.ENDED else _("The group was called off.")
    for session in remaining:
        session.status = SessionStatus.CANCELLED
        session.cancelled_at, session.cancelled_by, session.cancel_reason = now(), by, reason
        session.schedule_version += 1
    Session.objects.bulk_update(
        remaining, ["status", "cancelled_at", "cancelled_by", "cancel_reason", "schedule_version"]
    )
    return len(remaining)
