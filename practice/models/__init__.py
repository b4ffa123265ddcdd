"""The practice: the people who work or are cared for here as accounts, its sites and rooms, its policy."""

from practice.models.people import STAFF_ROLES, Invitation, License, Role, User, display_name
from practice.models.places import Closure, Room, Site, us_state, validate_zone
from practice.models.policy import LARGEST_GROUP_EVER, Policy, Practice, default_reminder_leads
from practice.models.supervision import Supervision

__all__ = [
    "LARGEST_GROUP_EVER",
    "STAFF_ROLES",
    "Closure",
    "Invitation",
    "License",
    "Policy",
    "Practice",
    "Role",
    "Room",
    "Site",
    "Supervision",
    "User",
    "default_reminder_leads",
    "display_name",
    "us_state",
    "validate_zone",
]
