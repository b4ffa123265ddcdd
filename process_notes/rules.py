"""Who may write psychotherapy notes about a session (R36). Nobody may read another's: no role, no emergency access.

What an author shares is found through ``Share.objects.visible_to``, which is no right of a role either.
"""

import rules

from practice.models import Role, User
from practice.rules import holds
from process_notes.models import InteractionMap, ProcessNote
from sessions_log.models import Session
from sessions_log.rules import documents


@rules.predicate
def has_written(user: User, session: Session | None) -> bool:
    """Wrote something about the session, and keeps it, whoever leads the group now."""
    return session is not None and any(
        model.objects.by(user).filter(session=session).exists() for model in (ProcessNote, InteractionMap)
    )


# Notes and maps of one's own; about which session, says ``process_notes.keep``.
rules.add_perm("process_notes.write", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("process_notes.share", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("process_notes.read_shared", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("process_notes.keep", holds(Role.THERAPIST, Role.SUPERVISOR) & (documents | has_written))
