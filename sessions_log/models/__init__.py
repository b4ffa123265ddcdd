"""Sessions of a group: when they are, who leads, who came, and what is written about them."""

from sessions_log.models.attendance import AbsenceNotice, Attendance, AttendanceStatus
from sessions_log.models.notes import GroupNote, Intervention, MemberNote, Note, TherapeuticFactor
from sessions_log.models.schedule import SeriesStop, Session, SessionLeader, SessionStatus

__all__ = [
    "AbsenceNotice",
    "Attendance",
    "AttendanceStatus",
    "GroupNote",
    "Intervention",
    "MemberNote",
    "Note",
    "SeriesStop",
    "Session",
    "SessionLeader",
    "SessionStatus",
    "TherapeuticFactor",
]
