"""Who supervises whom is known among staff, as licenses are; whom a supervisor reads follows from it."""

from django.db import migrations

from common.row_security import Protect, define, holds

FUNCTIONS = """
-- Therapists whom the actor supervises now.
CREATE OR REPLACE FUNCTION kith_supervised() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.therapist_id FROM practice_supervision s JOIN practice_user u ON u.id = s.supervisor_id
    WHERE s.supervisor_id = kith_actor_id() AND s.until IS NULL AND u.is_active AND 'supervisor' = ANY (u.roles)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0012_supervision")]

    operations = [
        define(FUNCTIONS),
        Protect(
            "practice.Supervision",
            holds("therapist", "supervisor", "coordinator", "administrator"),
            change=holds("administrator"),
        ),
    ]
