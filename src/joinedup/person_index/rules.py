"""The rules of the person index, with their wording and source, and the derivation of a person's facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from joinedup.core.formats import age_years
from joinedup.engines.linkage import names
from joinedup.engines.linkage.keys import PersonFacts, Said
from joinedup.person_index.entries import Besides, Entry, entries_of

T = TypeVar("T")


@dataclass(frozen=True)
class Rule:
    """A rule as people read it."""

    code: str
    sentence: str
    source: str = "local: the partnership's linkage rules"


PI_1 = Rule("PI-1", "A record is linked by itself when NHS number and date of birth are the same.")
PI_2 = Rule("PI-2", "A record is linked by itself when forename, surname, date of birth and postcode are the same.")
PI_3 = Rule(
    "PI-3",
    "Where two people would fit, where the numbers differ or where they may be twins, nothing is linked by itself: "
    "a person decides.",
)
PI_4 = Rule(
    "PI-4",
    "What somebody stated of a person comes before what an agency supplied; the newest record comes before older ones.",
)
PI_5 = Rule("PI-5", "Somebody decided that this record is not this person. Lift that decision before linking them.")
PI_6 = Rule("PI-6", "An agency's household becomes a family; two people already in one family bring the others to it.")
PI_7 = Rule("PI-7", "This record is all that is known of this person, so there is nothing to separate it from.")
PI_8 = Rule(
    "PI-8",
    "Nobody is written to, rung or texted in a way that has not been recorded as safe for them.",
)
PI_9 = Rule("PI-9", "A file of records needs a header with the agency's own reference and a name.")
PI_10 = Rule("PI-10", "A reason is needed whenever somebody decides whose record it is.")
PI_11 = Rule("PI-11", "A person is somebody with a name, or an unborn child with an expected date.")
PI_12 = Rule("PI-12", "Something that ends cannot end before it starts.")
PI_13 = Rule("PI-13", "This is already recorded.")
PI_14 = Rule("PI-14", "Choose one of the listed values.")
PI_15 = Rule("PI-15", "An import can be undone within a day, once.")
PI_16 = Rule(
    "PI-16",
    "A later import of the same agency changed some of the same records. Undo that one first, or correct the file and "
    "import it again.",
)
PI_17 = Rule("PI-17", "An agency's records are being imported just now. Try again in a minute; nothing has been lost.")

RULES = (PI_1, PI_2, PI_3, PI_4, PI_5, PI_6, PI_7, PI_8, PI_9, PI_10, PI_11, PI_12, PI_13, PI_14, PI_15, PI_16, PI_17)

_ADULT = 18
_PARENT_OLDER_BY = 15


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """What somebody stated of a person, apart from any record. `names` are (given, family), the present one first, with
    `name_ends` when each of them ended; `postcodes` go with `homes` (lines, when it ended)."""

    names: tuple[tuple[str, str], ...] = ()
    known_as: str = ""
    birth_date: date | None = None
    is_birth_date_estimated: bool = False
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    postcodes: tuple[str, ...] = ()
    name_ends: tuple[date | None, ...] = ()
    homes: tuple[tuple[str, str, date | None], ...] = ()  # lines, postcode, until

    @property
    def is_empty(self) -> bool:
        """True when all that is known comes from records."""
        return self == StatedFacts()


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What one agency's record says; earlier versions add the names and postcodes it had before."""

    record_id: str
    newest_at: tuple[date, datetime]
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    address: str = ""
    earlier_names: tuple[tuple[str, str], ...] = ()
    earlier_postcodes: tuple[str, ...] = ()
    earlier_homes: tuple[tuple[str, date], ...] = ()  # lines, until: one for each earlier version

    def said(self) -> Said:
        """For comparing with a question."""
        return Said(
            self.given_name, "", self.family_name, self.birth_date, self.sex, self.address, self.postcode,
            self.nhs_number, self.upn,
        )  # fmt: skip

    def facts(self) -> PersonFacts:
        """For comparing with a person."""
        return PersonFacts(
            forenames=(self.given_name,) if self.given_name else (),
            surnames=(self.family_name,) if self.family_name else (),
            birth_date=self.birth_date,
            postcodes=(self.postcode,) if self.postcode else (),
            nhs_number=self.nhs_number or None,
            upn=self.upn or None,
        )


@dataclass(frozen=True, slots=True)
class DerivedFacts:
    """The facts a person is known by."""

    given_name: str = ""
    family_name: str = ""
    known_as: str = ""
    birth_date: date | None = None
    is_birth_date_estimated: bool = False
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    forenames: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    entries: tuple[Entry, ...] = ()  # everything they are found by

    def facts(self) -> PersonFacts:
        """For comparing with a record or a question."""
        return PersonFacts(
            forenames=self.forenames,
            surnames=self.surnames,
            birth_date=self.birth_date,
            postcodes=self.postcodes,
            nhs_number=self.nhs_number or None,
            upn=self.upn or None,
        )


def derive_facts(stated: StatedFacts, records: Iterable[RecordFacts]) -> DerivedFacts:
    """A person's facts (PI-4), a pure function of what was stated and of the records linked now, in any order."""
    ordered = sorted(records, key=lambda record: (record.newest_at, record.record_id), reverse=True)
    chief = _chief_name(stated, ordered)
    every_name = [chief, *stated.names, *((each.given_name, each.family_name) for each in ordered)]
    every_name += [name for each in ordered for name in each.earlier_names]
    dates = _distinct([stated.birth_date, *(each.birth_date for each in ordered)])
    postcodes = [*stated.postcodes, *(each.postcode for each in ordered)]
    postcodes += [code for each in ordered for code in each.earlier_postcodes]
    besides = Besides(
        birth_date=dates[0] if dates else None,
        sex=next((sex for sex in [stated.sex, *(each.sex for each in ordered)] if sex not in ("", "U")), "U"),
        nhs_number=_first([stated.nhs_number, *(each.nhs_number for each in ordered)]),
        upn=_first([stated.upn, *(each.upn for each in ordered)]),
    )
    return DerivedFacts(
        given_name=chief[0],
        family_name=chief[1],
        known_as=stated.known_as,
        birth_date=besides.birth_date,
        is_birth_date_estimated=stated.is_birth_date_estimated,
        sex=besides.sex,
        nhs_number=besides.nhs_number,
        upn=besides.upn,
        forenames=_distinct([given for given, _ in every_name] + [stated.known_as]),
        surnames=_distinct([family for _, family in every_name]),
        postcodes=_distinct(postcodes),
        birth_dates=dates,
        entries=entries_of(_entries(stated, ordered, chief), besides),
    )


def _entries(stated: StatedFacts, ordered: Sequence[RecordFacts], chief: tuple[str, str]) -> Iterator[Entry]:
    """Everything that was said of a person, one name and one address at a time."""
    known = Said(
        "", "", "", stated.birth_date, stated.sex, "", "", stated.nhs_number, stated.upn
    )  # fmt: skip
    homes = stated.homes or (("", "", None),)
    lines, postcode, left = homes[0]
    ends = stated.name_ends or (None,) * len(stated.names)
    for (given, family), until in zip(stated.names, ends, strict=True):
        named = known._replace(forename=given, surname=family or chief[1])
        yield Entry(named._replace(address=lines, postcode=postcode), until=until or left)
    if stated.known_as:
        yield Entry(known._replace(forename=stated.known_as, surname=chief[1], address=lines, postcode=postcode))
    if not stated.is_empty:
        own = known._replace(forename=chief[0], surname=chief[1])
        for lines, postcode, left in homes:
            yield Entry(own._replace(address=lines, postcode=postcode), until=left)
    for record in ordered:
        said = record.said()
        yield Entry(said, record.record_id)
        earlier = zip(record.earlier_names, record.earlier_postcodes, record.earlier_homes, strict=True)
        for (given, family), postcode, (lines, until) in earlier:
            before = said._replace(forename=given, surname=family, address=lines, postcode=postcode)
            yield Entry(before, record.record_id, until)


def _chief_name(stated: StatedFacts, ordered: Sequence[RecordFacts]) -> tuple[str, str]:
    """The stated name, else the newest record's that is a name and no placeholder, else the newest."""
    if stated.names:
        return stated.names[0]
    supplied = [(each.given_name, each.family_name) for each in ordered]
    real = [name for name in supplied if names.normalise(name[0]) and names.normalise(name[1])]
    return (real or [name for name in supplied if any(name)] or [("", "")])[0]


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _distinct(values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def is_same_home(one: str, other: str) -> bool:
    """Whether two addresses with one postcode start alike: "1 Invented Way, Testbridge" and "1, Invented Way"."""
    mine, theirs = (re.sub(r"[^a-z0-9]", "", text.casefold()) for text in (one, other))
    return bool(mine and theirs) and (mine.startswith(theirs) or theirs.startswith(mine))


def part_in_household(birth_date: date | None, youngest: date | None, on: date) -> str:
    """Child under 18; parent if old enough to be one of the youngest child; anybody else another member (PI-6)."""
    if birth_date is None:
        return "other"
    if age_years(birth_date, on) < _ADULT:
        return "child"
    if youngest is None or age_years(youngest, on) >= _ADULT:
        return "other"
    return "parent" if age_years(birth_date, youngest) >= _PARENT_OLDER_BY else "other"
