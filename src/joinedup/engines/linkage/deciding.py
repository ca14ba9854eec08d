# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Decide every scored pair: the household's weights where they apply, then the rules of evidence.

Pairs that compare in the same way are decided once, by the same functions as one
pair at the front door (``decision``), and the answer is joined to all of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from joinedup.engines.linkage.decision import BEFORE_AND_AFTER, Circumstances, Outcome, ruling
from joinedup.engines.linkage.levels import FIELDS, KINDS, Address, Birth, Forename, Levels
from joinedup.engines.linkage.model import LEAST_FREQUENCY, Model, bits_of, weighed_by_frequency

if TYPE_CHECKING:
    import duckdb

_FLAGS = ("unnamed", "several", "twins", "grown", "young")
# Who is so many years older than the youngest in the file cannot be a child being adopted.
GROWN_YEARS = 25
# The pairs that no other pair may join either: children of other names where there are twins.
KEPT_APART = f"(most = '{Outcome.APART}' and rule = 'LK-5' and twins and birth >= {int(Birth.DEFAULT)})"
# A pair worth less than this is not kept, even to see how far two clusters agree.
LEAST_BITS = -6.0


def find_twins(
    database: duckdb.DuckDBPyConnection, standard: str = "standard", scored: str = "scored", table: str = "twin"
) -> None:
    """Make the table of records whose birthday and home are also those of a child of another name.

    Two names are two children's if a number, the sex or a middle name differs too,
    or if each is on two records and no record bears both. Names that are nearly alike
    must both be known names, or the numbers differ.
    """
    near = ", ".join(str(int(each)) for each in (Address.DWELLING, Address.TEXT, Address.POSTCODE))
    database.execute(
        f"""create or replace temp table two_names as
        select l, r, forename = {int(Forename.DIFFERS)} as differ, nhs = 0 or upn = 0 or (forename = {int(Forename.DIFFERS)} and (sex = 0 or middle = 0)) as surely
        from {scored}
        where birth = {int(Birth.SAME)} and address in ({near}) and (forename in ({int(Forename.DIFFERS)}, {int(Forename.NEAR)})
            or (forename = {int(Forename.SLIP)} and (nhs = 0 or upn = 0)))"""
    )
    home = "born, postcode, coalesce(house, '') as house"
    database.execute(
        f"""create or replace table {table} as
        with named as (
            select {home}, "first", count(*) as times, flatten(list(other_forms)) as others
            from {standard} where born is not null and postcode is not null and "first" is not null
            group by all
        ), doubted as (
            select a.born, a.postcode, coalesce(a.house, '') as house, a."first" as one, b."first" as other
            from two_names t join {standard} a on a.rid = l join {standard} b on b.rid = r
            where not surely and (differ or (a.listed and b.listed))
        ), several as (
            select d.born, d.postcode, d.house from doubted d
            join named a on a.born = d.born and a.postcode = d.postcode and a.house = d.house and a."first" = d.one
            join named b on b.born = d.born and b.postcode = d.postcode and b.house = d.house and b."first" = d.other
            where a.times > 1 and b.times > 1
                and not list_contains(a.others, d.other) and not list_contains(b.others, d.one)
            union
            select {home} from {standard} join (select l as rid from two_names where surely
                union select r from two_names where surely) using (rid)
        )
        select distinct s.rid from {standard} s join several t
            on s.born = t.born and s.postcode = t.postcode and coalesce(s.house, '') = t.house"""
    )
    database.execute("drop table two_names")


def decide_all(
    database: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    standard: str = "standard",
    scored: str = "scored",
    table: str = "decided",
) -> None:
    """Make the table of decided pairs: final bits, the bits still wanted, the outcome and the rule."""
    fields = ", ".join(f"s.{name}" for name in FIELDS)
    database.execute(
        f"""create or replace temp table judged as
        with bound as (select max(born_year) - {GROWN_YEARS} as year from {standard}),
        side as (select rid, baby, multiple, born_year, first_count, surname_count, twin.rid is not null as twins
            from {standard} left join twin using (rid))
        select *, not grown as young from (
            select s.* replace (s.bits{_by_frequency(database, model, standard)} as bits),
                (a.baby or b.baby) as unnamed, (a.multiple or b.multiple) as several, (a.twins or b.twins) as twins,
                coalesce(a.born_year <= bound.year and b.born_year <= bound.year, false) as grown
            from {scored} s join side a on a.rid = s.l join side b on b.rid = s.r cross join bound)"""
    )
    flags = ", ".join(f"s.{flag}" for flag in _FLAGS)
    rows = database.execute(f"select distinct {fields}, {flags} from judged s").fetchall()
    _register_patterns(database, model, rows)
    same = " and ".join(f"s.{name} = p.{name}" for name in (*FIELDS, *_FLAGS))
    final = f"case when s.address = {int(Address.DWELLING)} then p.household_bits else s.bits end"
    database.execute(
        f"""create or replace table {table} as select * from (
            select l, r, {fields}, {flags}, p.most, p.rule, {final} as bits, p.more + {bits_of(model.link)} as wanted
            from judged s join pattern p on {same})
        where {KEPT_APART} or (bits >= {LEAST_BITS}
            and (most <> '{Outcome.APART}' or rule = '{BEFORE_AND_AFTER}' or bits >= {bits_of(model.review)}))"""
    )
    database.execute("drop table judged")
    database.execute("drop table pattern")


def _by_frequency(database: duckdb.DuckDBPyConnection, model: Model, standard: str) -> str:
    """Return the bits that a shared rare name says more than a shared common one, outside a dwelling (see ``scoring``)."""
    said = ""
    for field, column in (("forename", "first"), ("surname", "surname")):
        level = weighed_by_frequency(field)
        if level is None:
            continue
        average = math.log2(model.general.fields[field][level].u)
        known = int(database.execute(f'select greatest(count("{column}"), 1) from {standard}').fetchall()[0][0])
        share = f"greatest(a.{column}_count, b.{column}_count) / {known}"
        said += (
            f" + case when s.{field} = {level} then {average} - log2(greatest({share}, {LEAST_FREQUENCY})) else 0 end"
        )
    return said


def _register_patterns(database: duckdb.DuckDBPyConnection, model: Model, rows: list[tuple[object, ...]]) -> None:
    """Make a table of every way of comparing that occurs, with what it weighs at home and what the rules allow."""
    import pyarrow as pa  # type: ignore[import-untyped]

    household = [model.household.table()[name] for name in FIELDS]
    prior = model.household.prior_bits
    made: dict[str, list[object]] = {name: [] for name in (*FIELDS, *_FLAGS, "household_bits", "most", "more", "rule")}
    for row in rows:
        numbers = [int(str(each)) for each in row[: len(FIELDS)]]
        levels = Levels(*(KINDS[name](number) for name, number in zip(FIELDS, numbers, strict=True)))  # type: ignore[arg-type]
        about = Circumstances(*(bool(each) for each in row[len(FIELDS) :]))
        found = ruling(levels, about)
        for name, value in zip((*FIELDS, *_FLAGS), row, strict=True):
            made[name].append(value)
        made["household_bits"].append(
            prior + sum(table[number] for table, number in zip(household, numbers, strict=True))
        )
        made["most"].append(str(found.most))
        made["more"].append(found.more)
        made["rule"].append(found.rule.code if found.rule else "")
    database.register("patterns", pa.table(made))
    database.execute("create or replace temp table pattern as select * from patterns")
    database.unregister("patterns")
