"""Coordinators keep the ledger too: who releases records from the desk writes down what left (R44; ADR 28)."""

from django.db import migrations

from common.row_security import Protect, of_led_client

KEPT = of_led_client("client_id", "coordinator", "supervisor")
OWN = "client_id IN (SELECT kith_own_clients())"


class Migration(migrations.Migration):
    dependencies = [("records", "0008_more_time_and_part_2")]

    operations = [
        Protect("records.Disclosure", f"{KEPT} OR {OWN}", change=KEPT),
        Protect("records.DisclosureConsent", f"{KEPT} OR {OWN}", change=KEPT),
        # The client asks, or the desk notes it; who cares for the client hands over.
        Protect("records.RecordRequest", f"{KEPT} OR {OWN}"),
    ]
