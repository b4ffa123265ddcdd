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
from groups_app.models.groups import (
    Cadence,
    Group,
    GroupLeader,
    GroupState,
    GroupTransition,
    Length,
    Orientation,
)
from groups_app.models.memberships import (
    OPEN_STATES,
    SEATED_STATES,
    Membership,
    MembershipState,
    MembershipTransition,
)

__all__ = [
    "OPEN_STATES",
    "SEATED_STATES",
    "Acknowledgement",
    "AgreementClause",
    "AgreementTemplate",
    "AgreementVersion",
    "Cadence",
    "Group",
    "GroupLeader",
    "GroupState",
    "GroupTransition",
    "Length",
    "Membership",
    "MembershipState",
    "MembershipTransition",
    "Orientation",
    "PaperScan",
    "Signature",
    "TemplateClause",
]
