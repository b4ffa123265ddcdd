"""Screenings lock one of 256 locks instead of one a client.

A transaction keeps its advisory locks until its end, and PostgreSQL's table of locks has room for some thousands: whoever
loads a large practice at once would fill it. Two clients that share a lock wait for each other for a moment, no more.
"""

from django.db import migrations

FEW = """
CREATE FUNCTION members_screening_lock(client uuid) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT hashtext(client::text) & 255';
CREATE OR REPLACE FUNCTION members_screening_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_screening'), members_screening_lock(NEW.client_id));
    RETURN NEW;
END $$;
"""

ONE_EACH = """
CREATE OR REPLACE FUNCTION members_screening_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_screening'), hashtext(NEW.client_id::text));
    RETURN NEW;
END $$;
DROP FUNCTION members_screening_lock(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0010_known_people_row_security")]

    operations = [migrations.RunSQL(FEW, ONE_EACH)]
