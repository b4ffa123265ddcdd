"""Clients: the people in care, what they bring, when they can come, and what is decided about them."""

from members.models.acquaintance import KeepApart
from members.models.clients import (
    Availability,
    Channel,
    Client,
    ClientProblemArea,
    Condition,
    ContactConsent,
    DifficultyArea,
    FamilyRole,
    Gender,
    Goal,
    ProblemArea,
    ReferenceItem,
    ReferralReason,
    WaitingListEntry,
    WaitingOutcome,
    Weekday,
)
from members.models.clinical import Intake

__all__ = [
    "Availability",
    "Channel",
    "Client",
    "ClientProblemArea",
    "Condition",
    "ContactConsent",
    "DifficultyArea",
    "FamilyRole",
    "Gender",
    "Goal",
    "Intake",
    "KeepApart",
    "ProblemArea",
    "ReferenceItem",
    "ReferralReason",
    "WaitingListEntry",
    "WaitingOutcome",
    "Weekday",
]
