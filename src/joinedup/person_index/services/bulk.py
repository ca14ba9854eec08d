"""Writing many rows in few statements. Called only inside guarded services of this part.

Django's own bulk update takes minutes for what one statement does in a second when the values travel as one JSON
document, and its bulk insert ten times as long as a COPY.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

_BATCH = 5000


def _insert_many(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table. A key that the database gives is left to it and is not read back."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = [field.attname for field in fields]
    kept = {place for place, field in enumerate(fields) if isinstance(field, models.JSONField)}
    values = ([getattr(row, name) for name in names] for row in rows)
    documents = ([json.dumps(each) if place in kept else each for place, each in enumerate(row)] for row in values)
    _copy_rows(type(rows[0]), names, documents if kept else values)


def _copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows by COPY, given as values of the named fields (a JSON field as its text): nothing is made of them on
    the way. A field that is not named is left to the database, so only one that may be empty or numbers itself."""
    columns = ", ".join(_quoted(str(model._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    waiting = iter(rows)
    statement = f"COPY {_quoted(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while batch := list(islice(waiting, _BATCH)):
            copy.write("".join(["\t".join(map(_cell, row)) + "\n" for row in batch]))


_SPECIAL = re.compile(r"[\\\t\n\r]")


def _cell(value: Any) -> str:
    """A value as COPY reads it."""
    if type(value) is str:
        if not _SPECIAL.search(value):
            return value
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return "\\N" if value is None else str(value)


def _update_many(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the named fields of many rows of one table."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if field.name in names]
    table = _quoted(rows[0]._meta.db_table)
    sets = ", ".join(f"{_quoted(str(field.column))} = new.{_quoted(str(field.column))}" for field in fields)
    shape = ", ".join(["id uuid", *(_column(field) for field in fields)])
    statement = (
        f"UPDATE {table} SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS new ({shape})"  # noqa: S608
        f" WHERE {table}.id = new.id"
    )
    _run(statement, rows, [rows[0]._meta.pk, *fields])


def _run(statement: str, rows: Sequence[models.Model], fields: Sequence[models.Field[object, object]]) -> None:
    for batch in _batches(rows):
        values = [{str(field.column): getattr(row, field.attname) for field in fields} for row in batch]
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(values, default=str)])


def _batches(rows: Sequence[models.Model]) -> Iterator[Sequence[models.Model]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


def _column(field: models.Field[object, object]) -> str:
    return f"{_quoted(str(field.column))} {field.db_type(connection)}"


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
