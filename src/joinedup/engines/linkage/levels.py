"""How two records compare, field by field: the levels of agreement, each in words.

Every field has an ordered list of levels; a pair is at the first one that holds.
The level of a pair is worked out twice, by the functions here for one pair at the
front door and by ``levels_sql`` for millions of pairs in bulk, and a test holds
the two together. A level's number is the one Splink gives it: the last level is
0, numbers rise with agreement, and -1 means that one side does not know.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler, Levenshtein

from joinedup.engines.linkage.standard import BirthForms, ForenameForms, Standard, UpnForms, forms_of_name

NEAR_SPELLING = 0.88
SLIP_OF_THE_PEN = 0.9
CROSSED_SPELLING = 0.85
SHORTEST_SLIP = 3
SHORTEST_FAMILY = 4  # Li and Lee may be chance
RARE = 3
TIMES_RARER = 40
ESTIMATED_YEARS = 1
EXPECTED_DAYS = 42  # a birth is seldom further from the day it was expected


class Forename(IntEnum):
    """Levels of the forename."""

    UNKNOWN = -1
    DIFFERS = 0
    INITIAL = 1
    KNOWN_AS = 2
    NEAR = 3
    SLIP = 4
    PART = 5
    MIDDLE = 6
    SPELLING = 7
    VARIANT = 8
    CROSSED = 9
    SAME = 10


class Middle(IntEnum):
    """Levels of the names between forename and surname."""

    UNKNOWN = -1
    DIFFERS = 0
    INITIAL = 1
    SAME = 2


class Surname(IntEnum):
    """Levels of the surname."""

    UNKNOWN = -1
    DIFFERS = 0
    MIDDLE = 1
    NEAR = 2
    PART = 3
    SLIP = 4
    FAMILY = 5
    SAME = 6


class Birth(IntEnum):
    """Levels of the date of birth."""

    UNKNOWN = -1
    DIFFERS = 0
    YEAR = 1
    PARTS = 2
    DIGIT = 3
    ESTIMATED = 4
    SWAPPED = 5
    DEFAULT = 6
    SAME = 7


class Sex(IntEnum):
    """Levels of the sex."""

    UNKNOWN = -1
    DIFFERS = 0
    SAME = 1


class Address(IntEnum):
    """Levels of the address."""

    UNKNOWN = -1
    DIFFERS = 0
    DISTRICT = 1
    POSTCODE = 2
    COMMUNAL = 3
    TEXT = 4
    DWELLING = 5


class Number(IntEnum):
    """Levels of an NHS number or a unique pupil number."""

    UNKNOWN = -1
    DIFFERS = 0
    SAME = 1


class Levels(NamedTuple):
    """The level of each field of a pair of records."""

    forename: Forename
    middle: Middle
    surname: Surname
    birth: Birth
    sex: Sex
    address: Address
    nhs: Number
    upn: Number


FIELDS = Levels._fields
KINDS: dict[str, type[IntEnum]] = {
    "forename": Forename,
    "middle": Middle,
    "surname": Surname,
    "birth": Birth,
    "sex": Sex,
    "address": Address,
    "nhs": Number,
    "upn": Number,
}

SENTENCES: dict[str, dict[int, str]] = {
    "forename": {
        Forename.SAME: "Same forename",
        Forename.CROSSED: "Forename and surname are the other way round",
        Forename.VARIANT: "Forename is another form of the same name",
        Forename.SPELLING: "Forename is another spelling of the same name",
        Forename.MIDDLE: "Forename is a middle name of the other",
        Forename.PART: "Same forename, but one has a further name that the other has not",
        Forename.SLIP: "Forename is spelt nearly the same, as by a slip",
        Forename.NEAR: "Forename sounds or looks alike, or may be a short form",
        Forename.KNOWN_AS: "One forename is English and the other is not, as where a child is known by an English one",
        Forename.INITIAL: "Forename has the same initial",
        Forename.DIFFERS: "Forename differs",
        Forename.UNKNOWN: "Forename is not known on both sides",
    },
    "middle": {
        Middle.SAME: "A middle name in common, but for a slip",
        Middle.INITIAL: "Middle name has the same initial",
        Middle.DIFFERS: "Middle name differs",
        Middle.UNKNOWN: "Middle name is not known on both sides",
    },
    "surname": {
        Surname.SAME: "Same surname",
        Surname.FAMILY: "Surname is another spelling or form of the same name",
        Surname.SLIP: "Surname is spelt nearly the same, as by a slip",
        Surname.PART: "Surname has a part in common, or may be the same in another language",
        Surname.NEAR: "Surname sounds the same",
        Surname.MIDDLE: "Surname is a middle name of the other",
        Surname.DIFFERS: "Surname differs",
        Surname.UNKNOWN: "Surname is not known on both sides",
    },
    "birth": {
        Birth.SAME: "Same date of birth",
        Birth.DEFAULT: "Same date of birth, but 1 January is often a guess",
        Birth.SWAPPED: "Date of birth has day and month swapped",
        Birth.ESTIMATED: "Date of birth is near, and one is likely a guess: 1 January, or the day a child was expected",
        Birth.DIGIT: "Date of birth differs by one figure",
        Birth.PARTS: "Two of day, month and year of birth are the same",
        Birth.YEAR: "Same year of birth, another day",
        Birth.DIFFERS: "Date of birth differs",
        Birth.UNKNOWN: "Date of birth is not known on both sides",
    },
    "sex": {Sex.SAME: "Same sex", Sex.DIFFERS: "Sex differs", Sex.UNKNOWN: "Sex is not known on both sides"},
    "address": {
        Address.DWELLING: "Same address",
        Address.TEXT: "Same house and street",
        Address.COMMUNAL: "Same address, where many people live",
        Address.POSTCODE: "Same postcode",
        Address.DISTRICT: "Postcode is in the same district",
        Address.DIFFERS: "Address differs",
        Address.UNKNOWN: "Address is not known on both sides",
    },
    "nhs": {
        Number.SAME: "Same NHS number",
        Number.DIFFERS: "NHS number differs",
        Number.UNKNOWN: "NHS number is not known on both sides",
    },
    "upn": {
        Number.SAME: "Same unique pupil number",
        Number.DIFFERS: "Unique pupil number differs",
        Number.UNKNOWN: "Unique pupil number is not known on both sides",
    },
}


def levels_of(a: Standard, b: Standard) -> Levels:
    """Return the level of every field of two records. Symmetrical."""
    return Levels(
        *name_levels(a, b),
        birth_or_expected(a.birth, b.birth, is_baby=a.forename.baby or b.forename.baby),
        sex_level(a.sex, b.sex),
        address_level(a, b),
        number_level(a.nhs, b.nhs),
        upn_level(a.upn, b.upn),
    )


def name_levels(a: Standard, b: Standard) -> tuple[Forename, Middle, Surname]:
    """Return the levels of all names, which may stand in each other's box."""
    forename = forename_level(a, b)
    surname = Surname.UNKNOWN if forename == Forename.CROSSED else surname_level(a, b)
    return forename, middle_level(a, b), surname


def sex_level(mine: str | None, theirs: str | None) -> Sex:
    """Compare two sexes."""
    return Sex.UNKNOWN if mine is None or theirs is None else Sex.SAME if mine == theirs else Sex.DIFFERS


def number_level(mine: str | None, theirs: str | None) -> Number:
    """Compare two NHS numbers."""
    return Number.UNKNOWN if mine is None or theirs is None else Number.SAME if mine == theirs else Number.DIFFERS


def forename_level(a: Standard, b: Standard) -> Forename:
    """Compare two forenames; see ``SENTENCES``."""
    mine, theirs = a.forename, b.forename
    if mine.given is None or theirs.given is None or mine.first is None or theirs.first is None:
        return Forename.UNKNOWN
    if mine.given == theirs.given:
        return Forename.SAME
    if mine.first == theirs.first and (_one_says_no_more(a, b) or not set(a.other_names).isdisjoint(b.other_names)):
        return Forename.SAME
    if _crossed(a, b) or _crossed(b, a):
        return Forename.CROSSED
    if mine.groups and theirs.groups and mine.first != theirs.first and not set(mine.groups).isdisjoint(theirs.groups):
        return Forename.VARIANT
    if mine.ordered is not None and mine.ordered == theirs.ordered:
        return Forename.VARIANT
    return _other_forename_level(a, b, mine, theirs)


def _one_says_no_more(a: Standard, b: Standard) -> bool:
    """Say whether a first name is a whole name, and one record says nothing of further ones."""
    return not a.forename.shared and (not a.other_names or not b.other_names)


def _crossed(a: Standard, b: Standard) -> bool:
    """Say whether names are in each other's box: one surely, the other at least likely."""
    if a.surname.surname is None or b.surname.surname is None or a.surname.surname == b.surname.surname:
        return False
    if a.surname.surname != b.forename.first and a.surname.family != b.forename.family:
        return False
    first, surname = a.forename.first or "", b.surname.surname
    if not set(a.forename.groups).isdisjoint(b.surname.groups) or a.forename.family == b.surname.family:
        return True
    if first[0] == surname[0] and (len(first) == 1 or len(surname) == 1):
        return True
    return JaroWinkler.similarity(first, surname) >= CROSSED_SPELLING


def _other_forename_level(a: Standard, b: Standard, mine: ForenameForms, theirs: ForenameForms) -> Forename:
    """Compare two forenames that are not known to be one name."""
    first, second = mine.first or "", theirs.first or ""
    both_are_names = mine.listed and theirs.listed
    if first != second and not both_are_names and _spelt_otherwise(mine, theirs):
        return Forename.SPELLING
    if _called_by(a, b) or _called_by(b, a):
        return Forename.VARIANT if _among(first, b) and _among(second, a) else Forename.MIDDLE
    if first == second:
        return Forename.PART
    same_initial = first[0] == second[0]
    likeness = JaroWinkler.similarity(first, second)
    is_like = likeness >= SLIP_OF_THE_PEN or _one_letter_apart(first, second)
    if is_like and same_initial and not both_are_names and _one_is_rare(a.forename_count, b.forename_count):
        return Forename.SLIP
    if likeness >= NEAR_SPELLING or mine.sound == theirs.sound or mine.skeleton == theirs.skeleton:
        return Forename.NEAR
    if min(len(first), len(second)) > 1 and (
        first.startswith(theirs.stem or "?") or second.startswith(mine.stem or "?")
    ):
        return Forename.NEAR
    if _known_as(a, b) or _known_as(b, a):
        return Forename.KNOWN_AS
    if same_initial and (len(first) == 1 or len(second) == 1):
        return Forename.INITIAL
    return Forename.DIFFERS


def _known_as(a: Standard, b: Standard) -> bool:
    """Say whether one forename is English and the other of a few syllables, in a family named in one syllable.

    Parents name twins alike in this: Kai Ming and Kai Wen, not Kai Ming and Kevin.
    """
    mine, theirs = a.surname, b.surname
    if not (a.forename.english and b.forename.syllables and not b.forename.english):
        return False
    if not (mine.one_syllable and theirs.one_syllable):
        return False
    return mine.surname == theirs.surname or not set(mine.groups).isdisjoint(theirs.groups)


def _one_letter_apart(one: str, other: str) -> bool:
    """Say whether one letter was added, left out or mistaken, in names long enough to tell."""
    shorter = min(len(one), len(other))
    return shorter >= SHORTEST_SLIP and Levenshtein.distance(one, other, score_cutoff=1) <= 1


def _among(first: str, other: Standard) -> bool:
    """Say whether a name is in some form among the further names of another record."""
    return bool(other.other_names) and not forms_of_name(first).isdisjoint(other.other_forms)


def _called_by(a: Standard, b: Standard) -> bool:
    """Say whether one record's forename is a further name of the other, and nothing else speaks against it.

    Henry Joshua may be recorded as Joshua, or Joshua Henry; Joshua Adam is his brother.
    """
    if not _among(a.forename.first or "", b):
        return False
    return not a.other_names or _among(b.forename.first or "", a) or not a.other_forms.isdisjoint(b.other_forms)


def _spelt_otherwise(mine: ForenameForms, theirs: ForenameForms) -> bool:
    """Say whether two forenames differ in nothing but choices of spelling."""
    return mine.romanised == theirs.romanised or mine.romanised_whole == theirs.romanised_whole


def _one_is_rare(one: int, other: int) -> bool:
    """Say whether one spelling is so much rarer than the other that it may be a slip for it."""
    fewer, more = (one, other) if one < other else (other, one)
    return fewer <= RARE or fewer * TIMES_RARER <= more


def middle_level(a: Standard, b: Standard) -> Middle:
    """Compare what stands between forename and surname, where both have something."""
    mine, theirs = a.other_names, b.other_names
    if not mine or not theirs or _among(a.forename.first or "", b) or _among(b.forename.first or "", a):
        return Middle.UNKNOWN
    if not set(mine).isdisjoint(theirs) or JaroWinkler.similarity(mine[0], theirs[0]) >= SLIP_OF_THE_PEN:
        return Middle.SAME
    if mine[0][0] == theirs[0][0] and (len(mine[0]) == 1 or len(theirs[0]) == 1):
        return Middle.INITIAL
    return Middle.DIFFERS


def surname_level(a: Standard, b: Standard) -> Surname:
    """Compare two surnames, double-barrelled, gendered or brought in from another script."""
    mine, theirs = a.surname, b.surname
    if mine.surname is None or theirs.surname is None:
        return Surname.UNKNOWN
    if mine.surname == theirs.surname:
        return Surname.SAME
    one_family = mine.family == theirs.family
    if one_family and len(mine.family or "") >= SHORTEST_FAMILY:
        return Surname.FAMILY
    likeness = JaroWinkler.similarity(mine.surname, theirs.surname)
    is_like = likeness >= SLIP_OF_THE_PEN and mine.surname[0] == theirs.surname[0]
    may_be_slip = _like_length(mine.surname, theirs.surname) and _one_is_rare(a.surname_count, b.surname_count)
    if is_like and may_be_slip:
        return Surname.SLIP
    if one_family or _share_a_part(a, b):
        return Surname.PART
    if mine.sound == theirs.sound or likeness >= NEAR_SPELLING:
        return Surname.NEAR
    return Surname.MIDDLE if mine.surname in b.other_names or theirs.surname in a.other_names else Surname.DIFFERS


def _share_a_part(a: Standard, b: Standard) -> bool:
    """Say whether two surnames share a part, or may be one name in two languages."""
    mine, theirs = a.surname, b.surname
    return not set(mine.parts).isdisjoint(theirs.parts) or not set(mine.groups).isdisjoint(theirs.groups)


def _like_length(one: str, other: str) -> bool:
    """Say whether two names are within two letters of each other: ``Smith`` and ``Smithson`` are not."""
    return abs(len(one) - len(other)) <= 2


def birth_or_expected(a: BirthForms, b: BirthForms, *, is_baby: bool) -> Birth:
    """Compare two dates of birth, of which that of a child not yet named may be the day it was expected."""
    found = birth_level(a, b)
    if not is_baby or found >= Birth.ESTIMATED or a.born is None or b.born is None:
        return found
    return Birth.ESTIMATED if abs((a.born - b.born).days) <= EXPECTED_DAYS else found


def birth_level(a: BirthForms, b: BirthForms) -> Birth:
    """Compare two dates of birth, forgiving the slips and the guesses people make."""
    mine, theirs = a.born, b.born
    if mine is None or theirs is None:
        return Birth.UNKNOWN
    if mine == theirs:
        return Birth.DEFAULT if a.is_default else Birth.SAME
    same_year = mine.year == theirs.year
    if same_year and mine.day == theirs.month and mine.month == theirs.day:
        return Birth.SWAPPED
    if (a.is_default or b.is_default) and abs(mine.year - theirs.year) <= ESTIMATED_YEARS:
        return Birth.ESTIMATED
    two_guesses = a.is_default and b.is_default
    if not two_guesses and sum(x != y for x, y in zip(mine.isoformat(), theirs.isoformat(), strict=True)) == 1:
        return Birth.DIGIT
    if same_year + (mine.month == theirs.month) + (mine.day == theirs.day) == 2:
        return Birth.PARTS
    return Birth.YEAR if same_year else Birth.DIFFERS


def address_level(a: Standard, b: Standard) -> Address:
    """Compare two addresses; a house and postcode alike is one dwelling, unless many live there.

    So is a house and street, where one postcode is missing.
    """
    mine, theirs = a.postcode.postcode, b.postcode.postcode
    house, street = a.address.house, a.address.street
    same_house = house is not None and house == b.address.house
    many = a.communal or b.communal
    same_postcode = mine is not None and mine == theirs
    if same_house and same_postcode:
        return Address.COMMUNAL if many else Address.DWELLING
    if same_house and street is not None and street == b.address.street:
        as_good = Address.DWELLING if mine is None or theirs is None else Address.TEXT
        return Address.COMMUNAL if many else as_good
    if same_postcode:
        return Address.POSTCODE
    if a.postcode.district is None or b.postcode.district is None:
        both_texts = bool(street and b.address.street and house and b.address.house)
        return Address.DIFFERS if both_texts else Address.UNKNOWN
    return Address.DISTRICT if a.postcode.district == b.postcode.district else Address.DIFFERS


def upn_level(mine: UpnForms, theirs: UpnForms) -> Number:
    """Compare two unique pupil numbers; a temporary one may be replaced, so it never differs."""
    if mine.upn is None or theirs.upn is None:
        return Number.UNKNOWN
    if mine.upn == theirs.upn:
        return Number.SAME
    return Number.UNKNOWN if mine.is_temporary or theirs.is_temporary else Number.DIFFERS
