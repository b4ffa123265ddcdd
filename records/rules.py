"""Who takes over lists of clients."""

import rules

from practice.models import Role
from practice.rules import holds

rules.add_perm("records.import_clients", holds(Role.COORDINATOR))
