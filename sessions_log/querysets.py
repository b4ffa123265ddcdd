"""Named reads of sessions and notes."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from common.db import AnyOf
from practice.models import Role, Supervision, User

if TYPE_CHECKING:
    from groups_app.models import Membership
    from sessions_log.models import Session, SessionLeader  # noqa: F401 (as type arguments)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions."""

    def visible_to(self, user: User) -> Self:
        """Keep the sessions ``user`` may see the time and place of (R43).

        Coordinators and supervisors: all. Therapists: of the groups they lead, and those they lead for others. Members:
        of the groups they hold a place in.
        """
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.documentable_by(user)
        if user.is_member:
            return self.filter(group__memberships__client__user=user, group__memberships__seat__isnull=False)
        return self.none()

    def documentable_by(self, user: User) -> Self:
        """Keep the sessions ``user`` may document: those of groups they lead now, and those they led themselves."""
        return self.filter(pk__in=_documented_by(user))

    def billable_by(self, user: User) -> Self:
        """Keep the sessions ``user`` may bill: supervisors and coordinators all, therapists what they document (R40).

        Whether coordinators bill at all is policy; ``rules.py`` and the pages know.
        """
        return self if user.has_role(Role.COORDINATOR, Role.SUPERVISOR) else self.documentable_by(user)

    def reschedulable_by(self, user: User) -> Self:
        """Keep the sessions ``user`` may move: coordinators and supervisors all, therapists of groups they lead now."""
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.filter(group__leaders__user=user, group__leaders__until__isnull=True)
        return self.none()

    def read_by(self, user: User) -> Self:
        """Keep the sessions whose signed notes ``user`` may read: what they document, and what they supervise."""
        return self.filter(pk__in=_read_by(user))

    def supervised_by(self, user: User) -> Self:
        """Keep the sessions that somebody whom ``user`` supervises leads, led, or signed notes of."""
        first, *others = _supervised_by(user)
        return self.filter(pk__in=first.union(*others))

    def with_rights(self, user: User) -> Self:
        """Add ``leads_group`` and ``is_supervised``: what ``rules.py`` must know of ``user`` beside the leaders."""
        group_leaders = apps.get_model("groups_app", "GroupLeader").objects
        supervised = self.model._default_manager.supervised_by(user).order_by().filter(pk=models.OuterRef("pk"))
        is_supervisor = user.has_role(Role.SUPERVISOR)
        return self.annotate(
            is_supervised=models.Exists(supervised) if is_supervisor else models.Value(value=False),
            leads_group=models.Exists(
                group_leaders.filter(group=models.OuterRef("group"), user=user, until__isnull=True).order_by()
            ),
        )

    def on_closed_days(self) -> Self:
        """Keep the sessions that take place on a day off of their site: the day was closed after they were planned."""
        closures = apps.get_model("practice", "Closure").objects
        closed = closures.filter(
            models.Q(site=None) | models.Q(site=models.OuterRef("group__site")),
            first_day__lte=models.OuterRef("local_day"),
            last_day__gte=models.OuterRef("local_day"),
        )
        return self.scheduled().filter(models.Exists(closed.order_by()))

    def with_page(self, user: User) -> Self:
        """Fetch along what its page needs beside roster and leaders.

        That is the group note, ``preferred_format``, in which ``user`` begins new notes about members
        (``None`` if they never chose), and ``has_boundary_events``.
        """
        styles = apps.get_model("sessions_log", "WritingStyle").objects.filter(user=user)
        events = self._related("boundary_events").filter(session=models.OuterRef("pk")).order_by()
        return self.select_related("group_note").annotate(
            preferred_format=models.Subquery(styles.values("member_format")[:1]),
            has_boundary_events=models.Exists(events),
        )

    def scheduled(self) -> Self:
        """Keep the sessions that are not cancelled."""
        return self.filter(status="scheduled")

    def coming(self, at: datetime) -> Self:
        """Keep the sessions, canceled ones too, that start after the moment ``at``: what can still be changed."""
        return self.filter(starts_at__gt=at)

    def upcoming(self, at: datetime) -> Self:
        """Keep the sessions that end after the moment ``at``, the next one first."""
        return self.filter(ends_at__gt=at).order_by("starts_at")

    def overlapping(self, first: datetime, last: datetime) -> Self:
        """Keep the sessions of which some part lies after ``first`` and before ``last``."""
        return self.filter(starts_at__lt=last, ends_at__gt=first).order_by("starts_at")

    def taking(self, *, rooms: Collection[UUID], leaders: Collection[UUID]) -> Self:
        """Keep the sessions that are in one of ``rooms`` or led by one of ``leaders``."""
        led = self._related("leaders").filter(user__in=leaders).values("session")
        return self.filter(models.Q(room__in=rooms) | models.Q(pk__in=led))

    def in_days(self, first: date, last: date) -> Self:
        """Keep the sessions on local days from ``first`` to ``last``, both included, whatever their zone."""
        around = self.between(
            datetime.combine(first - timedelta(days=1), time.min, UTC),
            datetime.combine(last + timedelta(days=2), time.min, UTC),
        )
        return around.filter(local_day__range=(first, last))

    def between(self, first: datetime, last: datetime) -> Self:
        """Keep the sessions that start from ``first`` on and before ``last``."""
        return self.filter(starts_at__gte=first, starts_at__lt=last).order_by("starts_at")

    def unsigned(self, at: datetime) -> Self:
        """Keep the sessions that ended before the moment ``at``, took place and have a note to be signed (R37)."""
        return self.scheduled().filter(documented_at__isnull=True, ends_at__lt=at).order_by("starts_at")

    def of_member(self, membership: "Membership") -> Self:
        """Keep the sessions that something is recorded or written about for ``membership``, the newest first."""
        came = self._related("attendances").filter(membership=membership).values("session")
        written = self._related("member_notes").filter(membership=membership).values("session")
        return self.filter(models.Q(pk__in=came) | models.Q(pk__in=written)).order_by("-starts_at")

    def with_progress(self) -> Self:
        """Add how far documenting has come: ``has_attendance``, ``has_note``."""
        return self.annotate(
            has_attendance=models.Exists(self._related("attendances").filter(session=models.OuterRef("pk"))),
            has_note=models.Exists(self._related("group_note").filter(session=models.OuterRef("pk"))),
        )

    def with_place(self) -> Self:
        """Fetch along what a line about a session shows: group, site, room."""
        return self.select_related("group__site", "room")

    def with_leaders(self) -> Self:
        """Fetch along who leads, in their order, as ``leaders.all()``."""
        rows: Any = self._related("leaders")
        return self.prefetch_related(models.Prefetch("leaders", rows.named()))

    def _related(self, name: str) -> models.QuerySet[Any]:
        """Return all rows of the model behind a reverse relation; importing the models here would be a circle."""
        related: Any = self.model._meta.get_field(name).related_model
        rows: models.QuerySet[Any] = related._default_manager.all()
        return rows


class SessionLeaderQuerySet(models.QuerySet["SessionLeader"]):
    """Who leads sessions."""

    def named(self) -> Self:
        """Fetch along their names, which are all that a page shows of them, in their order; accounts are wide rows."""
        named = ("session", "position", "stands_in_for", "user", "user__first_name", "user__last_name")
        return self.select_related("user").only(*named).order_by("position")


class SeriesStopQuerySet(models.QuerySet[Any]):
    """Series that cannot go on by themselves."""

    def visible_to(self, user: User) -> Self:
        """Keep those of groups ``user`` may open (R43)."""
        groups = apps.get_model("groups_app", "Group").objects.visible_to(user)
        return self.filter(group__in=groups.order_by().values("pk"))


class StandingQuerySet(models.QuerySet[Any]):
    """What somebody said and may take back: absence notices, that a member was asked after."""

    def standing(self) -> Self:
        """Keep what was not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class NoteQuerySet(models.QuerySet[Any]):
    """Notes of either kind."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may read: all of sessions they document, of others they may read what is signed (R37)."""
        found = self.filter(session__in=_read_by(user))
        if not user.has_role(Role.SUPERVISOR):
            return found  # who supervises nobody documents whatever they read
        return found.filter(Q(signed_at__isnull=False) | Q(session__in=_documented_by(user)))

    def unsigned(self) -> Self:
        """Keep drafts."""
        return self.filter(signed_at__isnull=True)

    def signed(self) -> Self:
        """Keep signed notes."""
        return self.filter(signed_at__isnull=False)


# Keys of sessions. Each part of a union finds its rows by an index, whatever else the practice holds, and so do the
# rows that are kept by them; asked as conditions joined by OR, PostgreSQL looks at every session and every note.
def _documented_by(user: User) -> models.QuerySet[Any, Any]:
    """The sessions that ``user`` may document: of groups they lead now, and those they led themselves."""
    sessions = _rows_of("sessions_log.Session")
    if not user.has_role(Role.THERAPIST):
        return sessions.none().values("pk")
    led = _rows_of("groups_app.GroupLeader").filter(user=user, until__isnull=True).values("group")
    own = _rows_of("sessions_log.SessionLeader").filter(user=user).values("session")
    return sessions.filter(group__in=led).values("pk").union(own)


def _supervised_by(user: User) -> list[models.QuerySet[Any, Any]]:
    """The sessions that somebody whom ``user`` supervises leads or led, and those of which they signed notes."""
    therapists = Supervision.objects.of(user).order_by().values("therapist")
    ways = (("SessionLeader", "user"), ("GroupNote", "signed_by"), ("MemberNote", "signed_by"))
    return [_rows_of(f"sessions_log.{name}").filter(AnyOf(way, therapists)).values("session") for name, way in ways]


def _read_by(user: User) -> models.QuerySet[Any, Any]:
    """The sessions whose signed notes ``user`` may read: what they document, and what they supervise."""
    documented = _documented_by(user)
    return documented.union(*_supervised_by(user)) if user.has_role(Role.SUPERVISOR) else documented


def _rows_of(label: str) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = apps.get_model(label)._default_manager.order_by()
    return rows
