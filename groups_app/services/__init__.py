"""The verbs of groups: planning and leading them through their life, seating clients, agreements and signatures."""

from groups_app.services.agreements import publish_agreement, sign_agreement
from groups_app.services.errors import (
    AgreementChanged,
    AgreementUnchanged,
    AlreadyProposed,
    DoorShut,
    EmailInUse,
    GroupFull,
    KeptApart,
    LeadersWrong,
    MeetingInFuture,
    NameTaken,
    NotMeant,
    PlacesTaken,
    ReasonMissing,
    TooFewMembers,
    WrongState,
)
from groups_app.services.groups import capacity_of, change_state, plan_group, update_group
from groups_app.services.memberships import (
    accept,
    decline,
    propose,
    record_pregroup_meeting,
    welcome,
    withdraw,
)
from groups_app.services.rhythm import set_rhythm, set_session_count

__all__ = [
    "AgreementChanged",
    "AgreementUnchanged",
    "AlreadyProposed",
    "DoorShut",
    "EmailInUse",
    "GroupFull",
    "KeptApart",
    "LeadersWrong",
    "MeetingInFuture",
    "NameTaken",
    "NotMeant",
    "PlacesTaken",
    "ReasonMissing",
    "TooFewMembers",
    "WrongState",
    "accept",
    "capacity_of",
    "change_state",
    "decline",
    "plan_group",
    "propose",
    "publish_agreement",
    "record_pregroup_meeting",
    "set_rhythm",
    "set_session_count",
    "sign_agreement",
    "update_group",
    "welcome",
    "withdraw",
]
