"""All that is recorded about one session, read in a fixed number of queries (R33, R34)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db.models import CharField, DateField, FilteredRelation, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import local
from common.prepared import Slot, many, prepared
from groups_app.models import MemberGoal, Membership, MembershipState, Phase, phase_of
from members.models import Goal
from practice.models import User
from sessions_log.corrections import Correction, came_in_words, corrections_of
from sessions_log.formats import has_words, labeled
from sessions_log.models import (
    AWAY,
    AbsenceNotice,
    Addendum,
    Attendance,
    AttendanceStatus,
    BoundaryEvent,
    CoSignature,
    GroupNote,
    Intervention,
    MemberNote,
    Session,
    Tag,
    TherapeuticFactor,
)
from sessions_log.names.check import Named, named_in
from sessions_log.roster import roster_on

# Any: the type checker does not know that a relation can be asked what was fetched along.
_GROUP_NOTE: Any = Session._meta.get_field("group_note")
_IN_WORDS = {
    AttendanceStatus.PRESENT: gettext_lazy("here"),
    AttendanceStatus.LATE: gettext_lazy("late"),
    AttendanceStatus.LEFT_EARLY: gettext_lazy("left early"),
    AttendanceStatus.ABSENT_WITH_NOTICE: gettext_lazy("away"),
    AttendanceStatus.NO_SHOW: gettext_lazy("away"),
    AttendanceStatus.WALKED_OUT: gettext_lazy("walked out"),
    AttendanceStatus.CALLED_OFF: gettext_lazy("called off"),
}
_ABSENCES = {
    AttendanceStatus.ABSENT_WITH_NOTICE: gettext_lazy("Absent with notice."),
    AttendanceStatus.NO_SHOW: gettext_lazy("Absent without notice."),
    AttendanceStatus.CALLED_OFF: gettext_lazy("The session was called off."),
}


# What the page needs of a membership and its client, both wide rows.
_ROSTER_FIELDS = (
    *("group", "client", "state", "starts_on", "ends_on"),
    *("client__first_name", "client__preferred_name", "client__last_name"),
)


@prepared(session=UUIDField(), group=UUIDField(), day=DateField())
def _documented_roster(session: Slot, group: Any, day: Any, *, is_signed: bool) -> QuerySet[Membership]:
    """The roster of a session with what is recorded about each person.

    ``came`` is the attendance, ``said`` the open absence notice, ``written`` the note, ``aim`` the first goal that the
    client came with and ``own_aim`` the key of the first that they work on in this group (R10).
    """
    open_notice = Q(absence_notices__session=session, absence_notices__withdrawn_at__isnull=True)
    related = {
        "came": FilteredRelation("attendances", condition=Q(attendances__session=session)),
        "said": FilteredRelation("absence_notices", condition=open_notice),
        "written": FilteredRelation("notes", condition=Q(notes__session=session)),
    }
    goals = Goal.objects.filter(client=OuterRef("client_id")).order_by("position").values("label")[:1]
    own = MemberGoal.objects.filter(membership=OuterRef("pk"), ended_at__isnull=True).order_by("position")
    signers = ["written__signed_by"] if is_signed else []
    rows: Any = roster_on(group, day).annotate(**related, aim=Subquery(goals), own_aim=Subquery(own.values("pk")[:1]))
    roster: QuerySet[Membership] = rows.select_related("client", "came", "said", "written", *signers)
    return roster.only(*_ROSTER_FIELDS)


@prepared(keys=many(UUIDField()))
def _goals(keys: Slot) -> QuerySet[MemberGoal]:
    return MemberGoal.objects.filter(pk__in=keys).select_related("catalogue")


@prepared(noted=CharField())
def _phases(noted: Slot) -> QuerySet[Phase]:
    return Phase.objects.filter(Q(is_active=True) | Q(code=noted))


@dataclass(frozen=True)
class Line:
    """One person's line of a session."""

    membership: Membership
    attendance: Attendance | None
    notice: AbsenceNotice | None
    note: MemberNote | None
    goal: str
    remark: str
    addenda: list[Addendum]

    @property
    def name(self) -> str:
        """The person's name as it stands on a roster."""
        return self.membership.client.roster_name

    @property
    def was_away(self) -> bool:
        """Whether it is recorded that the person did not come."""
        return self.attendance is not None and self.attendance.status in AWAY

    @property
    def needs_note(self) -> bool:
        """Whether a note must be written before signing; who was away needs none."""
        return not self.was_away and not (self.note and has_words(self.note.parts))

    @property
    def came(self) -> str:
        """How the person came: "Late, 12 min missed"."""
        return came_in_words(self.attendance) if self.attendance else ""

    @property
    def absence(self) -> str:
        """The short line that stands for the note of somebody who was away."""
        if self.attendance is None or not self.was_away:
            return ""
        return str(_ABSENCES[AttendanceStatus(self.attendance.status)])

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The written parts of the note with their labels."""
        return labeled(self.note) if self.note else []

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed."""
        return self.note is not None and self.note.is_signed


class Sheet:
    """A session's roster with attendance, absence notices and notes. Reading it needs the right to read notes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def read_anew(cls, session: Session) -> Self:
        """Return the sheet of ``session`` after something was written, whatever was fetched along with it before."""
        if _GROUP_NOTE.is_cached(session):
            _GROUP_NOTE.delete_cached_value(session)
        session.has_boundary_events = True
        return cls(session)

    @cached_property
    def memberships(self) -> list[Membership]:
        """The roster, in one query with all that is recorded about each person (``_documented_roster``)."""
        session = self.session
        return _documented_roster(
            session=session.pk, group=session.group_id, day=session.local_day, is_signed=session.is_documented
        )

    @cached_property
    def _own_aims(self) -> dict[UUID, str]:
        """What members work on in this group, by the goal's key; read only if somebody set a goal."""
        rows: list[Any] = [] if self.is_signed else self.memberships
        aims = {row.own_aim: row for row in rows if row.own_aim}
        titles = {}
        for goal in _goals(keys=list(aims)) if aims else ():
            goal.membership = aims[goal.pk]  # whose client's key its words are encrypted with
            titles[goal.pk] = goal.title
        return titles

    @property
    def attendances(self) -> list[Attendance]:
        """What is recorded."""
        return [line.attendance for line in self.lines if line.attendance]

    @cached_property
    def notes(self) -> dict[UUID, MemberNote]:
        """The members' notes, by membership."""
        return {line.membership.pk: line.note for line in self.lines if line.note}

    @property
    def notices(self) -> list[AbsenceNotice]:
        """Who said that they cannot come."""
        return [line.notice for line in self.lines if line.notice]

    @cached_property
    def group_note(self) -> GroupNote | None:
        """The group note, if there is one."""
        if _GROUP_NOTE.is_cached(self.session):
            known: GroupNote | None = _GROUP_NOTE.get_cached_value(self.session)
            return known
        return GroupNote.objects.filter(session=self.session).first()

    @cached_property
    def named(self) -> list[Named]:
        """Names of members in notes where they may not stand (R35)."""
        return named_in(session=self.session, roster=self.memberships, group_note=self.group_note, notes=self.notes)

    @cached_property
    def boundary_events(self) -> list[BoundaryEvent]:
        """What happened against the agreement, in the order in which it was recorded (R5)."""
        known = getattr(self.session, "has_boundary_events", True)
        return list(self.session.boundary_events.all()) if known else []

    @cached_property
    def earlier(self) -> Session | None:
        """The session before with a group note, and with the notes about its members; three queries."""
        before = Session.objects.filter(group=self.session.group_id, starts_at__lt=self.session.starts_at)
        noted = before.filter(group_note__isnull=False).select_related("group_note").prefetch_related("member_notes")
        return noted.order_by("-starts_at").first()

    @cached_property
    def cosignatures(self) -> list[CoSignature]:
        """Who stands behind the signed record, in the order of their signatures."""
        return list(self.session.cosignatures.select_related("by"))

    @cached_property
    def addenda(self) -> dict[UUID | None, list[Addendum]]:
        """What was added after signing, by membership; ``None`` is the group."""
        found: dict[UUID | None, list[Addendum]] = defaultdict(list)
        for addendum in self.session.addenda.select_related("author"):
            found[addendum.membership_id].append(addendum)
        return found

    def may_be_cosigned_by(self, user: User) -> bool:
        """Whether a signature of ``user`` would add something: others signed, and they did not co-sign yet."""
        notes = [note for note in (self.group_note, *self.notes.values()) if note]
        signers = {note.signed_by_id for note in notes}
        return signers != {user.pk} and user.pk not in {row.by_id for row in self.cosignatures}

    @cached_property
    def lines(self) -> list[Line]:
        """The roster, each person with all that belongs to them."""
        return [self._line(membership) for membership in self.memberships]

    def _line(self, membership: Any) -> Line:
        goal = self._own_aims.get(membership.own_aim) or membership.aim or ""
        # Django sets these only where there is something.
        came, said, written = (getattr(membership, name, None) for name in ("came", "said", "written"))
        aim = _("Goal: %(goal)s") % {"goal": goal} if goal else ""
        remark = self._said(said) or self._goodbye(membership) or aim
        addenda = self.addenda[membership.pk] if self.is_signed else []
        return Line(membership, came, said, written, goal, remark, addenda)

    @property
    def is_signed(self) -> bool:
        """Whether the whole record is locked."""
        return self.session.is_documented

    @property
    def is_group_signed(self) -> bool:
        """Whether the group note is locked, the members' notes perhaps not yet."""
        return self.group_note is not None and self.group_note.is_signed

    @property
    def are_members_signed(self) -> bool:
        """Whether no note about a member waits for its signature."""
        return self.has_attendance and not any(
            line.needs_note or (line.note and not line.is_signed) for line in self.lines
        )

    @property
    def saved_at(self) -> datetime | None:
        """When something was last written."""
        notes = [note.updated_at for note in (self.group_note, *self.notes.values()) if note]
        return max([*notes, *(row.recorded_at for row in self.attendances)], default=None)

    @property
    def counts(self) -> str:
        """How many came and how: "6 here, 1 late, 1 away"; empty as long as nothing is recorded."""
        counted = Counter(_IN_WORDS[AttendanceStatus(row.status)] for row in self.attendances)
        return ", ".join(f"{counted[words]} {words}" for words in dict.fromkeys(_IN_WORDS.values()) if counted[words])

    @property
    def has_attendance(self) -> bool:
        """Whether attendance is recorded for everybody."""
        return all(line.attendance for line in self.lines)

    @property
    def has_group_note(self) -> bool:
        """Whether something is written about the group; a tag alone is no note."""
        return self.group_note is not None and has_words(self.group_note.parts)

    # --- Where the group is on its way (R15) ------------------------------------------------------------------------
    @cached_property
    def phases(self) -> list[Phase]:
        """The phases in use, and one that the note names though it is in use no more; none in an ongoing group."""
        if not self.session.group.session_count:
            return []
        return _phases(noted=self.group_note.phase if self.group_note else "")

    @property
    def phase(self) -> str:
        """The phase that the leaders noted, else the one that the session's number suggests."""
        noted = self.group_note.phase if self.group_note else ""
        known = next((phase for phase in self.phases if phase.code == noted), None)
        found = known or phase_of(self.session.number, self.session.group.session_count, self.phases)
        return found.name if found else ""

    # --- As it is read ----------------------------------------------------------------------------------------------
    @property
    def group_parts(self) -> list[tuple[str, str]]:
        """The written parts of the group note with their labels."""
        return labeled(self.group_note) if self.group_note else []

    @property
    def group_codes(self) -> list[tuple[str, list[str]]]:
        """What was ticked in the group note, by labels."""
        note = self.group_note
        if note is None:
            return []
        phase = [self.phase] if note.phase else []
        ticked = [
            (_("What we did"), [str(Intervention(code).label) for code in note.interventions]),
            (_("Factors at work"), [str(TherapeuticFactor(code).label) for code in note.factors]),
            (_("Put into words"), [str(Tag(code).label) for code in note.tags]),
            (_("Phase"), phase),
        ]
        return [(label, words) for label, words in ticked if words]

    @cached_property
    def corrected_lines(self) -> list[tuple[Line, list[Correction]]]:
        """The roster, each person with the corrections of their attendance, the newest first; one query."""
        recorded = {line.membership.pk: line.attendance for line in self.lines if line.attendance}
        corrections = corrections_of(self.session, recorded)
        return [(line, corrections.get(line.membership.pk, [])) for line in self.lines]

    @property
    def group_addenda(self) -> list[Addendum]:
        """What was added to the signed group note."""
        return self.addenda[None] if self.is_signed else []

    @property
    def boundary_lines(self) -> list[tuple[BoundaryEvent, str]]:
        """The boundary events with the names of those concerned."""
        names = {line.membership.pk: line.name for line in self.lines}
        return [(event, names.get(event.membership_id, "")) for event in self.boundary_events]

    @property
    def signatures(self) -> list[str]:
        """Who signed what and who co-signed, with both times: the session's and the signature's (R37)."""
        notes = [note for note in (self.group_note, *self.notes.values()) if note]
        signed = {(note.signed_at, note.signed_by.name) for note in notes if note.signed_at and note.signed_by}
        cosigned = {(row.signed_at, row.by.name) for row in self.cosignatures}
        lines = [(at, _("Signed by %(name)s on %(when)s."), name) for at, name in signed]
        lines += [(at, _("Co-signed by %(name)s on %(when)s."), name) for at, name in cosigned]
        return [words % {"name": name, "when": _when(at, self.session.zone)} for at, words, name in sorted(lines)]

    def _said(self, notice: AbsenceNotice | None) -> str:
        """Say when the person told us that they will be away, if they did."""
        if not notice:
            return ""
        said, zone = local(notice.given_at, self.session.zone), self.session.zone
        is_recent = local(self.session.starts_at, zone).date() - said.date() < timedelta(days=7)
        return _("Said on %(day)s they are away") % {"day": date_text(said, "l" if is_recent else "F j")}

    def _goodbye(self, membership: Membership) -> str:
        """Count down the sessions of somebody who gave notice (R27)."""
        if membership.state != MembershipState.LEAVING or membership.ends_on is None:
            return ""
        left = sum(day <= membership.ends_on for day in self._days_after)
        if not left:
            return _("Says goodbye today")
        return ngettext("Leaves: %(left)d more session", "Leaves: %(left)d more sessions", left) % {"left": left}

    @cached_property
    def _days_after(self) -> list[date]:
        """The days of the group's sessions after this one, read only when somebody is leaving."""
        later = Session.objects.filter(group=self.session.group_id, starts_at__gt=self.session.starts_at)
        return list(later.scheduled().order_by("starts_at").values_list("local_day", flat=True))


def _when(at: datetime, zone: str) -> str:
    return date_text(local(at, zone), _("F j, Y \\a\\t g:i A"))
