"""Who was not approved by a screening is never enrolled, whoever asks and by whatever way (R21)."""

from django.db import migrations

# The functions belong to the role that sees every row, because they answer for people who do not.
FUNCTIONS = """
CREATE FUNCTION groups_app_only_screened() RETURNS trigger
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
    PERFORM pg_advisory_xact_lock_shared(hashtext('members_screening'), hashtext(NEW.client_id::text));
    IF NOT EXISTS (
        SELECT FROM members_screening
        WHERE client_id = NEW.client_id AND outcome = 'approved' AND superseded_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the client is not approved by a screening'
            USING ERRCODE = '23514', CONSTRAINT = 'membership_only_screened';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION groups_app_only_screened() OWNER TO kith_policy;
ALTER FUNCTION groups_app_copy_is_genuine(text, text, text) OWNER TO kith_policy;
CREATE TRIGGER membership_only_screened BEFORE INSERT OR UPDATE OF state ON groups_app_membership
    FOR EACH ROW EXECUTE FUNCTION groups_app_only_screened();
"""

BACK = """
DROP TRIGGER membership_only_screened ON groups_app_membership;
DROP FUNCTION groups_app_only_screened();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0008_ending_and_phases"),
        ("members", "0004_screening_checklist"),
        ("practice", "0004_rights_of_roles"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
