"""Who looks after messages, and who has a calendar of their own."""

import rules

from practice.models import Role
from practice.rules import holds

# What was sent to whom, and how it went, is the desk's (R48).
rules.add_perm("reminders.see_deliveries", holds(Role.COORDINATOR))
rules.add_perm("reminders.have_calendar", holds(Role.MEMBER, Role.THERAPIST))
# Who will be away, as initials in a calendar outside of Kith.
rules.add_perm("reminders.show_initials", holds(Role.THERAPIST))
