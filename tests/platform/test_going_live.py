"""From an empty database to the first open cases, with the commands somebody would type."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.processes import ROOT, joinedup
from tests.support.database import MIGRATED, Database, copy_of, drop

PEOPLE = """reference,given name,family name,date of birth,sex,postcode,household,part
P1,Rowan,Testerfield,1/2/2019,F,ZZ1 1AA,H1,child
P2,Robin,Testerfield,1/2/1990,F,ZZ1 1AA,H1,parent
P3,Sorrel,Testlake,1/2/2018,M,ZZ1 1AB,H3,child
"""
CASES = """Case ID;Client IDs;Household;Level;Date opened;Team;Key worker;Review date;Status
C1;P1, P2;H1;3;01/09/2026;NORTH;;01/12/2026;Open
C2;P3;H3;Level 2;2 October 2026;NORTH;;;Open
C3;P9;;2;2/10/2026;NORTH;;;Open
C4;P3;H3;2;2/10/2020;NORTH;;;Closed
"""


@pytest.fixture
def database(django_db_setup: None) -> Iterator[Database]:
    made = copy_of(MIGRATED)
    yield made
    drop(made)


def test_from_nothing_to_open_cases(database: Database, tmp_path: Path) -> None:
    there = {
        "DATABASE_URL": database.urls.application,
        "JOINEDUP_OWNER_DATABASE_URL": database.urls.owner,
        "JOINEDUP_DATA": str(tmp_path),
        "JOINEDUP_SECRET_KEY": "only-for-this-test-0123456789-abcdefgh",
        "PYTHONPATH": str(ROOT / "src"),
    }
    first = joinedup("administrator", "add", "--email", "ada@council.example", "--name", "Ada T",
                     "--organisation", "COUNCIL", **there)  # fmt: skip
    assert (first.returncode, "--organisation-name" in first.stderr) == (2, True)
    for email, more in (("ada", ["--organisation-name", "Testerfield Council"]), ("iris", ["--governance"])):
        done = joinedup("administrator", "add", "--email", f"{email}@council.example", "--name", f"{email} T",
                        "--organisation", "COUNCIL", *more, **there)  # fmt: skip
        assert done.returncode == 0, done.stderr
    with database.as_owner() as connection:
        roles = connection.execute("SELECT role FROM organisations_post ORDER BY role").fetchall()
        assert roles == [("information_governance",), ("system_administrator",)]
        connection.execute(
            "INSERT INTO organisations_team (id, version, code, name, kind, base, phone, email, host_id) SELECT gen_random_uuid(), 1,"
            " 'NORTH', 'North', 'case_management', '', '', '', id FROM organisations_organisation"
        )
    people, cases = tmp_path / "people.csv", tmp_path / "cases.csv"
    people.write_text(PEOPLE)
    cases.write_text(CASES, encoding="cp1252")
    done = joinedup("records", "import", people, "--agency", "COUNCIL", "--json", **there)
    assert done.returncode == 0, done.stderr
    report = tmp_path / "rejected.csv"
    wanted = {"read": 4, "created": 2, "unchanged": 0, "closed": 1, "rejected": 1}
    for arguments in (["--dry-run"], ["--report", report]):
        done = joinedup("golive", "cases", cases, "--agency", "COUNCIL", "--json", *arguments, **there)
        assert (done.returncode, json.loads(done.stdout)) == (0, wanted), done.stderr
    with report.open() as file:
        assert [(row["row"], row["field"]) for row in csv.DictReader(file)] == [("4", "people")]
    again = joinedup("golive", "cases", cases, "--agency", "COUNCIL", "--json", **there)
    assert json.loads(again.stdout) == wanted | {"created": 0, "unchanged": 2}
    page, counts = tmp_path / "page.html", tmp_path / "counts.csv"
    done = joinedup(
        "golive", "reconcile", cases, "--agency", "COUNCIL", "--json", "--report", counts, "--page", page, **there
    )
    assert done.returncode == 2, "C3 is not here"
    found = json.loads(done.stdout)
    assert (found["legacy"], found["here"], found["unknown_references"]) == (3, 2, [[4, "P9"]])
    assert "By lead professional" in page.read_text()
    with counts.open() as file:
        rows = list(csv.DictReader(file))
    total = next(row for row in rows if row["what"] == "total")
    assert (total["there"], total["here"], total["difference"]) == ("3", "2", "1")
    assert sum(int(row["there"]) for row in rows if row["what"] == "level") == 3
    wrong = joinedup("golive", "cases", people, "--agency", "COUNCIL", **there)
    assert (wrong.returncode, "has no column for" in wrong.stderr) == (2, True)
