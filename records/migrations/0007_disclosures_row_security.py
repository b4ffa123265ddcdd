"""Who sees what leaves the practice: clinicians who care for the client, and the client (R44; docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, of_led_client

CARE = of_led_client("client_id", "supervisor")
OWN = "client_id IN (SELECT kith_own_clients())"


class Migration(migrations.Migration):
    dependencies = [("members", "0013_emergencies_row_security"), ("records", "0006_disclosures")]

    operations = [
        Protect("records.Disclosure", f"{CARE} OR {OWN}", change=CARE),
        Protect("records.DisclosureConsent", f"{CARE} OR {OWN}", change=CARE),
        # The client asks; who cares for the client hands over.
        Protect("records.RecordRequest", f"{CARE} OR {OWN}"),
    ]
