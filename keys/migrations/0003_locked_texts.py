"""The way by which locked texts are encrypted anew when keys are replaced, and nothing else (R49; docs/encryption.md)."""

from django.db import migrations

from common.row_security import define

# Its owner may read rows and change the columns of ciphertext that a room grants to it. So whatever is asked of it,
# nothing else changes. That the text is the same is the word of who holds the keys; its length and whose key it is are
# compared.
FUNCTION = """
CREATE OR REPLACE FUNCTION kith_reseal(place text, field text, row_id uuid, stored bytea, fresh bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    IF octet_length(fresh) <> octet_length(stored) OR substr(fresh, 1, 1) <> substr(stored, 1, 1) OR NOT EXISTS (
        SELECT FROM keys_datakey former JOIN keys_datakey present USING (kind, owner)
        WHERE uuid_send(former.id) = substr(stored, 2, 16) AND former.retired_at IS NOT NULL
            AND uuid_send(present.id) = substr(fresh, 2, 16) AND present.retired_at IS NULL
    ) THEN
        RAISE EXCEPTION 'this is not the same text with the key of its owner that is in force'
            USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('UPDATE %I SET %I = $1 WHERE id = $2 AND %2$I = $3', place, field) USING fresh, row_id, stored;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed = 1;
END $$;
"""
# Who migrates may replace keys; who serves requests may not touch what is signed, by no way.
RIGHTS = """
REVOKE ALL ON FUNCTION kith_reseal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kith_reseal TO kith_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("keys", "0002_rights"), ("practice", "0010_row_security")]

    operations = [define(FUNCTION), migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
