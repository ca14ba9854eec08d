"""Filling an index of its own for looking people up in a file: the same tables as the product's, many rows at once.

Not a person's act and never on the product's own database, so unguarded: the command that asks for it has just made the
database and removes it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import cuts
from joinedup.person_index.entries import RecordOfFile, entries_of_records, names_in, words_of
from joinedup.person_index.keys import cut_number
from joinedup.person_index.services.entries import _count_names, _insert_entries

_TABLES = ("person_index_searchkey", "person_index_entry", "person_index_spelling")
_UNLOGGED = "ALTER TABLE {table} SET UNLOGGED"


@dataclass(slots=True)
class Loaded:
    """What some people had: their names, counted, and every word of them."""

    people: int = 0
    names: Counter[tuple[str, str]] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)

    def add(self, more: Loaded) -> None:
        """Count these, too."""
        self.people += more.people
        self.names.update(more.names)
        self.words |= more.words


def prepare_tables_for_loading() -> None:
    """Make ready for very many rows: nothing is indexed until they are there."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            for name in _indexes(table):
                if not name.endswith("_pkey"):
                    cursor.execute(f'DROP INDEX "{name}"')
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
            cursor.execute(_UNLOGGED.format(table=table))


def _indexes(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        return [name for (name,) in cursor.fetchall()]


def load_people(people: Sequence[tuple[int, Sequence[RecordOfFile]]]) -> Loaded:
    """Write what these people (a number and their records) are found by."""
    entries = {UUID(int=number): entries_of_records(records) for number, records in people}
    _insert_entries(entries, with_spellings=False)
    loaded = Loaded(people=len(entries))
    for several in entries.values():
        loaded.names.update(names_in(several))
        loaded.words |= words_of(several)
    return loaded


def finish_loading(loaded: Loaded) -> Iterator[str]:
    """Index what was loaded, count names and keep spellings; says before each step what it is."""
    yield "Keeping spellings"
    with connection.cursor() as cursor, cursor.copy("COPY person_index_spelling (cut, name) FROM STDIN") as copy:
        for word in sorted(loaded.words):
            copy.write("".join([f"{cut_number(cut)}\t{word}\n" for cut in cuts(word)]))
    _count_names(loaded.names, loaded.people)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for table, columns in (
            ("person_index_searchkey", "key, person_id"),
            ("person_index_entry", "person_id, number"),
            ("person_index_spelling", "cut, name"),
        ):
            yield f"Indexing {table.rpartition('_')[2]}"
            cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({columns})")
            cursor.execute(f"VACUUM ANALYZE {table}")
