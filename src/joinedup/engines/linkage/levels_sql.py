"""The same levels as ``levels``, as conditions in SQL for Splink, for DuckDB and for Spark.

Conditions compare the columns of the table of standard forms (``COLUMNS``), the
left record's with ``_l`` and the right one's with ``_r``. A test picks records at
random and holds that both ways choose the same level.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from joinedup.engines.linkage import levels
from joinedup.engines.linkage.levels import (
    Address,
    Birth,
    Forename,
    Middle,
    Number,
    Sex,
    Surname,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The few functions that DuckDB and Spark name differently."""

    name: str
    overlap: str
    contains: str
    likeness: str

    def shares(self, column: str) -> str:
        """Two lists have something in common."""
        return f"{self.overlap}({column}_l, {column}_r)"

    def holds(self, column: str, value: str) -> str:
        """Either record's list holds the other's value."""
        return f"({self.contains}({column}_r, {value}_l) or {self.contains}({column}_l, {value}_r))"

    def meets(self, one: str, other: str) -> str:
        """One list of either record has something in common with another list of the other."""
        return f"({self.overlap}({one}_l, {other}_r) or {self.overlap}({one}_r, {other}_l))"

    def like(self, column: str, least: float) -> str:
        """Two texts are at least so much alike."""
        return f"{self.likeness}({column}_l, {column}_r) >= {least}"


DUCKDB = Dialect("duckdb", "list_has_any", "list_contains", "jaro_winkler_similarity")
SPARK = Dialect("spark", "arrays_overlap", "array_contains", "jaro_winkler")
DIALECTS = {each.name: each for each in (DUCKDB, SPARK)}

# The columns of the table of standard forms, with DuckDB's types.
COLUMNS = {
    "given": "VARCHAR",
    "first": "VARCHAR",
    "others": "VARCHAR[]",
    "first_forms": "VARCHAR[]",
    "other_forms": "VARCHAR[]",
    "mid": "VARCHAR",
    "variants": "INTEGER[]",
    "romanised": "VARCHAR",
    "romanised_whole": "VARCHAR",
    "first_family": "VARCHAR",
    "stem": "VARCHAR",
    "skeleton": "VARCHAR",
    "sound": "VARCHAR",
    "ordered": "VARCHAR",
    "listed": "BOOLEAN",
    "shared": "BOOLEAN",
    "english": "BOOLEAN",
    "syllables": "BOOLEAN",
    "baby": "BOOLEAN",
    "first_count": "INTEGER",
    "surname": "VARCHAR",
    "surname_variants": "INTEGER[]",
    "surname_count": "INTEGER",
    "parts": "VARCHAR[]",
    "family": "VARCHAR",
    "surname_sound": "VARCHAR",
    "one_syllable": "BOOLEAN",
    "born": "VARCHAR",
    "born_year": "INTEGER",
    "born_month": "INTEGER",
    "born_day": "INTEGER",
    "born_number": "INTEGER",
    "born_default": "BOOLEAN",
    "sex": "VARCHAR",
    "house": "VARCHAR",
    "street": "VARCHAR",
    "postcode": "VARCHAR",
    "district": "VARCHAR",
    "communal": "BOOLEAN",
    "nhs": "VARCHAR",
    "upn": "VARCHAR",
    "upn_temporary": "BOOLEAN",
}

_SAME_YEAR, _SAME_MONTH, _SAME_DAY = (f"born_{each}_l = born_{each}_r" for each in ("year", "month", "day"))
_DIGITS = " + ".join(f"cast(substr(born_l, {place}, 1) <> substr(born_r, {place}, 1) as int)" for place in range(1, 9))
_SAME_HOUSE = "house_l = house_r"
_COMMUNAL = "(communal_l or communal_r)"
_TEXTS = "(street_l is not null and street_r is not null and house_l is not null and house_r is not null)"


def _unknown(column: str) -> str:
    return f"({column}_l is null or {column}_r is null)"


def conditions(dialect: Dialect) -> dict[str, dict[IntEnum, str]]:
    """Return each field's levels in order, each with its condition; the last one has ``ELSE``."""
    return {
        "forename": _forename(dialect),
        "middle": _middle(dialect),
        "surname": _surname(dialect),
        "birth": _birth(),
        "sex": {Sex.UNKNOWN: _unknown("sex"), Sex.SAME: "sex_l = sex_r", Sex.DIFFERS: "ELSE"},
        "address": _address(),
        "nhs": {Number.UNKNOWN: _unknown("nhs"), Number.SAME: "nhs_l = nhs_r", Number.DIFFERS: "ELSE"},
        "upn": {
            Number.UNKNOWN: f"{_unknown('upn')} or (upn_l <> upn_r and (upn_temporary_l or upn_temporary_r))",
            Number.SAME: "upn_l = upn_r",
            Number.DIFFERS: "ELSE",
        },
    }


def level_of(name: str, dialect: Dialect = DUCKDB) -> str:
    """Return one field's level as an expression over the columns of both records."""
    chosen = [
        f"else {int(level)}" if condition == "ELSE" else f"when {condition} then {int(level)}"
        for level, condition in conditions(dialect)[name].items()
    ]
    return f"case {' '.join(chosen)} end"


def _rare(column: str) -> str:
    """One name is so much rarer than the other that it may be a slip for it."""
    fewer = f"least({column}_count_l, {column}_count_r)"
    more = f"greatest({column}_count_l, {column}_count_r)"
    return f"({fewer} <= {levels.RARE} or {fewer} * {levels.TIMES_RARER} <= {more})"


def _forename(sql: Dialect) -> dict[IntEnum, str]:
    not_two_names = "not (listed_l and listed_r)"
    same_initial = "substr(first_l, 1, 1) = substr(first_r, 1, 1)"
    spelt = "(romanised_l = romanised_r or romanised_whole_l = romanised_whole_r)"
    variant = f"(first_l <> first_r and {sql.shares('variants')}) or ordered_l = ordered_r"
    spelling = f"first_l <> first_r and {not_two_names} and {spelt}"
    short = "starts_with" if sql.name == "duckdb" else "startswith"
    short_form = (
        f"(length(first_l) > 1 and length(first_r) > 1 and ({short}(first_l, stem_r) or {short}(first_r, stem_l)))"
    )
    alike = sql.like("first", levels.NEAR_SPELLING)
    long_enough = f"least(length(first_l), length(first_r)) >= {levels.SHORTEST_SLIP}"
    slip = f"{sql.like('first', levels.SLIP_OF_THE_PEN)} or ({long_enough} and levenshtein(first_l, first_r) <= 1)"
    return {
        Forename.UNKNOWN: _unknown("given"),
        Forename.SAME: _one_forename(sql),
        Forename.CROSSED: _crossed(sql),
        Forename.VARIANT: f"({variant} or (not ({spelling}) and {_called_by_each_other(sql)}))",
        Forename.SPELLING: spelling,
        Forename.MIDDLE: _called_by_another(sql),
        Forename.PART: "first_l = first_r",
        Forename.SLIP: f"{same_initial} and {not_two_names} and {_rare('first')} and ({slip})",
        Forename.NEAR: f"(sound_l = sound_r or skeleton_l = skeleton_r or {alike} or {short_form})",
        Forename.KNOWN_AS: _known_as(sql),
        Forename.INITIAL: f"{same_initial} and (length(first_l) = 1 or length(first_r) = 1)",
        Forename.DIFFERS: "ELSE",
    }


def _one_forename(sql: Dialect) -> str:
    """The forenames are one, or one has a further name of which the other says nothing."""
    whole = "not shared_l and (mid_l is null or mid_r is null)"
    return f"(given_l = given_r or (first_l = first_r and ({sql.shares('others')} or ({whole}))))"


def _known_as(sql: Dialect) -> str:
    """One forename is English and the other of Chinese, Vietnamese or Korean syllables, with one family name."""
    styles = "(english_l and syllables_r and not english_r) or (english_r and syllables_l and not english_l)"
    return f"one_syllable_l and one_syllable_r and (surname_l = surname_r or {sql.shares('surname_variants')}) and ({styles})"


def _called_by_another(sql: Dialect) -> str:
    """One record's forename is a further name of the other, and nothing else speaks against it."""
    ways = [
        f"({sql.overlap}(first_forms_{one}, other_forms_{other}) and (mid_{one} is null or {sql.shares('other_forms')}))"
        for one, other in (("l", "r"), ("r", "l"))
    ]
    return f"({_called_by_each_other(sql)} or {' or '.join(ways)})"


def _called_by_each_other(sql: Dialect) -> str:
    """Each record's forename is a further name of the other."""
    return f"({sql.overlap}(first_forms_l, other_forms_r) and {sql.overlap}(first_forms_r, other_forms_l))"


def _crossed(sql: Dialect) -> str:
    """Forename and surname are in each other's box: one surely, the other at least likely."""
    ways = []
    for one, other in (("l", "r"), ("r", "l")):
        first, surname = f"first_{one}", f"surname_{other}"
        sure = f"(surname_{one} = first_{other} or family_{one} = first_family_{other})"
        likely = (
            f"({sql.overlap}(variants_{one}, surname_variants_{other}) or first_family_{one} = family_{other}"
            f" or (substr({first}, 1, 1) = substr({surname}, 1, 1) and (length({first}) = 1 or length({surname}) = 1))"
            f" or {sql.likeness}({first}, {surname}) >= {levels.CROSSED_SPELLING})"
        )
        ways.append(f"({sure} and {likely})")
    return f"(surname_l <> surname_r and ({' or '.join(ways)}))"


def _middle(sql: Dialect) -> dict[IntEnum, str]:
    initial = "substr(mid_l, 1, 1) = substr(mid_r, 1, 1) and (length(mid_l) = 1 or length(mid_r) = 1)"
    return {
        Middle.UNKNOWN: f"({_unknown('mid')} or {sql.meets('first_forms', 'other_forms')})",
        Middle.SAME: f"({sql.shares('others')} or {sql.like('mid', levels.SLIP_OF_THE_PEN)})",
        Middle.INITIAL: initial,
        Middle.DIFFERS: "ELSE",
    }


def _surname(sql: Dialect) -> dict[IntEnum, str]:
    slip = sql.like("surname", levels.SLIP_OF_THE_PEN)
    not_same = f"not {_one_forename(sql)}"
    return {
        Surname.UNKNOWN: f"({_unknown('surname')} or ({not_same} and {_crossed(sql)}))",
        Surname.SAME: "surname_l = surname_r",
        Surname.FAMILY: f"family_l = family_r and length(family_l) >= {levels.SHORTEST_FAMILY}",
        Surname.SLIP: (
            "substr(surname_l, 1, 1) = substr(surname_r, 1, 1)"
            f" and abs(length(surname_l) - length(surname_r)) <= 2 and {_rare('surname')} and {slip}"
        ),
        Surname.PART: (f"(family_l = family_r or {sql.shares('parts')} or {sql.shares('surname_variants')})"),
        Surname.NEAR: f"(surname_sound_l = surname_sound_r or {sql.like('surname', levels.NEAR_SPELLING)})",
        Surname.MIDDLE: sql.holds("others", "surname"),
        Surname.DIFFERS: "ELSE",
    }


def _birth() -> dict[IntEnum, str]:
    years = f"abs(born_year_l - born_year_r) <= {levels.ESTIMATED_YEARS}"
    expected = f"((baby_l or baby_r) and abs(born_number_l - born_number_r) <= {levels.EXPECTED_DAYS})"
    two = " or ".join(
        f"({one} and {other})"
        for one, other in ((_SAME_YEAR, _SAME_MONTH), (_SAME_YEAR, _SAME_DAY), (_SAME_MONTH, _SAME_DAY))
    )
    return {
        Birth.UNKNOWN: _unknown("born"),
        Birth.SAME: "born_l = born_r and not born_default_l",
        Birth.DEFAULT: "born_l = born_r",
        Birth.SWAPPED: f"{_SAME_YEAR} and born_day_l = born_month_r and born_month_l = born_day_r",
        Birth.ESTIMATED: f"(((born_default_l or born_default_r) and {years}) or {expected})",
        Birth.DIGIT: f"({_DIGITS}) = 1 and not (born_default_l and born_default_r)",
        Birth.PARTS: f"({two})",
        Birth.YEAR: _SAME_YEAR,
        Birth.DIFFERS: "ELSE",
    }


def _address() -> dict[IntEnum, str]:
    one_place = f"postcode_l = postcode_r and {_SAME_HOUSE}"
    same_text = f"{_SAME_HOUSE} and street_l = street_r"
    somewhere = f"coalesce(postcode_l = postcode_r, false) or coalesce({same_text}, false)"
    return {
        Address.UNKNOWN: f"{_unknown('district')} and not {_TEXTS} and not ({somewhere})",
        Address.DWELLING: f"(({one_place}) or ({same_text} and {_unknown('postcode')})) and not {_COMMUNAL}",
        Address.TEXT: f"{same_text} and not {_COMMUNAL}",
        Address.COMMUNAL: f"(({one_place}) or ({same_text})) and {_COMMUNAL}",
        Address.POSTCODE: "postcode_l = postcode_r",
        Address.DISTRICT: "district_l = district_r",
        Address.DIFFERS: "ELSE",
    }
