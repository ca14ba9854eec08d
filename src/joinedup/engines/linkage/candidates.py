# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Which records are worth comparing: those that share a key, in bulk.

Each kind of key forgives something: a changed surname, a wrong date, swapped
names, a nickname, a move. A key that too many records share is left out, so that
a hotel of children with one guessed birthday cannot fill the machine's memory;
what it would have found shares a sharper key too, or is past telling apart.

Two thirds of the pairs found so can come to nothing whatever their names weigh:
other birthdays, no number in common, and no home or no forename either. They are
left out before anything dear is asked of them (``leave_out_hopeless``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from joinedup.engines.linkage.levels import Address, Birth, Number
from joinedup.engines.linkage.levels_sql import DUCKDB, Dialect, level_of

if TYPE_CHECKING:
    import duckdb

MOST_RECORDS_OF_A_KEY = 120
_LOW, _HIGH = "least(born_day, born_month)", "greatest(born_day, born_month)"
_PERSON = "least(given, surname) || ' ' || greatest(given, surname)"

# Each kind: the values that make up its key, and what to unnest to get them.
KEYS: dict[str, tuple[str, str]] = {
    "nhs": ("nhs", ""),
    "upn": ("upn", ""),
    "name_born": ("part || born", "unnest(list_distinct(list_append(part_sounds, sound)))"),
    "forename_born": ("part || born", "unnest(blocks)"),
    "born_postcode": ("born || postcode", ""),
    "forename_postcode": ("part || postcode", "unnest(blocks)"),
    "surname_postcode": ("surname_sound || ' ' || postcode", ""),
    "sounds_year": ("sound || ' ' || surname_sound || ' ' || born_year", ""),
    "skeletons_year": (
        "\"skeleton\" || ' ' || surname_skeleton || ' ' || part",
        "unnest([born_year, born_year + 1])",
    ),
    "person_year": (f"{_PERSON} || ' ' || born_year", ""),
    "person": (_PERSON, ""),
    "swapped_born": (f"surname_sound || ' ' || born_year || ' ' || {_LOW} || ' ' || {_HIGH}", ""),
    "person_district": ("given || ' ' || surname || ' ' || district", ""),
    "forename_house": ("\"first\" || ' ' || house || ' ' || street", ""),
    "day_month": ("given || ' ' || surname || ' ' || born_day || ' ' || born_month", ""),
    "family_house": ("family || ' ' || house || ' ' || street", ""),
}


def find_candidates(
    database: duckdb.DuckDBPyConnection,
    *,
    standard: str = "standard",
    table: str = "candidate",
    most: int = MOST_RECORDS_OF_A_KEY,
    progress: Callable[[str], None] = lambda _kind: None,
) -> int:
    """Make the table of pairs of records that share a key, as Splink expects its blocked pairs.

    Returns how many there are.
    """
    database.execute("create or replace temp table raw_pair (l integer, r integer)")
    for kind, (value, part) in KEYS.items():
        progress(kind)
        unnested = f", {part} as part" if part else ""
        database.execute(
            f"create or replace temp table keyed as select rid, hash({value}) as k"
            f" from (select *{unnested} from {standard}) where ({value}) is not null"
        )
        database.execute(
            "create or replace temp table shared as select k from keyed group by k"
            f" having count(distinct rid) between 2 and {most}"
        )
        database.execute(
            "insert into raw_pair select distinct a.rid, b.rid from keyed a join shared using (k)"
            " join keyed b on a.k = b.k and a.rid < b.rid"
        )
    database.execute(
        f"create or replace table {table} as"
        " select '0' as match_key, l as join_key_l, r as join_key_r from (select distinct l, r from raw_pair)"
    )
    for name in ("keyed", "shared", "raw_pair"):
        database.execute(f"drop table {name}")
    return int(database.execute(f"select count(*) from {table}").fetchall()[0][0])


# What the conditions for a hopeless pair, and for one of a dwelling, read of each record.
_READ = (
    "first", "surname", "family", "first_family", "blocks", "born", "born_year", "born_month", "born_day", "born_number", "born_default", "baby",
    "house", "street", "postcode", "district", "communal", "nhs", "upn", "upn_temporary",
)  # fmt: skip
_ELSEWHERE = ", ".join(str(int(each)) for each in (Address.UNKNOWN, Address.DIFFERS, Address.DISTRICT))


def hopeless(sql: Dialect = DUCKDB) -> str:
    """Return the condition for a pair that no rule could link and no person should be asked about.

    Their birthdays differ by more than any slip and no number agrees, so LK-9 links
    them in no case; and they live elsewhere, or their forenames are not one name.
    """
    crossed = " or ".join(
        f"{one}_l = {other}_r or {one}_r = {other}_l"
        for one, other in (("first", "surname"), ("first_family", "family"))
    )
    one_name = f"coalesce({sql.shares('blocks')}, false) or coalesce({crossed}, false)"
    numbers = " or ".join(f"({level_of(each, sql)}) = {int(Number.SAME)}" for each in ("nhs", "upn"))
    return (
        f"({level_of('birth', sql)}) = {int(Birth.DIFFERS)} and not ({numbers})"
        f" and (({level_of('address', sql)}) in ({_ELSEWHERE}) or not ({one_name}))"
    )


def leave_out_hopeless(
    database: duckdb.DuckDBPyConnection, *, standard: str = "standard", table: str = "candidate"
) -> None:
    """Leave out of the candidates the pairs that can come to nothing."""
    _narrow(database, f"not ({hopeless()})", standard, table)


def leave_only_dwellings(
    database: duckdb.DuckDBPyConnection, *, standard: str = "standard", table: str = "candidate"
) -> None:
    """Leave of the candidates only the pairs that live in one dwelling."""
    _narrow(database, f"({level_of('address')}) = {int(Address.DWELLING)}", standard, table)


def _narrow(database: duckdb.DuckDBPyConnection, wanted: str, standard: str, table: str) -> None:
    """Leave in a table of candidates only those that a condition holds for."""
    left, right = (sides_of(each) for each in ("l", "r"))
    database.execute(f"alter table {table} rename to wide_{table}")
    database.execute(
        f"create table {table} as select match_key, join_key_l, join_key_r from wide_{table}"
        f" join (select rid as join_key_l, {left} from {standard}) using (join_key_l)"
        f" join (select rid as join_key_r, {right} from {standard}) using (join_key_r) where {wanted}"
    )
    database.execute(f"drop table wide_{table}")


def sides_of(side: str) -> str:
    """Return what the conditions read of the record on one side, ``l`` or ``r``."""
    return ", ".join(f'"{name}" as {name}_{side}' for name in _READ)
