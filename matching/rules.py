"""Who reads warnings about a group's composition; proposing itself is ``groups_app.propose``."""

import rules

from practice.models import Role
from practice.rules import holds

# Clinical staff only (R20): a coordinator who is nothing else reads no warning about who would be alone.
rules.add_perm("matching.see_composition", holds(Role.THERAPIST, Role.SUPERVISOR))
