"""Sessions of a group: when they are, who leads, who came, and what is written about them."""

from sessions_log.models.asking import AskedAfter
from sessions_log.models.attendance import (
    AWAY,
    IN_PART,
    AbsenceNotice,
    Attendance,
    AttendanceStatus,
    AttendanceVersion,
)
from sessions_log.models.boundaries import BoundaryEvent, BoundaryKind
from sessions_log.models.names import NameConfirmation
from sessions_log.models.notes import (
    GroupNote,
    GroupNoteVersion,
    Intervention,
    MemberNote,
    MemberNoteVersion,
    Note,
    NoteFormat,
    Tag,
    TherapeuticFactor,
)
from sessions_log.models.schedule import SeriesStop, Session, SessionLeader, SessionStatus
from sessions_log.models.signed import Addendum, CoSignature, Snippet, WritingStyle

__all__ = [
    "AWAY",
    "IN_PART",
    "AbsenceNotice",
    "Addendum",
    "AskedAfter",
    "Attendance",
    "AttendanceStatus",
    "AttendanceVersion",
    "BoundaryEvent",
    "BoundaryKind",
    "CoSignature",
    "GroupNote",
    "GroupNoteVersion",
    "Intervention",
    "MemberNote",
    "MemberNoteVersion",
    "NameConfirmation",
    "Note",
    "NoteFormat",
    "SeriesStop",
    "Session",
    "SessionLeader",
    "SessionStatus",
    "Snippet",
    "Tag",
    "TherapeuticFactor",
    "WritingStyle",
]
