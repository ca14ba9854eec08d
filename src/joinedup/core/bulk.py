"""Putting very many rows into a table in one statement, worked out inside the database.

Only for what is invented or moved in bulk by a part itself: nothing here asks for a permission or writes an audit row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_from(model: type[models.Model], source: str, columns: Mapping[str, str]) -> int:
    """Insert a row for each row of `source` (what follows FROM). `columns` gives an SQL expression for a field; any
    other field gets its own default, so that a field added later needs nothing here. Returns how many rows."""
    unknown = columns.keys() - {field.attname for field in model._meta.concrete_fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    names, values, given = [], [], []
    for field in model._meta.concrete_fields:
        if field.attname in columns:
            values.append(columns[field.attname])
        elif isinstance(field, models.AutoField) or field.has_db_default():
            continue
        else:
            values.append(f"%s::{field.db_type(connection)}")
            given.append(field.get_db_prep_save(_default(field), connection))
        names.append(_quoted(str(field.column)))
    statement = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return int(cursor.rowcount)


def fill_temporary(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Make a table that lasts as long as the transaction, and copy rows into it. `columns` are names and types.
    Making `rows` must read nothing from the database: the connection is busy taking them."""
    with connection.cursor() as cursor:
        shape = ", ".join(f"{_quoted(name)} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMP TABLE {_quoted(table)} ({shape}) ON COMMIT DROP")
        with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {_quoted(table)}")


def _default(field: models.Field[Any, Any]) -> Any:
    """What an unset field of this kind is saved as."""
    value = field.get_default()
    return "" if value is None and not field.null and isinstance(field, models.CharField | models.TextField) else value


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
