"""What a server took, noted at once (ADR 23); for the program's own eyes."""

from django.db import migrations, models

from common.row_security import Protect


class Migration(migrations.Migration):
    dependencies = [("reminders", "0004_row_security")]

    operations = [
        migrations.CreateModel(
            name="Taken",
            fields=[
                ("message_id", models.UUIDField(primary_key=True, serialize=False)),
                ("lease_token", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("provider_id", models.CharField(max_length=80)),
                ("segments", models.PositiveSmallIntegerField(null=True)),
            ],
        ),
        # Written in the hurry of sending: no function is asked.
        Protect("reminders.Taken", "kith_actor() = 'system'"),
    ]
