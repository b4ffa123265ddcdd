"""Who sees a group's climate: those who lead it now and supervisors; not coordinators (R43)."""

import rules

from groups_app.rules import is_supervisor, leads

rules.add_perm("climate.read", is_supervisor | leads)
