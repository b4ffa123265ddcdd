"""Signed texts can be encrypted anew when keys are replaced, and be touched in no other way (R49; docs/encryption.md)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The owner of ``kith_reseal`` may change these columns and no others.
PLACES = {
    "sessions_log_groupnote": "parts",
    "sessions_log_membernote": "parts",
    "sessions_log_addendum": "text",
    "sessions_log_boundaryevent": "words",
}
GRANTS = "\n".join(f"GRANT UPDATE ({column}) ON {table} TO kith_policy;" for table, column in PLACES.items())


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0003_locked_texts"),
        ("sessions_log", "0012_room_or_link"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="addendum",
            name="addendum_written_once",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="boundaryevent",
            name="boundary_event_locked",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="groupnote",
            name="group_note_locked",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="membernote",
            name="member_note_locked",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="addendum",
            trigger=pgtrigger.compiler.Trigger(
                name="addendum_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="5b0b8b1a31a6f2543dcb23a71d886d92e3409cf3",
                    operation="DELETE",
                    pgid="pgtrigger_addendum_stays_2b229",
                    table="sessions_log_addendum",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="addendum",
            trigger=pgtrigger.compiler.Trigger(
                name="addendum_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_user <> 'kith_policy')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6ef55094eca6c2b08caf0819197e28dbe8dfff6e",
                    operation="UPDATE",
                    pgid="pgtrigger_addendum_written_once_cab58",
                    table="sessions_log_addendum",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundaryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="boundary_event_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_user <> 'kith_policy')",
                    func="\n    IF EXISTS (\n        SELECT FROM sessions_log_groupnote WHERE session_id = OLD.session_id AND signed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'the notes of this session are signed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n",
                    hash="d636a6d742617a26b94728f9694d991bdfd3d6bf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_boundary_event_locked_97c8f",
                    table="sessions_log_boundaryevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="groupnote",
            trigger=pgtrigger.compiler.Trigger(
                name="group_note_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.signed_at IS NOT NULL AND current_user <> 'kith_policy')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e3a9d414e6dea3debf351cd3acb0c1082482a840",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_group_note_locked_94621",
                    table="sessions_log_groupnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membernote",
            trigger=pgtrigger.compiler.Trigger(
                name="member_note_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.signed_at IS NOT NULL AND current_user <> 'kith_policy')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e8b942691fd5b1c4dcf2b27f8cf9d47616af6e9b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_member_note_locked_277d1",
                    table="sessions_log_membernote",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(GRANTS, GRANTS.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")),
    ]
