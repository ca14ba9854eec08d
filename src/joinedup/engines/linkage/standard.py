"""One record in the forms that comparisons need, the same for one and for a million.

Each ``*_forms`` function reads one written value and depends on nothing else, so
a batch calls it once for each distinct value and joins the answers, and the front
door calls it once for what somebody typed. ``standardise`` puts them together.
What cannot be read counts as not known: a wrong digit is no evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from joinedup.engines.linkage import identifiers, names
from joinedup.engines.linkage.transliteration import family_form, romanised, skeleton, stem

_YEARS = range(1880, 2200)
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_OTHER_POSTCODE = re.compile(r"[0-9]{4,6}")  # of another country
_NUMBER = re.compile(r"\b(?:(\d+)\s?([a-k])?|(?<=flat )([a-k]))\b")
_STREETS = {
    "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "drive": "dr", "close": "cl",
    "crescent": "cres", "court": "ct", "place": "pl", "gardens": "gdns", "terrace": "ter", "square": "sq",
    "grove": "gr", "house": "hse", "apartment": "flat", "apt": "flat", "saint": "st",
}  # fmt: skip
_SERVANT_OF = {"abdul", "abdel", "abd", "abdi", "abdal", "abdur"}
_HONOURED = {group for name in ("muhammad",) for group in names.groups_of(name)}
# Names that half a community bears between forename and surname.
_GENERIC = {
    "van",
    "thi",
    "kaur",
    "singh",
    "bibi",
    "bi",
    "begum",
    "khatun",
    "khatoon",
    "bano",
    "devi",
    "kumari",
    "kumar",
}
_NO_ADDRESS = {"nfa", "no fixed abode", "unknown", "not known", "none", "tbc", "nk"}
_SEXES = {"m": "M", "male": "M", "boy": "M", "1": "M", "f": "F", "female": "F", "girl": "F", "2": "F"}


class ForenameForms(NamedTuple):
    """A forename field read: what is in it and how it may be met elsewhere."""

    given: str | None = None  # all of it, without spaces
    first: str | None = None  # its first name
    rest: tuple[str, ...] = ()  # the names after the first
    groups: tuple[int, ...] = ()  # lines of our list of variants
    romanised: str | None = None  # the first name, and all of it, with spellings levelled
    romanised_whole: str | None = None
    skeleton: str | None = None  # of the first name, as are the next two
    sound: str | None = None
    family: str | None = None  # as a surname, for names in each other's box
    stem: str | None = None  # what a short form leaves of the first name
    ordered: str | None = None  # its names in alphabetical order
    listed: bool = False
    baby: bool = False  # a placeholder: Baby, Unborn
    multiple: bool = False  # a placeholder for one of several: Twin 2
    shared: bool = False  # the first name may be half of one, or an honour: Hui of Hui Suet
    english: bool = False  # the first name is one in common use in England
    syllables: bool = False  # all of it can be read as Chinese, Vietnamese or Korean syllables


class SurnameForms(NamedTuple):
    """A surname field read."""

    surname: str | None = None  # all of it, without spaces
    parts: tuple[str, ...] = ()  # all of it, its parts if it is double-barrelled, and with its small words: AbuBakr
    groups: tuple[int, ...] = ()  # lines of our list of variants, for names in each other's box
    family: str | None = None  # as the whole family shares it: Kowalska as Kowalski
    sound: str | None = None
    one_syllable: bool = False  # a Chinese, Vietnamese or Korean family name


class BirthForms(NamedTuple):
    """A date of birth read, and whether it is likely a guess."""

    born: date | None = None
    is_default: bool = False


class AddressForms(NamedTuple):
    """The first line of an address: the house, by number or name, and the street's words."""

    house: str | None = None
    street: str | None = None


class PostcodeForms(NamedTuple):
    """A postcode without its space, and its district."""

    postcode: str | None = None
    district: str | None = None


class UpnForms(NamedTuple):
    """A unique pupil number, and whether it is a temporary one."""

    upn: str | None = None
    is_temporary: bool = False


NO_FORENAME = ForenameForms()
NO_SURNAME = SurnameForms()
NO_BIRTH = BirthForms()
NO_ADDRESS = AddressForms()
NO_POSTCODE = PostcodeForms()
NO_UPN = UpnForms()


@dataclass(frozen=True, slots=True)
class Standard:
    """One record's facts in the forms that comparisons need. ``None`` or empty: not known."""

    forename: ForenameForms = NO_FORENAME
    middles: tuple[str, ...] = ()
    surname: SurnameForms = NO_SURNAME
    birth: BirthForms = NO_BIRTH
    sex: str | None = None
    address: AddressForms = NO_ADDRESS
    postcode: PostcodeForms = NO_POSTCODE
    nhs: str | None = None
    upn: UpnForms = NO_UPN
    forename_count: int = 0  # how many records in the whole set have this first name; 0 where nobody counted
    surname_count: int = 0  # likewise this surname
    communal: bool = False  # the dwelling is a hostel, hotel or home where many unrelated people live

    @property
    def other_names(self) -> tuple[str, ...]:
        """Every given name after the first."""
        return (*self.forename.rest, *self.middles)

    @property
    def other_forms(self) -> frozenset[str]:
        """Every form of every given name after the first."""
        return _forms_of_names(self.other_names)

    @property
    def has_half_a_name(self) -> bool:
        """Whether the first name may be half of one or an honour, which brothers bear alike: Hui, Muhammad."""
        return self.forename.shared or self.has_an_honour

    @property
    def has_an_honour(self) -> bool:
        """Whether a name stands first that all brothers may bear, twins too: Muhammad."""
        return not _HONOURED.isdisjoint(self.forename.groups)

    @property
    def middle(self) -> str | None:
        """The first name after the first."""
        return next(iter(self.other_names), None)

    @property
    def dwelling(self) -> str | None:
        """House and postcode, where both are known."""
        if self.address.house is None or self.postcode.postcode is None:
            return None
        return f"{self.postcode.postcode} {self.address.house}"


def standardise(
    *,
    forename: str | None = "",
    middle: str | None = "",
    surname: str | None = "",
    dob: str | date | None = None,
    sex: str | None = "",
    address1: str | None = "",
    postcode: str | None = "",
    nhs_number: str | None = "",
    upn: str | None = "",
    forename_count: int = 0,
    surname_count: int = 0,
    communal: bool = False,
    today: date | None = None,
) -> Standard:
    """Return one record in the forms comparisons need; see the module.

    ``today`` settles the century of a year in two figures; without it such a
    date is not read.
    """
    return Standard(
        forename=forename_forms(forename),
        middles=middle_forms(middle),
        surname=surname_forms(surname),
        birth=birth_forms(dob, today=today),
        sex=sex_form(sex),
        address=address_forms(address1),
        postcode=postcode_forms(postcode),
        nhs=nhs_form(nhs_number),
        upn=upn_forms(upn),
        forename_count=forename_count,
        surname_count=surname_count,
        communal=communal,
    )


@lru_cache(maxsize=65_536)
def forms_of_name(name: str) -> frozenset[str]:
    """Return the forms under which one plain given name is the same name: itself, its spelling levelled, its variants."""
    return frozenset({name, romanised(name), *(f"~{group}" for group in names.groups_of(name))})


@lru_cache(maxsize=65_536)
def _forms_of_names(several: tuple[str, ...]) -> frozenset[str]:
    """Return the forms of several given names."""
    return frozenset().union(*(forms_of_name(name) for name in several))


# --- One value at a time --------------------------------------------------------


@lru_cache(maxsize=65_536)
def forename_forms(text: str | None) -> ForenameForms:
    """Read a forename field, which may hold several names, or none for a baby."""
    plain = names.normalise(text) if text else None
    if not text or plain is None:
        return ForenameForms(baby=_is_baby(text), multiple=bool(text) and names.is_multiple_birth(text or ""))
    words = names.parts(text)
    return _forename_of(words[:1] + tuple(word for word in words[1:] if word not in _GENERIC))


@lru_cache(maxsize=65_536)
def _forename_of(words: tuple[str, ...]) -> ForenameForms:
    """Read the names of a forename field, however they were written."""
    given = "".join(words)
    first, *rest = _in_order(words)
    return ForenameForms(
        given=given,
        first=first,
        rest=tuple(rest),
        groups=tuple(sorted({*names.groups_of(first), *names.groups_of(given)})),
        romanised=romanised(first),
        romanised_whole=romanised(given),
        skeleton=skeleton(first),
        sound=names.sound(first),
        family=family_form(first),
        stem=stem(first),
        ordered=" ".join(sorted(words)) if len(words) > 1 else None,
        listed=names.is_listed(first),
        shared=names.is_shared(first),
        english=names.is_english(first) and not (len(words) > 1 and names.is_of_syllables(given)),
        syllables=names.is_of_syllables(given),
    )


def _in_order(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return given names with the one a person is called by first.

    ``Abdul Rahman`` is one name. ``Muhammad Hassan`` is called Hassan, and is
    recorded under either.
    """
    if len(words) > 1 and words[0] in _SERVANT_OF:
        words = (words[0] + words[1], *words[2:])
    if len(words) > 1 and _HONOURED & set(names.groups_of(words[0])):
        return (*words[1:], words[0])
    return words


def _is_baby(text: str | None) -> bool:
    """Say whether a forename that is no name marks a child not yet named."""
    return bool(text) and names.is_unnamed_child(text or "")


@lru_cache(maxsize=65_536)
def middle_forms(text: str | None) -> tuple[str, ...]:
    """Read a field of middle names as plain words."""
    return tuple(word for word in names.parts(text) if word not in _GENERIC) if text else ()


@lru_cache(maxsize=65_536)
def surname_forms(text: str | None) -> SurnameForms:
    """Read a surname, which may be double-barrelled."""
    words = names.surname_parts(text) if text else ()
    if not words:
        return NO_SURNAME
    whole = "".join(words)
    return _surname_of(words, names.compact(text or "") or whole)


@lru_cache(maxsize=65_536)
def _surname_of(words: tuple[str, ...], with_particles: str) -> SurnameForms:
    """Read the names of a surname, and it in one word, however they were written."""
    whole = "".join(words)
    return SurnameForms(
        surname=whole,
        parts=tuple(dict.fromkeys((whole, *words, with_particles))),
        groups=names.groups_of(whole),
        family=family_form(whole),
        sound=names.sound(whole),
        one_syllable=names.is_one_syllable_surname(whole),
    )


def birth_forms(value: str | date | None, *, today: date | None = None) -> BirthForms:
    """Read a date of birth given as a date or as people write one."""
    born = _birth_date(value, today)
    if born is None or born.year not in _YEARS:
        return NO_BIRTH
    return BirthForms(born, identifiers.is_default_birth_date(born))


def _birth_date(value: str | date | None, today: date | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not value or not value.strip():
        return None
    try:
        if today is None:
            return date.fromisoformat(value.strip()[:10])
        return identifiers.birth_date(value, today=today)
    except ValueError:
        return None


def sex_form(text: str | None) -> str | None:
    """Read a sex as ``M`` or ``F``; anything else says nothing about identity."""
    return _SEXES.get(text.strip().lower()) if text else None


@lru_cache(maxsize=65_536)
def address_forms(text: str | None) -> AddressForms:
    """Read the first line of an address.

    ``Flat 3, 12 High Street`` is house ``12/3``; ``1A``, ``1 A`` and ``Flat A, 1``
    are all house ``1/a``.
    """
    plain = re.sub(r"[^a-z0-9]+", " ", (text or "").casefold().replace("'", "")).strip()
    if not plain or plain in _NO_ADDRESS:
        return NO_ADDRESS
    numbers = [part for found in _NUMBER.findall(plain) for part in found if part]
    words = [_STREETS.get(word, word) for word in _NUMBER.sub(" ", plain).split()]
    street = " ".join(word for word in words if word != "flat") or None
    if any(part.isdigit() for part in numbers):
        return AddressForms("/".join(sorted(part.lstrip("0") or "0" for part in numbers)), street)
    return AddressForms(" ".join(words[:2]) or None, street)


@lru_cache(maxsize=65_536)
def postcode_forms(text: str | None) -> PostcodeForms:
    """Read a postcode; one that stands for no address is not known."""
    try:
        found = identifiers.postcode(text or "")
    except ValueError:
        outward = re.sub(r"\s", "", text or "").upper()
        if _OUTWARD.fullmatch(outward):
            return PostcodeForms(None, outward)
        return PostcodeForms(outward, outward[:-2]) if _OTHER_POSTCODE.fullmatch(outward) else NO_POSTCODE
    if identifiers.is_placeholder_postcode(found):
        return NO_POSTCODE
    return PostcodeForms(found.replace(" ", ""), identifiers.outward_code(found))


@lru_cache(maxsize=65_536)
def nhs_form(text: str | None) -> str | None:
    """Read an NHS number; only one with the right check digit is evidence."""
    try:
        return identifiers.nhs_number(text, allow_synthetic=True) if text else None
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def upn_forms(text: str | None) -> UpnForms:
    """Read a unique pupil number; only one with the right check letter is evidence."""
    try:
        found = identifiers.upn(text) if text else None
    except ValueError:
        return NO_UPN
    return UpnForms(found, identifiers.is_temporary_upn(found)) if found else NO_UPN
