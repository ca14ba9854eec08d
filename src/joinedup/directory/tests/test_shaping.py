"""What is worked out of a record, without a database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from joinedup.directory.adopting import with_identifiers
from joinedup.directory.grid import grid_of
from joinedup.directory.profile import faults_of
from joinedup.directory.rules import written_postcode
from joinedup.directory.shaping import cleaned, shaped

ENTRY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


# The worked example of the Ordnance Survey’s guide (Caister Water Tower) and a known point of Edinburgh.
@pytest.mark.parametrize(
    ("latitude", "longitude", "easting", "northing"),
    [
        (52.657979, 1.716052, 651409, 313177),
        (55.948595, -3.199913, 325162, 673492),
    ],
)
def test_metres_of_the_national_grid(latitude: float, longitude: float, easting: int, northing: int) -> None:
    found = grid_of(latitude, longitude)
    assert found is not None
    assert abs(found[0] - easting) < 12
    assert abs(found[1] - northing) < 12


def test_outside_great_britain_there_is_no_grid() -> None:
    assert grid_of(100, 101) is None
    assert grid_of(48.85, 2.35) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [({"cost_options": [{"amount": 0}]}, True), ({"cost_options": [{"amount": 0}, {"amount": 2}]}, False), ({}, None),
     ({"fees": "Free of charge"}, True), ({"fees": "£3 each"}, False)],
)  # fmt: skip
def test_whether_it_is_free(said: dict[str, Any], expected: bool | None) -> None:
    assert shaped(said).is_free is expected


def test_what_has_no_value_is_left_out_however_deep() -> None:
    assert cleaned({"a": None, "b": " x ", "c": [{"d": ""}, {"e": 0}], "f": {"g": []}, "h": False}) == {
        "b": "x", "c": [{"e": 0}], "h": False,
    }  # fmt: skip


def test_identifiers_stay_and_make_whole_numbers_conform() -> None:
    said = {"id": 7, "name": "A", "status": "active", "schedules": [{"id": 1, "byday": "MO,1TU"}, {"byday": "FR"}],
            "service_at_locations": [{"id": 3, "location": {"id": 9, "location_type": "physical"}}]}  # fmt: skip
    first, again = (with_identifiers(said, ENTRY) for _ in range(2))
    assert first == again
    assert [each for each in faults_of(first, "service") if not each.is_remark] == []
    assert len({each["id"] for each in first["schedules"]}) == 2
    assert {day for day, _, _ in shaped(first).openings} == {"MO", "TU", "FR"}


@pytest.mark.parametrize(
    ("text", "expected"), [("zz11sa", "ZZ1 1SA"), ("SW1A 1AA", "SW1A 1AA"), ("ABC 1234", ""), ("", "")]
)
def test_postcodes(text: str, expected: str) -> None:
    assert written_postcode(text) == expected
