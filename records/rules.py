"""Who takes over lists of clients, keeps the ledger, hands over copies (R44), decides what is kept (R45).

Who keeps the ledger, and why coordinators do and administrators do not: docs/adr/0028-who-keeps-the-ledger.md.
"""

import rules

from members.rules import leads_group_of_client
from practice.models import Role
from practice.rules import holds

rules.add_perm("records.import_clients", holds(Role.COORDINATOR))
rules.add_perm("records.keep_ledger", holds(Role.COORDINATOR, Role.SUPERVISOR) | leads_group_of_client)
# The copy holds signed notes, which a supervisor reads of supervised therapists alone (R43).
rules.add_perm("records.take_copy", leads_group_of_client)
rules.add_perm("records.ask_for_copy", holds(Role.MEMBER))
rules.add_perm("records.see_requests", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
# Whether a copy of notes goes out, and when, is a clinician's decision.
rules.add_perm("records.answer_requests", holds(Role.THERAPIST, Role.SUPERVISOR))
# Which conditions put a record under 42 CFR part 2: a decision of the practice, about nobody in particular.
rules.add_perm("records.choose_part_2", holds(Role.ADMINISTRATOR))
# Whose time is over, and what is kept in spite of it (R45).
rules.add_perm("records.decide_retention", holds(Role.SUPERVISOR))
