"""A whole invented town: its families, and what five agencies hold of them, with the slips real records have.

Siblings and twins, one parent or two, step-families, children with two homes, families that moved, many naming
traditions. The same town comes out every time for the same number of children; ages follow the day of loading.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from joinedup.access.actor import system
from joinedup.core.bulk import insert_from
from joinedup.engines.linkage.identifiers import upn_check_letter
from joinedup.person_index.demo import _FILES, DemoHousehold
from joinedup.person_index.demo_names import LETTERS, STREET_ENDINGS, STREETS, TRADITIONS, Tradition
from joinedup.person_index.models import FamilyMember, Relationship
from joinedup.person_index.services import (
    ImportResult,
    NewPerson,
    ObservationImport,
    create_person,
    import_observations,
    import_records,
)

_FIRST_NHS = 20_000  # the demo's own people have the numbers below
_DISTRICTS = 8
_HOMES_IN_A_POSTCODE = 15


@dataclass(slots=True)
class Townsperson:
    """Somebody invented, as they would say themselves."""

    given_name: str
    family_name: str
    born: date
    sex: str
    part: str
    nhs_number: str = ""
    upn: str = ""
    short_name: str = ""
    former_name: str = ""
    is_swapped: bool = False
    ethnicity: str = ""


@dataclass(slots=True)
class TownHousehold:
    """Who lives together. `earlier` is where they lived before, where some agency has not heard of the move."""

    number: int
    lines: str
    postcode: str
    phone: str
    people: list[Townsperson]
    earlier: tuple[str, str] = ("", "")
    agencies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Slips:
    """How often an agency has something otherwise, in thousandths of its records."""

    typing: int
    short_name: int
    swapped_date: int
    no_date: int
    no_number: int
    old_address: int
    old_name: int
    no_phone: int


_SLIPS = {
    "NHS": _Slips(6, 4, 2, 1, 8, 45, 15, 180),
    "SCHOOLS": _Slips(10, 45, 4, 0, 3, 60, 5, 1000),
    "COUNCIL": _Slips(18, 40, 6, 12, 380, 50, 30, 220),
    "HOUSING": _Slips(25, 60, 10, 70, 1000, 15, 60, 120),
    "POLICE": _Slips(40, 90, 15, 90, 1000, 160, 70, 1000),
}
# Of a thousand households, how many an agency knows.
_KNOWN_TO = {"COUNCIL": 470, "HOUSING": 290, "POLICE": 130}


def _check_digit(nine: str) -> int:
    return 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11


@dataclass
class _Town:
    """Makes the town in the same order every time."""

    children: int
    today: date
    chance: random.Random = field(init=False)
    _nhs: int = _FIRST_NHS
    _upn: int = 500_000_000

    def __post_init__(self) -> None:
        self.chance = random.Random(f"town {self.children}")  # noqa: S311 - invented people, not secrets

    def nhs_number(self) -> str:
        """The next number of the range that belongs to no patient."""
        while True:
            self._nhs += 1
            nine = f"999{self._nhs:06}"
            digit = _check_digit(nine)
            if digit != 10:
                return nine + str(digit % 11)

    def upn(self) -> str:
        """The next pupil number of an authority that does not exist."""
        self._upn += 7
        rest = f"999{self._upn:09}"
        return upn_check_letter(rest) + rest

    def born(self, years: float) -> date:
        """Some day on which somebody who is so many years old may have been born."""
        return self.today - timedelta(days=int(years * 365.25) + self.chance.randrange(365))

    def person(self, tradition: Tradition, surname: str, born: date, sex: str, part: str) -> Townsperson:
        """Somebody of a naming tradition."""
        given = self.chance.choice(tradition.girls if sex == "F" else tradition.boys)
        ending, hers = tradition.women_end
        if sex == "F" and ending and surname.endswith(ending):
            surname = surname.removesuffix(ending) + hers
        return Townsperson(
            given, surname, born, sex, part, nhs_number=self.nhs_number(),
            short_name=dict(tradition.short).get(given, ""), is_swapped=tradition.is_swapped,
            ethnicity=tradition.ethnicity,
        )  # fmt: skip

    def surname(self, tradition: Tradition) -> str:
        """Some are common and most are not."""
        number = int(tradition.surnames * self.chance.random() ** 1.7)
        one = tradition.surname(number)
        if not tradition.is_double:
            return one
        other = tradition.surname(int(tradition.surnames * self.chance.random()))
        return f"{one}-{other}" if tradition.name == "british double" else f"{one} {other}"

    def ages(self) -> list[float]:
        """Ages of the children of one household, the eldest first; two alike are twins."""
        count = self.chance.choices((1, 2, 3, 4, 5), (42, 40, 13, 4, 1))[0]
        ages = [self.chance.random() * 17.9 for _ in range(count)]
        for place in range(1, count):
            if self.chance.random() < 0.025:
                ages[place] = ages[place - 1]
            elif abs(ages[place] - ages[place - 1]) < 1.1:
                ages[place] = (ages[place - 1] + 2.2) % 17.9
        return sorted(ages, reverse=True)

    def home(self) -> tuple[str, str]:
        """A door in a street that does not exist: a postcode is always the same street."""
        number = self.chance.randrange(max(40, self.children // 2 // _HOMES_IN_A_POSTCODE))
        district, rest = number % _DISTRICTS + 1, number // _DISTRICTS
        sector, rest = rest % 9 + 1, rest // 9
        inward = LETTERS[rest % 20] + LETTERS[(rest // 20) % 20]
        street = f"{STREETS[number % len(STREETS)]} {STREET_ENDINGS[number // len(STREETS) % len(STREET_ENDINGS)]}"
        return f"{self.chance.randrange(1, 60)} {street}, Exampletown", f"ZZ{district} {sector}{inward}"

    def household(self, number: int) -> TownHousehold:
        """One household with its children, its one or two adults, and who knows it."""
        tradition = self.chance.choices(TRADITIONS, [each.share for each in TRADITIONS])[0]
        surname = self.surname(tradition)
        ages = self.ages()
        shape = self.chance.choices(("two", "mother", "father", "step", "grandparent"), (58, 26, 4, 10, 2))[0]
        adults = self._adults(shape, tradition, surname, ages[-1])
        people = [*adults, *self._children(shape, tradition, surname, ages)]
        lines, postcode = self.home()
        moved = self.home() if self.chance.random() < 0.18 else ("", "")
        agencies = {"NHS", "SCHOOLS"} | {
            agency for agency, share in _KNOWN_TO.items() if self.chance.randrange(1000) < share
        }
        phone = f"07700 900{self.chance.randrange(1000):03}"
        return TownHousehold(number, lines, postcode, phone, people, moved, frozenset(agencies))

    def _adults(self, shape: str, tradition: Tradition, surname: str, youngest: float) -> list[Townsperson]:
        years = youngest + self.chance.uniform(21, 37)
        mother = self.person(tradition, surname, self.born(years), "F", "parent")
        if self.chance.random() < 0.22:
            mother.former_name = self.surname(tradition)
        father = self.person(tradition, surname, self.born(years + self.chance.uniform(-2, 6)), "M", "parent")
        if shape == "mother":
            return [mother]
        if shape == "father":
            return [father]
        if shape == "grandparent":
            return [self.person(tradition, surname, self.born(years + 24), "F", "carer")]
        if shape == "step":
            other = self.chance.choices(TRADITIONS, [each.share for each in TRADITIONS])[0]
            return [mother, self.person(other, self.surname(other), father.born, "M", "carer")]
        if self.chance.random() < 0.3:
            father.family_name = self.surname(tradition)  # parents who did not marry
        return [mother, father]

    def _children(self, shape: str, tradition: Tradition, surname: str, ages: list[float]) -> list[Townsperson]:
        children: list[Townsperson] = []
        for place, years in enumerate(ages):
            is_twin = place > 0 and years == ages[place - 1]
            born = children[-1].born if is_twin else self.born(years)
            born = max(born, self.today - timedelta(days=int(17.9 * 365.25)))
            # In a step-family the eldest may have the name of a father who lives elsewhere.
            name = self.surname(tradition) if shape == "step" and place == 0 and len(ages) > 1 else surname
            child = self.person(tradition, name, born, self.chance.choice("FM"), "child")
            while child.given_name in {each.given_name for each in children}:
                given = tradition.girls if child.sex == "F" else tradition.boys
                child.given_name, child.short_name = self.chance.choice(given), ""
            if 4.2 <= (self.today - child.born).days / 365.25 < 16.5:
                child.upn = self.upn()
            children.append(child)
        return children

    def second_home(self, house: TownHousehold) -> TownHousehold:
        """Where the children of a household live at weekends: with their father."""
        lines, postcode = self.home()
        children = [each for each in house.people if each.part == "child"]
        father = self.person(TRADITIONS[0], children[0].family_name, self.born(40), "M", "parent")
        agencies = frozenset({"NHS", "COUNCIL"} if self.chance.random() < 0.6 else {"NHS", "HOUSING"})
        phone = f"07700 900{self.chance.randrange(1000):03}"
        return TownHousehold(house.number, lines, postcode, phone, [father, *children], ("", ""), agencies)

    def households(self) -> Iterator[TownHousehold]:
        """Every household, until the town has its children."""
        made = number = 0
        while made < self.children:
            house = self.household(number)
            excess = made + sum(each.part == "child" for each in house.people) - self.children
            if excess > 0:
                house.people = house.people[: len(house.people) - excess]
            made += sum(each.part == "child" for each in house.people)
            number += 1
            yield house
            adults = [each for each in house.people if each.part != "child"]
            if len(adults) == 1 and adults[0].sex == "F" and self.chance.random() < 0.09:
                yield self.second_home(house)


def households(children: int, today: date) -> list[TownHousehold]:
    """The invented town."""
    return list(_Town(children, today).households())


# --- What each agency has of it.


def rows_of(agency: str, town: list[TownHousehold]) -> Iterator[tuple[TownHousehold, Townsperson, dict[str, str]]]:
    """What an agency has of each person it knows, with its slips; the same every time."""
    chance = random.Random(f"{agency} {len(town)}")  # noqa: S311 - invented people, not secrets
    written: set[int] = set()
    for place, house in enumerate(town):
        if agency not in house.agencies:
            continue
        for number, person in enumerate(house.people):
            is_twice = id(person) in written and agency not in {"COUNCIL", "HOUSING"}
            if is_twice or not _is_known(agency, person, chance):
                continue
            written.add(id(person))
            said = _said(agency, house, person, chance)
            said["reference"], said["household"] = f"{agency[0]}T{place:05}{number}", f"{agency[0]}TH{place:05}"
            yield house, person, said


def file_of(agency: str, town: list[TownHousehold]) -> bytes:
    """One agency's CSV of the people it knows. The schools keep the ethnic group as parents gave it."""
    header, names = _FILES[agency]
    columns = names.split()
    extra = ["Ethnicity"] if agency == "SCHOOLS" else []
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*header.split(","), *extra])
    for _, person, said in rows_of(agency, town):
        writer.writerow([*(said[column] for column in columns), *([person.ethnicity] if extra else [])])
    return out.getvalue().encode()


# Agency: kind of observation, of a thousand children in an ordinary and in a troubled household, lowest and highest value.
_OBSERVED: dict[str, tuple[tuple[str, int, int, float, float], ...]] = {
    "SCHOOLS": (("suspension", 6, 130, 0.5, 6), ("school_move", 8, 60, 0, 0), ("permanent_exclusion", 0, 8, 0, 0)),
    "NHS": (("emergency_attendance", 45, 190, 0, 0), ("not_brought", 20, 260, 0, 0)),
    "POLICE": (("police_incident", 60, 450, 0, 0), ("missing_episode", 4, 110, 0, 0)),
    "HOUSING": (("rent_arrears", 60, 420, 2, 26), ("eviction_notice", 2, 70, 0, 0), ("homelessness", 1, 25, 0, 0)),
}
_TROUBLED = 35  # of a thousand households


def observations_of(agency: str, town: list[TownHousehold], today: date) -> bytes:
    """What an agency observed of the town's children in the last four months, as CSV. Trouble comes together: a few
    households have much of it. Attendance is of every pupil, for the last half term."""
    chance = random.Random(f"observed {agency} {len(town)}")  # noqa: S311 - invented, not secrets
    troubled = random.Random(f"trouble {len(town)}")  # noqa: S311 - invented, not secrets
    in_trouble = {id(house) for house in town if troubled.randrange(1000) < _TROUBLED}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("Reference", "Observation", "Date", "Value"))
    for house, person, said in rows_of(agency, town):
        if person.part != "child":
            continue
        has_trouble = id(house) in in_trouble
        if agency == "SCHOOLS":
            share = min(100.0, max(20.0, chance.gauss(76, 13) if has_trouble else chance.gauss(94.5, 3.6)))
            day = today - timedelta(days=18)
            writer.writerow((said["reference"], "attendance", day.isoformat(), f"{share:.1f}"))
        for kind, seldom, often, least, most in _OBSERVED.get(agency, ()):
            while chance.randrange(1000) < (often if has_trouble else seldom):
                day = max(person.born, today - timedelta(days=chance.randrange(2, 118)))
                value = f"{round(chance.uniform(least, most) * 2) / 2}" if most else ""
                writer.writerow((said["reference"], kind, day.isoformat(), value))
    return out.getvalue().encode()


def bring_in_observations(agency: str, town: list[TownHousehold], *, at: datetime) -> ObservationImport:
    """Import what one agency observed, as it would send it."""
    return import_observations(
        agency_code=agency, file_name=f"{agency.lower()}-observations.csv",
        content=observations_of(agency, town, at.date()), by=system(at), at=at,
    )  # fmt: skip


def _is_known(agency: str, person: Townsperson, chance: random.Random) -> bool:
    if agency == "SCHOOLS":
        return bool(person.upn) and chance.randrange(1000) < 955
    if agency == "POLICE":
        return chance.random() < (0.45 if person.part == "child" else 0.8)
    return agency != "NHS" or chance.randrange(1000) < 988


def _said(agency: str, house: TownHousehold, person: Townsperson, chance: random.Random) -> dict[str, str]:
    slips = _SLIPS[agency]
    often: Callable[[int], bool] = lambda rate: chance.randrange(1000) < rate  # noqa: E731
    given, family, born = person.given_name, person.family_name, person.born.isoformat()
    if person.short_name and often(slips.short_name * 4):
        given = person.short_name
    if person.former_name and often(slips.old_name * 4):
        family = person.former_name
    if person.is_swapped and often(slips.short_name * 3):
        given, family = family, given
    elif "-" in family or " " in family:
        family = family.replace(" ", "-").split("-")[0] if often(slips.old_name * 3) else family
    if often(slips.typing):
        family = _mistyped(family, chance)
    elif often(slips.typing):
        given = _mistyped(given, chance)
    if often(slips.no_date):
        born = ""
    elif often(slips.swapped_date) and person.born.day <= 12:
        born = date(person.born.year, person.born.day, person.born.month).isoformat()
    is_old = bool(house.earlier[1]) and often(slips.old_address * 5)
    lines, postcode = house.earlier if is_old else (house.lines, house.postcode)
    return {
        "given_name": given, "family_name": family, "birth_date": born, "sex": person.sex,
        "nhs_number": "" if often(slips.no_number) else person.nhs_number,
        "upn": "" if often(slips.no_number) else person.upn,
        "address": lines, "postcode": postcode, "phone": "" if often(slips.no_phone) else house.phone,
        "part": person.part,
    }  # fmt: skip


def _mistyped(name: str, chance: random.Random) -> str:
    """A letter dropped, doubled, or changed places with its neighbour."""
    if len(name) < 4:
        return name
    place, how = chance.randrange(1, len(name) - 1), chance.randrange(3)
    if how == 0:
        return name[:place] + name[place + 1 :]
    if how == 1:
        return name[:place] + name[place] + name[place:]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def bring_in(agency: str, town: list[TownHousehold], *, at: datetime) -> ImportResult:
    """Import one agency's file as it would have come."""
    return import_records(
        agency_code=agency, file_name=f"{agency.lower()}-town.csv", content=file_of(agency, town), by=system(at), at=at
    )


AGENCIES: tuple[str, ...] = tuple(_FILES)
OBSERVERS: tuple[str, ...] = tuple(_OBSERVED)


def relate_families(*, at: datetime) -> int:
    """Parents and children of the families that agencies' households made, as the council has them: written in one
    statement, because each alone would take a quarter of an hour. Returns how many relationships."""
    source = (
        "person_index_familymember adult JOIN person_index_familymember child ON child.family_id = adult.family_id AND child.part = 'child' AND adult.part = 'parent'"
        " JOIN person_index_person who ON who.id = adult.person_id AND who.sex IN ('F', 'M')"
        " WHERE NOT EXISTS (SELECT 1 FROM person_index_relationship had WHERE had.person_id = adult.person_id"
        " AND had.other_id = child.person_id)"
        " GROUP BY adult.person_id, child.person_id, who.sex"
    )
    kind = "CASE who.sex WHEN 'F' THEN 'mother' ELSE 'father' END"
    return insert_from(
        Relationship,
        source,
        {
            "id": "gen_random_uuid()", "person_id": "adult.person_id", "other_id": "child.person_id", "kind": kind,
            "source": "'Exampleshire Council'",
        },
    )  # fmt: skip


def expect_children(number: int, *, at: datetime) -> int:
    """Unborn children that midwives have told the front door about."""
    chance = random.Random(f"unborn {number}")  # noqa: S311 - invented people, not secrets
    for _ in range(number):
        tradition = chance.choices(TRADITIONS, [each.share for each in TRADITIONS])[0]
        surname = tradition.surname(chance.randrange(tradition.surnames))
        day = at.date() + timedelta(days=chance.randrange(10, 190))
        create_person(facts=NewPerson(family_name=surname, expected_on=day), source="midwife", by=system(at), at=at)
    return number


@dataclass(frozen=True, slots=True)
class TownFamily:
    """A family as the index has it after the imports: its children, the eldest first, and its adults."""

    family_id: UUID
    children: tuple[tuple[UUID, str, date], ...]
    adults: tuple[UUID, ...]
    postcode: str

    @property
    def district(self) -> int:
        """The number of its postcode district."""
        return int(self.postcode[2]) if self.postcode[2:3].isdigit() else 1


def families() -> list[TownFamily]:
    """The families of the town that have a child, in the order of the households they were made from."""
    rows = FamilyMember.objects.filter(family__household_reference__contains="TH", ends_on__isnull=True)
    rows = rows.order_by("family__household_reference", "person__birth_date", "person__given_name")
    children: dict[UUID, list[tuple[UUID, str, date]]] = {}
    adults: dict[UUID, list[UUID]] = {}
    postcodes: dict[UUID, str] = {}
    for family_id, part, person_id, name, born, known in rows.values_list(
        "family_id", "part", "person_id", "person__given_name", "person__birth_date", "person__known"
    ).iterator(chunk_size=5000):
        postcodes.setdefault(family_id, next(iter(known.get("postcodes", ())), ""))
        if part == "child" and born is not None:
            children.setdefault(family_id, []).append((person_id, name, born))
        else:
            adults.setdefault(family_id, []).append(person_id)
    return [
        TownFamily(family_id, tuple(found), tuple(adults.get(family_id, ())), postcodes[family_id])
        for family_id, found in children.items()
    ]


# What agencies observed in some of the demo's own households: household, agency, kind, days ago, value.
_IN_THE_DEMO: tuple[tuple[int, str, str, int, str], ...] = (
    (40, "SCHOOLS", "attendance", 18, "58.5"), (40, "NHS", "not_brought", 30, ""), (40, "NHS", "not_brought", 12, ""),
    (41, "SCHOOLS", "attendance", 18, "79"), (41, "POLICE", "police_incident", 25, ""),
    (41, "POLICE", "police_incident", 9, ""), (43, "SCHOOLS", "suspension", 40, "2"), (43, "SCHOOLS", "suspension", 11, "3.5"),
    (43, "SCHOOLS", "attendance", 18, "81.5"), (45, "HOUSING", "eviction_notice", 6, ""),
    (45, "HOUSING", "rent_arrears", 20, "11"), (47, "NHS", "emergency_attendance", 70, ""), (47, "NHS", "not_brought", 21, ""),
    (47, "NHS", "emergency_attendance", 33, ""), (47, "NHS", "emergency_attendance", 5, ""), (47, "NHS", "not_brought", 50, ""),
    (50, "SCHOOLS", "attendance", 18, "61"), (52, "SCHOOLS", "attendance", 18, "72"), (52, "HOUSING", "rent_arrears", 15, "9"),
    (55, "SCHOOLS", "attendance", 18, "94"), (56, "SCHOOLS", "attendance", 18, "97.5"),
)  # fmt: skip


def observe_demo(found: Sequence[DemoHousehold], *, at: datetime) -> int:
    """What agencies observed of children in the demo's own households. Returns how many observations were kept."""
    kept = 0
    for agency in OBSERVERS:
        lines = ["Reference,Observation,Date,Value"]
        for number, by, kind, ago, value in _IN_THE_DEMO:
            house = found[number]
            known = by == agency and agency in house.agencies
            for place, person in enumerate(house.people if known else ()):
                if person.part == "child" and (agency != "SCHOOLS" or person.upn):
                    day = max(person.born, at.date() - timedelta(days=ago))
                    lines.append(f"{agency[0]}{house.number:03}{place},{kind},{day.isoformat()},{value}")
        result = import_observations(
            agency_code=agency, file_name=f"{agency.lower()}-observed.csv", content="\n".join(lines).encode(),
            by=system(at), at=at,
        )  # fmt: skip
        kept += result.counts["created"]
    return kept
