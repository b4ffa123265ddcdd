"""Who may do what with sessions. Which sessions somebody sees at all says ``Session.objects.visible_to`` (R43).

Rows fetched ``with_rights`` and ``with_leaders`` carry what is to be known of the person.
"""

from typing import Any

import rules

from groups_app.rules import leads
from practice.models import Policy, Practice, Role, User
from practice.rules import holds
from sessions_log.models import Session


@rules.predicate
def leads_group(user: User, session: Session | None) -> bool:
    """A therapist who leads the session's group now."""
    return user.has_role(Role.THERAPIST) and session is not None and _known(session, user).leads_group


@rules.predicate
def led_it(user: User, session: Session | None) -> bool:
    """A therapist who leads this session, or led it, whoever leads its group now."""
    if not user.has_role(Role.THERAPIST) or session is None:
        return False
    return any(leader.user_id == user.pk for leader in session.leaders.all())


@rules.predicate
def supervises_it(user: User, session: Session | None) -> bool:
    """A supervisor of somebody who leads or led the session, or signed notes of it."""
    return user.has_role(Role.SUPERVISOR) and session is not None and _known(session, user).is_supervised


def _known(session: Session, user: User) -> Any:
    """Return the session with its rights, read again if it was fetched without them."""
    return session if hasattr(session, "is_supervised") else Session.objects.with_rights(user).get(pk=session.pk)


@rules.predicate
def coordinators_bill(_user: User, policy: Policy | None) -> bool:
    """The practice lets coordinators prepare billing, as ``policy`` says; without one it is looked up."""
    return (policy or Practice.objects.current().policy).coordinators_bill


documents = leads_group | led_it

# Pages about no session in particular; what stands on them says ``visible_to``.
rules.add_perm("sessions_log.see_calendar", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("sessions_log.mend_plans", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("sessions_log.open_billing", holds(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("sessions_log.open_notes", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("sessions_log.announce_absences", holds(Role.MEMBER))

# What ``visible_to`` says of staff, for one session that was fetched ``with_rights``: half the price on its page.
rules.add_perm("sessions_log.view_session", documents | holds(Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("sessions_log.document_session", documents)
rules.add_perm("sessions_log.write_notes", holds(Role.THERAPIST))
# Coordinators and administrators never; a supervisor those of the therapists they supervise (docs/supervision.md).
rules.add_perm("sessions_log.read_notes", documents | supervises_it)
# Who attended and when, for billing: no note, no score, and not how somebody was there (R40, R43).
rules.add_perm("sessions_log.bill_session", documents | holds(Role.SUPERVISOR, Role.COORDINATOR))
# Whether somebody prepares billing at all; it asks for the policy only where that decides.
rules.add_perm(
    "sessions_log.bill", holds(Role.THERAPIST, Role.SUPERVISOR) | (holds(Role.COORDINATOR) & coordinators_bill)
)
# How members came, as marks beside their names on a group's page; it is asked about the group.
rules.add_perm("sessions_log.see_marks", leads | holds(Role.SUPERVISOR))
# Who asks after a member who stays away, and says so; asked about the group.
rules.add_perm("sessions_log.ask_after", leads)
rules.add_perm("sessions_log.add_session", leads | holds(Role.COORDINATOR, Role.SUPERVISOR))
# A co-leader or the therapist's supervisor; whether their signature adds something says the service (R37).
rules.add_perm("sessions_log.cosign_session", documents | supervises_it)
rules.add_perm("sessions_log.reschedule_session", leads_group | holds(Role.COORDINATOR, Role.SUPERVISOR))
