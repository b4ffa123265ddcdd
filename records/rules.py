"""Who takes over lists of clients, keeps the ledger, hands over copies (R44), decides what is kept (R45)."""

import rules

from members.rules import leads_group_of_client
from practice.models import Role
from practice.rules import holds

rules.add_perm("records.import_clients", holds(Role.COORDINATOR))
rules.add_perm("records.keep_ledger", holds(Role.SUPERVISOR) | leads_group_of_client)
# The copy holds signed notes, which a supervisor reads of supervised therapists alone (R43).
rules.add_perm("records.take_copy", leads_group_of_client)
rules.add_perm("records.ask_for_copy", holds(Role.MEMBER))
rules.add_perm("records.answer_requests", holds(Role.THERAPIST, Role.SUPERVISOR))
# Whose time is over, and what is kept in spite of it (R45).
rules.add_perm("records.decide_retention", holds(Role.SUPERVISOR))
