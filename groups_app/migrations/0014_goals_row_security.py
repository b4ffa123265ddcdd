"""Who sees goals, and decisions in spite of a conflict (R10, R22; docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, define, holds, of_led_group, of_membership

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_seen_goals() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT g.id FROM groups_app_membergoal g
    WHERE g.membership_id IN (SELECT kith_led_memberships() UNION ALL SELECT kith_other_memberships())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0013_goals")]

    operations = [
        define(FUNCTIONS),
        # Coordinators need to know that somebody decided; the reason is on no page of theirs.
        Protect("groups_app.ConflictOverride", of_led_group()),
        Protect("groups_app.MemberGoal", of_membership("membership_id", "supervisor"), clinical=True),
        Protect("groups_app.GoalRating", f"{holds('supervisor')} OR goal_id IN (SELECT kith_seen_goals())"),
    ]
