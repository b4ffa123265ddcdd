"""The practice: the people who work or are cared for here as accounts, its sites and rooms, its policy."""

from practice.models.practice import (
    LARGEST_GROUP_EVER,
    STAFF_ROLES,
    Closure,
    Invitation,
    License,
    Policy,
    Practice,
    Role,
    Room,
    Site,
    User,
    default_reminder_leads,
    display_name,
    us_state,
    validate_zone,
)
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
