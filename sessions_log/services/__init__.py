"""What can be done with sessions: schedule, move, cancel, take attendance, write, sign, say one cannot come."""

from sessions_log.services.absence import give_absence_notice, withdraw_absence_notice
from sessions_log.services.adding import add_session
from sessions_log.services.attendance import can_be_documented, record_attendance
from sessions_log.services.changing import Proposal, Scope, Step, Wish, change_sessions, propose_change
from sessions_log.services.closing import move_out
from sessions_log.services.errors import (
    AlreadyCancelled,
    AlreadyDocumented,
    AlreadyScheduled,
    AlreadySigned,
    AlreadyStarted,
    Clash,
    GroupOver,
    LeaderTaken,
    NotALeader,
    NotCancelled,
    NotClosed,
    NotOnRoster,
    NotReadyToSign,
    RoomElsewhere,
    RoomTaken,
    SiteClosed,
    StaleNote,
    Taken,
    TooEarly,
)
from sessions_log.services.leading import follow_leaders, stand_in
from sessions_log.services.moving import cancel_session, move_session, restore_session
from sessions_log.services.notes import (
    GroupNoteDraft,
    MemberNoteDraft,
    document_session,
    save_group_note,
    save_member_note,
    sign_session,
)
from sessions_log.services.resyncing import Shift, resync
from sessions_log.services.scheduling import (
    extend_ongoing,
    next_lacking,
    ongoing_groups_to_extend,
    schedule_series,
    skip_taken_days,
)

__all__ = [
    "AlreadyCancelled",
    "AlreadyDocumented",
    "AlreadyScheduled",
    "AlreadySigned",
    "AlreadyStarted",
    "Clash",
    "GroupNoteDraft",
    "GroupOver",
    "LeaderTaken",
    "MemberNoteDraft",
    "NotALeader",
    "NotCancelled",
    "NotClosed",
    "NotOnRoster",
    "NotReadyToSign",
    "Proposal",
    "RoomElsewhere",
    "RoomTaken",
    "Scope",
    "Shift",
    "SiteClosed",
    "StaleNote",
    "Step",
    "Taken",
    "TooEarly",
    "Wish",
    "add_session",
    "can_be_documented",
    "cancel_session",
    "change_sessions",
    "document_session",
    "extend_ongoing",
    "follow_leaders",
    "give_absence_notice",
    "move_out",
    "move_session",
    "next_lacking",
    "ongoing_groups_to_extend",
    "propose_change",
    "record_attendance",
    "restore_session",
    "resync",
    "save_group_note",
    "save_member_note",
    "schedule_series",
    "sign_session",
    "skip_taken_days",
    "stand_in",
    "withdraw_absence_notice",
]
