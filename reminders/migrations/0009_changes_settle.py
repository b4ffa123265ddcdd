"""A change is told once it has stayed the newest for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reminders", "0008_fill_invitations_and_links")]

    operations = [
        migrations.AddField(
            model_name="knownschedule",
            name="seen_version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="knownschedule",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
    ]
