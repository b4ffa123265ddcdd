"""A chart opened in an emergency shows how the client came, events and signed notes about them; no group note (R41)."""

from django.db import migrations

from common.row_security import AlsoShow

OF_CLIENT = "membership_id IN (SELECT kith_emergency_memberships())"


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0022_emergencies"), ("sessions_log", "0013_signed_texts_take_new_keys")]

    operations = [
        AlsoShow("sessions_log.Session", "group_id IN (SELECT kith_emergency_groups())", name="kith_emergency"),
        AlsoShow("sessions_log.MemberNote", f"signed_at IS NOT NULL AND {OF_CLIENT}", name="kith_emergency"),
        *(
            AlsoShow(f"sessions_log.{part}", OF_CLIENT, name="kith_emergency")
            for part in ("Attendance", "BoundaryEvent", "Addendum")
        ),
    ]
