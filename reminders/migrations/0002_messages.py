"""Reminders become messages: about anything, through any channel, to a client or an account."""

from django.db import migrations, models

_FILL = """
UPDATE reminders_message AS message
   SET client_id = membership.client_id, subject_id = message.session_id, useful_until = session.starts_at
  FROM groups_app_membership AS membership, sessions_log_session AS session
 WHERE membership.id = message.membership_id AND session.id = message.session_id
"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial"), ("members", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("reminder", "reminder_once"),
        migrations.RemoveConstraint("reminder", "reminder_sent_has_time"),
        migrations.RemoveConstraint("reminder", "reminder_lease_while_sending"),
        migrations.RemoveIndex("reminder", "reminder_due"),
        migrations.RemoveIndex("reminder", "reminder_latest_first"),
        migrations.RenameModel("Reminder", "Message"),
        migrations.RenameField("message", "schedule_version", "version"),
        migrations.AddField(
            "message",
            "client",
            models.ForeignKey("members.Client", models.PROTECT, null=True, related_name="messages"),
        ),
        migrations.AddField("message", "subject_id", models.UUIDField(null=True)),
        migrations.AddField("message", "useful_until", models.DateTimeField(null=True)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
