"""How long 30,000 services take to come in from another directory, and how long finding among them takes at the server.
`./run bench tests/bench/bench_directory.py`; it prints what it measured, and holds nobody to it.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from joinedup.access.actor import public, system
from joinedup.directory import services
from joinedup.directory.queries import finding
from joinedup.directory.queries.finding import Wanted
from joinedup.organisations.tests.factories import AT

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
SERVICES = 30_000
_WORDS = [
    "play",
    "music",
    "baby",
    "sleep",
    "worry",
    "autism",
    "football",
    "debt",
    "housing",
    "speech",
    "hearing",
    "school",
    "holiday",
    "group",
    "parent",
    "clinic",
    "cooking",
    "dance",
]


def _record(number: int, dice: random.Random) -> dict[str, Any]:
    words = dice.sample(_WORDS, 6)
    postcode = f"ZZ{dice.randrange(1, 90)} {dice.randrange(1, 9)}AA"
    address = {"id": 1, "address_1": f"{number} hall", "city": "Mocktown", "postal_code": postcode}
    least = dice.randrange(0, 15)
    return {
        "id": number, "name": f"{words[0]} and {words[1]} {number}", "status": "active", "minimum_age": least, "maximum_age": least + 4,
        "description": "Come for " + " ".join(words) + ", whenever you like and as often as you like. " * 3,
        "organization": {"id": number % 3000, "name": f"Mock provider {number % 3000}"},
        "schedules": [{"byday": dice.choice(["MO", "TU,TH", "SA"]), "opens_at": "10:00", "closes_at": "12:00"}],
        "cost_options": [{"amount": dice.choice([0, 0, 3])}],
        "attributes": [{"id": 1, "taxonomy_term": {"id": f"t{number % 40}", "name": f"Kind {number % 40}", "description": "A kind"}}],
        "service_at_locations": [{"id": 1, "location": {"id": number, "location_type": "physical", "name": f"Hall {number}", "addresses": [address]}}],
    }  # fmt: skip


def _p95(call: Any, times: int = 200) -> tuple[float, float]:
    took = []
    for number in range(times):
        began = time.perf_counter()
        call(number)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), sorted(took)[int(times * 0.95)]


def test_harvest_and_search(capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(7)
    codes = [
        (f"ZZ{area} {unit}AA", 400_000 + area * 500, 300_000 + unit * 900, "")
        for area in range(1, 90)
        for unit in range(1, 9)
    ]
    services.add_postcodes(rows=codes, by=system(AT), at=AT)
    source = services.add_source(name="Bench", licence="None", by=system(AT), at=AT)
    records = [_record(number, dice) for number in range(1, SERVICES + 1)]
    began = time.perf_counter()
    first = services.harvest(source=source, records=records, by=system(AT), at=AT)
    seconds = time.perf_counter() - began
    source.refresh_from_db()
    began = time.perf_counter()
    again = services.harvest(source=source, records=records, by=system(AT), at=AT)
    repeated = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_entry; ANALYZE directory_entryplace; ANALYZE directory_opening")

    def look(number: int) -> None:
        wanted = Wanted(
            words=f"{_WORDS[number % 18]} {_WORDS[(number * 5 + 3) % 18]}",
            postcode=f"ZZ{number % 88 + 1} 3AA",
            age=number % 17,
            miles=5,
        )
        finding.services_found(public(AT), wanted)

    client = Client()
    found = _p95(look)
    feed = _p95(
        lambda number: client.get(
            "/open-referral/v3/services", {"search": _WORDS[number % 18], "page": number % 20 + 1}
        ),
        60,
    )
    near = _p95(
        lambda number: client.get(
            "/open-referral/v3/service_at_locations", {"postcode": f"ZZ{number % 88 + 1} 3AA", "proximity": 2000}
        ),
        60,
    )
    with capsys.disabled():
        print(f"\nharvest {first.counts}: {seconds:.1f} s; again {again.counts}: {repeated:.1f} s")
        for what, (median, most) in {
            "text + postcode + age": found,
            "feed page, searched": feed,
            "feed places within 2 km": near,
        }.items():
            print(f"{what}: median {median:.0f} ms, p95 {most:.0f} ms")
    assert first.created == again.unchanged == SERVICES
