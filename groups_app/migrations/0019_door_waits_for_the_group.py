"""The door's trigger waits for whoever closes the door, and they wait for it (R1, R28)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0018_row_security_of_versions"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="membership",
            name="membership_door",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="membership_door",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE group_state varchar; through uuid; opens_on date;",
                    func="\n    IF TG_OP = 'UPDATE' THEN\n        -- The way in goes through the door three times: as a proposal, at the acceptance, on becoming a member.\n        IF NEW.state = OLD.state OR OLD.state IN ('active', 'leaving') OR (\n            NEW.state IN ('invited', 'preparing') AND OLD.state IN ('accepted', 'invited')\n        ) THEN\n            RETURN NEW;\n        END IF;\n    END IF;\n    IF NEW.state NOT IN ('proposed', 'accepted', 'invited', 'preparing', 'active', 'leaving') THEN\n        RETURN NEW;\n    END IF;\n    -- Whoever closes the door, or takes the next step of the group, waits for this row, and this waits for them. The\n    -- opening is read by a statement of its own: only that sees what was committed meanwhile.\n    SELECT g.state, g.door_id INTO group_state, through FROM groups_app_group g WHERE g.id = NEW.group_id FOR SHARE;\n    SELECT d.opens_on INTO opens_on FROM groups_app_dooropening d WHERE d.id = through AND d.closed_at IS NULL;\n    IF group_state IN ('planned', 'forming') THEN\n        RETURN NEW;\n    END IF;\n    IF group_state = 'running' AND opens_on IS NOT NULL\n        AND (NEW.state <> 'active' OR NEW.starts_on >= opens_on) THEN\n        RETURN NEW;\n    END IF;\n    RAISE EXCEPTION 'the door of this group is shut'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_door', TABLE = TG_TABLE_NAME;\n",
                    hash="18578bf41d702e033bf79e60d1de5755cc87a000",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_membership_door_23e26",
                    table="groups_app_membership",
                    when="BEFORE",
                ),
            ),
        ),
    ]
