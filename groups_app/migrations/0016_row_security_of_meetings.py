"""Who sees what came of a meeting before the group: its leaders and supervisors (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, holds


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0015_pregroup_meeting")]

    operations = [
        Protect(
            "groups_app.PregroupMeeting",
            f"{holds('supervisor')} OR membership_id IN (SELECT kith_led_memberships())",
            clinical=True,
        )
    ]
