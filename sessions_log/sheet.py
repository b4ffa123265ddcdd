"""All that is recorded about one session, read in a fixed number of queries (R33, R34)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.clock import local
from groups_app.models import Membership
from sessions_log.models import (
    AbsenceNotice,
    Attendance,
    AttendanceStatus,
    GroupNote,
    Intervention,
    MemberNote,
    Session,
    TherapeuticFactor,
)
from sessions_log.roster import roster_of

_IN_WORDS = {
    AttendanceStatus.PRESENT: gettext_lazy("here"),
    AttendanceStatus.LATE: gettext_lazy("late"),
    AttendanceStatus.LEFT_EARLY: gettext_lazy("left early"),
    AttendanceStatus.ABSENT_WITH_NOTICE: gettext_lazy("away"),
    AttendanceStatus.NO_SHOW: gettext_lazy("away"),
    AttendanceStatus.WALKED_OUT: gettext_lazy("walked out"),
}
AWAY = (AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW)


@dataclass(frozen=True)
class Line:
    """One person's line of a session."""

    membership: Membership
    attendance: Attendance | None
    notice: AbsenceNotice | None
    note: MemberNote | None
    remark: str

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
        return not self.was_away and not (self.note and self.note.text)


class Sheet:
    """A session's roster with attendance, absence notices and notes. Reading it needs the right to read notes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def memberships(self) -> list[Membership]:
        """The roster."""
        return list(roster_of(self.session).prefetch_related("client__goals"))

    @cached_property
    def attendances(self) -> dict[UUID, Attendance]:
        """What is recorded, by membership."""
        return {row.membership_id: row for row in self.session.attendances.all()}

    @cached_property
    def notices(self) -> dict[UUID, AbsenceNotice]:
        """Who said that they cannot come, by membership."""
        return {row.membership_id: row for row in self.session.absence_notices.filter(withdrawn_at__isnull=True)}

    @cached_property
    def notes(self) -> dict[UUID, MemberNote]:
        """The members' notes, by membership."""
        rows = self.session.member_notes.select_related("author")
        return {row.membership_id: row for row in rows}

    @cached_property
    def group_note(self) -> GroupNote | None:
        """The group note, if there is one."""
        return GroupNote.objects.filter(session=self.session).select_related("author", "signed_by").first()

    @cached_property
    def lines(self) -> list[Line]:
        """The roster, each person with all that belongs to them."""
        return [
            Line(
                membership,
                self.attendances.get(membership.pk),
                self.notices.get(membership.pk),
                self.notes.get(membership.pk),
                self._remark(membership),
            )
            for membership in self.memberships
        ]

    @property
    def is_signed(self) -> bool:
        """Whether the record is locked."""
        return self.group_note is not None and self.group_note.is_signed

    @property
    def saved_at(self) -> datetime | None:
        """When something was last written."""
        notes = [note.updated_at for note in (self.group_note, *self.notes.values()) if note]
        return max([*notes, *(row.recorded_at for row in self.attendances.values())], default=None)

    @property
    def counts(self) -> str:
        """How many came and how: "6 here, 1 late, 1 away"; empty as long as nothing is recorded."""
        counted = Counter(_IN_WORDS[AttendanceStatus(row.status)] for row in self.attendances.values())
        return ", ".join(f"{counted[words]} {words}" for words in dict.fromkeys(_IN_WORDS.values()) if counted[words])

    @property
    def has_attendance(self) -> bool:
        """Whether attendance is recorded for everybody."""
        return all(line.attendance for line in self.lines)

    @property
    def has_group_note(self) -> bool:
        """Whether something is written about the group; a tag alone is no note."""
        note = self.group_note
        return note is not None and bool(note.theme or note.observations or note.plan)

    @property
    def interventions(self) -> list[str]:
        """What the leaders did, by its labels."""
        return [str(Intervention(code).label) for code in self.group_note.interventions] if self.group_note else []

    @property
    def factors(self) -> list[str]:
        """What helped, by its labels."""
        return [str(TherapeuticFactor(code).label) for code in self.group_note.factors] if self.group_note else []

    def _remark(self, membership: Membership) -> str:
        """Say what is good to know beside the name: that the person will be away, else what they came to learn."""
        notice = self.notices.get(membership.pk)
        if notice:
            said, zone = local(notice.given_at, self.session.zone), self.session.zone
            is_recent = local(self.session.starts_at, zone).date() - said.date() < timedelta(days=7)
            day = date_text(said, "l" if is_recent else "F j")
            return _("Said on %(day)s they are away") % {"day": day}
        goals = membership.client.goals.all()
        return _("Goal: %(goal)s") % {"goal": goals[0].label} if goals else ""
