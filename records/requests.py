"""A client's right to a copy of the record: asked for, due, handed over (45 CFR 164.524; R44)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now, today_in
from members.models import Client
from practice.models import Policy, User
from records.disclosures import enter_disclosure
from records.models import LegalBasis, RecordRequest


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
