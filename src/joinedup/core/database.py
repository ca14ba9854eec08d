"""Two things the database itself guarantees: tables that only grow, and a program that owns none of them; and how the
tables of a part are made in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connections, migrations
from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Model

# One function serves every sealed table. Triggers are ENABLE ALWAYS, so that a session cannot switch them off by
# changing its replication role, and there is one for TRUNCATE, which row triggers never see.
_FUNCTION = """
CREATE OR REPLACE FUNCTION joinedup_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class MakeTables(Operation):
    """The tables of a part as its operations leave them, made at once.

    Django works out every model of the project afresh after every single operation, which for two hundred tables is
    three quarters of a minute of a new installation's first start. Here that is done once for each part. Only operations
    that make new tables and add to them belong in it: what they come to is made, not one after the other.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state without working out the models between one operation and the next."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make every table whole; the keys between them follow when all are there."""
        for model in self._models(app_label, to_state.apps):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Remove every table, the last made first."""
        for model in reversed(self._models(app_label, from_state.apps)):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Make {sum(isinstance(each, migrations.CreateModel) for each in self.operations)} tables"

    def _models(self, app_label: str, apps: Apps) -> list[type[Model]]:
        made = [each for each in self.operations if isinstance(each, migrations.CreateModel)]
        return [apps.get_model(app_label, each.name) for each in made]


def seal_table(table: str) -> list[migrations.RunSQL]:
    """Migration operations that make `table` append-only: UPDATE, DELETE and TRUNCATE are refused for everybody."""
    return [
        migrations.RunSQL(_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"""
            CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON {table}
              FOR EACH ROW EXECUTE FUNCTION joinedup_sealed();
            CREATE TRIGGER sealed_table BEFORE TRUNCATE ON {table}
              FOR EACH STATEMENT EXECUTE FUNCTION joinedup_sealed();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_rows;
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_table;
            """,
            f"DROP TRIGGER sealed_rows ON {table}; DROP TRIGGER sealed_table ON {table};",
        ),
    ]


def sealed_tables(using: str) -> list[str]:
    """Every append-only table, as the database's own catalogue has it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = 'sealed_rows'"
            " ORDER BY relname"
        )
        return [row[0] for row in cursor.fetchall()]


def grant_application_rights(*, using: str, role: str) -> None:
    """Give the application role what it needs and no more: no ownership, and only SELECT and INSERT where sealed.

    Does nothing where the program runs as the owner itself (a single-role installation; `joinedup doctor` says so).
    """
    connection = connections[using]
    if connection.settings_dict["USER"] == role:
        return
    quoted = connection.ops.quote_name(role)
    sealed = sealed_tables(using)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in [*sealed, "django_migrations"]:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {quoted}")
        cursor.execute(f"REVOKE INSERT ON django_migrations FROM {quoted}")
