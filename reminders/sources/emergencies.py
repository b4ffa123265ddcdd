"""Records that were opened in an emergency (R41): whoever is told of it in Kith is asked by mail to sign in.

So is, once, every supervisor who may review an access whose time for that has passed.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from members.models import EmergencyAccess, EmergencyNotice
from practice.models import Policy, Role, User
from reminders.models import Kind, Message
from reminders.sources.base import insert, please_sign_in

_USEFUL_FOR = timedelta(days=7)
_TOLD = Message.objects.filter(kind=Kind.ALERT, subject_id=OuterRef("pk"))


def find(at: datetime, policy: Policy) -> Iterator[int]:
    """Ask those who care for the client at once, and supervisors when a review is overdue."""
    unseen = (
        EmergencyNotice.objects.unseen()
        .filter(created_at__gt=at - _USEFUL_FOR, user__in=User.objects.able_to_sign_in())
        .exclude(Exists(_TOLD))
    )
    rows = [please_sign_in(one.user_id, about=one.pk, at=at, useful_for=_USEFUL_FOR) for one in unseen]
    overdue = (
        EmergencyAccess.objects.filter(
            verdict="",
            opened_at__lte=at - timedelta(days=policy.emergency_review_days),
            opened_at__gt=at - timedelta(days=policy.emergency_review_days) - _USEFUL_FOR,
        )
        .exclude(Exists(_TOLD))
        .values_list("pk", "by_id")
    )
    waiting = list(overdue)
    if waiting:
        supervisors = set(User.objects.able_to_sign_in().with_role(Role.SUPERVISOR).values_list("pk", flat=True))
        rows += [
            please_sign_in(who, about=key, at=at, useful_for=_USEFUL_FOR)
            for key, opened_by in waiting
            for who in supervisors - {opened_by}
        ]
    if rows:
        yield insert(rows)


def still_open(subjects: Collection[UUID], at: datetime) -> set[UUID]:
    """Return those of ``subjects`` that are notices nobody has seen or accesses nobody has reviewed."""
    unseen = EmergencyNotice.objects.unseen().filter(pk__in=subjects)
    unreviewed = EmergencyAccess.objects.filter(pk__in=subjects, verdict="")
    return {*unseen.values_list("pk", flat=True), *unreviewed.values_list("pk", flat=True)}
