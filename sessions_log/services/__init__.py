"""What can be done with sessions: schedule, move, cancel, take attendance, write, sign, say one cannot come."""

from sessions_log.services.absence import give_absence_notice, withdraw_absence_notice
from sessions_log.services.adding import add_session
from sessions_log.services.attendance import Came, can_be_documented, record_attendance, restore_attendance
from sessions_log.services.boundaries import BoundaryDraft
from sessions_log.services.changing import Proposal, Scope, Step, Wish, change_sessions, propose_change
from sessions_log.services.closing import move_out
from sessions_log.services.drafts import Draft, GroupNoteDraft, MemberNoteDraft
from sessions_log.services.errors import (
    AlreadyCancelled,
    AlreadyCoSigned,
    AlreadyDocumented,
    AlreadyScheduled,
    AlreadySigned,
    AlreadyStarted,
    Clash,
    GroupOver,
    LeaderTaken,
    NoLink,
    NoSessionBefore,
    NotALeader,
    NotCancelled,
    NotClosed,
    NotOnRoster,
    NotReadyToSign,
    NotSigned,
    OwnSignature,
    RoomElsewhere,
    RoomTaken,
    SeriesIncomplete,
    SiteClosed,
    StaleNote,
    Taken,
    TooEarly,
)
from sessions_log.services.leading import follow_leaders, stand_in
from sessions_log.services.moving import cancel_session, move_session, restore_session
from sessions_log.services.names import NameAnswer, answer_names
from sessions_log.services.notes import document_session, save_group_note, save_member_note
from sessions_log.services.resyncing import Shift, resync
from sessions_log.services.scheduling import (
    extend_ongoing,
    next_lacking,
    ongoing_groups_to_extend,
    schedule_series,
    skip_taken_days,
)
from sessions_log.services.signing import SignScope, add_addendum, cosign_session, sign_session
from sessions_log.services.standing import cancel_remaining, check_session_before, has_met, series_condition
from sessions_log.services.writing import choose_format, keep_snippet

__all__ = [
    "AlreadyCancelled",
    "AlreadyCoSigned",
    "AlreadyDocumented",
    "AlreadyScheduled",
    "AlreadySigned",
    "AlreadyStarted",
    "BoundaryDraft",
    "Came",
    "Clash",
    "Draft",
    "GroupNoteDraft",
    "GroupOver",
    "LeaderTaken",
    "MemberNoteDraft",
    "NameAnswer",
    "NoLink",
    "NoSessionBefore",
    "NotALeader",
    "NotCancelled",
    "NotClosed",
    "NotOnRoster",
    "NotReadyToSign",
    "NotSigned",
    "OwnSignature",
    "Proposal",
    "RoomElsewhere",
    "RoomTaken",
    "Scope",
    "SeriesIncomplete",
    "Shift",
    "SignScope",
    "SiteClosed",
    "StaleNote",
    "Step",
    "Taken",
    "TooEarly",
    "Wish",
    "add_addendum",
    "add_session",
    "answer_names",
    "can_be_documented",
    "cancel_remaining",
    "cancel_session",
    "change_sessions",
    "check_session_before",
    "choose_format",
    "cosign_session",
    "document_session",
    "extend_ongoing",
    "follow_leaders",
    "give_absence_notice",
    "has_met",
    "keep_snippet",
    "move_out",
    "move_session",
    "next_lacking",
    "ongoing_groups_to_extend",
    "propose_change",
    "record_attendance",
    "restore_attendance",
    "restore_session",
    "resync",
    "save_group_note",
    "save_member_note",
    "schedule_series",
    "series_condition",
    "sign_session",
    "skip_taken_days",
    "stand_in",
    "withdraw_absence_notice",
]
