"""Who is acting, and which accounts that person sees (docs/row-security.md).

Staff are known to everybody who signed in; that somebody has a member's account is health information.
"""

from django.db import migrations

from common.row_security import Protect, at_door, define, holds, own

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.user_id', true), '');

-- NULL for nobody, for the door and for the system.
CREATE OR REPLACE FUNCTION kith_actor_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN length(kith_actor()) = 36 THEN kith_actor()::uuid END;

-- The actor's account is active and has one of these roles. The system has them all.
CREATE OR REPLACE FUNCTION kith_holds(VARIADIC wanted text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF kith_actor() = 'system' THEN
        RETURN true;
    END IF;
    RETURN EXISTS (
        SELECT FROM practice_user u
        WHERE u.id = kith_actor_id() AND u.is_active AND u.roles && wanted::varchar[]
    );
END $$;

-- Accounts of clients in groups that the actor leads; groups_app, which knows of groups, says which.
CREATE OR REPLACE FUNCTION kith_led_accounts() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp
AS 'SELECT NULL::uuid WHERE false';
"""

STAFF = ("therapist", "supervisor", "coordinator", "administrator")
IS_STAFF = "NOT roles @> ARRAY['member']::varchar[]"
DESK = holds("coordinator", "supervisor")
ADMINISTRATORS = holds("administrator")
OWN_OR_AT_DOOR = f"{own()} OR {at_door()}"


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("practice", "0009_billing"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        define(FUNCTIONS),
        Protect(
            "practice.User",
            f"{own('id')} OR {DESK} OR {at_door()} OR ({IS_STAFF} AND {holds(*STAFF, 'member')})"
            " OR id IN (SELECT kith_led_accounts())",
            # Whoever takes a client into a group makes the client's account.
            change=f"{own('id')} OR {DESK} OR {at_door()} OR ({IS_STAFF} AND {ADMINISTRATORS})"
            f" OR (NOT {IS_STAFF} AND {holds('therapist')})",
        ),
        Protect("practice.Invitation", f"{OWN_OR_AT_DOOR} OR {holds(*STAFF)}"),
        Protect("practice.License", holds(*STAFF), change=ADMINISTRATORS),
        Protect("account_emailaddress", f"{OWN_OR_AT_DOOR} OR {ADMINISTRATORS}"),
        Protect("account_emailconfirmation", f"{at_door()} OR {ADMINISTRATORS}"),
        Protect("mfa_authenticator", f"{OWN_OR_AT_DOOR} OR {ADMINISTRATORS}"),
        Protect("usersessions_usersession", f"{OWN_OR_AT_DOOR} OR {ADMINISTRATORS}"),
    ]
