"""The demo's school roll: one academy has supplied its own record of its pupils, so that it need not type them again.

Half of it was checked with families lately; the other half is old enough that addresses and numbers are asked about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from joinedup.access.actor import system
from joinedup.person_index.services import import_records

SCHOOL = "ALDERACADEMY"
_BROUGHT, _LATELY, _LONG_AGO = 70, 12, 65
_DISTRICTS = ("ZZ1 ", "ZZ2 ")


class Household(Protocol):
    """A household as the person index's demo hands it on."""

    number: int
    lines: str
    postcode: str
    phone: str
    children: Sequence[Any]


def load(*, at: datetime, households: Iterable[Any]) -> None:
    """Bring the roll in as the school's system would have sent it."""
    near = [each for each in households if each.number >= 6 and each.postcode.startswith(_DISTRICTS)]
    moment = at - timedelta(days=_BROUGHT)
    for days, half in ((_LONG_AGO, near[1::2]), (_LATELY, near[::2])):
        brought = max(moment, at - timedelta(days=days))
        import_records(
            agency_code=SCHOOL, file_name=f"alder-roll-{days}.csv", content=_roll(half, (at - timedelta(days=days)).date()),
            by=system(brought), at=brought,
        )  # fmt: skip


def _roll(households: Iterable[Household], on: date) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["Pupil ID", "Forename", "Surname", "DOB", "Gender", "UPN", "Address", "Postcode", "Telephone", "As of"]
    )
    for house in households:
        for place, child in enumerate(house.children):
            if child.upn:
                writer.writerow(
                    [
                        f"A{house.number:03}{place}", child.given_name, child.family_name, child.born.isoformat(),
                        child.sex, child.upn, house.lines, house.postcode, house.phone, on.isoformat(),
                    ]
                )  # fmt: skip
    return out.getvalue().encode()
