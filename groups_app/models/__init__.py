"""Closed groups, their leaders, the memberships that tie clients to them, and their agreements."""

from groups_app.models.agreements import (
    Acknowledgement,
    AgreementClause,
    AgreementTemplate,
    AgreementVersion,
    PaperScan,
    Signature,
    TemplateClause,
)
from groups_app.models.conflicts import ConflictOverride
from groups_app.models.door import DoorOpening
from groups_app.models.ending import EndingCheck, EndingItem
from groups_app.models.goals import GoalRating, MemberGoal, Side
from groups_app.models.groups import (
    OVER_STATES,
    Cadence,
    Group,
    GroupCover,
    GroupLeader,
    GroupState,
    GroupTransition,
    Length,
    Orientation,
)
from groups_app.models.meetings import PregroupMeeting
from groups_app.models.memberships import (
    ATTENDING_STATES,
    OPEN_STATES,
    SEATED_STATES,
    LeavingReason,
    Membership,
    MembershipState,
    MembershipTransition,
    MembershipVersion,
    is_expected_on,
)
from groups_app.models.notices import MemberNotice, NoticeKind
from groups_app.models.phases import Phase, phase_of

__all__ = [
    "ATTENDING_STATES",
    "OPEN_STATES",
    "OVER_STATES",
    "SEATED_STATES",
    "Acknowledgement",
    "AgreementClause",
    "AgreementTemplate",
    "AgreementVersion",
    "Cadence",
    "ConflictOverride",
    "DoorOpening",
    "EndingCheck",
    "EndingItem",
    "GoalRating",
    "Group",
    "GroupCover",
    "GroupLeader",
    "GroupState",
    "GroupTransition",
    "LeavingReason",
    "Length",
    "MemberGoal",
    "MemberNotice",
    "Membership",
    "MembershipState",
    "MembershipTransition",
    "MembershipVersion",
    "NoticeKind",
    "Orientation",
    "PaperScan",
    "Phase",
    "PregroupMeeting",
    "Side",
    "Signature",
    "TemplateClause",
    "is_expected_on",
    "phase_of",
]
