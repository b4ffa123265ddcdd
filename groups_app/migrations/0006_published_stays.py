"""What was published or signed stays as it was (R26, R47): the database refuses every other change."""

from django.db import migrations, models
from django.db.models.functions import Cast, Right

TRIGGERS = """
CREATE FUNCTION groups_app_agreement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published agreement cannot be changed' USING ERRCODE = '23000', CONSTRAINT = 'agreement_is_final';
END $$;
CREATE TRIGGER agreement_version_is_final BEFORE UPDATE OR DELETE ON groups_app_agreementversion
    FOR EACH ROW EXECUTE FUNCTION groups_app_agreement_is_final();
CREATE TRIGGER agreement_clause_is_final BEFORE UPDATE OR DELETE ON groups_app_agreementclause
    FOR EACH ROW EXECUTE FUNCTION groups_app_agreement_is_final();

CREATE FUNCTION groups_app_signature_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason')
          = (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawal_reason') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a signature can only be withdrawn, once' USING ERRCODE = '23000', CONSTRAINT = 'signature_is_final';
END $$;
CREATE TRIGGER signature_is_final BEFORE UPDATE OR DELETE ON groups_app_signature
    FOR EACH ROW EXECUTE FUNCTION groups_app_signature_is_final();

CREATE FUNCTION groups_app_acknowledgement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.signature_id IS NULL AND NEW.signature_id IS NOT NULL
        AND (to_jsonb(NEW) - 'signature_id') = (to_jsonb(OLD) - 'signature_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an acknowledgement only waits for its signature'
        USING ERRCODE = '23000', CONSTRAINT = 'acknowledgement_is_final';
END $$;
CREATE TRIGGER acknowledgement_is_final BEFORE UPDATE OR DELETE ON groups_app_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION groups_app_acknowledgement_is_final();
"""

# Anybody may ask whether a copy is genuine and learns yes or no: the function sees the rows, who asks does not.
GENUINE = """
CREATE FUNCTION groups_app_copy_is_genuine(reference text, name text, fingerprint text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.groups_app_signature
        WHERE right(id::text, 12) = reference
          AND sha256 = fingerprint
          AND lower(regexp_replace(typed_name, '\\s+', ' ', 'g')) = lower(name)
          AND withdrawn_at IS NULL
    )
$$;
"""

BACK = """
DROP TRIGGER acknowledgement_is_final ON groups_app_acknowledgement;
DROP FUNCTION groups_app_acknowledgement_is_final();
DROP TRIGGER signature_is_final ON groups_app_signature;
DROP FUNCTION groups_app_signature_is_final();
DROP TRIGGER agreement_clause_is_final ON groups_app_agreementclause;
DROP TRIGGER agreement_version_is_final ON groups_app_agreementversion;
DROP FUNCTION groups_app_agreement_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0005_fill_clauses")]

    operations = [
        migrations.RemoveField(model_name="agreementtemplate", name="text"),
        migrations.RunSQL(TRIGGERS, BACK),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(Right(Cast("id", models.TextField()), 12), name="signature_reference"),
        ),
        migrations.RunSQL(GENUINE, "DROP FUNCTION groups_app_copy_is_genuine(text, text, text)"),
    ]
