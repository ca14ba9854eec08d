"""The demo's possible matches: records that may be somebody known already, each hard in its own way, for people to
decide."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.engines.linkage.identifiers import has_nhs_check_digit
from joinedup.person_index.services import import_records

if TYPE_CHECKING:
    from joinedup.person_index.demo import DemoHousehold, DemoPerson

_HEADER = "Record ID,Forenames,Surname,DOB,Gender,Address,Postcode,NHS Number"


def _row(reference: str, house: DemoHousehold, person: DemoPerson, **said: str) -> list[str]:
    given = {
        "name": person.given_name, "surname": person.family_name, "born": person.born.isoformat(), "sex": person.sex,
        "lines": house.lines, "postcode": house.postcode, "nhs": "",
    } | said  # fmt: skip
    return [reference, given["name"], given["surname"], given["born"], given["sex"], given["lines"],
            given["postcode"], given["nhs"]]  # fmt: skip


def _another_number() -> str:
    """A number of the range that belongs to no patient, and to nobody else here."""
    return next(f"999990001{digit}" for digit in "0123456789" if has_nhs_check_digit(f"999990001{digit}"))


def bring_look_alikes(found: list[DemoHousehold], *, at: datetime) -> None:
    """A file of the police in which some are known by another spelling, another number, a guessed date of birth or after
    a move and a new surname."""
    homes = [house for house in found[12:] if house.children and house.postcode]
    elder = [house.children[0] for house in homes]
    rows = [
        _row("PX01", homes[0], elder[0], name=elder[0].given_name[0]),
        _row(
            "PX02", homes[1], elder[1], surname="Newnameson", lines="4 Elsewhere Way, Exampletown", postcode="ZZ5 5XX"
        ),
        _row("PX03", homes[2], elder[2], born=date(elder[2].born.year, 1, 1).isoformat(), lines="", postcode=""),
        _row("PX04", homes[3], elder[3], nhs=_another_number()),
        _row("PX05", homes[4], elder[4], born="", lines=homes[4].lines),
        _row("PX06", homes[5], elder[5], name=elder[5].given_name[:3] + "x"),
        _row("PX07", homes[6], homes[6].people[0], born=date(homes[6].people[0].born.year, 1, 1).isoformat()),
        _row("PX08", homes[7], elder[7], born=elder[7].born.replace(year=elder[7].born.year - 1).isoformat()),
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADER.split(","))
    writer.writerows(rows)
    import_records(
        agency_code="POLICE", file_name="police-latest.csv", content=out.getvalue().encode(), by=system(at), at=at
    )
