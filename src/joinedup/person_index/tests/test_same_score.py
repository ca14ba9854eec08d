"""A record that arrives is weighed exactly as the bulk run weighs it, to a millionth of a bit."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.engines.linkage import bulk
from joinedup.engines.linkage.candidates import find_candidates
from joinedup.engines.linkage.deciding import decide_all, find_twins
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.standardising import standardise_table
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.judging import judge
from joinedup.person_index.models import AgencyRecord
from joinedup.person_index.queries.lookup import read_weighing
from joinedup.person_index.services.attaching import _said
from joinedup.person_index.services.entries import count_names
from joinedup.person_index.tests.factories import make_row, nhs_number

pytestmark = pytest.mark.django_db
_COLUMNS = ("forename", "middle", "surname", "dob", "sex", "address1", "postcode", "nhs_number", "upn")
_NAMES = (
    ("Rowan", "Rowena"),
    ("Katherine", "Kate"),
    ("Muhammad", "Mohammed"),
    ("Tomasz", "Tom"),
    ("Aoife", "Eva"),
    ("Quill James", "Quill"),
)
_SURNAMES = (("Testerfield", "Testerfeild"), ("Otherfield-Test", "Otherfield"), ("Kowalska", "Kowalski"), ("Ng", "Ng"))


def _rows(random: Random) -> list[dict[str, Any]]:
    """Families of invented people, each said twice with slips, moves and other forms of the names."""
    rows = []
    for number in range(40):
        names, surnames = random.choice(_NAMES), random.choice(_SURNAMES)
        born = date(random.randint(2005, 2024), random.randint(1, 12), random.choice([1, 3, 11, 21]))
        home = {"address": f"{number // 2} Invented Way", "postcode": f"ZZ{number % 7 + 1} 1AA"}
        for side in range(2):
            slip = random.random()
            rows.append(
                {
                    "given_name": names[side], "family_name": surnames[side],
                    "birth_date": born.replace(day=born.month, month=min(born.day, 12)) if slip < 0.2 else born,
                    "sex": random.choice("MFU"), "nhs_number": nhs_number(number + 1) if random.random() < 0.4 else "",
                    **(home if slip < 0.8 else {"address": "99 Faraway Road", "postcode": "ZZ9 9ZZ"}),
                }
            )  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_it_arrives_and_in_bulk(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.setattr("joinedup.person_index.services.records.most_at_once", lambda _on: 0)  # everybody stays alone
    monkeypatch.setattr("joinedup.person_index.services.linking.exact_link", lambda _one, _other: None)
    agency = make_organisation(code="NHS", name="Exampleshire Health", kind="nhs")
    for row in _rows(Random(seed)):
        services.store_record(agency=agency, row=make_row(**row), by=system(AT), at=AT)
    count_names(at=AT)
    scorer = read_weighing(model=Model.default()).scorer
    said = [_said(record) for record in AgencyRecord.objects.order_by("pk")]
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        kinds = ", ".join(f"{name} varchar" for name in ("source", *_COLUMNS))
        database.execute(f"create table record (rid integer, record_id integer, {kinds})")
        values = [[place, place, "NHS", *_plain(each)] for place, each in enumerate(said)]
        database.executemany(f"insert into record values ({', '.join('?' * 12)})", values)
        standardise_table(database, today=AT.date())
        find_candidates(database)
        bulk.score_candidates(database, Model.default())
        find_twins(database)
        decide_all(database, Model.default())
        found = database.execute("select l, r, bits from decided").fetchall()
    assert len(found) > 30
    for left, right, bits in found:
        assert judge([said[left]], [said[right]], scorer).bits == pytest.approx(bits, abs=1e-6), (
            said[left],
            said[right],
        )


def _plain(said: Said) -> list[str | None]:
    return [str(each) if each else None for each in said]
