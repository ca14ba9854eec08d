"""A hundred thousand invented people as an agency's export has them: every kind of mess, the same every time."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta

from joinedup.engines.linkage.identifiers import upn_check_letter
from joinedup.person_index.tests.bench_search import _ENDINGS, _names
from joinedup.person_index.tests.factories import nhs_number

HEADER = [
    "Client Ref ", "FORENAME(S)", "Surname", "D.O.B.", "Gender", "NHS No.", "UPN", "Address Line 1", "Address Line 2",
    "Post Code", "Tel No", "Household Ref", "Role in household", "Date last updated", "Free text", "", "Ward",
]  # fmt: skip
_EPOCH = date(1899, 12, 30)


def messy_rows(count: int, seed: int = 20261122) -> list[list[str]]:
    """Rows beneath HEADER. Of a thousand about 25 cannot be used, 10 come twice and 15 are blank."""
    chance = random.Random(seed)
    given, family = _names(chance, 1500, ["", "a", "o", "an", "is"]), _names(chance, 6000, _ENDINGS)
    made: list[list[str]] = []
    surname = postcode = street = ""
    number = left = house = 0
    while len(made) < count:
        roll = chance.random()
        if roll < 0.010 and made:
            made.append(list(made[chance.randrange(max(0, len(made) - 500), len(made))]))
            continue
        if roll < 0.025:
            made.append([""] * (0 if roll < 0.018 else len(HEADER)))
            continue
        if not left:
            house, left = house + 1, chance.choice((1, 2, 3, 3, 4, 5))
            surname, street = (
                family[int(len(family) * chance.random() ** 2)],
                f"{chance.randrange(1, 200)} Invented Way",
            )
            postcode = (
                f"ZZ{chance.randrange(1, 60)} {chance.randrange(1, 10)}{chance.choice('ABDE')}{chance.choice('FGHJ')}"
            )
        left, number = left - 1, number + 1
        made.append(_row(chance, number, house, chance.choice(given), surname, street, postcode))
    return made


def _row(chance: random.Random, number: int, house: int, given: str, surname: str, street: str, code: str) -> list[str]:
    is_child = chance.random() < 0.6
    born = date(2009, 1, 1) + timedelta(days=chance.randrange(6500)) if is_child else date(1960, 1, 1) + timedelta(days=chance.randrange(15000))  # fmt: skip
    nhs = nhs_number(number) if chance.random() < 0.75 else ""
    if nhs and chance.random() < 0.008:
        nhs = nhs[:4] + str((int(nhs[4]) + 1) % 10) + nhs[5:]  # one digit wrong
    elif nhs and chance.random() < 0.3:
        nhs = f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}"
    serial = f"801{number:09d}"
    upn = upn_check_letter(serial) + serial if is_child and chance.random() < 0.5 else ""
    shape = chance.random()
    name = given.upper() if shape < 0.25 else given.lower() if shape < 0.3 else given
    last = (
        surname.upper()
        if shape < 0.4
        else f"{surname}-{'O’' if shape > 0.97 else ''}Brook"
        if shape > 0.93
        else surname
    )
    return [
        f"C{number:07d}" if chance.random() > 0.002 else "",
        f"{name} {chance.choice(('Ann', 'Lee', 'Jay'))}" if shape > 0.8 else name,
        last,
        _date(chance, born),
        chance.choice(("M", "F", "male", "Female", "1", "2", "U", "")) if chance.random() > 0.003 else "Q7",
        nhs,
        upn if chance.random() > 0.004 else "A12",
        street,
        "Testbridge" if chance.random() < 0.8 else "",
        code if chance.random() < 0.6 else code.replace(" ", "").lower() if chance.random() < 0.98 else "nowhere",
        f"01632 96{chance.randrange(10_000):04d}" if chance.random() < 0.6 else "n/a",
        f"H{house}" if chance.random() < 0.8 else "",
        ("child" if is_child else "Parent") if chance.random() < 0.7 else "",
        f"{chance.randrange(1, 29):02d}/10/2026",
        ("Invented, “quoted” and\nbroken words; " * 12)[: chance.randrange(280, 520)],
        "",
        f"Ward {house % 20}",
    ]  # fmt: skip


def _date(chance: random.Random, born: date) -> str:
    shape = chance.random()
    if shape < 0.45:
        return f"{born:%d/%m/%Y}"
    if shape < 0.65:
        return born.isoformat()
    if shape < 0.75:
        return f"{born:%d-%b-%Y}"
    if shape < 0.83:
        return str((born - _EPOCH).days)
    if shape < 0.9:
        return f"{born:%d.%m.%y}"
    if shape < 0.97:
        return f"{born.isoformat()} 00:00:00"
    return "" if shape < 0.992 else "31/02/2014" if shape < 0.997 else "not sure"


def messy_file(count: int) -> bytes:
    """The rows as CSV in Windows-1252, with two lines of title above the header."""
    out = io.StringIO(newline="")
    out.write("Extract of clients known to the service\r\nOFFICIAL-SENSITIVE\r\n")
    writer = csv.writer(out)
    writer.writerows([HEADER, *messy_rows(count)])
    return out.getvalue().encode("cp1252")
