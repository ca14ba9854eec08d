"""What a person is found by: one entry for each thing that was said of them. Pure.

An agency's record as it is now, each of its earlier versions, each name and each address that somebody stated: every
one is an entry with one name and one address. What an entry does not say itself (date of birth, sex, numbers) it takes
from the person, so that a number known from one agency counts wherever the person lived. The rows in the database are
these and nothing else, worked out afresh whenever something behind them changes: adding, removing and adding again
gives the same rows as building them all at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from joinedup.engines.linkage.keys import Said, entry_words, stored_keys, valid_nhs
from joinedup.engines.linkage.standard import forename_forms, surname_forms
from joinedup.person_index.keys import key_number

_BETWEEN = "|"
_FIELDS = len(Said._fields)


class Entry(NamedTuple):
    """One thing said of a person. `record` is the id of the agency's record it comes from; `until` when it ended."""

    said: Said
    record: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Besides:
    """What holds for the person where an entry does not say it."""

    birth_date: date | None = None
    sex: str = ""
    nhs_number: str = ""
    upn: str = ""


def entries_of(said: Iterable[Entry], besides: Besides) -> tuple[Entry, ...]:
    """The entries of one person: gaps filled, each thing once, what still holds before what has ended."""
    found: dict[Said, Entry] = {}
    for entry in said:
        own = entry.said
        whole = own._replace(
            birth_date=own.birth_date or besides.birth_date,
            sex=own.sex if own.sex not in ("", "U") else besides.sex if besides.sex != "U" else "",
            nhs_number=own.nhs_number or besides.nhs_number,
            upn=own.upn or besides.upn,
        )
        held = found.get(whole)
        if held is None or _is_better(entry, held):
            found[whole] = Entry(whole, entry.record, entry.until)
    return tuple(sorted(found.values(), key=_order))


def _is_better(entry: Entry, held: Entry) -> bool:
    if (entry.until is None) != (held.until is None):
        return entry.until is None
    if entry.until and held.until and entry.until != held.until:
        return entry.until > held.until
    return entry.record < held.record


def _order(entry: Entry) -> tuple[bool, str, str]:
    return (entry.until is not None, entry.record, as_text(entry.said))


def key_numbers(entries: Iterable[Entry]) -> set[int]:
    """Everything somebody with these entries is found by, as the database holds it."""
    return {key_number(key) for entry in entries for key in stored_keys(entry.said)}


def words_of(entries: Iterable[Entry]) -> set[str]:
    """Every plain name in these entries."""
    return {word for entry in entries for word in entry_words(entry.said)}


def as_text(said: Said) -> str:
    """What was said in one line, as the database holds it."""
    born = said.birth_date.isoformat() if said.birth_date else ""
    cells = (said.forename, said.middle, said.surname, born, said.sex, said.address, said.postcode, said.nhs_number,
             said.upn)  # fmt: skip
    text = _BETWEEN.join(cells)
    if text.count(_BETWEEN) >= _FIELDS:
        text = _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in cells)
    return text


def said_in(text: str) -> Said:
    """What was said, from its line."""
    forename, middle, surname, born, sex, address, postcode, nhs_number, upn = text.split(_BETWEEN)
    return Said(
        forename, middle, surname, date.fromisoformat(born) if born else None, sex, address, postcode, nhs_number, upn
    )


def names_in(entries: Iterable[Entry]) -> Counter[tuple[str, str]]:
    """The names of some entries, counted."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if first := forename_forms(entry.said.forename).first:
            found["f", first] += 1
        if family := surname_forms(entry.said.surname).surname:
            found["s", family] += 1
    return found


# One record of a file: its number, and its fields as text: forename, middle, surname, dob, sex, address1, postcode,
# nhs_number, upn.
RecordOfFile = tuple[int, Sequence[str | None]]


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
