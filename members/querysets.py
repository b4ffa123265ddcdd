"""Named reads of clients and what belongs to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Subquery

from common.clock import now
from common.names import sort_key
from practice.models import Role, User

if TYPE_CHECKING:
    from members.models import Client

# Memberships are declared a room above; this room knows the relation's name and these of its states, nothing else.
# Not among them: declined and withdrawn. Who never came to a group is not its leaders' business any more (R43).
STATES_LEADERS_SEE = ("proposed", "accepted", "invited", "preparing", "active", "leaving", "left")


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients."""

    def visible_to(self, user: User) -> Self:
        """Keep the clients whose record ``user`` may open (R43).

        Coordinators and supervisors: all. Therapists: people in, or proposed for, a group they lead, those they are
        asked to screen, and whose chart they have open in an emergency. Members: themselves.
        """
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            asked = apps.get_model("members", "ScreeningRequest").objects.visible_to(user)
            opened = apps.get_model("members", "EmergencyAccess").objects.of(user).open(now())
            others = (rows.order_by().values("client") for rows in (asked, opened))
            # A union, so that the clients are found by their keys, however many others there are.
            return self.filter(pk__in=_led_by(user).union(*others))
        if user.is_member:
            return self.filter(user=user)
        return self.none()

    def led_by(self, user: User) -> Self:
        """Keep people who are, were or are proposed to be in a group that ``user`` leads now."""
        return self.filter(pk__in=_led_by(user))

    def to_be_screened_by(self, user: User) -> Self:
        """Keep people whom ``user`` is asked to screen and has not decided about (R21)."""
        return self.filter(screening_requests__therapist=user, screening_requests__closed_at__isnull=True)

    def with_screening(self) -> Self:
        """Add ``screening``, the outcome in force or nothing, and ``screener``, who is asked to decide (R21)."""
        return self.annotate(screening=current_outcome(OuterRef("pk")), screener=open_screener(OuterRef("pk")))

    def search(self, text: str) -> Self:
        """Keep clients in whose name or e-mail address every word of ``text`` occurs, whatever its accents and case."""
        found = self
        for word in text.replace("\x00", "").split():
            folded = sort_key(word)
            found = found.filter(
                Q(sort_key__contains=folded) | Q(preferred_name__icontains=word) | Q(email__startswith=word.lower())
            )
        return found

    def with_fit_data(self) -> Self:
        """Fetch along all that matching and the waiting list show of a client."""
        return self.select_related("site", "referral_reason").prefetch_related(
            "availabilities", "difficulties", "goals", "conditions", "client_problem_areas__area"
        )

    def with_labels(self) -> Self:
        """Add what the client brings as lists of labels, in the same query.

        ``difficulty_labels``, ``problem_labels`` (the primary area first), ``condition_labels``, ``goal_labels``.
        """
        problem_areas = (
            apps.get_model("members", "ClientProblemArea")
            .objects.filter(client=OuterRef("pk"))
            .order_by("-is_primary", "area__position")
            .values("area__label")
        )
        return self.annotate(
            difficulty_labels=_labels("DifficultyArea"),
            problem_labels=ArraySubquery(problem_areas),
            condition_labels=_labels("Condition"),
            goal_labels=_labels("Goal"),
        )

    def with_identities(self) -> Self:
        """Add ``identity_labels``, what the client asked to be considered (R20), in the same query."""
        return self.annotate(identity_labels=_labels("Identity"))

    def with_groups(self) -> Self:
        """Fetch along the memberships, each with its group, in one query."""
        memberships = apps.get_model("groups_app", "Membership").objects.select_related("group")
        return self.prefetch_related(models.Prefetch("memberships", queryset=memberships))

    def with_status(self) -> Self:
        """Add ``is_waiting`` (on the waiting list) and ``in_group`` (holds a place)."""
        waiting = apps.get_model("members", "WaitingListEntry").objects.filter(
            client=OuterRef("pk"), closed_on__isnull=True
        )
        seated = apps.get_model("groups_app", "Membership").objects.seated().filter(client=OuterRef("pk"))
        return self.annotate(is_waiting=Exists(waiting), in_group=Exists(seated))


def _led_by(user: User) -> models.QuerySet[Any, Any]:
    """Return the keys of the people in groups that ``user`` leads now."""
    led = apps.get_model("groups_app", "GroupLeader").objects.filter(user=user, until__isnull=True).order_by()
    memberships = apps.get_model("groups_app", "Membership").objects.filter(state__in=STATES_LEADERS_SEE)
    return memberships.filter(group__in=led.values("group")).order_by().values("client")


def _labels(model_name: str) -> ArraySubquery:
    entries = apps.get_model("members", model_name).objects.filter(client=OuterRef("pk"))
    return ArraySubquery(entries.order_by("position", "label").values("label"))


class ConsentQuerySet(models.QuerySet[Any]):
    """Consents."""

    def in_force(self) -> Self:
        """Keep consents that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class KeepApartQuerySet(models.QuerySet[Any]):
    """Pairs to keep apart."""

    def of(self, client: "Client") -> Self:
        """Keep the pairs of one client."""
        return self.filter(Q(one=client) | Q(other=client))

    def in_force(self) -> Self:
        """Keep pairs that nobody ended."""
        return self.filter(ended_at__isnull=True)

    def counterparts_of(self, client_ids: "set[UUID]") -> "dict[UUID, set[UUID]]":
        """Return, for each of ``client_ids`` that has any, the clients it must be kept apart from.

        These are the pairs in force, and whoever has the name of somebody on a client's private list: the database
        compares the names, so that nobody else reads the list. Two queries.
        """
        pairs: dict[UUID, set[UUID]] = {}
        in_force = self.in_force().filter(Q(one__in=client_ids) | Q(other__in=client_ids))
        with connection.cursor() as cursor:
            cursor.execute("SELECT one, other FROM members_listed_pairs(%s)", [list(client_ids)])
            listed = cursor.fetchall()
        for one, other in [*in_force.values_list("one_id", "other_id"), *listed]:
            if one in client_ids:
                pairs.setdefault(one, set()).add(other)
            if other in client_ids:
                pairs.setdefault(other, set()).add(one)
        return pairs


class ScreeningRequestQuerySet(models.QuerySet[Any]):
    """Whom somebody is asked to screen."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see: the desk and supervisors all, therapists what waits for themselves (R21)."""
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        return self.open().filter(therapist=user) if user.has_role(Role.THERAPIST) else self.none()

    def open(self) -> Self:
        """Keep those without an answer."""
        return self.filter(closed_at__isnull=True)


class ScreeningQuerySet(models.QuerySet[Any]):
    """Screenings."""

    def current(self) -> Self:
        """Keep the decisions in force."""
        return self.filter(superseded_at__isnull=True)


def current_outcome(client: Any) -> Subquery:
    """Return, for an outer query's ``client``, the outcome of the screening in force, or nothing."""
    screenings = apps.get_model("members", "Screening").objects.current().filter(client=client)
    return Subquery(screenings.order_by().values("outcome")[:1])


def open_screener(client: Any) -> Subquery:
    """Return, for an outer query's ``client``, the last name of the therapist who is asked to screen, or nothing."""
    requests = apps.get_model("members", "ScreeningRequest").objects.filter(client=client, closed_at__isnull=True)
    return Subquery(requests.order_by().values("therapist__last_name")[:1])


class WaitingListQuerySet(models.QuerySet[Any]):
    """The waiting list."""

    def open(self) -> Self:
        """Keep people who are still waiting."""
        return self.filter(closed_on__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see: the list is the coordinators' and supervisors'."""
        return self if user.has_role(Role.COORDINATOR, Role.SUPERVISOR) else self.none()

    def with_proposals(self) -> Self:
        """Add ``is_proposed``: whether a group's leader is asked about the client right now."""
        proposed = apps.get_model("members", "Client").objects.filter(
            pk=OuterRef("client"), memberships__state="proposed"
        )
        return self.annotate(is_proposed=Exists(proposed))

    def with_screening(self) -> Self:
        """Add ``screening``, the outcome in force or nothing, and ``screener``, who is asked to decide (R21)."""
        return self.annotate(screening=current_outcome(OuterRef("client")), screener=open_screener(OuterRef("client")))

    def to_be_screened(self) -> Self:
        """Keep people whom nobody has screened or is asked to screen (R21)."""
        requests = apps.get_model("members", "ScreeningRequest").objects.filter(
            client=OuterRef("client"), closed_at__isnull=True
        )
        screenings = apps.get_model("members", "Screening").objects.current().filter(client=OuterRef("client"))
        return self.filter(~Exists(requests), ~Exists(screenings))


class EmergencyQuerySet(models.QuerySet[Any]):
    """Emergency accesses."""

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see: supervisors all, others their own."""
        return self if user.has_role(Role.SUPERVISOR) else self.filter(by=user)

    def open(self, at: datetime) -> Self:
        """Keep those by which a chart can be read at the moment ``at``."""
        return self.filter(closed_at__isnull=True, closes_at__gt=at)

    def of(self, user: User) -> Self:
        """Keep those of ``user``, as long as their role lets them read charts."""
        return self.filter(by=user) if user.has_role(Role.THERAPIST, Role.SUPERVISOR) else self.none()

    def to_be_reviewed_by(self, user: User) -> Self:
        """Keep those that nobody has reviewed and ``user`` may: a supervisor, and not their own."""
        return self.filter(verdict="").exclude(by=user) if user.has_role(Role.SUPERVISOR) else self.none()

    def with_people(self) -> Self:
        """Fetch along who opened whose record, and who reviewed it."""
        return self.select_related("client__site", "by", "reviewed_by")


class EmergencyNoticeQuerySet(models.QuerySet[Any]):
    """Who is told of an emergency access."""

    def visible_to(self, user: User) -> Self:
        """Keep the person's own."""
        return self.filter(user=user)

    def unseen(self) -> Self:
        """Keep those nobody has said to have seen."""
        return self.filter(seen_at__isnull=True)
