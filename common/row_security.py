"""Row-level security in migrations: three lines a table (docs/row-security.md).

    operations = [
        Protect("members_goal_rating", of_client()),
    ]

A condition is SQL about one row. The ones below are made so that nothing runs once a row: whether the actor's roles see
everything is asked once a query, and the keys that others see are collected once, when first needed, and hashed.
Where ``roles`` may be given, they replace coordinators and supervisors.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

DESK = ("coordinator", "supervisor")


def holds(*roles: str) -> str:
    """The actor holds one of ``roles``, or is the program itself (``SYSTEM``)."""
    return f"(SELECT kith_holds({_texts(roles)}))"


def at_door() -> str:
    """The actor is ``DOOR``: somebody signs in or looks after their own account."""
    return "(SELECT kith_actor() = 'door')"


def own(column: str = "user_id") -> str:
    """The row names the actor's own account."""
    return f"{column} = (SELECT kith_actor_id())"


def of_client(column: str = "client_id", *roles: str) -> str:
    """Who may see the client: ``roles``, the leaders of the client's groups, and the client."""
    return _either(holds(*(roles or DESK)), _in(column, "kith_led_clients"), _in(column, "kith_other_clients"))


def of_led_client(column: str = "client_id", *roles: str) -> str:
    """Clinicians only: ``roles`` (supervisors) and the leaders of the client's groups, not the client."""
    return _either(holds(*(roles or ("supervisor",))), _in(column, "kith_led_clients"))


def of_group(column: str = "group_id", *roles: str) -> str:
    """Who may see the group: ``roles``, its leaders of today, and who holds a place in it."""
    return _either(holds(*(roles or DESK)), _in(column, "kith_led_groups"), _in(column, "kith_other_groups"))


def of_led_group(column: str = "group_id", *roles: str) -> str:
    """Staff only: ``roles`` and the group's leaders of today."""
    return _either(holds(*(roles or DESK)), _in(column, "kith_led_groups"))


def of_membership(column: str = "membership_id", *roles: str) -> str:
    """Who may see the membership: ``roles``, the leaders of its group, and the client; no other member."""
    return _either(holds(*(roles or DESK)), _in(column, "kith_led_memberships"), _in(column, "kith_other_memberships"))


def of_session(column: str = "session_id", *roles: str) -> str:
    """Who may see the session: ``roles``, who documents it, and the members of its group."""
    return _either(
        holds(*(roles or DESK)), _in(column, "kith_documented_sessions"), _in(column, "kith_attended_sessions")
    )


def documented(column: str = "session_id") -> str:
    """Clinical: the leaders of the session's group, and who leads or led the session; nobody by role."""
    return _either(holds(), _in(column, "kith_documented_sessions"))


def _in(column: str, function: str) -> str:
    return f"{column} IN (SELECT {function}())"


def _either(*conditions: str) -> str:
    return "(" + " OR ".join(conditions) + ")"


def _texts(values: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"VARIADIC ARRAY[{quoted}]::text[]"


class Protect(Operation):
    """Show the rows of ``table`` only where ``see`` holds, and take only rows for which ``change`` (or ``see``) does.

    ``table`` may be a model's label, ``"app.Model"``, whose table it then is. Nobody is exempt but roles that bypass
    row security: FORCE holds the owner too. A row that may be seen may be locked; whether it may be changed into
    something, or deleted, ``change`` decides. ``clinical`` takes every right from the worker. Doing it again replaces
    what was there.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, see: str, *, change: str | None = None, clinical: bool = False) -> None:
        self.table, self.see, self.change, self.clinical = table, see, change, clinical

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Name what it was made with."""
        return type(self).__name__, [self.table, self.see], {"change": self.change, "clinical": self.clinical}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of policies."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Put the policies on the table."""
        table = _quoted_table(self.table, schema_editor, to_state)
        change = self.change or self.see
        statements = [
            *self._without_policies(table),
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY kith_rows ON {table} USING ({self.see}) WITH CHECK ({change})",
        ]
        if self.change:
            statements.append(f"CREATE POLICY kith_deletes ON {table} AS RESTRICTIVE FOR DELETE USING ({change})")
        if self.clinical:
            statements.append(f"REVOKE ALL ON {table} FROM kith_worker")
        for statement in statements:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take them off; the table is still there."""
        table = _quoted_table(self.table, schema_editor, from_state)
        statements = [
            *self._without_policies(table),
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]
        for statement in statements:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say it in the list of a migration's operations."""
        return f"Show rows of {self.table} only to those who may see them"

    @property
    def migration_name_fragment(self) -> str:
        """Part of a migration's automatic name."""
        return f"protect_{self.table.lower().replace('.', '_')}"

    def _without_policies(self, table: str) -> list[str]:
        return [f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("kith_rows", "kith_deletes")]


class AlsoShow(Operation):
    """Show more rows of ``table`` for reading alone: those for which ``condition`` holds; nothing more can be changed.

    ``name`` tells the policy from others of the table. Doing it again replaces what was there.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, condition: str, *, name: str) -> None:
        self.table, self.condition, self.name = table, condition, name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Name what it was made with."""
        return type(self).__name__, [self.table, self.condition], {"name": self.name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of policies."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Put the policy on the table."""
        self.database_backwards(app_label, schema_editor, to_state, to_state)
        table = _quoted_table(self.table, schema_editor, to_state)
        schema_editor.execute(f"CREATE POLICY {self.name} ON {table} FOR SELECT USING ({self.condition})", params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take it off; the table is still there."""
        table = _quoted_table(self.table, schema_editor, from_state)
        schema_editor.execute(f"DROP POLICY IF EXISTS {self.name} ON {table}", params=None)

    def describe(self) -> str:
        """Say it in the list of a migration's operations."""
        return f"Show more rows of {self.table} for reading"

    @property
    def migration_name_fragment(self) -> str:
        """Part of a migration's automatic name."""
        return f"also_show_{self.table.lower().replace('.', '_')}"


def _quoted_table(table: str, schema_editor: Any, state: Any) -> str:
    name = state.apps.get_model(table)._meta.db_table if "." in table else table
    return str(schema_editor.quote_name(name))


def written_once(*tables: str) -> migrations.RunSQL:
    """Take the rights to change and delete rows of ``tables``, by their names in the database; their owner has none."""
    names = ", ".join(tables)
    taken = "UPDATE, DELETE ON"
    return migrations.RunSQL(
        f"REVOKE {taken} {names} FROM kith_app, kith_worker", f"GRANT {taken} {names} TO kith_app, kith_worker"
    )


def define(functions: str) -> migrations.RunSQL:
    """Make or replace functions and give those that are ``SECURITY DEFINER`` to ``kith_policy``, who sees every row.

    Each has a ``search_path`` of its own. They stay when the migration is undone: policies elsewhere may ask them.
    They are said to cost nothing: PostgreSQL counts it for each row it looks up by index, though a policy asks a
    function once a query, and would rather read a whole table.
    """
    give = """
    DO $$
    DECLARE
        each regprocedure;
        many boolean;
    BEGIN
        FOR each IN
            SELECT p.oid::regprocedure FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                AND pg_get_userbyid(p.proowner) <> 'kith_policy'
        LOOP
            EXECUTE format('ALTER FUNCTION %s OWNER TO kith_policy', each);
        END LOOP;
        FOR each, many IN
            SELECT p.oid::regprocedure, p.proretset FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.provolatile = 's'
        LOOP
            EXECUTE format('ALTER FUNCTION %s COST 1 %s', each, CASE WHEN many THEN 'ROWS 10' END);
        END LOOP;
    END $$;
    """
    return migrations.RunSQL(functions + give, migrations.RunSQL.noop)
