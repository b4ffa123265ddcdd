"""Who supervises whom: begun and ended by an administrator, never erased (R4, R43)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import today_in
from common.db import constraint_errors
from common.errors import RuleBroken
from practice.models import Role, Supervision, User
from practice.services.organization import site_zones
from practice.signals import supervision_ended


class NotASupervisor(RuleBroken):
    """One of the two has not the role for it, or cannot sign in any more."""

    def __init__(self) -> None:
        super().__init__(_("Choose an active supervisor for an active therapist, two different people."))


class AlreadySupervised(RuleBroken):
    """The same two are noted already."""

    def __init__(self, *, supervisor: User, therapist: User) -> None:
        names = {"supervisor": supervisor.name, "therapist": therapist.name}
        super().__init__(_("%(supervisor)s supervises %(therapist)s already.") % names)


@transaction.atomic
def begin_supervision(*, supervisor: User, therapist: User, by: User | None) -> Supervision:
    """Let ``supervisor`` read, from now on, the notes that ``therapist`` signed, earlier ones too, and co-sign them.

    Raises ``NotASupervisor`` or ``AlreadySupervised``.
    """
    # Both rows, in one order, so that neither loses the role meanwhile.
    people = {each.pk: each for each in _locked(supervisor, therapist)}
    supervisor, therapist = people[supervisor.pk], people[therapist.pk]
    able = supervisor.is_active and therapist.is_active and supervisor != therapist
    if not (able and supervisor.has_role(Role.SUPERVISOR) and therapist.has_role(Role.THERAPIST)):
        raise NotASupervisor

    def twice() -> AlreadySupervised:
        return AlreadySupervised(supervisor=supervisor, therapist=therapist)

    with constraint_errors({"supervision_one_open": twice}):
        begun = Supervision.objects.create(
            supervisor=supervisor, therapist=therapist, since=today_in(site_zones()[0]), begun_by=by
        )
    record(action="supervision.begun", by=by, target=begun)
    return begun


@transaction.atomic
def end_supervision(*, supervision: Supervision, by: User) -> None:
    """End it today: from the next page on the supervisor reads no note by it. Ended already, nothing happens."""
    found = Supervision.objects.select_for_update().get(pk=supervision.pk)
    if found.until is not None:
        return
    found.until, found.ended_by = max(today_in(site_zones()[0]), found.since), by
    found.save(update_fields=["until", "ended_by"])
    record(action="supervision.ended", by=by, target=found)
    supervision_ended.send(Supervision, supervision=found)


def _locked(*people: User) -> list[User]:
    return list(User.objects.select_for_update().filter(pk__in=[each.pk for each in people]).order_by("pk"))
