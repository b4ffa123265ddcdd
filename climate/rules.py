"""Who is asked how a session was, and who sees a group's climate (R43)."""

import rules

from groups_app.rules import is_supervisor, leads
from practice.models import Role
from practice.rules import holds

rules.add_perm("climate.answer", holds(Role.MEMBER))
# Those who lead it now and supervisors; not coordinators.
rules.add_perm("climate.read", is_supervisor | leads)
