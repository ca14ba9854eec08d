"""How long a search and an import take. `pytest -m bench` on this file; figures go to docs/measurements/person-search.md."""

from __future__ import annotations

import os
import platform
import random
import statistics
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.models import new_id
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import Family, FamilyMember, Person
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.rules import RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.services.entries import _insert_entries
from joinedup.person_index.services.facts import _apply
from joinedup.person_index.tests.factories import nhs_number

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

PEOPLE = int(os.environ.get("JOINEDUP_BENCH_PEOPLE", "50000"))
ROWS = 10_000
QUESTIONS = 400
REPORT = Path(__file__).parents[4] / "docs" / "measurements" / "person-search.md"
_SYLLABLES = [
    "ba",
    "ber",
    "bru",
    "cor",
    "da",
    "del",
    "el",
    "fen",
    "gar",
    "hal",
    "in",
    "ja",
    "kel",
    "lor",
    "mar",
    "nor",
    "ol",
    "per",
    "quin",
    "ros",
    "sel",
    "tam",
    "ul",
    "ver",
    "win",
    "yar",
]
_ENDINGS = ["field", "wood", "ley", "by", "ton", "ham", "worth", "stead", "croft", "dale"]


def _names(random_: random.Random, count: int, endings: list[str]) -> list[str]:
    """Invented names; the first are common, as in life."""
    made: dict[str, None] = {}
    while len(made) < count:
        parts = [random_.choice(_SYLLABLES) for _ in range(random_.choice((1, 2, 2, 3)))]
        made["".join(parts).capitalize() + random_.choice(endings)] = None
    return list(made)


def _invented(count: int) -> list[RecordFacts]:
    chance = random.Random(20261118)
    given, family = _names(chance, 1200, ["", "a", "o", "an", "is"]), _names(chance, 4000, _ENDINGS)
    common = lambda names: names[int(len(names) * chance.random() ** 3)]  # noqa: E731
    found = []
    for number in range(count):
        born = date(2005, 1, 1) + timedelta(days=chance.randrange(7900))
        code = f"ZZ{chance.randrange(1, 60)} {chance.randrange(1, 10)}{chance.choice('ABDE')}{chance.choice('FGHJ')}"
        nhs = nhs_number(number) if chance.random() < 0.7 else ""
        found.append(
            RecordFacts(str(UUID(int=number)), (AT.date(), AT), common(given), common(family), born, "U", nhs, "", code)
        )
    return found


def _fill(people: list[RecordFacts]) -> list[UUID]:
    derived = {new_id(): derive_facts(StatedFacts(), [said]) for said in people}
    rows = []
    for person_id, facts in derived.items():
        rows.append(Person(id=person_id, created_at=AT))
        _apply(rows[-1], facts)
    Person.objects.bulk_create(rows, batch_size=5000)
    _insert_entries({person_id: facts.entries for person_id, facts in derived.items()})
    ids = list(derived)
    families = [Family(name="Invented family", created_at=AT) for _ in range(0, len(ids), 3)]
    Family.objects.bulk_create(families, batch_size=5000)
    FamilyMember.objects.bulk_create(
        [FamilyMember(family=families[place // 3], person_id=each, part="child") for place, each in enumerate(ids)],
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE person_index_person; ANALYZE person_index_searchkey; ANALYZE person_index_entry; ANALYZE person_index_familymember"
        )
    return ids


def _question(chance: random.Random, said: RecordFacts) -> SearchQuery:
    """What somebody types: now and then a slip, a missing postcode, no number."""
    surname = said.family_name
    if chance.random() < 0.3:
        place = chance.randrange(1, len(surname) - 1)
        surname = surname[:place] + surname[place + 1 :]
    assert said.birth_date
    born = said.birth_date if chance.random() < 0.85 else None
    if born and chance.random() < 0.1:
        born += timedelta(days=1)
    postcode = said.postcode if chance.random() < 0.5 or born is None else ""
    return SearchQuery(said.given_name, surname, born, postcode)


def _measure(viewer: Actor, asked: list[tuple[SearchQuery, UUID]]) -> tuple[list[float], int]:
    took, found = [], 0
    for query, person_id in asked:
        start = time.perf_counter()
        result = queries.search_people(viewer, query, purpose="bench")
        took.append((time.perf_counter() - start) * 1000)
        found += person_id in {each.person_id for each in result.candidates}
    return took, found


def _import_file(people: list[RecordFacts]) -> bytes:
    lines = ["reference,forename,surname,date of birth,nhs number,postcode,address,household"]
    for number, said in enumerate(people):
        told = f"{said.given_name},{said.family_name},{said.birth_date},{said.nhs_number},{said.postcode}"
        lines.append(f"R{number},{told},{number % 90} Invented Way,H{number // 3}")
    return "\n".join(lines).encode()


def test_search_and_import() -> None:
    account, _ = make_post(role=Role.FRONT_DOOR_WORKER, team=make_team(kind="front_door"))
    viewer, people = actor_of(account), _invented(PEOPLE)
    ids = _fill(people)
    chance = random.Random(7)
    places = [chance.randrange(PEOPLE) for _ in range(QUESTIONS)]
    asked = [(_question(chance, people[place]), ids[place]) for place in places]
    _measure(viewer, asked[:20])
    took, found = _measure(viewer, asked)
    common = [(SearchQuery(people[place].given_name, people[place].family_name), ids[place]) for place in places[:100]]
    names_only, _ = _measure(viewer, common)
    make_organisation(code="NHS", kind="nhs")
    imports = []
    for _ in range(2):
        start, worked = time.perf_counter(), time.process_time()
        services.import_records(
            agency_code="NHS", file_name="bench.csv", content=_import_file(people[:ROWS]), by=system(AT), at=AT
        )
        imports.append((time.perf_counter() - start, time.process_time() - worked))
    lines = _report(took, names_only, found, imports)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _figures(took: list[float]) -> str:
    cut = statistics.quantiles(took, n=100)
    return f"{statistics.median(took):.0f} | {cut[94]:.0f} | {max(took):.0f}"


def _report(took: list[float], names_only: list[float], found: int, imports: list[tuple[float, float]]) -> list[str]:
    load = os.getloadavg()[0]
    (first, first_cpu), (again, again_cpu) = imports
    return [
        "# Searching for people, importing records",
        "",
        f"Measured on {time.strftime('%d %B %Y').lstrip('0')}: {os.cpu_count()} cores ({platform.machine()}), Python"
        f" {platform.python_version()}, the embedded PostgreSQL, load average {load:.1f} at the end. Written by"
        " `pytest -m bench src/joinedup/person_index/tests/bench_search.py`.",
        "",
        f"{PEOPLE:,} invented people in households of three. A search is everything the page asks for: candidates, ranking,"
        " agencies, addresses, households and the audit row. Target: p95 under 200 ms.",
        "",
        "| what | p50 ms | p95 ms | longest ms |",
        "|---|---|---|---|",
        f"| {len(took)} searches by name with date of birth or postcode, 30% with a slip | {_figures(took)} |",
        f"| {len(names_only)} searches by name alone | {_figures(names_only)} |",
        "",
        f"Of the {len(took)}, {found / len(took):.1%} show the person among the first ten.",
        "",
        "| what | seconds | of them in this process |",
        "|---|---|---|",
        f"| import of {ROWS:,} records, each linked to somebody or to a new person, with their households"
        f" | {first:.1f} | {first_cpu:.1f} |",
        f"| the same file again | {again:.1f} | {again_cpu:.1f} |",
    ]
