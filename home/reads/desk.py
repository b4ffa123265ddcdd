"""The coordinator's desk: counts that lead to lists, groups to fill, groups to worry about (R17, R30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import local
from groups_app.models import Group, Membership, MembershipState
from home.reads.viability import AT_RISK, SmallGroup, small_groups
from home.reads.words import joined
from members.models import Client, WaitingListEntry
from practice.models import Policy, Practice, User
from records.models import ClientImport, ImportState
from reminders.models import Message
from sessions_log.attention import count_waiting
from sessions_log.staying_away import count_by_group

MOST_ROWS = 12
MOST_WAITING = 6
# A failed message still matters while somebody can be called about it.
FAILURES_MATTER = timedelta(days=7)


@dataclass(frozen=True)
class Figure:
    """A number that leads to its list."""

    count: int
    label: str
    url: str
    needs_attention: bool = False


@dataclass(frozen=True)
class OpenGroup:
    """A group with free places."""

    group: Group
    meets: str
    leaders: str
    seated: int
    capacity: int
    free: int
    proposed: int
    starts: str


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list."""

    client: Client
    days: int


@dataclass(frozen=True)
class DeskPage:
    """Everything the page shows."""

    figures: list[Figure]
    open_groups: list[OpenGroup]
    more_open: int
    small_groups: list[SmallGroup]
    smallest: int
    waiting: list[Waiting]


def desk_page(user: User, *, at: datetime) -> DeskPage:
    """Gather the page of a coordinator at the moment ``at``: ten queries, never more with more rows."""
    practice = _practice_with_counts(user, at)
    policy = practice.policy
    open_groups = list(_open_groups(user, policy))
    small = small_groups(user, policy, at=at)
    open_total = open_groups[0].total if open_groups else 0
    return DeskPage(
        figures=_figures(
            practice,
            open_total=open_total,
            small=len(small),
            away=sum(_staying_away(user, policy).values()),
            to_settle=count_waiting(user, at=at),
        ),
        open_groups=[_open_group(group) for group in open_groups],
        more_open=open_total - len(open_groups),
        small_groups=small,
        smallest=policy.minimum_members,
        waiting=_longest_waiting(user, at),
    )


# --- What is read ---------------------------------------------------------------------------------------------------
def _practice_with_counts(user: User, at: datetime) -> Any:
    """The practice with its policy and every count of the page, in one query."""
    proposals = Membership.objects.visible_to(user).filter(state=MembershipState.PROPOSED)
    failures = Message.objects.visible_to(user).failed().filter(useful_until__gt=at - FAILURES_MATTER)
    unfinished = ClientImport.objects.filter(state__in=(ImportState.CHECKED, ImportState.UPLOADED))
    return (
        Practice.objects.select_related("policy")
        .annotate(
            waiting=_count(WaitingListEntry.objects.visible_to(user).open()),
            proposals=_count(proposals),
            old_proposals=_count(proposals.filter(created_at__lt=at - timedelta(days=7))),
            failures=_count(failures),
            imports=_count(unfinished),
        )
        .get()
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """A sub-select that counts all ``rows``."""
    as_one = rows.order_by().annotate(everything=Value(1)).values("everything")
    counted = as_one.annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _open_groups(user: User, policy: Policy) -> Any:
    """Groups with free places, the one that starts first on top; each knows how many there are in all."""
    return (
        Group.objects.visible_to(user)
        .with_places(policy)
        .with_free_place()
        .with_leaders()
        .annotate(total=Window(Count("pk")))
        .order_by("first_day", "name")[:MOST_ROWS]
    )


def _staying_away(user: User, policy: Policy) -> dict[UUID, int]:
    """How many members stay away, by group; how each of them came is for the leaders (R27, R43)."""
    groups = Group.objects.visible_to(user).filter(state__in=AT_RISK)
    return count_by_group(groups, policy)


def _longest_waiting(user: User, at: datetime) -> list[Waiting]:
    entries = WaitingListEntry.objects.visible_to(user).open().select_related("client__site").order_by("since", "id")
    return [
        Waiting(entry.client, (local(at, entry.client.site.zone).date() - entry.since).days)
        for entry in entries[:MOST_WAITING]
    ]


# --- Words ----------------------------------------------------------------------------------------------------------
def _figures(practice: Any, *, open_total: int, small: int, away: int, to_settle: int) -> list[Figure]:
    return [
        Figure(practice.waiting, _("waiting"), reverse("members:waiting")),
        Figure(
            practice.proposals,
            _("proposals open, %(old)d over a week") % {"old": practice.old_proposals}
            if practice.old_proposals
            else ngettext("proposal open", "proposals open", practice.proposals),
            reverse("matching:board"),
            needs_attention=bool(practice.old_proposals),
        ),
        Figure(open_total, ngettext("group with free places", "groups with free places", open_total), "#free"),
        Figure(
            small,
            ngettext("group below the smallest size", "groups below the smallest size", small),
            "#small",
            needs_attention=bool(small),
        ),
        Figure(
            away,
            ngettext("member to ask after", "members to ask after", away),
            reverse("groups_app:list") + "?away=on",
            needs_attention=bool(away),
        ),
        Figure(
            practice.failures,
            ngettext("message not sent", "messages not sent", practice.failures),
            reverse("reminders:deliveries") + "?state=failed",
            needs_attention=bool(practice.failures),
        ),
        Figure(
            to_settle,
            ngettext("decision in the calendar", "decisions in the calendar", to_settle),
            reverse("sessions_log:attention"),
            needs_attention=bool(to_settle),
        ),
        Figure(
            practice.imports,
            ngettext("import to finish", "imports to finish", practice.imports),
            reverse("records:imports"),
        ),
    ]


def _open_group(group: Any) -> OpenGroup:
    return OpenGroup(
        group=group,
        meets=joined(
            _("%(day)s, %(time)s") % {"day": group.weekday_name, "time": date_text(group.start_time, "g:i A")},
            group.site.name
            if group.room or group.site.is_online
            else _("%(site)s, online") % {"site": group.site.name},
        ),
        leaders=", ".join(leader.user.short_name for leader in group.current_leaders),
        seated=group.seated,
        capacity=group.places,
        free=group.places - group.seated,
        proposed=group.proposed,
        starts=date_text(group.door.opens_on if group.door else group.first_day, "F j"),
    )
