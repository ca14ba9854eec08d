"""What agencies make of a person: other spellings, slips, old addresses, numbers of somebody else."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.linkage.names_british import SHORT_FORMS
from tests.linkage.names_world import SPELLINGS
from tests.linkage.people import NOW, YEAR, Person, upn_of
from tests.linkage.places import Places, written, written_otherwise
from tests.linkage.words import words

FIELDS = ("forename", "middle", "surname", "dob", "sex", "address1", "postcode", "nhs_number", "upn")
_KEYS = "qwertyuiop asdfghjkl zxcvbnm"
_OCR = (("m", "rn"), ("rn", "m"), ("l", "1"), ("o", "0"), ("cl", "d"), ("i", "l"), ("h", "b"), ("vv", "w"), ("e", "c"))
_SOUND_RULES = (
    ("ee", "i"),
    ("oo", "u"),
    ("ou", "u"),
    ("kh", "k"),
    ("q", "k"),
    ("dh", "d"),
    ("aa", "a"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("w", "v"),
    ("z", "s"),
    ("ph", "f"),
    ("sh", "sch"),
    ("j", "y"),
    ("y", "i"),
    ("ll", "l"),
    ("ss", "s"),
    ("mm", "m"),
    ("nn", "n"),
    ("u", "oo"),
    ("i", "ee"),
    ("a", "e"),
)


def _groups(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in text.split("|"):
        words = line.split()
        for word in words:
            found[word] += [each for each in words if each != word]
    return dict(found)


_SPELLINGS = _groups(SPELLINGS)
_SHORT = {line.split()[0]: line.split()[1:] for line in SHORT_FORMS.split("|") if line.strip()}


@dataclass(frozen=True)
class Rates:
    """How often each kind of noise befalls one record of somebody it can befall."""

    nickname: float = 0.05
    known_as: float = 0.14
    middle_used: float = 0.02
    swapped: float = 0.012
    forename_typo: float = 0.025
    surname_typo: float = 0.025
    initial_only: float = 0.008
    no_forename: float = 0.002
    double_barrel: float = 0.25
    punctuation: float = 0.3
    spelling: float = 0.1
    plain_letters: float = 0.6
    middle_joined: float = 0.03
    prefix_dropped: float = 0.15
    dob_digit: float = 0.012
    dob_swapped: float = 0.01
    dob_near: float = 0.005
    dob_year: float = 0.006
    dob_default: float = 0.004
    dob_missing: float = 0.02
    postcode_typo: float = 0.02
    postcode_missing: float = 0.04
    address_missing: float = 0.05
    address_style: float = 0.18
    old_address: float = 0.3
    old_surname: float = 0.25
    nhs_slip: float = 0.012
    nhs_other: float = 0.01
    upn_slip: float = 0.008
    upn_temporary: float = 0.025
    sex_missing: float = 0.04
    sex_wrong: float = 0.004
    placeholder: float = 0.16
    same_agency: float = 0.04
    nhs_cover: float = 1.0
    upn_cover: float = 1.0

    def times(self, factor: float, **fixed: float) -> Rates:
        """Return rates ``factor`` times as high, but for the ``fixed``."""
        kept = {
            "nhs_cover",
            "upn_cover",
            "old_address",
            "old_surname",
            "punctuation",
            "plain_letters",
            "double_barrel",
            "known_as",
        }
        values = {key: value if key in kept else min(0.6, value * factor) for key, value in self.__dict__.items()}
        return Rates(**(values | fixed))


@dataclass(frozen=True)
class Agency:
    """One source of records: whom it knows, and how often it holds their numbers."""

    code: str
    infant: float
    pupil: float
    adult: float
    nhs: float
    upn: float
    capitals: str = ""


AGENCIES = (
    Agency("health_gp", 0.68, 0.64, 0.42, 0.97, 0.0),
    Agency("health_visiting", 0.62, 0.03, 0.0, 0.95, 0.0),
    Agency("schools", 0.0, 0.88, 0.0, 0.16, 0.97),
    Agency("early_years", 0.42, 0.02, 0.0, 0.2, 0.12),
    Agency("social_care", 0.2, 0.2, 0.14, 0.5, 0.35),
    Agency("police", 0.02, 0.07, 0.16, 0.0, 0.0, "all"),
    Agency("housing", 0.18, 0.18, 0.34, 0.02, 0.0, "surname"),
    Agency("youth_offending", 0.0, 0.035, 0.0, 0.12, 0.3),
    Agency("adult_services", 0.0, 0.02, 0.36, 0.12, 0.0, "surname"),
    Agency("voluntary", 0.09, 0.11, 0.08, 0.04, 0.02),
)


class Writer:
    """Writes records of people as agencies do."""

    def __init__(self, rng: Random, places: Places, rates: Rates, seed: int) -> None:
        self.rng, self.places, self.rates, self.seed = rng, places, rates, seed

    def record(self, who: Person, agency: Agency, *, numbers: bool = True) -> tuple[list[str | None], list[str]]:
        """Return the nine values of FIELDS, None where missing, and the kinds of noise in them."""
        kinds: list[str] = []
        forename, middle, surname = self._name(who, kinds)
        if self.rng.random() < 0.3:
            middle = ""
        place = self._home(who, kinds)
        sex = self._sex(who, kinds)
        nhs = upn = ""
        if numbers:
            nhs = self._nhs(who, agency, kinds)
            upn = self._upn(who, agency, kinds)
        if agency.capitals == "all":
            forename, middle, surname = forename.upper(), middle.upper(), surname.upper()
        elif agency.capitals == "surname":
            surname = surname.upper()
        elif agency.code == "voluntary" and sex:
            sex = "female" if sex == "F" else "Male"
        born = self._dob(who, kinds)
        if "placeholder" in kinds and self.rng.random() < 0.5:
            sex, middle = "", ""
        values = (forename, middle, surname, born, sex, *place, nhs, upn)
        return [each or None for each in values], kinds

    # --- names ---

    def _name(self, who: Person, kinds: list[str]) -> tuple[str, str, str]:
        rng, rates = self.rng, self.rates
        surname = who.surnames[-1]
        if len(who.surnames) > 1 and rng.random() < rates.old_surname:
            surname = rng.choice(who.surnames[:-1])
        if surname != who.surnames[-1]:
            kinds.append("former_surname")
        forename, middles = self._forename(who, kinds)
        if who.age < 1.6 and rng.random() < rates.placeholder:
            kinds.append("placeholder")
            mother = who.mother.surnames[-1] if who.mother else surname
            return self._placeholder(who), "", mother
        surname = self._surname(surname, kinds)
        forename = self._spelt(forename, who.group, kinds)
        if who.group not in ("english", "irish", "scottish", "caribbean"):
            surname = self._spelt(surname, who.group, kinds, rate=0.6)
        if rng.random() < rates.forename_typo:
            forename = self._typo(forename, kinds, "forename_typo")
        if rng.random() < rates.surname_typo:
            surname = self._typo(surname, kinds, "surname_typo")
        middle = " ".join(middles)
        if middle and rng.random() < rates.middle_joined:
            kinds.append("middle_joined")
            forename, middle = f"{forename} {middle}", ""
        if rng.random() < (rates.swapped * (3 if who.group in ("chinese", "vietnamese", "tamil") else 1)):
            kinds.append("names_swapped")
            forename, surname = surname, forename
        if rng.random() < rates.initial_only * (4 if who.group == "tamil" else 1):
            kinds.append("initial_only")
            forename = forename[:1]
        elif rng.random() < rates.no_forename:
            kinds.append("forename_missing")
            forename = ""
        return forename, middle, surname

    def _forename(self, who: Person, kinds: list[str]) -> tuple[str, list[str]]:
        rng, rates = self.rng, self.rates
        forename, middles = who.name.forename, list(who.name.middles)
        if who.name.known_as and rng.random() < rates.known_as:
            kinds.append("known_as")
            return who.name.known_as, middles
        if middles and forename.startswith(("Moham", "Muham")) and rng.random() < rates.prefix_dropped:
            kinds.append("prefix_dropped")
            return middles[0], middles[1:]
        if middles and who.group not in ("sikh", "vietnamese", "somali") and rng.random() < rates.middle_used:
            kinds.append("middle_as_forename")
            return middles[0], middles[1:] if rng.random() < 0.5 else [forename, *middles[1:]]
        if rng.random() < rates.nickname and forename in _SHORT:
            kinds.append("nickname")
            return rng.choice(_SHORT[forename]), middles
        return forename, middles

    def _placeholder(self, who: Person) -> str:
        if who.twins and self.rng.random() < 0.7:
            return self.rng.choice(("Twin 1", "Twin 2", "Twin One", "Baby Twin 2"))
        words = ("Baby", "Baby", "Unborn", "Baby Boy" if who.sex == "M" else "Baby Girl", "Infant", "Unborn Baby")
        return self.rng.choice(words)

    def _surname(self, surname: str, kinds: list[str]) -> str:
        rng, rates = self.rng, self.rates
        if ("-" in surname or " " in surname) and rng.random() < rates.double_barrel:
            parts = [each for each in re.split("[- ]", surname) if each not in ("dos", "da", "de", "Al", "Abu", "Bin")]
            if len(parts) > 1:
                kinds.append("double_barrel_part")
                return rng.choice(parts)
        if re.search("[-' ]|^Mac|^Mc", surname) and rng.random() < rates.punctuation:
            kinds.append("punctuation")
            if surname.startswith(("Mac", "Mc")):
                return surname.replace("Mac", "Mc", 1) if surname.startswith("Mac") else "Mac" + surname[2:]
            return re.sub("[-' ]", rng.choice(("", " ", "")), surname)
        return surname

    def _spelt(self, name: str, group: str, kinds: list[str], rate: float = 1.0) -> str:
        rng, rates = self.rng, self.rates
        if not name.isascii() and rng.random() < rates.plain_letters:
            name = plain(name)
            kinds.append("plain_letters")
        if group in ("chinese", "vietnamese") and re.search("[- ]", name) and rng.random() < rates.punctuation:
            kinds.append("given_name_parts")
            first, *rest = re.split("[- ]", name)
            return rng.choice((first, f"{first}-{rest[0]}", f"{first} {rest[0]}", first + rest[0].lower()))
        chance = rates.spelling * rate
        others = _SPELLINGS.get(name)
        if others:
            if rng.random() < chance * (1.5 if group not in _BRITISH else 0.4):
                kinds.append("spelling")
                return rng.choice(others)
        elif group in _TRANSLITERATED and rng.random() < chance:
            changed = self._sound(name)
            if changed != name:
                kinds.append("spelling")
            return changed
        return name

    def _sound(self, name: str) -> str:
        lower = name.lower()
        possible = [rule for rule in _SOUND_RULES if rule[0] in lower[1:]]
        if not possible:
            return name
        old, new = self.rng.choice(possible)
        return name[:1] + lower[1:].replace(old, new, 1)

    def _typo(self, text: str, kinds: list[str], kind: str) -> str:
        rng = self.rng
        if len(text) < 3:
            return text
        kinds.append(kind)
        place = rng.randrange(1, len(text)) if rng.random() < 0.9 else 0
        way = rng.random()
        if way < 0.24:
            return text[:place] + text[place + 1 :]
        if way < 0.42:
            return text[:place] + text[place] + text[place:]
        if way < 0.62 and place + 1 < len(text):
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        if way < 0.74:
            for old, new in rng.sample(_OCR, len(_OCR)):
                if old in text[1:]:
                    return text[0] + text[1:].replace(old, new, 1)
        near = _neighbour(rng, text[place])
        return text[:place] + near + text[place + (0 if way > 0.93 else 1) :]

    # --- date of birth, sex ---

    def _dob(self, who: Person, kinds: list[str]) -> str:
        rng, rates = self.rng, self.rates
        born = date.fromordinal(who.born)
        year, month, day = born.year, born.month, born.day
        if rng.random() < rates.dob_missing:
            kinds.append("dob_missing")
            return ""
        if "placeholder" in kinds and rng.random() < 0.3:
            kinds.append("dob_expected")
            return date.fromordinal(who.born + int(rng.gauss(0, 9))).isoformat()
        if rng.random() < (0.12 if who.estimated else rates.dob_default):
            kinds.append("dob_default")
            return f"{year + (rng.choice((-1, 0, 1)) if who.estimated else 0)}-01-01"
        if day <= 12 and day != month and rng.random() < rates.dob_swapped * 2.5:
            kinds.append("dob_swapped")
            return f"{year}-{day:02d}-{month:02d}"
        if rng.random() < rates.dob_digit:
            kinds.append("dob_digit")
            return self._digit_slip(year, month, day)
        if rng.random() < rates.dob_near:
            kinds.append("dob_near")
            return date.fromordinal(who.born + rng.choice((-1, 1))).isoformat()
        if rng.random() < rates.dob_year * (4 if who.estimated else 1):
            kinds.append("dob_year")
            wrong = year + rng.choice((-1, 1, -1, 1, -10, 10))
            return f"{min(wrong, 2026)}-{month:02d}-{min(day, 28):02d}"
        return born.isoformat()

    def _digit_slip(self, year: int, month: int, day: int) -> str:
        rng = self.rng
        for _ in range(30):
            text = f"{year:04d}{month:02d}{day:02d}"
            place = rng.choice((2, 3, 5, 6, 7, 7))
            slip = text[:place] + str(rng.randrange(10)) + text[place + 1 :]
            try:
                wrong = date(int(slip[:4]), int(slip[4:6]), int(slip[6:]))
            except ValueError:
                continue
            if slip != text and wrong.toordinal() <= NOW:
                return wrong.isoformat()
        return f"{year}-{month:02d}-{min(day, 28):02d}"

    def _sex(self, who: Person, kinds: list[str]) -> str:
        if self.rng.random() < self.rates.sex_missing:
            kinds.append("sex_missing")
            return ""
        if self.rng.random() < self.rates.sex_wrong:
            kinds.append("sex_wrong")
            return "F" if who.sex == "M" else "M"
        return who.sex

    # --- address ---

    def _home(self, who: Person, kinds: list[str]) -> tuple[str, str]:
        rng, rates = self.rng, self.rates
        dwelling = who.homes[-1]
        if len(who.homes) > 1 and rng.random() < (0.7 if who.often_moved else rates.old_address):
            dwelling = rng.choice(who.homes[:-1])
            kinds.append("old_address")
        home = self.places.home(dwelling)
        line, code = written(home), home.postcode
        if rng.random() < rates.address_style:
            line = written_otherwise(home, rng)
            kinds.append("address_style")
        if rng.random() < 0.02:
            line = self._typo(line, kinds, "address_typo")
        if rng.random() < rates.address_missing:
            line = ""
            kinds.append("address_missing")
        if rng.random() < rates.postcode_missing:
            kinds.append("postcode_missing")
            return line, ""
        if rng.random() < rates.postcode_typo:
            kinds.append("postcode_typo")
            return line, self._postcode_slip(code)
        if rng.random() < 0.1:
            code = code.replace(" ", "")
        return line, code.lower() if rng.random() < 0.02 else code

    def _postcode_slip(self, code: str) -> str:
        rng = self.rng
        way = rng.random()
        if way < 0.25 and "0" in code:
            return code.replace("0", "O")
        if way < 0.35:
            return code.split(" ")[0]
        if way < 0.55:
            return code[:-2] + code[-1] + code[-2]
        place = rng.choice((len(code) - 1, len(code) - 2, len(code) - 3, len(code) - 5))
        old = code[place]
        new = str(rng.randrange(10)) if old.isdigit() else rng.choice("ABDEFGHJLNPQRSTUWXYZ")
        return code[:place] + new + code[place + 1 :]

    # --- numbers ---

    def _nhs(self, who: Person, agency: Agency, kinds: list[str]) -> str:
        rng, rates = self.rng, self.rates
        cover = agency.nhs * rates.nhs_cover * (0.55 if who.estimated else 1.0)
        if rates.nhs_cover > 1 and agency.nhs:
            cover = 0.97
        if rng.random() >= cover:
            return ""
        number = who.nhs
        if who.mother and who.age < 6 and rng.random() < rates.nhs_other:
            kinds.append("nhs_of_mother")
            number = who.mother.nhs
        elif rng.random() < rates.nhs_slip:
            kinds.append("nhs_slip")
            place = rng.randrange(10)
            number = number[:place] + str((int(number[place]) + rng.randint(1, 9)) % 10) + number[place + 1 :]
        return f"{number[:3]} {number[3:6]} {number[6:]}" if rng.random() < 0.15 else number

    def _upn(self, who: Person, agency: Agency, kinds: list[str]) -> str:
        rng, rates = self.rng, self.rates
        if not who.upn or rng.random() >= agency.upn * rates.upn_cover:
            return ""
        if rng.random() < rates.upn_temporary:
            kinds.append("upn_temporary")
            return upn_of(who.id * 3 + rng.randrange(3), self.seed + 1, int(NOW / YEAR), temporary=True)
        if rng.random() < rates.upn_slip:
            kinds.append("upn_slip")
            place = rng.randrange(1, 12)
            return who.upn[:place] + str(rng.randrange(10)) + who.upn[place + 1 :]
        return who.upn


_BRITISH = frozenset(("english", "irish", "scottish", "caribbean", "traveller_roma"))
_TRANSLITERATED = frozenset(
    words("south_asian_muslim sikh hindu tamil somali arabic_afghan_eritrean west_african turkish romanian polish")
)


def plain(text: str) -> str:
    """Return a name without its diacritics."""
    kept = text.translate(str.maketrans("łŁøØđĐıİ", "lLoOdDiI"))
    return "".join(each for each in unicodedata.normalize("NFD", kept) if unicodedata.category(each) != "Mn")


def _neighbour(rng: Random, letter: str) -> str:
    place = _KEYS.find(letter.lower())
    if place < 0 or letter == " ":
        return rng.choice("etaoinshr")
    near = _KEYS[max(0, place - 1) : place + 2].replace(letter.lower(), "").replace(" ", "") or "e"
    found = rng.choice(near)
    return found.upper() if letter.isupper() else found
