"""What can be done with sessions: schedule, move, cancel, take attendance, write, sign, say one cannot come."""

from sessions_log.services.absence import give_absence_notice, withdraw_absence_notice
from sessions_log.services.attendance import can_be_documented, record_attendance
from sessions_log.services.errors import (
    AlreadyCancelled,
    AlreadyDocumented,
    AlreadyScheduled,
    AlreadySigned,
    AlreadyStarted,
    LeaderTaken,
    NotOnRoster,
    NotReadyToSign,
    RoomElsewhere,
    RoomTaken,
    SiteClosed,
    StaleNote,
    TooEarly,
)
from sessions_log.services.leading import follow_leaders
from sessions_log.services.moving import cancel_session, move_session
from sessions_log.services.notes import (
    GroupNoteDraft,
    MemberNoteDraft,
    document_session,
    save_group_note,
    save_member_note,
    sign_session,
)
from sessions_log.services.scheduling import extend_ongoing, ongoing_groups_to_extend, schedule_series

__all__ = [
    "AlreadyCancelled",
    "AlreadyDocumented",
    "AlreadyScheduled",
    "AlreadySigned",
    "AlreadyStarted",
    "GroupNoteDraft",
    "LeaderTaken",
    "MemberNoteDraft",
    "NotOnRoster",
    "NotReadyToSign",
    "RoomElsewhere",
    "RoomTaken",
    "SiteClosed",
    "StaleNote",
    "TooEarly",
    "can_be_documented",
    "cancel_session",
    "document_session",
    "extend_ongoing",
    "follow_leaders",
    "give_absence_notice",
    "move_session",
    "ongoing_groups_to_extend",
    "record_attendance",
    "save_group_note",
    "save_member_note",
    "schedule_series",
    "sign_session",
    "withdraw_absence_notice",
]
