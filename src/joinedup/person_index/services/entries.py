"""Writing what people are found by: entries, search keys and spellings. Called only inside guarded services of this part,
and by the command that looks people up in files of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from joinedup.engines.linkage.keys import cuts
from joinedup.person_index.entries import Entry, as_text, key_numbers, names_in, said_in, words_of
from joinedup.person_index.keys import cut_number
from joinedup.person_index.services.bulk import _cell

_AT_ONCE = 5000
_KEYS = "COPY person_index_searchkey (key, person_id) FROM STDIN"
_ENTRIES = "COPY person_index_entry (person_id, number, said, record_id, until) FROM STDIN"
_SPELLINGS = """
INSERT INTO person_index_spelling (cut, name) SELECT * FROM unnest(%s::bigint[], %s::text[]) ON CONFLICT DO NOTHING
"""
# "number" tells the entries of one person apart and says nothing.
Row = tuple[UUID, int, str, UUID | None, object]


def _replace_entries(ids: list[UUID], wanted: Mapping[UUID, tuple[Entry, ...]]) -> None:
    """Entries and keys of these people, only where they changed: most people have the same as before."""
    held: dict[UUID, list[tuple[object, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, number, said, record_id::text, until FROM person_index_entry WHERE person_id = ANY(%s)"
            " ORDER BY person_id, number",
            [ids],
        )
        for person_id, *row in cursor:
            held[person_id].append(tuple(row))
    changed = [each for each in ids if held[each] != _as_held(wanted.get(each, ()))]
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_entry WHERE person_id = ANY(%s)", [changed])
    now = {each: wanted[each] for each in changed if each in wanted}
    _replace_keys(changed, {person_id: key_numbers(entries) for person_id, entries in now.items()})
    _copy_entries(now)


def _as_held(entries: tuple[Entry, ...]) -> list[tuple[object, ...]]:
    return [(number, as_text(entry.said), entry.record or None, entry.until) for number, entry in enumerate(entries)]


def _replace_keys(ids: list[UUID], wanted: Mapping[UUID, set[int]]) -> None:
    """Write only the keys that are new and remove only those that are gone."""
    held: dict[UUID, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, key FROM person_index_searchkey WHERE person_id = ANY(%s)", [ids])
        for person_id, key in cursor:
            held[person_id].add(key)
        gone = [(person_id, key) for person_id in ids for key in held[person_id] - wanted.get(person_id, set())]
        if gone:
            cursor.execute(
                "DELETE FROM person_index_searchkey k USING unnest(%s::uuid[], %s::bigint[]) AS gone (person_id, key)"
                " WHERE k.person_id = gone.person_id AND k.key = gone.key",
                [[person_id for person_id, _ in gone], [key for _, key in gone]],
            )
    _copy_keys((person_id, keys - held[person_id]) for person_id, keys in wanted.items())


def _insert_entries(entries: Mapping[UUID, tuple[Entry, ...]], *, with_spellings: bool = True) -> None:
    """All entries and keys of several new people."""
    _copy_entries(entries, with_spellings=with_spellings)
    _copy_keys((person_id, key_numbers(several)) for person_id, several in entries.items())


def _copy_entries(entries: Mapping[UUID, tuple[Entry, ...]], *, with_spellings: bool = True) -> None:
    """Entries of several people in one statement, and every name in them among the spellings."""
    words: set[str] = set()
    with connection.cursor() as cursor, cursor.copy(_ENTRIES) as copy:
        waiting = iter(entries.items())
        while batch := list(islice(waiting, _AT_ONCE)):
            copy.write(
                "".join([_entry_line(person_id, *each) for person_id, all_ in batch for each in enumerate(all_)])
            )
            if with_spellings:
                words.update(*(words_of(several) for _, several in batch))
    _keep_spellings(words)


def _entry_line(person_id: UUID, number: int, entry: Entry) -> str:
    until = entry.until or "\\N"
    return f"{person_id}\t{number}\t{_cell(as_text(entry.said))}\t{entry.record or chr(92) + 'N'}\t{until}\n"


def _copy_keys(keys: Iterable[tuple[UUID, Collection[int]]]) -> None:
    """Keys of several people in one statement, by COPY: there are a dozen for each."""
    with connection.cursor() as cursor, cursor.copy(_KEYS) as copy:
        waiting = iter(keys)
        while batch := list(islice(waiting, _AT_ONCE)):
            ends = ((f"\t{person_id}\n", numbers) for person_id, numbers in batch)
            copy.write("".join([f"{number}{end}" for end, numbers in ends for number in numbers]))


def _keep_spellings(words: Iterable[str]) -> None:
    """Names that somebody may nearly type. One that nobody has any more may stay: it finds nobody."""
    asked = sorted(words)
    if not asked:
        return
    with connection.cursor() as cursor:
        whole = {cut_number(word): word for word in asked}
        cursor.execute(
            "SELECT s.name FROM unnest(%s::bigint[], %s::text[]) AS asked (cut, name)"
            " JOIN person_index_spelling s USING (cut, name)",
            [list(whole), list(whole.values())],
        )
        known = {name for (name,) in cursor}
        rows = [(cut_number(cut), word) for word in asked if word not in known for cut in sorted(cuts(word))]
        if rows:
            cursor.execute(_SPELLINGS, [[cut for cut, _ in rows], [word for _, word in rows]])


_COMMON = 0.00005
_COUNTING_LOCK = 7_205_113


def _count_names(names: Counter[tuple[str, str]], people: int, *, day: float = 0.0) -> None:
    """Keep how common names are, of (f or s, plain name), and how many people there are."""
    total = {part: sum(count for (each, _), count in names.items() if each == part) for part in "fs"}
    rows = [
        (part, name, count / total[part]) for (part, name), count in names.items() if count >= _COMMON * total[part]
    ]
    rows += [("n", "", float(people)), ("n", "day", day)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_nameshare")
        cursor.execute(
            "INSERT INTO person_index_nameshare (part, name, share)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::float8[])",
            [list(column) for column in zip(*sorted(rows), strict=True)],
        )


def count_names(*, at: datetime) -> bool:
    """Count how common names are and how many people there are, once a day; returns whether it was time.

    Run by the keeper now and then; not a person's act, so unguarded.
    """
    today = float(at.date().toordinal())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING_LOCK])
            cursor.execute(
                "SELECT 1 FROM person_index_nameshare WHERE part = 'n' AND name = 'day' AND share = %s", [today]
            )
            if cursor.fetchone():
                return False
        names: Counter[tuple[str, str]] = Counter()
        people = 0
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT number, said FROM person_index_entry")
            while rows := cursor.fetchmany(_AT_ONCE):
                names.update(names_in(Entry(said_in(said)) for _, said in rows))
                people += sum(number == 0 for number, _ in rows)
        _count_names(names, people, day=today)
    return True
