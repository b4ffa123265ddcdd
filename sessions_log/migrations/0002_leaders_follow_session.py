"""A leader's row carries its session's time span, and the database keeps the two equal (R32)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sessions_log", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE sessions_log_sessionleader
                ADD CONSTRAINT session_leader_follows FOREIGN KEY (session_id, busy)
                REFERENCES sessions_log_session (id, busy) ON UPDATE CASCADE
            """,
            "ALTER TABLE sessions_log_sessionleader DROP CONSTRAINT session_leader_follows",
        )
    ]
