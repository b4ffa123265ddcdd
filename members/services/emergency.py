"""Opening a chart in an emergency, closing it, being told of it, reviewing it (R41, docs/emergency-access.md)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.clock import now
from common.errors import RuleBroken
from common.names import sort_key
from members.models import RECORD_NUMBER_LENGTH, Client, EmergencyAccess, EmergencyNotice, Verdict
from members.querysets import STATES_LEADERS_SEE
from practice.models import Policy, Role, User


class NotForYou(RuleBroken):
    """Only clinical staff open charts."""

    def __init__(self) -> None:
        super().__init__(_("Only therapists and supervisors open a record in an emergency."))


class AlreadyYours(RuleBroken):
    """No emergency is needed to open this record."""

    def __init__(self, client: Client) -> None:
        self.client = client
        super().__init__(_("You can open the record of %(name)s as always.") % {"name": client.name})


class OwnAccess(RuleBroken):
    """Nobody reviews themselves."""

    def __init__(self) -> None:
        super().__init__(_("This is your own access. Another supervisor reviews it."))


class AlreadyReviewed(RuleBroken):
    """Somebody else was faster."""

    def __init__(self, access: EmergencyAccess) -> None:
        names = {"name": access.reviewed_by.name if access.reviewed_by else ""}
        super().__init__(_("%(name)s has reviewed this access already.") % names)


def find_client(*, first_name: str, last_name: str, birth_date: date, by: User) -> Client | None:
    """Return the one client of exactly this name, legal or preferred, and day of birth, whoever may see the record.

    Nothing partial finds anything. Two of the same name and day are told apart by ``find_by_number``. That somebody
    looked is recorded, without what they typed.
    """
    wanted = sort_key(last_name, first_name)
    with acting_as(SYSTEM):
        born = list(Client.objects.filter(birth_date=birth_date).select_related("site"))
    found = [one for one in born if wanted in (one.sort_key, sort_key(one.last_name, one.called))]
    return _looked(found, by)


def find_by_number(*, number: str, by: User) -> Client | None:
    """Return the client whose record carries exactly this number, whoever may see the record. The look is recorded."""
    tail = number.replace("-", "").replace(" ", "").lower()
    found: list[Client] = []
    if len(tail) == RECORD_NUMBER_LENGTH:
        with acting_as(SYSTEM):
            as_text = Client.objects.annotate(key=Cast("pk", CharField()))
            found = list(as_text.filter(key__endswith=tail).select_related("site")[:2])
    return _looked(found, by)


def _looked(found: list[Client], by: User) -> Client | None:
    """Return the one that was found, if it is one, and leave in the trail that somebody looked."""
    client = found[0] if len(found) == 1 else None
    record(action="emergency.searched", by=by, client=client)
    return client


@transaction.atomic
def open_in_emergency(*, client: Client, reason: str, by: User) -> EmergencyAccess:
    """Let ``by`` read the chart of ``client`` for the minutes of the policy, and tell those who care for the client.

    Open already, the same access goes on. Raises ``NotForYou``; ``AlreadyYours`` for who leads a group of the client.
    """
    if not by.has_perm("members.find_in_emergency"):
        raise NotForYou
    if not by.has_perm("members.open_in_emergency", client):
        raise AlreadyYours(client)
    at = now()
    # One at a time of the same person: the account's own row is the lock.
    User.objects.select_for_update().get(pk=by.pk)
    mine = EmergencyAccess.objects.filter(client=client, by=by, closed_at__isnull=True)
    mine.filter(closes_at__lte=at).update(closed_at=F("closes_at"))
    opened: EmergencyAccess | None = mine.first()
    if opened is not None:
        return opened
    minutes = Policy.objects.values_list("emergency_minutes", flat=True).get()
    access = EmergencyAccess.objects.create(
        client=client, by=by, reason=reason, opened_at=at, closes_at=at + timedelta(minutes=minutes)
    )
    with acting_as(SYSTEM):
        EmergencyNotice.objects.bulk_create(
            EmergencyNotice(access=access, user=each) for each in _to_be_told(client, by)
        )
    record(action="emergency.opened", by=by, target=access, client=client, reason=reason)
    return access


def who_is_told(client: Client, *, by: User) -> list[User]:
    """Return who will be told when ``by`` opens the chart: who leads the client's groups, else the coordinators."""
    with acting_as(SYSTEM):
        return _to_be_told(client, by)


def _to_be_told(client: Client, by: User) -> list[User]:
    active = User.objects.filter(is_active=True).exclude(pk=by.pk)
    leaders = active.filter(
        leads__until__isnull=True,
        leads__group__memberships__client=client,
        leads__group__memberships__state__in=STATES_LEADERS_SEE,
    )
    return list(leaders.distinct()) or list(active.with_role(Role.COORDINATOR))


@transaction.atomic
def close_emergency(*, access: EmergencyAccess, by: User) -> None:
    """Close the chart before its time. Closed or over already, nothing happens."""
    mine = EmergencyAccess.objects.filter(pk=access.pk, by=by).open(now())
    if mine.update(closed_at=now()):
        record(action="emergency.closed", by=by, target=access, client=access.client_id)


@transaction.atomic
def see_notice(*, notice: EmergencyNotice, by: User) -> None:
    """Say that one has seen it; it leaves the person's front page. Twice is once."""
    if EmergencyNotice.objects.visible_to(by).unseen().filter(pk=notice.pk).update(seen_at=now()):
        record(action="emergency.seen", by=by, target=notice.access, client=notice.access.client_id)


@transaction.atomic
def review_emergency(*, access: EmergencyAccess, verdict: Verdict, note: str, by: User) -> None:
    """Say whether it was justified, and why. Raises ``OwnAccess`` or ``AlreadyReviewed``."""
    locked = EmergencyAccess.objects.select_for_update(of=("self",)).with_people().get(pk=access.pk)
    if locked.by_id == by.pk:
        raise OwnAccess
    if locked.verdict:
        raise AlreadyReviewed(locked)
    locked.verdict, locked.review_note, locked.reviewed_by, locked.reviewed_at = verdict, note, by, now()
    locked.save(update_fields=["verdict", "review_note", "reviewed_by", "reviewed_at"])
    record(action=f"emergency.{verdict.replace('-', '_')}", by=by, target=locked, client=locked.client_id, reason=note)
