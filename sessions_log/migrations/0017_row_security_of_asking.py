"""Who sees that somebody was asked after: who sees how they came (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, of_membership


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_log", "0016_asked_after"),
    ]

    operations = [
        Protect("sessions_log.AskedAfter", of_membership()),
    ]
