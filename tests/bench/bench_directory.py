"""How long 30,000 services take to come in from another directory, and how long finding among them takes at the server.
`./run bench tests/bench/bench_directory.py`. Figures go to docs/measurements/directory.md, of the clock and of this program's
processor. The peer is the same question as a plain scan: ILIKE for each word and the haversine distance worked out for each place.

JOINEDUP_BENCH_SERVICES tries it out with fewer; then the report goes to the test's folder.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from joinedup.access.actor import public, system
from joinedup.directory import services, sources
from joinedup.directory.queries import finding
from joinedup.directory.queries.finding import Wanted
from joinedup.organisations.tests.factories import AT

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
FULL = 30_000
SERVICES = int(os.environ.get("JOINEDUP_BENCH_SERVICES", str(FULL)))
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "directory.md"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "directory"
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


@dataclass(frozen=True)
class Took:
    """Milliseconds of a question: the middle and the 95th of a hundred of the clock, and the processor's on average."""

    what: str
    median: float
    p95: float
    processor: float

    def line(self) -> str:
        """As a row of the report."""
        return f"| {self.what} | {self.median:.0f} | {self.p95:.0f} | {self.processor:.0f} |"


def _asked(what: str, call: Callable[[int], object], times: int) -> Took:
    took, began = [], time.process_time()
    for number in range(times):
        start = time.perf_counter()
        call(number)
        took.append((time.perf_counter() - start) * 1000)
    processor = (time.process_time() - began) * 1000 / times
    return Took(what, statistics.median(took), sorted(took)[int(times * 0.95)], processor)


def _timed(call: Callable[[], Any]) -> tuple[Any, float, float]:
    began, processor = time.perf_counter(), time.process_time()
    found = call()
    return found, time.perf_counter() - began, time.process_time() - processor


_PEER = """
SELECT e.id, e.name, min(6371000 * 2 * asin(sqrt(power(sin(radians(p.lat - %s) / 2), 2)
  + cos(radians(%s)) * cos(radians(p.lat)) * power(sin(radians(p.lon - %s) / 2), 2)))) metres
FROM directory_entry e JOIN bench_places p ON p.entry_id = e.id
WHERE concat_ws(' ', e.name, e.words, e.summary) ILIKE %s AND concat_ws(' ', e.name, e.words, e.summary) ILIKE %s
  AND (e.minimum_age IS NULL OR e.minimum_age <= %s) AND (e.maximum_age IS NULL OR e.maximum_age >= %s)
GROUP BY e.id HAVING min(6371000 * 2 * asin(sqrt(power(sin(radians(p.lat - %s) / 2), 2)
  + cos(radians(%s)) * cos(radians(p.lat)) * power(sin(radians(p.lon - %s) / 2), 2)))) <= 8047
ORDER BY 3 LIMIT 50
"""


def _peer(number: int) -> None:
    """The same question as a scan. The grid is laid on degrees as a plane: only its cost is compared, not what it finds."""
    lat, lon = 52 + (number % 8) * 0.008, -2 + (number % 88) * 0.005
    words = (f"%{_WORDS[number % 18]}%", f"%{_WORDS[(number * 5 + 3) % 18]}%")
    with connection.cursor() as cursor:
        cursor.execute(_PEER, [lat, lat, lon, *words, number % 17, number % 17, lat, lat, lon])
        cursor.fetchall()


def _look(number: int) -> None:
    words = f"{_WORDS[number % 18]} {_WORDS[(number * 5 + 3) % 18]}"
    wanted = Wanted(words=words, postcode=f"ZZ{number % 88 + 1} 3AA", age=number % 17, miles=5)
    finding.services_found(public(AT), wanted)


def _samples() -> list[str]:
    """What the samples of others come to, where they are on this machine."""
    lines = []
    for name, path in (
        ("official mock, test list", SAMPLES / "oruk_3.0" / "mocks" / "V3.0-UK-Test" / "service_list.json"),
        (
            "the same, its records with all they say",
            SAMPLES / "oruk_3.0" / "mocks" / "V3.0-UK-Test" / "service_list_data.json",
        ),
        ("Outpost’s table", SAMPLES / "outpost_bucks" / "services--with-sample-data.csv"),
    ):
        if path.is_file():
            source = services.add_source(name=name, licence="see its origin", is_trusted=True, by=system(AT), at=AT)
            records = sources.records_of_file(path)
            found = services.harvest(source=source, records=records, by=system(AT), at=AT)
            why = Counter(rule for _, rule, _ in found.faults)
            held = ", ".join(f"{rule} {count}" for rule, count in why.most_common()) or "–"
            lines.append(f"| {name} | {found.read} | {found.created} | {found.held} | {held} |")
    return lines


def test_harvest_and_search(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dice = random.Random(7)
    codes = [
        (f"ZZ{area} {unit}AA", 400_000 + area * 500, 300_000 + unit * 900, "")
        for area in range(1, 90)
        for unit in range(1, 9)
    ]
    services.add_postcodes(rows=codes, by=system(AT), at=AT)
    source = services.add_source(name="Bench", licence="None", is_trusted=True, by=system(AT), at=AT)
    records = [_record(number, dice) for number in range(1, SERVICES + 1)]
    first, *took = _timed(lambda: services.harvest(source=source, records=records, by=system(AT), at=AT))
    source.refresh_from_db()
    again, *repeated = _timed(lambda: services.harvest(source=source, records=records, by=system(AT), at=AT))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_places AS SELECT entry_id, 52 + (northing - 300000) / 111000.0 lat,"
            " -2 + (easting - 400000) / 69000.0 lon FROM directory_entryplace WHERE easting IS NOT NULL"
        )
        cursor.execute(
            "ANALYZE directory_entry; ANALYZE directory_entryplace; ANALYZE directory_opening; ANALYZE bench_places"
        )
    client, feed = Client(), "/open-referral/v3"
    lines = [
        _asked("find: two words + postcode within 5 miles + age", _look, 200),
        _asked("the same as a plain scan (ILIKE, haversine)", _peer, 30),
        _asked(
            "feed: /services, a page of 50, searched",
            lambda number: client.get(f"{feed}/services", {"search": _WORDS[number % 18], "page": number % 20 + 1}),
            60,
        ),
        _asked(
            "feed: /services, a page of 50 far behind",
            lambda number: client.get(f"{feed}/services", {"page": 300 + number}),
            60,
        ),
        _asked(
            "feed: /service_at_locations within 2 km",
            lambda number: client.get(
                f"{feed}/service_at_locations", {"postcode": f"ZZ{number % 88 + 1} 3AA", "proximity": 2000}
            ),
            60,
        ),
    ]
    text = _report(took, repeated, lines, _samples())
    (REPORT if SERVICES == FULL else tmp_path / "directory.md").write_text(text, encoding="utf-8")
    with capsys.disabled():
        print(f"\n{text}")
    assert first.created == again.unchanged == SERVICES


def _report(took: list[float], repeated: list[float], lines: list[Took], samples: list[str]) -> str:
    load = os.getloadavg()[0]
    return "\n".join([
        "# The directory at size", "",
        f"{datetime.now(UTC):%d %B %Y}, `./run bench tests/bench/bench_directory.py`: {SERVICES:,} invented services of 3,000 providers, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, the embedded PostgreSQL on the same machine, load {load:.1f} at the end. Seconds and milliseconds are those of"
        " the clock; those of the processor are this program’s own, without the database’s.", "",
        "| taking in another directory | seconds | processor |", "|---|---|---|",
        f"| {SERVICES:,} new services (target: below 60 s) | {took[0]:.1f} | {took[1]:.1f} |",
        f"| the same again, nothing changed | {repeated[0]:.1f} | {repeated[1]:.1f} |", "",
        "| asked at the server | middle, ms | 95 of 100 below, ms | processor, ms |", "|---|---|---|---|", *[each.line() for each in lines], "",
        "The target for finding is 50 ms. No open implementation of a directory’s search could be installed here; the plain scan is what a directory"
        " without full text and an index of places does.", "",
        "## Samples of others", "",
        "Third-party files, never committed; taken in as a trusted source. The largest has 128 records under one identifier.", "",
        "| sample | records | public | held | why (docs/reference/rules.md) |", "|---|---|---|---|---|", *samples, "",
    ])  # fmt: skip
