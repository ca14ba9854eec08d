"""Putting the rows of a harvest into the tables by COPY: thousands of records in one go. Called inside a guarded service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models


def copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Add rows that are new."""
    if rows:
        _copied(model, rows, model._meta.db_table)


def upsert_rows(model: type[models.Model], rows: Sequence[models.Model], *, unique: str, update: Sequence[str], only: str = "") -> None:  # fmt: skip
    """Add rows, or write some columns of those that are there anew. `unique` names the columns they are known by, `only` a condition
    on the row that is there (`kept` in SQL) under which it is changed. Both are written in the code, never by anybody."""
    if not rows:
        return
    table, landing = model._meta.db_table, f"landing_{model._meta.db_table}"
    columns = ", ".join(str(each.column) for each in model._meta.concrete_fields)
    sets = ", ".join(f"{_column(model, name)} = EXCLUDED.{_column(model, name)}" for name in update)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {landing} (LIKE {table}) ON COMMIT DROP")
        _copied(model, rows, landing)
        cursor.execute(
            f"INSERT INTO {table} AS kept ({columns}) SELECT {columns} FROM {landing}"  # noqa: S608 - names of our own tables
            f" ON CONFLICT ({unique}) DO UPDATE SET {sets}{f' WHERE {only}' if only else ''}"
        )
        cursor.execute(f"DROP TABLE {landing}")


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _copied(model: type[models.Model], rows: Sequence[models.Model], table: str) -> None:
    fields = [(each.attname, _written(each)) for each in model._meta.concrete_fields]
    columns = ", ".join(str(each.column) for each in model._meta.concrete_fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([write(getattr(row, name)) for name, write in fields])


def _written(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else json.dumps(value)
    if isinstance(field, ArrayField):
        # Identifiers and codes: nothing in them has to be quoted, and what has is.
        return lambda value: "{" + ",".join(json.dumps(str(one), ensure_ascii=False) for one in value) + "}"
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return lambda value: None if value is None else str(value)
    return lambda value: value
