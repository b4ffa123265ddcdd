"""Who may do what here, by permission name; other rooms build theirs from ``holds``."""

from typing import Any

import rules

from practice.models import Role, User


def holds(*roles: Role) -> Any:
    """Return a predicate: the account holds at least one of ``roles``."""

    @rules.predicate(name=f"holds:{'|'.join(roles)}")
    def predicate(user: object) -> bool:
        return isinstance(user, User) and user.has_role(*roles)

    return predicate


rules.add_perm("practice.administer", holds(Role.ADMINISTRATOR))
# Between whom supervision may begin (R4).
rules.add_perm("practice.supervise", holds(Role.SUPERVISOR))
rules.add_perm("practice.be_supervised", holds(Role.THERAPIST))
