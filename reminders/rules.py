"""Who looks after messages, and who has a calendar of their own."""

import rules

from practice.models import STAFF_ROLES, Role
from practice.rules import holds

# What was sent to whom, and how it went, is the desk's (R48).
rules.add_perm("reminders.see_deliveries", holds(Role.COORDINATOR))
# So that who invites staff sees that the link arrived.
rules.add_perm("reminders.see_staff_deliveries", holds(Role.COORDINATOR, Role.ADMINISTRATOR))
rules.add_perm("reminders.have_calendar", holds(Role.MEMBER, Role.THERAPIST))
# Who will be away, as initials in a calendar outside of Kith.
rules.add_perm("reminders.show_initials", holds(Role.THERAPIST))
rules.add_perm("reminders.edit_texts", holds(Role.ADMINISTRATOR))
rules.add_perm("reminders.read_notices", holds(Role.MEMBER))
# The mailbox of a local installation, which writes mails instead of sending them.
rules.add_perm("reminders.see_mailbox", holds(*STAFF_ROLES))
