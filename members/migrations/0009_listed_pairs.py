"""Who has the name of somebody on a client's private list (R22): compared here, so that nobody else reads the list."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION members_listed_pairs(keys uuid[]) RETURNS TABLE (one uuid, other uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH listed AS (SELECT client_id, first_name, last_name, sort_key FROM members_knownperson WHERE removed_at IS NULL),
    named AS (
        SELECT k.client_id AS one, c.id AS other FROM listed k JOIN members_client c ON c.sort_key = k.sort_key
        UNION
        SELECT k.client_id, c.id FROM listed k JOIN members_client c
            ON lower(c.last_name) = lower(k.last_name) AND lower(c.preferred_name) = lower(k.first_name)
    )
    SELECT named.one, named.other FROM named
    WHERE named.one <> named.other AND (named.one = ANY (keys) OR named.other = ANY (keys))
$$;
ALTER FUNCTION members_listed_pairs(uuid[]) OWNER TO kith_policy;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0008_known_people"), ("practice", "0004_rights_of_roles")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION members_listed_pairs(uuid[])")]
