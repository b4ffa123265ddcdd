"""Who sees what is sent, and how somebody wants to be written to (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, holds, of_client, of_session, own


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_row_security"),
        ("reminders", "0003_channels"),
        ("sessions_log", "0007_row_security"),
    ]

    operations = [
        Protect(
            "reminders.Message",
            f"{of_client('client_id', 'coordinator', 'supervisor')} OR {own('account_id')}",
        ),
        Protect("reminders.Silence", of_client()),
        Protect("reminders.ClientChannel", of_client()),
        Protect("reminders.CalendarFeed", f"{own()} OR {holds()}"),
        Protect("reminders.KnownSchedule", of_session()),
    ]
