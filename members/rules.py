"""Who may do what to a client's record."""

import rules

from members.models import Client
from practice.models import Role, User
from practice.rules import holds


@rules.predicate
def leads_group_of_client(user: User, client: Client | None) -> bool:
    """Leads a group that the client is in, or is proposed for."""
    if client is None or not user.has_role(Role.THERAPIST):
        return False
    return Client.objects.led_by(user).filter(pk=client.pk).exists()


@rules.predicate
def is_asked_to_screen(user: User, client: Client | None) -> bool:
    """Is asked to screen the client, and has not decided yet."""
    if client is None or not user.has_role(Role.THERAPIST):
        return False
    return Client.objects.to_be_screened_by(user).filter(pk=client.pk).exists()


# Whose record: ``Client.objects.visible_to``.
rules.add_perm("members.open_clients", holds(Role.COORDINATOR, Role.SUPERVISOR, Role.THERAPIST))
# The desk: everybody's contact and fit data, nothing clinical (R43).
rules.add_perm("members.create_client", holds(Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("members.edit_client", holds(Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("members.see_waiting_list", holds(Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("members.end_wait", holds(Role.COORDINATOR, Role.SUPERVISOR))

# Who was at a record, by name (R42).
rules.add_perm("members.see_trail", holds(Role.SUPERVISOR))
rules.add_perm("members.see_own_trail", holds(Role.MEMBER))
# Screening: coordinators ask for it and see its outcome, clinicians decide and see why (R21).
rules.add_perm("members.ask_for_screening", holds(Role.COORDINATOR, Role.SUPERVISOR))
rules.add_perm("members.see_screenings", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("members.see_all_screenings", holds(Role.SUPERVISOR))
rules.add_perm("members.screen", holds(Role.SUPERVISOR) | leads_group_of_client | is_asked_to_screen)

# Who cares for the client needs no emergency; a supervisor may, for notes of therapists they do not supervise (R41).
rules.add_perm("members.find_in_emergency", holds(Role.THERAPIST, Role.SUPERVISOR))
rules.add_perm("members.open_in_emergency", holds(Role.THERAPIST, Role.SUPERVISOR) & ~leads_group_of_client)
rules.add_perm("members.read_emergency_notices", holds(Role.COORDINATOR, Role.SUPERVISOR, Role.THERAPIST))
rules.add_perm("members.review_emergencies", holds(Role.SUPERVISOR))

# Clinicians: the intake, and who is kept apart from whom (R7, R22).
rules.add_perm("members.see_intake", holds(Role.SUPERVISOR) | leads_group_of_client)
rules.add_perm("members.see_kept_apart", holds(Role.SUPERVISOR) | leads_group_of_client)
rules.add_perm("members.keep_apart", holds(Role.COORDINATOR, Role.SUPERVISOR) | leads_group_of_client)
# Whom members know from elsewhere is told by themselves, and read by nobody else.
rules.add_perm("members.keep_own_list", holds(Role.MEMBER))
