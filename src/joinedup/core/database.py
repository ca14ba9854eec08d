"""Two things the database itself guarantees: tables that only grow, and a program that owns none of them."""

from __future__ import annotations

from django.db import connections, migrations

# One function serves every sealed table. Triggers are ENABLE ALWAYS, so that a session cannot switch them off by
# changing its replication role, and there is one for TRUNCATE, which row triggers never see.
_FUNCTION = """
CREATE OR REPLACE FUNCTION joinedup_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


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
