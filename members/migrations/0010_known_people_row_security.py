"""Nobody but the client reads the private list (R22; docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, holds


class Migration(migrations.Migration):
    dependencies = [("members", "0009_listed_pairs")]

    operations = [
        Protect("members.KnownPerson", f"{holds()} OR client_id IN (SELECT kith_own_clients())"),
    ]
