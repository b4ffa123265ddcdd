"""Invitations are mailed by the outbox (``reminders``), whose rows say when.

The columns stay for one release, so that the code of the last one goes on while the new one is rolled out: it mails
what it invited itself, and what the new one invited has no moment at which it would be due to it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0016_ask_again_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="invitation", name="mail_after"),
                migrations.RemoveField(model_name="invitation", name="mailed_at"),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE practice_invitation ALTER COLUMN mail_after DROP NOT NULL",
                    migrations.RunSQL.noop,
                )
            ],
        )
    ]
