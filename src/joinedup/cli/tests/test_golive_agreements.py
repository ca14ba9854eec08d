"""`joinedup golive agreements`, and agreements in `golive reconcile`: what is printed, written and kept, and exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from joinedup.access.roles import Role
from joinedup.cli.main import main
from joinedup.information_sharing.models import Agreement, AgreementBroughtOver
from joinedup.organisations.tests.factories import make_organisation, make_post, make_team

pytestmark = pytest.mark.django_db
LATER = timezone.localdate().year + 2
AGREEMENTS = f"""Register of sharing agreements;;;;;;;;;;;;;;;
Agreement ID;Title;Status;Purposes;Lawful basis;DPIA;DPIA date;Start date;Review date;Expiry date;Organisation;Signatory;Date signed;May ask;May answer;Items
D1;Deciding together;In force;decide_help;public_task;DPIA 7;01/02/2021;01/03/2021;01/03/{LATER};01/03/{LATER + 1};COUNCIL;Sam Testsigner;27/02/2021;amira@council.example;;
D1;;;;;;;;;;ALDER;Rowan Testhead;28/02/2021;;rowan@alder.example;
D2;Protecting;Draft;protect;public_task;;;;;;COUNCIL;;;=1+1@council.example;;
D2;;;;;;;;;;ALDER;;;;;
D3;Old;Ended;protect;public_task;;;;;;COUNCIL;;;;;
"""
COUNTS = {"read": 3, "created": 1, "unchanged": 0, "ended": 1, "rejected": 1}
CASES = "Case reference,Person references,Level,Opened on,Team\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    council, alder = make_organisation(code="COUNCIL"), make_organisation(code="ALDER", kind="school")
    door = make_team(code="FRONTDOOR", kind="front_door", host=council)
    make_post(role=Role.FRONT_DOOR_WORKER, team=door, name="Amira Testerly", email="amira@council.example")
    make_post(role=Role.REFERRER, employer=alder, name="Rowan Testerfield", email="rowan@alder.example")

    def command(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["golive", *map(str, arguments), "--data", str(tmp_path)])

    return command


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "agreements.csv"
    file.write_text(AGREEMENTS, encoding="cp1252")
    return file


def test_a_dry_run_leaves_nothing_and_says_the_same(run: Run, register: Path) -> None:
    tried = run("agreements", register, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout == "3 read, 1 created, 0 unchanged, 1 ended, 1 rejected\n"
    assert "nothing was kept" in tried.stderr
    assert "--report FILE.csv" in tried.stderr
    assert not Agreement.objects.exists()


def test_good_ones_land_and_every_row_of_the_others_is_reported(run: Run, register: Path, tmp_path: Path) -> None:
    report = tmp_path / "rejected.csv"
    done = run("agreements", register, "--report", report, "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, COUNTS)
    with report.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["field"]) for row in rows] == [("5", "asks"), ("6", "reference")]
    assert rows[0]["value"] == "'=1+1@council.example", "a spreadsheet runs nothing"
    assert rows[1]["reason"] == "Row 5 of the same agreement cannot be brought over."
    agreement = Agreement.objects.get()
    assert (agreement.title, agreement.state, agreement.starts_on.isoformat()) == (
        "Deciding together", "in_force", "2021-03-01",
    )  # fmt: skip
    again = run("agreements", register, "--json")
    assert json.loads(again.stdout) == COUNTS | {"created": 0, "unchanged": 1}
    assert AgreementBroughtOver.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("agreements.xlsx", b"no workbook", "no workbook inside"),
        ("agreements.csv", b"", "empty"),
        ("agreements.csv", b"Case reference,Title\n1,2\n", "has no column for"),
    ],
)
def test_a_file_that_is_no_such_register_is_refused(
    run: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for arguments in (["agreements", tmp_path / name], ["agreements", tmp_path / "nowhere.csv"]):
        done = run(*arguments)
        assert done.exit_code == 2, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
    assert words in run("agreements", tmp_path / name).stderr


def test_the_reconciliation_counts_agreements_too(run: Run, register: Path, tmp_path: Path) -> None:
    cases, table, page = tmp_path / "cases.csv", tmp_path / "reconciliation.csv", tmp_path / "page.html"
    cases.write_text(CASES + "C1,,,,\n")
    run("agreements", register)
    arguments = ("reconcile", cases, "--agency", "COUNCIL", "--agreements", register)
    done = run(*arguments, "--report", table, "--page", page, "--json")
    assert done.exit_code == 2, "D2 is not here"
    said = json.loads(done.stdout)["agreements"]
    assert (said["legacy"], said["here"], said["even"]) == (2, 1, False)
    assert [(one["what"], one["legacy_reference"]) for one in said["differences"]] == [("not here", "D2")]
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    total = next(row for row in rows if row["value"] == "sharing agreements")
    assert (total["there"], total["here"], total["difference"]) == ("2", "1", "1")
    for kind in ("state", "parties", "signatures", "starts", "review", "expires"):
        mine = [row for row in rows if row["what"] == f"agreements by {kind}"]
        assert (sum(int(row["there"]) for row in mine), sum(int(row["here"]) for row in mine)) == (2, 1), kind
    missing = next(row for row in rows if row["what"] == "agreement not here")
    assert (missing["reference there"], missing["row"]) == ("D2", "5")
    html = page.read_text()
    assert "<h2>Sharing agreements</h2>" in html
    assert "Agreements behind the differences" in html
    assert "2 sharing agreements there, 1 here, 1 differences." in run(*arguments).stdout
    without = run("reconcile", cases, "--agency", "COUNCIL", "--page", page)
    assert without.exit_code == 2
    assert "Sharing agreements" not in page.read_text()
