"""Who sees an uploaded list (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, holds


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0010_row_security"),
        ("records", "0001_initial"),
    ]

    operations = [
        Protect("records.ClientImport", holds("coordinator")),
        Protect("records.ImportRow", holds("coordinator")),
    ]
