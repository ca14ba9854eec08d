"""The demo's people: about eighty invented households, as five agencies know them, brought in through the import.

The agencies overlap and disagree as real ones do: twins, a child with two homes, a double surname that one agency
halves, a mother's earlier name, a date of birth with day and month swapped, a family without an address. The same
people come out every time; their ages follow the day of loading.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from joinedup.access.actor import system
from joinedup.engines.linkage.identifiers import has_nhs_check_digit, upn_check_letter
from joinedup.person_index.demo_matches import bring_look_alikes
from joinedup.person_index.models import Family, Person
from joinedup.person_index.services import import_records, record_relationship, record_safe_contact

_HOUSEHOLDS = 80
_SEED = 2026

_BEGINNINGS = ("Test", "Sample", "Mock", "Exampl", "Fict", "Trial", "Invent", "Placehol")
_ENDINGS = ("leywood", "ingford", "ermoor", "inghurst", "erwick", "enstone", "ingcombe", "ersby", "enfield", "inglow")
_GIRLS = (
    "Aaliyah Ada Amelia Anwen Beatrix Chidera Daisy Elif Esme Farah Freya Grace Hana Imogen Isla Jasmine Kezia Layla "
    "Lily Maya Mei Nadia Orla Poppy Ruby Saoirse Tilly Uma Violet Wanjiru Yasmin Zofia"
)
_BOYS = (
    "Aarav Alfie Arlo Bilal Callum Dylan Ethan Finley George Harvey Ibrahim Jakub Kai Leo Mateo Noah Oscar Patrick Quinn "
    "Reuben Samir Theo Umar Victor Wesley Xavier Yusuf Zachary"
)
_WOMEN = (
    "Abigail Bronwen Carys Denise Emma Fatima Gemma Helen Irina Joanne Karen Leanne Michelle Natasha Olga Priya Rachel "
    "Shabnam Tracey Zainab"
)
_MEN = (
    "Adam Bartek Craig Darren Emeka Faisal Gareth Hamza Ian Jason Karl Lee Mark Nathan Owen Paul Rhys Sean Tariq Wayne"
)
_STREETS = (
    "Placeholder Lane", "Sample Street", "Mockingbird Close", "Example Avenue", "Trial Terrace", "Specimen Row",
    "Inventory Way", "Fiction Drive", "Testament Road", "Pattern Place",
)  # fmt: skip
_DISTRICTS = ("ZZ1", "ZZ2", "ZZ3", "ZZ4", "ZZ5", "ZZ6", "ZZ7", "ZZ8")


@dataclass
class DemoPerson:
    """Somebody invented. `said` is what an agency has otherwise: agency code to column and value."""

    given_name: str
    family_name: str
    born: date
    sex: str
    part: str
    nhs_number: str = ""
    upn: str = ""
    said: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class DemoHousehold:
    """Who lives together where, and which agencies know them."""

    number: int
    surname: str
    lines: str
    postcode: str
    phone: str
    people: list[DemoPerson]
    agencies: set[str] = field(default_factory=set)

    @property
    def children(self) -> list[DemoPerson]:
        """Those under eighteen, the eldest first."""
        return [person for person in self.people if person.part == "child"]

    @property
    def adults(self) -> list[DemoPerson]:
        """The parents."""
        return [person for person in self.people if person.part == "parent"]


class _Maker:
    """Makes people in the same order every time."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = random.Random(_SEED)  # noqa: S311 - invented people, not secrets
        self.numbers = 0

    def nhs_number(self) -> str:
        """The next number of the range that belongs to no patient."""
        while True:
            self.numbers += 1
            for digit in "0123456789":
                number = f"999{self.numbers:06}{digit}"
                if has_nhs_check_digit(number):
                    return number

    def born(self, years: float) -> date:
        """A birthday that makes somebody about so many years old today."""
        return self.today - timedelta(days=round(years * 365.25) + self.random.randrange(1, 300))

    def child(self, surname: str, years: int, *, sex: str = "") -> DemoPerson:
        """A child, with a pupil number at school age."""
        sex = sex or self.random.choice("FM")
        child = DemoPerson(
            self.random.choice((_GIRLS if sex == "F" else _BOYS).split()), surname, self.born(years), sex, "child",
            nhs_number=self.nhs_number(),
        )  # fmt: skip
        if 4 <= years <= 16:
            rest = f"999{self.random.randrange(10**9):09}"
            child.upn = upn_check_letter(rest) + rest
        return child

    def adult(self, surname: str, sex: str, youngest: int) -> DemoPerson:
        """A parent old enough for the youngest child and their elder ones."""
        names = (_WOMEN if sex == "F" else _MEN).split()
        born = self.born(youngest + self.random.randrange(24, 36))
        return DemoPerson(self.random.choice(names), surname, born, sex, "parent", nhs_number=self.nhs_number())

    def household(self, number: int) -> DemoHousehold:
        """One household: a surname nobody else has, one or two parents, one to four children."""
        beginning, ending = divmod(number, len(_ENDINGS))
        surname = _BEGINNINGS[beginning % len(_BEGINNINGS)] + _ENDINGS[ending]
        district = _DISTRICTS[number % len(_DISTRICTS)]
        postcode = (
            f"{district} {self.random.randrange(1, 9)}{self.random.choice('ABDEFGHJ')}{self.random.choice('PQRSTUWX')}"
        )
        ages = sorted(
            (self.random.randrange(0, 17) for _ in range(self.random.choice((1, 1, 2, 2, 2, 3, 4)))), reverse=True
        )
        adults = [self.adult(surname, sex, ages[-1]) for sex in self.random.choice(("F", "F", "FM", "FM", "M"))]
        children = [self.child(surname, age) for age in ages]
        for place, child in enumerate(children):
            while child.given_name in {other.given_name for other in children[:place]}:
                child.given_name = self.random.choice((_GIRLS if child.sex == "F" else _BOYS).split())
        return DemoHousehold(
            number, surname, f"{self.random.randrange(1, 120)} {self.random.choice(_STREETS)}, Exampletown", postcode,
            f"07700 900{number:03}", [*adults, *children], self._known_to(),
        )  # fmt: skip

    def _known_to(self) -> set[str]:
        shares = {"COUNCIL": 0.55, "HOUSING": 0.45, "POLICE": 0.2}
        return {"NHS", "SCHOOLS"} | {agency for agency, share in shares.items() if self.random.random() < share}


def households(today: date) -> list[DemoHousehold]:
    """The invented households, with what agencies disagree about."""
    maker = _Maker(today)
    found = [maker.household(number) for number in range(_HOUSEHOLDS)]
    _make_special(found, maker)
    return found


def _make_special(found: list[DemoHousehold], maker: _Maker) -> None:
    """The first few households show what makes linking hard."""
    twins, two_homes, hyphen, renamed, swapped, homeless = found[:6]
    for house in found[:6]:
        house.agencies |= {"COUNCIL"}
    # Twins: one day of birth, one address, first names alike.
    one, other = maker.child(twins.surname, 7, sex="F"), maker.child(twins.surname, 7, sex="F")
    one.given_name, other.given_name, other.born = "Ellie", "Elsie", one.born
    twins.people = [*twins.adults, one, other]
    # A child with two homes, both known to the council.
    child = maker.child(two_homes.surname, 9, sex="M")
    child.given_name = "Tobias"
    two_homes.people = [maker.adult(two_homes.surname, "F", 9), child]
    father = found[10]
    father.agencies |= {"COUNCIL", "HOUSING"}
    father.people = [maker.adult(father.surname, "M", 9), child]
    # A double surname that the school halves.
    for person in hyphen.children:
        person.family_name = f"{hyphen.surname}-Demoson"
        person.said["SCHOOLS"] = {"family_name": hyphen.surname}
    # A mother known to the police under the name she had before.
    renamed.agencies |= {"POLICE"}
    renamed.people = [maker.adult(renamed.surname, "F", 5), maker.child(renamed.surname, 5)]
    renamed.people[0].said["POLICE"] = {"family_name": "Oldnameson", "nhs_number": ""}
    # Day and month of a birthday swapped by one agency.
    swapped.agencies |= {"HOUSING"}
    child = maker.child(swapped.surname, 12, sex="M")
    child.born = date(child.born.year, 4, 9)
    child.said["HOUSING"] = {"birth_date": f"{child.born.year}-09-04"}
    swapped.people = [maker.adult(swapped.surname, "F", 12), child]
    # No fixed address.
    homeless.lines, homeless.postcode = "No fixed address", ""


# Agency: the header its own system writes, and the facts in that order.
_FILES = {
    "NHS": (
        "Patient ID,Forename,Surname,Date of Birth,Sex,NHS Number,Address,Postcode,Telephone",
        "reference given_name family_name birth_date sex nhs_number address postcode phone",
    ),
    "SCHOOLS": (
        "Pupil ID,Given name,Family name,DOB,Gender,UPN,Address,Postcode",
        "reference given_name family_name birth_date sex upn address postcode",
    ),
    "COUNCIL": (
        "Reference,First name,Last name,Date of birth,Sex,NHS number,Address,Postcode,Phone,Household,Role",
        "reference given_name family_name birth_date sex nhs_number address postcode phone household part",
    ),
    "HOUSING": (
        "Tenant ID,Forename,Surname,DOB,Address,Postcode,Mobile,Household",
        "reference given_name family_name birth_date address postcode phone household",
    ),
    "POLICE": (
        "Record ID,Forenames,Surname,DOB,Gender,Address,Postcode",
        "reference given_name family_name birth_date sex address postcode",
    ),
}


def file_of(agency: str, found: Iterable[DemoHousehold]) -> bytes:
    """One agency's CSV of the people it knows."""
    header, columns = _FILES[agency]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header.split(","))
    written: set[int] = set()
    for house in found:
        for place, person in enumerate(house.people if agency in house.agencies else ()):
            # A child with two homes is one pupil and one patient, but stands in both households.
            is_twice = id(person) in written and agency not in {"COUNCIL", "HOUSING"}
            if is_twice or (agency == "SCHOOLS" and not person.upn):
                continue
            written.add(id(person))
            reference = f"{agency[0]}{house.number:03}{place}"
            writer.writerow(_row(agency, reference, house, person, columns.split()))
    return out.getvalue().encode()


def _row(agency: str, reference: str, house: DemoHousehold, person: DemoPerson, columns: list[str]) -> list[str]:
    said = {
        "reference": reference, "given_name": person.given_name, "family_name": person.family_name,
        "birth_date": person.born.isoformat(), "sex": person.sex, "nhs_number": person.nhs_number, "upn": person.upn,
        "address": house.lines, "postcode": house.postcode, "phone": house.phone,
        "household": f"{agency[0]}H{house.number:03}", "part": person.part,
    } | person.said.get(agency, {})  # fmt: skip
    return [said[column] for column in columns]


def load(*, at: datetime) -> list[DemoHousehold]:
    """Bring every agency's file in as it would have come over the past weeks, and what families told us themselves.
    Returns the households, for the parts above to make contacts about."""
    found = households(at.date())
    for place, agency in enumerate(_FILES):
        moment = at - timedelta(days=75 - place)
        import_records(
            agency_code=agency, file_name=f"{agency.lower()}-people.csv", content=file_of(agency, found),
            by=system(moment), at=moment,
        )  # fmt: skip
    _bring_update(found, at - timedelta(days=9))
    bring_look_alikes(found, at=at - timedelta(days=2))
    _record_what_families_said(found, at - timedelta(days=60))
    return found


def _bring_update(found: list[DemoHousehold], at: datetime) -> None:
    """The council's changes: one family has moved, and one row cannot be used, so that the report has something."""
    moved = found[7]
    moved.agencies |= {"COUNCIL"}
    moved.lines, moved.postcode = "3 Relocation Road, Exampletown", "ZZ3 4DD"
    lines = file_of("COUNCIL", [moved]) + b"C99999,Somebody,Unreadableson,31 February 2020,F,,,ZZ1 1AA,,,child\r\n"
    import_records(agency_code="COUNCIL", file_name="council-changes.csv", content=lines, by=system(at), at=at)


def _record_what_families_said(found: list[DemoHousehold], at: datetime) -> None:
    by = system(at)
    people = {(person.given_name, person.family_name, person.birth_date): person for person in Person.objects.all()}
    for house in found[:24]:
        adults, children = (
            [people.get((one.given_name, one.family_name, one.born)) for one in group]
            for group in (house.adults, house.children)
        )
        for adult in filter(None, adults):
            for child in filter(None, children):
                record_relationship(
                    person=adult, other=child, kind="mother" if adult.sex == "F" else "father",
                    has_parental_responsibility=True, source="Told by the family", by=by, at=at,
                )  # fmt: skip
            if house.number % 6 == 2:
                record_safe_contact(
                    person=adult, how="text", details=house.phone, when="Weekdays between 9am and 3pm",
                    not_through="Do not leave a message and do not ring the house", source="Told by the family", by=by,
                    at=at,
                )  # fmt: skip


def demo_families(most: int, **known: Any) -> list[Family]:
    """Families of the demo that fit `known` (look-ups of a family), the last by name first: whoever tries the demo out takes
    the first."""
    return list(Family.objects.filter(**known).order_by("-name", "pk").distinct()[:most])
