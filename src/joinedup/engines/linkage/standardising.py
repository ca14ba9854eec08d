# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Bring a whole table of records into standard forms: each distinct value once, then a join.

The forms come from the same functions as one record's do (``standard``), so that
the bulk run and the front door compare the same things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from joinedup.engines.linkage import names
from joinedup.engines.linkage.levels_sql import COLUMNS
from joinedup.engines.linkage.standard import (
    ForenameForms,
    address_forms,
    birth_forms,
    forename_forms,
    forms_of_name,
    middle_forms,
    nhs_form,
    postcode_forms,
    sex_form,
    surname_forms,
    upn_forms,
)
from joinedup.engines.linkage.transliteration import skeleton

if TYPE_CHECKING:
    import duckdb

# A dwelling with more distinct forenames than this is a hostel, a hotel or a home.
MOST_FORENAMES_OF_A_DWELLING = 12
YEARS_OF_A_GENERATION = 12


def blocks_of(plain: Iterable[str]) -> list[str]:
    """Return the keys under which a forename is sought: its variants', and its consonants'."""
    found: list[str] = []
    for name in plain:
        connected = names.connected_group(name)
        found += [f"~{connected}"] if connected is not None else []
        found.append(skeleton(name))
    return sorted(set(found))


def _forename(text: str) -> tuple[Any, ...]:
    forms = forename_forms(text)
    shape = (
        forms.given, forms.first, list(forms.rest), *_forms(forms), list(forms.groups), forms.romanised, forms.romanised_whole,
        forms.skeleton, forms.sound, forms.family, forms.stem, forms.ordered, forms.listed, forms.baby, forms.multiple,
        forms.shared, forms.english, forms.syllables,
    )  # fmt: skip
    return (*shape, blocks_of(each for each in (forms.first, forms.given) if each))


def _forms(forms: ForenameForms) -> tuple[list[str], list[str]]:
    """Return the forms of the first name, and of every name after it."""
    first = forms_of_name(forms.first) if forms.first else frozenset()
    return sorted(first), sorted(frozenset[str]().union(*(forms_of_name(each) for each in forms.rest)))


def _middle(text: str) -> tuple[Any, ...]:
    found = middle_forms(text)
    return (list(found), blocks_of(found), sorted(frozenset[str]().union(*(forms_of_name(each) for each in found))))


def _surname(text: str) -> tuple[Any, ...]:
    forms = surname_forms(text)
    bare = {forms.family} if forms.family else set()
    sounds = sorted({names.sound(each) for each in {*forms.parts, *bare}})
    return (
        forms.surname,
        list(forms.parts),
        list(forms.groups),
        forms.family,
        forms.sound,
        sounds,
        skeleton(forms.family or ""),
        forms.one_syllable,
    )


def _birth(today: date) -> Callable[[str], tuple[Any, ...]]:
    def read(text: str) -> tuple[Any, ...]:
        forms = birth_forms(text, today=today)
        born = forms.born
        if born is None:
            return (None, None, None, None, None, False)
        return (f"{born:%Y%m%d}", born.year, born.month, born.day, born.toordinal(), forms.is_default)

    return read


def _upn(text: str) -> tuple[Any, ...]:
    forms = upn_forms(text)
    return (forms.upn, forms.is_temporary)


_TEXT, _TEXTS, _WHOLE, _YES = "VARCHAR", "VARCHAR[]", "INTEGER", "BOOLEAN"


def _readers(today: date) -> dict[str, tuple[Callable[[str], Any], dict[str, str]]]:
    """Return, for each column of the file, its reader and the columns that it yields."""
    forename = {
        "given": _TEXT, "first": _TEXT, "rest": _TEXTS, "first_forms": _TEXTS, "rest_forms": _TEXTS, "variants": "INTEGER[]", "romanised": _TEXT,
        "romanised_whole": _TEXT, "skeleton": _TEXT, "sound": _TEXT, "first_family": _TEXT, "stem": _TEXT, "ordered": _TEXT, "listed": _YES, "baby": _YES, "multiple": _YES,
        "shared": _YES, "english": _YES, "syllables": _YES, "first_blocks": _TEXTS,
    }  # fmt: skip
    surname = {
        "surname_plain": _TEXT, "parts": _TEXTS, "surname_groups": "INTEGER[]", "family": _TEXT, "surname_sound": _TEXT, "part_sounds": _TEXTS,
        "surname_skeleton": _TEXT, "one_syllable": _YES,
    }  # fmt: skip
    birth = {"born": _TEXT, "born_year": _WHOLE, "born_month": _WHOLE, "born_day": _WHOLE, "born_number": _WHOLE,
        "born_default": _YES,
    }  # fmt: skip
    return {
        "forename": (_forename, forename),
        "middle": (_middle, {"middles": _TEXTS, "middle_blocks": _TEXTS, "middle_forms": _TEXTS}),
        "surname": (_surname, surname),
        "dob": (_birth(today), birth),
        "sex": (lambda text: (sex_form(text),), {"sex_plain": _TEXT}),
        "address1": (address_forms, {"house": _TEXT, "street": _TEXT}),
        "postcode": (postcode_forms, {"postcode_plain": _TEXT, "district": _TEXT}),
        "nhs_number": (lambda text: (nhs_form(text),), {"nhs": _TEXT}),
        "upn": (_upn, {"upn_plain": _TEXT, "upn_temporary": _YES}),
    }


def standardise_table(
    database: duckdb.DuckDBPyConnection,
    *,
    today: date,
    record: str = "record",
    table: str = "standard",
    progress: Callable[[str], None] = lambda _field: None,
) -> None:
    """Make the table of standard forms from the table of records; see ``levels_sql.COLUMNS``."""
    for field, (read, columns) in _readers(today).items():
        progress(field)
        _read_distinct(database, record, field, read, columns)
    joins = " ".join(f'left join form_{field} on form_{field}.value = {record}."{field}"' for field in _readers(today))
    database.execute(f"create or replace temp table joined as select {_SELECTED} from {record} {joins}")
    database.execute(
        'create or replace temp table first_frequency as select "first", cast(count(*) as integer) as first_count'
        ' from joined where "first" is not null group by 1'
    )
    database.execute(
        "create or replace temp table surname_frequency as"
        " select surname, cast(count(*) as integer) as surname_count from joined where surname is not null group by 1"
    )
    database.execute(
        "create or replace temp table communal_dwelling as select postcode, house from joined"
        " where postcode is not null and house is not null group by 1, 2"
        f" having count(distinct skeleton) > {MOST_FORENAMES_OF_A_DWELLING}"
    )
    wanted = ", ".join(f'"{name}"' for name in COLUMNS)
    database.execute(
        f"create or replace table {table} as select rid, {wanted}, multiple, blocks, part_sounds, surname_skeleton"
        " from (select joined.*, coalesce(first_count, 0) as first_count,"
        " coalesce(surname_count, 0) as surname_count,"
        " communal_dwelling.house is not null as communal from joined"
        ' left join first_frequency using ("first") left join surname_frequency using (surname)'
        " left join communal_dwelling using (postcode, house)) order by rid"
    )
    for name in (
        "joined",
        "first_frequency",
        "surname_frequency",
        "communal_dwelling",
        *(f"form_{field}" for field in _readers(today)),
    ):
        database.execute(f"drop table {name}")


def leave_out_anothers_numbers(database: duckdb.DuckDBPyConnection, table: str = "standard") -> None:
    """Take an NHS number for not known where it is a parent's, on the record of a child.

    It is the number of whoever bears it on most records, the older where none does.
    """
    database.execute(
        f"""update {table} set nhs = null from (
            select nhs, arg_max(born_year, times * 10000 - born_year) as owner from (
                select nhs, born_year, count(*) as times from {table}
                where nhs is not null and born_year is not null group by all)
            group by nhs having max(born_year) - min(born_year) >= {YEARS_OF_A_GENERATION}) contested
        where {table}.nhs = contested.nhs and abs(born_year - owner) >= {YEARS_OF_A_GENERATION}"""
    )


def _read_distinct(
    database: duckdb.DuckDBPyConnection,
    record: str,
    field: str,
    read: Callable[[str], tuple[Any, ...]],
    columns: dict[str, str],
) -> None:
    """Make a table of a column's distinct values and what each is read as."""
    import pyarrow as pa  # type: ignore[import-untyped]

    values = [
        row[0]
        for row in database.execute(f'select distinct "{field}" from {record} where "{field}" is not null').fetchall()
    ]
    forms = [read(value) for value in values]
    made = {"value": pa.array(values, pa.string())}
    kinds = {
        _TEXT: pa.string(),
        _TEXTS: pa.list_(pa.string()),
        "INTEGER[]": pa.list_(pa.int32()),
        _WHOLE: pa.int32(),
        _YES: pa.bool_(),
    }
    for place, (name, kind) in enumerate(columns.items()):
        made[name] = pa.array([form[place] for form in forms], kinds[kind])
    database.register("given_forms", pa.table(made))
    database.execute(f"create or replace temp table form_{field} as select * from given_forms")
    database.unregister("given_forms")


_SELECTED = """
    rid, given, "first", list_concat(coalesce(rest, []), coalesce(middles, [])) as others,
    list_concat(coalesce(rest, []), coalesce(middles, []))[1] as mid,
    coalesce(first_forms, []) as first_forms,
    list_concat(coalesce(rest_forms, []), coalesce(middle_forms, [])) as other_forms,
    coalesce(variants, []::integer[]) as variants, romanised, romanised_whole, skeleton, sound, first_family, stem, ordered,
    coalesce(listed, false) as listed, coalesce(baby, false) as baby, coalesce(multiple, false) as multiple,
    coalesce(shared, false) as shared, coalesce(english, false) as english, coalesce(syllables, false) as syllables,
    coalesce(one_syllable, false) as one_syllable,
    list_distinct(list_concat(coalesce(first_blocks, []), coalesce(middle_blocks, []))) as blocks,
    surname_plain as surname, coalesce(parts, []) as parts,
    coalesce(surname_groups, []::integer[]) as surname_variants, family, surname_sound,
    coalesce(part_sounds, []) as part_sounds, surname_skeleton,
    born, born_year, born_month, born_day, born_number, coalesce(born_default, false) as born_default,
    sex_plain as sex, house, street, postcode_plain as postcode, district, nhs, upn_plain as upn,
    coalesce(upn_temporary, false) as upn_temporary
"""
