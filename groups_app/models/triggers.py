"""What the database itself sees to, whoever writes: steps that stay, and the door (R1, R28, R31, R45)."""

import pgtrigger


def append_only(name: str) -> pgtrigger.Protect:
    """Rows are written once and stay as they are."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


_THROUGH_THE_DOOR = """
    IF TG_OP = 'UPDATE' THEN
        -- The way in goes through the door three times: as a proposal, at the acceptance, on becoming a member.
        IF NEW.state = OLD.state OR OLD.state IN ('active', 'leaving') OR (
            NEW.state IN ('invited', 'preparing') AND OLD.state IN ('accepted', 'invited')
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.state NOT IN ('proposed', 'accepted', 'invited', 'preparing', 'active', 'leaving') THEN
        RETURN NEW;
    END IF;
    -- Whoever closes the door, or takes the next step of the group, waits for this row, and this waits for them. The
    -- opening is read by a statement of its own: only that sees what was committed meanwhile.
    SELECT g.state, g.door_id INTO group_state, through FROM groups_app_group g WHERE g.id = NEW.group_id FOR SHARE;
    SELECT d.opens_on INTO opens_on FROM groups_app_dooropening d WHERE d.id = through AND d.closed_at IS NULL;
    IF group_state IN ('planned', 'forming') THEN
        RETURN NEW;
    END IF;
    IF group_state = 'running' AND opens_on IS NOT NULL
        AND (NEW.state <> 'active' OR NEW.starts_on >= opens_on) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the door of this group is shut'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_door', TABLE = TG_TABLE_NAME;
"""


def through_the_door(name: str) -> pgtrigger.Trigger:
    """Nobody joins a group that runs, except through an announced opening and from its day on (R1, R28).

    Violations carry the trigger's name as that of a constraint, so that ``constraint_errors`` can speak of them.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("group_state", "varchar"), ("through", "uuid"), ("opens_on", "date")],
        func=_THROUGH_THE_DOOR,
    )
