"""What the page of a group reads, each a query that is put together once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Concat
from django.http import Http404

from common.prepared import Slot, many, prepared, somebody
from groups_app.models import (
    OPEN_STATES,
    AgreementVersion,
    DoorOpening,
    EndingCheck,
    EndingItem,
    Group,
    GroupCover,
    GroupLeader,
    GroupTransition,
    Membership,
    MembershipState,
    Phase,
)
from home.reads.absence import away_from
from practice.models import Policy, User
from sessions_log.models import AskedAfter, Attendance, Session

COLUMNS = 16
COLUMNS_AHEAD = 4  # of an ongoing or long group; a group of up to 16 sessions is shown whole


def group_of(user: User, pk: UUID) -> Any:
    """Return the group with its leaders of today and their licenses, its cover, the number of its agreement, and
    whether its door was ever opened; ``Http404`` for who may not see it.
    """
    found = _groups(pk=pk, user=user)
    if not found:
        raise Http404
    group = found[0]
    group.current_leaders = _leaders(group=pk)
    return group


@prepared(pk=UUIDField(), user=somebody)
def _groups(pk: Slot, user: Any) -> QuerySet[Group]:
    number = AgreementVersion.objects.filter(group=OuterRef("pk")).order_by("-number").values("number")[:1]
    covers = GroupCover.objects.filter(group=OuterRef("pk"), until__isnull=True).order_by()
    named = covers.annotate(name=Concat("user__first_name", Value(" "), "user__last_name"))
    return (
        Group.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("site", "room", "door")
        .annotate(
            agreement_number=Subquery(number),
            cover=Subquery(named.values("name")[:1]),
            has_openings=Exists(DoorOpening.objects.filter(group=OuterRef("pk"))),
        )
    )


@prepared(group=UUIDField())
def _leaders(group: Slot) -> QuerySet[GroupLeader]:
    return GroupLeader.objects.current().with_license().filter(group=group).select_related("user")


@prepared()
def _policy() -> QuerySet[Policy]:
    return Policy.objects.all()


def policy() -> Policy:
    """Return what the practice has decided."""
    return _policy()[0]


@prepared()
def phases() -> QuerySet[Phase]:
    """Return the phases of a time-limited group that are in use, in their order (R15)."""
    return Phase.objects.filter(is_active=True)


def memberships_of(group: Group) -> list[Membership]:
    """Return everybody who is or was a member, or is on the way, in the order of their names."""
    memberships = _memberships(group=group.pk)
    for membership in memberships:
        membership.group = group  # its rules ask for the leaders, which are here already
    return memberships


@prepared(group=UUIDField())
def _memberships(group: Slot) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(group=group)
        .filter(Q(state__in=OPEN_STATES) | Q(state=MembershipState.LEFT))
        .select_related("client")
        .with_agreement_state()
        .order_by("client__sort_key", "id")
    )


def sessions_of(group: Group, at: datetime, *, show_all: bool) -> list[Session]:
    """Return the sessions of the grid in time order: all, or of a long group the last ones and a few to come."""
    before = at + timedelta(weeks=group.cadence * COLUMNS_AHEAD)
    found = _sessions(group=group.pk, before=before, shows_all=show_all or is_short(group))
    for session in found:
        session.group = group
    return found[::-1]


@prepared(group=UUIDField(), before=DateTimeField())
def _sessions(group: Slot, before: Slot, *, shows_all: bool) -> QuerySet[Session]:
    sessions = Session.objects.filter(group=group).select_related("room").order_by("-starts_at", "-id")
    return sessions if shows_all else sessions.filter(starts_at__lt=before)[:COLUMNS]


def is_short(group: Group) -> bool:
    """Whether the grid shows every session of the group anyway."""
    return group.session_count is not None and group.session_count <= COLUMNS


def notices_of(sessions: Sequence[Session], at: datetime) -> dict[UUID, set[UUID]]:
    """Return who said they cannot come to what is to come: session → memberships."""
    return away_from(session for session in sessions if session.ends_at > at)


def marks_of(sessions: Sequence[Session], at: datetime) -> dict[tuple[UUID, UUID], str]:
    """Return how everybody came: (membership, session) → status."""
    held = [session.pk for session in sessions if session.starts_at <= at]
    rows = _attendances(sessions=held) if held else ()
    return {(membership_id, session_id): status for membership_id, session_id, status in rows}


@prepared(sessions=many(UUIDField()))
def _attendances(sessions: Slot) -> QuerySet[Attendance, tuple[UUID, UUID, str]]:
    return Attendance.objects.filter(session__in=sessions).values_list("membership_id", "session_id", "status")


def asked_after(memberships: Sequence[UUID], since: date) -> dict[UUID, AskedAfter]:
    """Return when somebody last asked after ``memberships``, since the day ``since``, and who: membership → asking."""
    if not memberships:
        return {}
    asked = AskedAfter.objects.standing().filter(membership__in=memberships, asked_on__gt=since)
    return {one.membership_id: one for one in asked.select_related("by").order_by("asked_on")}


def steps_of(group: Group) -> list[GroupTransition]:
    """Return the steps of the group's life, the newest first, with who took them."""
    return _steps(group=group.pk)


@prepared(group=UUIDField())
def _steps(group: Slot) -> QuerySet[GroupTransition]:
    return GroupTransition.objects.filter(group=group).select_related("by").order_by("-at", "-id")


def openings_of(group: Any) -> list[DoorOpening]:
    """Return the openings of the door, the newest first, with who announced them and how many joined."""
    if not group.has_openings:
        return []
    joined = Count("memberships", filter=Q(memberships__starts_on__isnull=False))
    rows = group.openings.select_related("announced_by").annotate(joined=joined)
    return list(rows.order_by("-announced_at"))


def ending_of(group: Group) -> list[Any]:
    """Return the lines of the ending's checklist, each with ``check``: who did it and when, if it is done."""
    checks = EndingCheck.objects.filter(group=group).select_related("by")
    done = Prefetch("checks", checks, to_attr="done")
    items = EndingItem.objects.filter(Q(is_active=True) | Q(checks__group=group)).distinct()
    return list(items.order_by("position", "id").prefetch_related(done))
