"""A client's right to a copy of the record: asked for, due, handed over (45 CFR 164.524; R44)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now, today_in
from common.errors import RuleBroken
from members.models import Client
from practice.models import Policy, User
from records.disclosures import enter_disclosure
from records.models import LONGEST_EXTENSION, LegalBasis, RecordRequest


class CannotBePutOff(RuleBroken):
    """It is handed over, was put off before, or its day has passed: the law gives more time once, before that day."""


class NotThatDay(RuleBroken):
    """The new day is none that the law allows."""


@transaction.atomic
def ask_for_record(*, client: Client, by: User) -> RecordRequest:
    """Note that the client asks for a copy of the record; it is due by the policy's days. Open already, it goes on."""
    client = Client.objects.select_for_update(of=("self",)).select_related("site").get(pk=client.pk)
    asked: RecordRequest | None = RecordRequest.objects.open().filter(client=client).first()
    if asked is not None:
        return asked
    today = today_in(client.site.zone)
    days = Policy.objects.values_list("access_days", flat=True).get()
    asked = RecordRequest.objects.create(
        client=client, asked_on=today, due_on=today + timedelta(days=days), recorded_by=by
    )
    record(action="record.asked", by=by, target=asked, client=client)
    return asked


@transaction.atomic
def put_off(*, request: RecordRequest, until: date, reason: str, by: User) -> None:
    """Take until the day ``until`` for the copy, for a reason that the client reads (45 CFR 164.524(b)(2)(ii)).

    Raises ``CannotBePutOff`` or ``NotThatDay``.
    """
    locked = RecordRequest.objects.select_for_update(of=("self",)).select_related("client__site").get(pk=request.pk)
    today = today_in(locked.client.site.zone)
    if locked.fulfilled_at is not None:
        raise CannotBePutOff(_("The copy is handed over already."))
    if locked.extended_to is not None:
        raise CannotBePutOff(_("It was put off once already. The law allows no second time."))
    if today > locked.due_on:
        raise CannotBePutOff(_("The day has passed. The law gives more time only before it: hand the copy over now."))
    last = locked.due_on + LONGEST_EXTENSION
    if not locked.due_on < until <= last:
        raise NotThatDay(
            _("Choose a day after %(due)s and not after %(last)s.")
            % {"due": date_text(locked.due_on, "F j, Y"), "last": date_text(last, "F j, Y")}
        )
    locked.extended_to, locked.extension_reason, locked.extended_on, locked.extended_by = until, reason, today, by
    locked.save(update_fields=["extended_to", "extension_reason", "extended_on", "extended_by"])
    record(action="record.put_off", by=by, target=locked, client=locked.client_id)


@transaction.atomic
def hand_over(*, request: RecordRequest, by: User) -> None:
    """Give the client the copy, on their page or on paper, and enter it into the ledger. Twice is once."""
    locked = RecordRequest.objects.select_for_update(of=("self",)).select_related("client__site").get(pk=request.pk)
    if locked.fulfilled_at is not None:
        return
    locked.fulfilled_at, locked.fulfilled_by = now(), by
    locked.save(update_fields=["fulfilled_at", "fulfilled_by"])
    enter_disclosure(
        client=locked.client,
        made_on=today_in(locked.client.site.zone),
        recipient=locked.client.name,
        content=_("Copy of the record: signed notes, attendance, agreements, goals"),
        purpose=_("The person’s own use"),
        basis=LegalBasis.OWN_REQUEST,
        by=by,
        request=locked,
    )
    record(action="record.handed_over", by=by, target=locked, client=locked.client_id)
