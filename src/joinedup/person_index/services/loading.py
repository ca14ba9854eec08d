"""Filling an index of its own for looking people up in a file: the same tables as the product's, many rows at once.

Not a person's act and never on the product's own database, so unguarded: the command that asks for it has just made the
database and removes it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import Said, cuts, valid_nhs
from joinedup.person_index.entries import Besides, Entry, entries_of, words_of
from joinedup.person_index.keys import cut_number
from joinedup.person_index.services.entries import _count_names, _insert_entries, names_in

_TABLES = ("person_index_searchkey", "person_index_entry", "person_index_spelling")
_UNLOGGED = "ALTER TABLE {table} SET UNLOGGED"

# One record of a file: its number and its fields as text, in the order of `FIELDS`.
FIELDS = ("forename", "middle", "surname", "dob", "sex", "address1", "postcode", "nhs_number", "upn")
RecordOfFile = tuple[int, Sequence[str | None]]


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


def said_by(fields: Sequence[str | None]) -> Said:
    """What a row of a file says. A date that is none, or not written year first, counts as not known."""
    forename, middle, surname, dob, sex, address, postcode, nhs_number, upn = (each or "" for each in fields)
    try:
        born = date.fromisoformat(dob[:10]) if dob else None
    except ValueError:
        born = None
    return Said(forename, middle, surname, born, sex[:1].upper(), address, postcode, nhs_number, upn)


def entries_of_records(records: Iterable[RecordOfFile]) -> tuple[Entry, ...]:
    """The entries of one person, who has these records: what one does not say another may."""
    said = [(number, said_by(fields)) for number, fields in records]
    besides = Besides(
        birth_date=next((each.birth_date for _, each in said if each.birth_date), None),
        sex=next((each.sex for _, each in said if each.sex in ("M", "F")), ""),
        nhs_number=next((each.nhs_number for _, each in said if valid_nhs(each.nhs_number)), ""),
        upn=next((each.upn for _, each in said if each.upn), ""),
    )
    return entries_of([Entry(each, str(UUID(int=number))) for number, each in said], besides)


def prepare_tables() -> None:
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


def finish_tables(loaded: Loaded) -> Iterator[str]:
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
