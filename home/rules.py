"""Who has which front page, searches, and reads the report; what stands there is narrowed by the rooms' rules."""

import rules

from practice.models import Role
from practice.rules import holds

rules.add_perm("home.see_day", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("home.see_desk", holds(Role.COORDINATOR))
rules.add_perm("home.see_own_sessions", holds(Role.MEMBER))
rules.add_perm("home.choose_how_reached", holds(Role.MEMBER))

# Never administrators, who see no client (R43).
rules.add_perm("home.search", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("home.see_report", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
# How people came; coordinators see counts of memberships only (R43).
rules.add_perm("home.see_rates", holds(Role.THERAPIST, Role.SUPERVISOR))
