"""What a relative's home says of somebody: a family that moved together is often known at the old address by one of them.

Somebody asked about by a former address may be recorded only where they live now. Where a relative of theirs is known
at that address, of one surname and of one home with them today, that is nearly as good as if they were themselves; and
a surname that nobody recorded for a child may be that of somebody in the same home. Both order people and make
nobody certain (LK-34). It takes a shared surname, so that a child's life before an adoption and after it, which share
none, never speak for each other; and it reads none but the candidates, so that who is withheld says nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from joinedup.engines.linkage.comparing import ADDRESS
from joinedup.engines.linkage.keys import Key, Said, home_of, initials_of, valid_postcode
from joinedup.engines.linkage.levels import FIELDS, Address, Forename, Levels, Surname
from joinedup.engines.linkage.names import is_unnamed_child
from joinedup.engines.linkage.standard import SurnameForms, address_forms, postcode_forms, surname_forms

P = TypeVar("P", bound=Hashable)

_SURNAME = FIELDS.index("surname")
_LESS = 3.0  # bits by which a relative's home says less than one's own
_NAME_IN_THE_HOME = 2.0  # bits of a surname that somebody in the home bears
_MOST_HOMES = 5
_PLACED = (Address.POSTCODE, Address.COMMUNAL, Address.TEXT, Address.DWELLING)
_IN_ONE_HOME = (Address.TEXT, Address.DWELLING)
_CALLED_SO = {
    Forename.SAME, Forename.CROSSED, Forename.VARIANT, Forename.SPELLING, Forename.SLIP, Forename.PART, Forename.MIDDLE,
}  # fmt: skip
_ANOTHER_SURNAME = {Surname.DIFFERS, Surname.MIDDLE, Surname.NEAR}


class Compared(Protocol):
    """An entry of somebody beside the question."""

    @property
    def said(self) -> Said:
        """What it says."""

    @property
    def levels(self) -> Levels:
        """How it compares."""

    @property
    def each(self) -> tuple[float, ...]:
        """The bits of each field."""


class ByKin(NamedTuple):
    """What relatives say of somebody: the bits of the address, and those of the surname, each if it is more."""

    address: float | None
    surname: float | None


def by_kin(fits: Mapping[P, Sequence[Compared]]) -> dict[P, ByKin]:
    """Say what relatives among the candidates add to each of them, where they do."""
    there = {
        person: max(at, key=_address)
        for person, several in fits.items()
        if (at := [fit for fit in several if fit.levels.address in _PLACED and fit.levels.surname >= Surname.FAMILY])
    }
    if not there:
        return {}
    homes = {person: _homes(fits[person]) for person in there}
    found: dict[P, ByKin] = {}
    for person, several in fits.items():
        is_called_so = any(fit.levels.forename in _CALLED_SO for fit in several)
        if not is_called_so and not _is_without_a_name(several):
            continue
        others = [(each, fit) for each, fit in there.items() if each != person]
        address = _address_by_kin(several, others, homes) if is_called_so else None
        surname = _surname_by_kin(several, others, homes)
        if address is not None or surname is not None:
            found[person] = ByKin(address, surname)
    return found


def _address_by_kin(
    several: Sequence[Compared],
    others: Sequence[tuple[P, Compared]],
    homes: Mapping[P, frozenset[str]],
) -> float | None:
    """The bits of an address at which somebody of one surname and one home with this person is known."""
    if any(fit.levels.address in _PLACED for fit in several):
        return None
    mine = _homes(several)
    names = [surname_forms(fit.said.surname) for fit in several if fit.levels.surname >= Surname.FAMILY]
    at = [
        fit.each[ADDRESS]
        for other, fit in others
        if mine and not mine.isdisjoint(homes[other]) and _is_one_of(surname_forms(fit.said.surname), names)
    ]
    return max(at) - _LESS if at else None


def _is_without_a_name(several: Sequence[Compared]) -> bool:
    """Say whether somebody is on file as a child not yet named, and by no name."""
    return all(fit.levels.forename == Forename.UNKNOWN and is_unnamed_child(fit.said.forename) for fit in several)


def _surname_by_kin(
    several: Sequence[Compared], others: Sequence[tuple[P, Compared]], homes: Mapping[P, frozenset[str]]
) -> float | None:
    """The bits of a surname that somebody else in the home bears, where this person is known there by another."""
    if not all(fit.levels.surname in _ANOTHER_SURNAME for fit in several):
        return None
    if any(fit.levels.address in _IN_ONE_HOME for fit in several):
        is_one_home = any(fit.levels.address in _IN_ONE_HOME for _, fit in others)
    else:  # a postcode was given, and no house: the home is that of whoever bears the surname there
        there = _homes([fit for fit in several if fit.levels.address == Address.POSTCODE])
        is_one_home = bool(there) and any(not there.isdisjoint(homes[each]) for each, _ in others)
    return _NAME_IN_THE_HOME if is_one_home else None


def homes_of_kin(asked: Said, entries: Iterable[tuple[P, Said]]) -> frozenset[Key]:
    """Return keys to look up where relatives who lived at the postcode asked for live otherwise: that postcode and the
    first letter of the forename asked for; and everybody in their home there, where no house was given, among whom may be
    a child not yet named."""
    code, surname = postcode_forms(asked.postcode).postcode, surname_forms(asked.surname)
    if code is None or surname.surname is None:
        return frozenset()
    held = list(entries)
    kin = {
        person
        for person, said in held
        if said.postcode[:1].upper() == code[0]  # most are elsewhere, and reading a postcode is dear
        and postcode_forms(said.postcode).postcode == code
        and _is_one(surname_forms(said.surname), surname)
    }
    elsewhere = sorted(
        {home for person, said in held if person in kin and (home := valid_postcode(said.postcode))}
        - {valid_postcode(asked.postcode)}
    )
    away = {
        Key("postcode_initial", f"{initial} {home}")
        for home in elsewhere[:_MOST_HOMES]
        if home
        for initial in initials_of(asked.forename)
    }
    if home_of(asked):
        return frozenset(away)
    there = sorted({home for person, said in held if person in kin and (home := _home_at(said, code))})
    return frozenset(away | {Key("home", home) for home in there[:_MOST_HOMES]})


def _home_at(said: Said, code: str) -> str | None:
    """House and postcode, as the key ``home`` has them, of an entry at a postcode."""
    return home_of(said) if postcode_forms(said.postcode).postcode == code else None


def _homes(several: Iterable[Compared]) -> frozenset[str]:
    """Houses and postcodes, where both are known."""
    held = {(address_forms(fit.said.address).house, postcode_forms(fit.said.postcode).postcode) for fit in several}
    return frozenset(f"{code} {house}" for house, code in held if house is not None and code is not None)


def _address(fit: Compared) -> int:
    return fit.levels.address


def _is_one_of(one: SurnameForms, several: Iterable[SurnameForms]) -> bool:
    return any(_is_one(one, each) for each in several)


def _is_one(one: SurnameForms, other: SurnameForms) -> bool:
    """Say whether two surnames are one, as a family bears it."""
    return one.surname is not None and (one.surname == other.surname or one.family == other.family)
