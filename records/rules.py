"""Who takes over lists of clients, keeps the ledger of disclosures, hands over copies of records (R44)."""

import rules

from members.rules import leads_group_of_client
from practice.models import Role
from practice.rules import holds

rules.add_perm("records.import_clients", holds(Role.COORDINATOR))
rules.add_perm("records.keep_ledger", holds(Role.SUPERVISOR) | leads_group_of_client)
# The copy holds signed notes, which a supervisor reads of supervised therapists alone (R43).
rules.add_perm("records.take_copy", leads_group_of_client)
