"""A check-in is its group's: members answer it, leaders and supervisors read what it came to (R39, R43)."""

from django.db import migrations

from common.row_security import Protect, of_session


class Migration(migrations.Migration):
    dependencies = [
        ("climate", "0001_check_in"),
        ("sessions_log", "0007_row_security"),
    ]

    operations = [
        Protect("climate.CheckIn", of_session("session_id", "supervisor"), clinical=True),
        Protect("climate.Mark", of_session("session_id", "supervisor"), clinical=True),
    ]
