"""An enrollment waits at the lock at which its client's screening is decided, one of few."""

from django.db import migrations

ENROLLMENT = """
CREATE OR REPLACE FUNCTION groups_app_only_screened() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state IN ('declined', 'withdrawn', 'left') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.state = OLD.state OR NEW.state NOT IN ('proposed', 'accepted', 'active')) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'leaving' THEN
        RETURN NEW; -- who takes a notice back never stopped being a member
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('members_screening'), {lock});
    IF NOT EXISTS (
        SELECT FROM members_screening
        WHERE client_id = NEW.client_id AND outcome = 'approved' AND superseded_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the client is not approved by a screening'
            USING ERRCODE = '23514', CONSTRAINT = 'membership_only_screened';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0019_door_waits_for_the_group"),
        ("members", "0011_few_screening_locks"),
    ]

    operations = [
        migrations.RunSQL(
            ENROLLMENT.format(lock="members_screening_lock(NEW.client_id)"),
            ENROLLMENT.format(lock="hashtext(NEW.client_id::text)"),
        )
    ]
