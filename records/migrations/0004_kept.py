"""Records of care are kept: the database refuses to delete them, whoever asks (R45). Other rooms lock their own."""

from django.db import migrations

from common.row_security import Protect, holds

TABLES = [
    "members_client",
    "members_intake",
    "members_contactconsent",
    "members_waitinglistentry",
    "groups_app_group",
    "sessions_log_absencenotice",
    "sessions_log_groupnote",
    "sessions_log_membernote",
    "records_legalhold",
]

FUNCTION = """
CREATE FUNCTION kith_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are kept: nothing of a record is deleted.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
KEEP = "CREATE TRIGGER kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kith_keep();"
LET_GO = "DROP TRIGGER kept ON {table};"


def _each(statement: str) -> str:
    return "\n".join(statement.format(table=table) for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_legal_hold"),
        ("members", "0007_row_security"),
        ("groups_app", "0011_row_security"),
        ("sessions_log", "0007_row_security"),
    ]

    operations = [
        Protect("records.LegalHold", holds("supervisor")),
        migrations.RunSQL(sql=FUNCTION + _each(KEEP), reverse_sql=_each(LET_GO) + "DROP FUNCTION kith_keep();"),
    ]
