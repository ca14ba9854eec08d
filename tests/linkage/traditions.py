"""How families of many traditions name their children: who hands on which surname, what stands in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from tests.linkage import names_british as british
from tests.linkage import names_world as world

MUHAMMAD = ("Mohammed", "Muhammad", "Mohammad", "Mohamed", "Muhammed")


class Names:
    """Names with a skewed frequency: the nth is taken in proportion to n to the power of minus ``skew``."""

    def __init__(self, values: list[str], skew: float = 0.6) -> None:
        self.values = list(dict.fromkeys(values))
        self.cumulative = list(accumulate((n + 2.0) ** -skew for n in range(len(self.values))))

    def pick(self, rng: Random) -> str:
        return rng.choices(self.values, cum_weights=self.cumulative)[0]


def _tail() -> list[str]:
    """Return surnames of the long tail, put together from old parts of place names."""
    return [root + end for end in british.TAIL_ENDS for root in british.TAIL_ROOTS]


_TAIL = Names(_tail(), skew=0.1)


@dataclass(frozen=True)
class Tradition:
    """One group of names; ``style`` says how surnames pass on; ``tail`` how many surnames are from the long tail."""

    code: str
    share: float
    girls: Names
    boys: Names
    women: Names
    men: Names
    surnames: Names
    style: str = "inherit"
    tail: float = 0.0

    def forename(self, rng: Random, sex: str, *, adult: bool) -> str:
        if self.style == "chinese":
            return _chinese_given(rng)
        if self.style == "vietnamese":
            return _of(world.VIETNAMESE_GIVEN, rng)
        names = (self.women if sex == "F" else self.men) if adult else (self.girls if sex == "F" else self.boys)
        return names.pick(rng)

    def family_name(self, rng: Random) -> str:
        if self.tail and rng.random() < self.tail:
            return _TAIL.pick(rng)
        return self.surnames.pick(rng)


def _of(values: list[str] | tuple[str, ...], rng: Random) -> str:
    return values[int(len(values) * rng.random() ** 1.4)]


def _chinese_given(rng: Random) -> str:
    first = _of(world.CHINESE_SYLLABLES, rng)
    if rng.random() < 0.18:
        return first
    second = _of(world.CHINESE_SYLLABLES, rng)
    style = rng.random()
    if style < 0.5:
        return f"{first} {second}"
    return f"{first}-{second}" if style < 0.7 else f"{first}{second.lower()}"


def _simple(
    code: str,
    share: float,
    girls: list[str],
    boys: list[str],
    surnames: list[str],
    style: str = "inherit",
    tail: float = 0.0,
    skew: float = 0.6,
) -> Tradition:
    g, b = Names(girls, skew), Names(boys, skew)
    return Tradition(code, share, g, b, g, b, Names(surnames, 0.7), style, tail)


TRADITIONS = (
    Tradition(
        "english",
        0.57,
        Names(british.GIRLS),
        Names(british.BOYS),
        Names(british.WOMEN),
        Names(british.MEN),
        Names(british.SURNAMES, 0.8),
        tail=0.35,
    ),
    _simple("irish", 0.04, british.IRISH_GIRLS, british.IRISH_BOYS, british.IRISH_SURNAMES),
    _simple("scottish", 0.03, british.SCOTTISH_GIRLS, british.SCOTTISH_BOYS, british.SCOTTISH_SURNAMES),
    _simple("caribbean", 0.025, british.CARIBBEAN_GIRLS, british.CARIBBEAN_BOYS, british.CARIBBEAN_SURNAMES),
    _simple("traveller_roma", 0.012, british.TRAVELLER_GIRLS, british.TRAVELLER_BOYS, british.TRAVELLER_SURNAMES),
    _simple(
        "south_asian_muslim", 0.10, world.MUSLIM_GIRLS, world.MUSLIM_BOYS, world.MUSLIM_SURNAMES, "muslim", skew=0.7
    ),
    _simple("sikh", 0.022, world.SIKH_GIVEN, world.SIKH_GIVEN, world.SIKH_SURNAMES, "sikh"),
    _simple("hindu", 0.028, world.HINDU_GIRLS, world.HINDU_BOYS, world.HINDU_SURNAMES, skew=0.5),
    _simple("tamil", 0.01, world.TAMIL_GIRLS, world.TAMIL_BOYS, world.TAMIL_BOYS, "patronym", skew=0.4),
    _simple("west_african", 0.04, world.AFRICAN_GIRLS, world.AFRICAN_BOYS, world.AFRICAN_SURNAMES),
    _simple("somali", 0.018, world.SOMALI_GIRLS, world.SOMALI_BOYS, world.SOMALI_BOYS, "grandfather", skew=0.7),
    _simple("arabic_afghan_eritrean", 0.028, world.ARABIC_GIRLS, world.ARABIC_BOYS, world.ARABIC_SURNAMES, "arabic"),
    _simple("polish", 0.028, world.POLISH_GIRLS, world.POLISH_BOYS, world.POLISH_SURNAMES, "polish", skew=0.5),
    _simple("romanian", 0.016, world.ROMANIAN_GIRLS, world.ROMANIAN_BOYS, world.ROMANIAN_SURNAMES, skew=0.5),
    _simple("portuguese", 0.012, world.PORTUGUESE_GIRLS, world.PORTUGUESE_BOYS, world.PORTUGUESE_SURNAMES, "two"),
    _simple("chinese", 0.012, world.CHINESE_SYLLABLES, world.CHINESE_SYLLABLES, world.CHINESE_SURNAMES, "chinese"),
    _simple(
        "vietnamese",
        0.008,
        world.VIETNAMESE_GIVEN,
        world.VIETNAMESE_GIVEN,
        world.VIETNAMESE_SURNAMES,
        "vietnamese",
        skew=1.0,
    ),
    _simple("turkish", 0.014, world.TURKISH_GIRLS, world.TURKISH_BOYS, world.TURKISH_SURNAMES, skew=0.5),
)
BY_CODE = {each.code: each for each in TRADITIONS}


@dataclass
class FullName:
    """What is on the birth certificate, and a name used instead by some."""

    forename: str
    middles: tuple[str, ...]
    surname: str
    known_as: str = ""


@dataclass(frozen=True)
class _Birth:
    """What a way of naming needs to know; ``mother`` is her surname."""

    kind: Tradition
    sex: str
    forename: str
    surname: str
    father: FullName | None
    mother: str
    adult: bool


def adult_name(rng: Random, kind: Tradition, sex: str) -> FullName:
    """Return the name of somebody whose parents are not in the data."""
    father = FullName(kind.forename(rng, "M", adult=True), (), kind.family_name(rng))
    grandfather = FullName(kind.forename(rng, "M", adult=True), (), "")
    father.middles = (grandfather.forename,)
    mother_surname = kind.family_name(rng)
    return child_name(rng, kind, sex, father, mother_surname, adult=True)


def child_name(
    rng: Random, kind: Tradition, sex: str, father: FullName | None, mother_surname: str, *, adult: bool = False
) -> FullName:
    """Return a child's name after the father (or the mother alone) in the way of a tradition."""
    forename = kind.forename(rng, sex, adult=adult)
    surname = father.surname if father else mother_surname
    return _STYLES[kind.style](rng, _Birth(kind, sex, forename, surname, father, mother_surname, adult))


def _inherit(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    middles = []
    if rng.random() < 0.78:
        middles.append(birth.kind.forename(rng, birth.sex, adult=birth.adult))
        if rng.random() < 0.15:
            middles.append(birth.kind.forename(rng, birth.sex, adult=birth.adult))
    if (
        birth.father
        and birth.mother
        and birth.mother != surname
        and "-" not in birth.mother + surname
        and rng.random() < 0.07
    ):
        surname = f"{birth.mother}-{surname}" if rng.random() < 0.7 else f"{surname}-{birth.mother}"
    return FullName(birth.forename, tuple(each for each in middles if each != birth.forename), surname)


def _muslim(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    if birth.sex == "F":
        if rng.random() < (0.5 if birth.adult else 0.2):
            surname = _of(world.MUSLIM_WOMEN_LAST, rng)
        return FullName(birth.forename, (), surname)
    if birth.father and rng.random() < 0.12:
        surname = birth.father.middles[-1] if birth.father.middles else birth.father.forename
    if rng.random() < 0.42:
        return FullName(_of(MUHAMMAD, rng), (birth.forename,), surname)
    return FullName(birth.forename, (), surname)


def _sikh(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    given = "Kaur" if birth.sex == "F" else "Singh"
    if surname in ("Singh", "Kaur"):
        return FullName(birth.forename, (), given)
    return FullName(birth.forename, (given,) if rng.random() < 0.8 else (), surname)


def _patronym(rng: Random, birth: _Birth) -> FullName:
    return FullName(birth.forename, (), birth.father.forename if birth.father else birth.mother)


def _grandfather(rng: Random, birth: _Birth) -> FullName:
    if birth.father is None:
        return FullName(birth.forename, (), birth.mother)
    older = birth.father.middles[0] if birth.father.middles else birth.father.surname
    return FullName(birth.forename, (birth.father.forename,), older)


def _arabic(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    if birth.father and (
        birth.father.surname not in birth.kind.surnames.values or (birth.adult and rng.random() < 0.4)
    ):
        return FullName(birth.forename, (), birth.father.forename)  # the Eritrean way: the father's own name
    middle = (birth.father.forename,) if birth.father and rng.random() < 0.35 else ()
    return FullName(birth.forename, middle, surname)


def _polish(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    middle = (birth.kind.forename(rng, birth.sex, adult=birth.adult),) if rng.random() < 0.4 else ()
    return FullName(birth.forename, middle, gendered(surname, birth.sex))


def gendered(surname: str, sex: str) -> str:
    """Return a Polish surname in the form for a woman or for a man."""
    male = surname[:-1] + "i" if surname.endswith(("ska", "cka", "dzka")) else surname
    return male[:-1] + "a" if sex == "F" and male.endswith(("ski", "cki", "dzki")) else male


def _two(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    middle = (birth.kind.forename(rng, birth.sex, adult=birth.adult),) if rng.random() < 0.5 else ()
    last = surname.split(" ")[-1]
    before = birth.mother.split(" ")[-1]
    linked = rng.choice(("", "", "dos ", "da ", "de "))
    return FullName(birth.forename, middle, f"{before} {linked}{last}" if before != last else last)


def _chinese(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    known = _of(world.CHINESE_KNOWN_AS, rng) if rng.random() < 0.35 else ""
    return FullName(birth.forename, (), surname, known)


def _vietnamese(rng: Random, birth: _Birth) -> FullName:
    surname = birth.surname
    middle = (
        "Thi"
        if birth.sex == "F" and rng.random() < 0.6
        else _of(world.VIETNAMESE_GIVEN, rng)
        if birth.sex == "F"
        else "Van"
    )
    return FullName(birth.forename, (middle,), surname)


_STYLES = {
    "inherit": _inherit,
    "muslim": _muslim,
    "sikh": _sikh,
    "patronym": _patronym,
    "grandfather": _grandfather,
    "arabic": _arabic,
    "polish": _polish,
    "two": _two,
    "chinese": _chinese,
    "vietnamese": _vietnamese,
}
