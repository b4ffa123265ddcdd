"""The ledger of what leaves the practice, and the consents it goes by (R44, R46, docs/disclosures.md)."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import today_in
from common.db import constraint_errors
from common.errors import RuleBroken
from members.models import Client, Condition
from practice.models import User
from records.models import WITHOUT_CONSENT, Disclosure, DisclosureConsent, LegalBasis, RecordRequest

# The words of 42 CFR 2.32(a)(2).
PART_2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


class NeedsConsent(RuleBroken):
    """Nothing of this record leaves by that basis without a recorded consent."""

    def __init__(self) -> None:
        super().__init__(
            _("This record is under 42 CFR part 2: choose the consent it goes by. A subpoena alone is not enough.")
        )


class ConsentChosen(RuleBroken):
    """Consent is the basis, so one must be chosen."""

    def __init__(self) -> None:
        super().__init__(_("Choose the consent it goes by, or record it first."))


class ConsentDoesNotFit(RuleBroken):
    """The consent is another person's, not in force that day, or for another recipient."""

    def __init__(self) -> None:
        super().__init__(_("This consent did not hold on that day, or is for another recipient."))


class NotYet(RuleBroken):
    """The ledger tells what happened."""

    def __init__(self) -> None:
        super().__init__(_("The day is in the future. Enter a disclosure once it is made."))


def is_part_2(client: Client) -> bool:
    """Whether the record is under 42 CFR part 2: the client has a condition that the practice counts to it (R46)."""
    return client.conditions.filter(is_part_2=True).exists()


@transaction.atomic
def choose_part_2(*, conditions: Collection[Condition], by: User) -> None:
    """Let the records of who has one of ``conditions``, and of nobody else, be under 42 CFR part 2 from now on."""
    keys = [condition.pk for condition in conditions]
    changed = Condition.objects.filter(is_part_2=False, pk__in=keys).update(is_part_2=True)
    changed += Condition.objects.filter(is_part_2=True).exclude(pk__in=keys).update(is_part_2=False)
    if changed:
        record(action="disclosure.part_2_changed", by=by)


@transaction.atomic
def enter_disclosure(
    *,
    client: Client,
    made_on: date,
    recipient: str,
    content: str,
    purpose: str,
    basis: LegalBasis,
    by: User,
    consent: DisclosureConsent | None = None,
    request: RecordRequest | None = None,
) -> Disclosure:
    """Write one line of the ledger; it is never changed. What goes to others under part 2 carries the notice.

    Raises ``NotYet``, ``ConsentChosen``, ``NeedsConsent`` or ``ConsentDoesNotFit``.
    """
    if made_on > today_in(client.site.zone):
        raise NotYet
    if basis == LegalBasis.AUTHORIZATION and consent is None:
        raise ConsentChosen
    if consent is not None and not _fits(consent, client, recipient, made_on):
        raise ConsentDoesNotFit
    carries_notice = basis != LegalBasis.OWN_REQUEST and is_part_2(client)
    if carries_notice and consent is None and basis not in WITHOUT_CONSENT:
        raise NeedsConsent
    with constraint_errors({"disclosure_part_2_consent": NeedsConsent}):
        made = Disclosure.objects.create(
            client=client,
            made_on=made_on,
            recipient=recipient,
            content=content,
            purpose=purpose,
            basis=basis,
            consent=consent,
            notice=PART_2_NOTICE if carries_notice else "",
            entered_by=by,
            request=request,
        )
    record(action="disclosure.made", by=by, target=made, client=client)
    return made


def _fits(consent: DisclosureConsent, client: Client, recipient: str, day: date) -> bool:
    same_recipient = " ".join(consent.recipient.split()).casefold() == " ".join(recipient.split()).casefold()
    return consent.client_id == client.pk and consent.is_in_force(day) and same_recipient


@transaction.atomic
def record_consent(*, consent: DisclosureConsent, by: User) -> DisclosureConsent:
    """Keep the unsaved ``consent``, which lies signed in front of ``by``."""
    consent.recorded_by = by
    consent.save(force_insert=True)
    record(action="disclosure.consent_recorded", by=by, target=consent, client=consent.client_id)
    return consent


@transaction.atomic
def revoke_consent(*, consent: DisclosureConsent, by: User) -> None:
    """Note that the client takes it back from today on; what went out by it stays true. Twice is once."""
    today = today_in(consent.client.site.zone)
    taken = DisclosureConsent.objects.filter(pk=consent.pk, revoked_on__isnull=True)
    if taken.update(revoked_on=today, revocation_by=by):
        record(action="disclosure.consent_revoked", by=by, target=consent, client=consent.client_id)
