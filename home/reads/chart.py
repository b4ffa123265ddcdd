"""What somebody reads who opened a record in an emergency: the chart, on one page, and nothing beside it (R41).

Row-level security shows these rows while the access is open. Psychotherapy notes and interaction maps are in a room
that nothing here may import; group notes, drafts and other people's rows stay closed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch

from groups_app.models import GroupLeader, Membership, Signature
from members.models import Client, ContactConsent, Intake
from members.querysets import STATES_LEADERS_SEE
from sessions_log.formats import labeled
from sessions_log.models import Addendum, Attendance, BoundaryEvent, MemberNote, Session

MOST_NOTES, MOST_EVENTS = 30, 10


@dataclass(frozen=True)
class NoteLine:
    """A signed note about the client, with how they came and what was added."""

    note: MemberNote
    came: str
    parts: list[tuple[str, str]]
    addenda: list[Addendum] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The session it is about."""
        return self.note.session


@dataclass(frozen=True)
class Chart:
    """The page."""

    client: Client
    consents: list[ContactConsent]
    intake: Intake | None
    memberships: list[Membership]
    events: list[BoundaryEvent]
    notes: list[NoteLine]
    signatures: list[Signature]


def chart_of(client_id: UUID) -> Chart:
    """Gather it: a fixed number of queries, whatever there is."""
    client = Client.objects.select_related("site", "user").with_labels().get(pk=client_id)
    leaders = Prefetch(
        "group__leaders", GroupLeader.objects.current().select_related("user"), to_attr="current_leaders"
    )
    memberships = client.memberships.filter(state__in=STATES_LEADERS_SEE).select_related("group__site")
    of_client = {"membership__client": client}
    events = BoundaryEvent.objects.filter(**of_client).select_related("session").order_by("-recorded_at")
    signatures = Signature.objects.in_force().filter(**of_client).select_related("membership__group", "version")
    return Chart(
        client=client,
        consents=list(client.consents.in_force()),
        intake=Intake.objects.filter(client=client).select_related("recorded_by").first(),
        memberships=list(memberships.prefetch_related(leaders).order_by("-created_at")),
        events=list(events[:MOST_EVENTS]),
        notes=_notes_of(client),
        signatures=list(signatures.order_by("-signed_at")),
    )


def _notes_of(client: Client) -> list[NoteLine]:
    of_client = {"membership__client": client}
    signed = MemberNote.objects.signed().filter(**of_client).select_related("session__group", "signed_by")
    notes = list(signed.order_by("-session__starts_at", "pk")[:MOST_NOTES])
    sessions = [note.session_id for note in notes]
    came = {row.session_id: row for row in Attendance.objects.filter(**of_client, session__in=sessions)}
    added: dict[UUID, list[Addendum]] = defaultdict(list)
    for addendum in Addendum.objects.filter(**of_client, session__in=sessions).select_related("author"):
        added[addendum.session_id].append(addendum)
    return [
        NoteLine(
            note,
            str(came[note.session_id].get_status_display()) if note.session_id in came else "",
            labeled(note),
            added[note.session_id],
        )
        for note in notes
    ]
