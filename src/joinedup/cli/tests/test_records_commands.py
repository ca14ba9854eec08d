"""`joinedup records`: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from joinedup.cli import records_commands
from joinedup.cli.main import main
from joinedup.organisations.tests.factories import make_organisation
from joinedup.person_index.models import AgencyRecord, ImportRun, RememberedMapping

pytestmark = pytest.mark.django_db
ROWS = "Client ref,Forename,Surname,Born on,Sex\nA1,Mo,Tester,03/04/2015,F\nA2,=HYPERLINK(1),Tester,31/02/2015,Q\n"
MAPPING = '[columns]\n"Born on" = "birth_date"\n[values.sex]\nQ = "F"\n'


@pytest.fixture
def run(tmp_path: Path) -> Any:
    make_organisation(code="NHS", kind="nhs")

    def command(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["records", *map(str, arguments), "--data", str(tmp_path)])

    return command


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(ROWS, encoding="utf-8")
    return file


def test_import_prints_what_it_counted_and_reports_each_rejected_value(run: Any, people: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    done = run("import", people, "--agency", "NHS", "--json", "--report", report)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "read": 2, "created": 1, "unchanged": 0, "updated": 0, "rejected": 1, "duplicates": 0
    }  # fmt: skip
    assert "Finding whose records they are: 0 of 1" in done.stderr
    with report.open(encoding="utf-8", newline="") as rows:
        lines = list(csv.reader(rows))
    assert lines[0] == ["row", "field", "value", "reason"]
    assert [line[:3] for line in lines[1:]] == [["3", "birth_date", "31/02/2015"], ["3", "sex", "Q"]]
    again = run("import", people, "--agency", "nhs")
    assert again.stdout == "2 read, 0 created, 1 unchanged, 0 updated, 1 rejected, 0 duplicates\n"
    assert "joinedup records undo " in again.stderr
    assert "Give --report FILE.csv" in again.stderr


def test_a_dry_run_leaves_nothing(run: Any, people: Path) -> None:
    done = run("import", people, "--agency", "NHS", "--dry-run", "--json")
    assert json.loads(done.stdout)["created"] == 1
    assert not ImportRun.objects.exists()
    assert not AgencyRecord.objects.exists()


def test_a_mapping_is_used_remembered_and_undone(run: Any, people: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "how.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    done = run("import", people, "--agency", "NHS", "--mapping", mapping, "--remember", "--json")
    assert json.loads(done.stdout)["created"] == 1
    assert RememberedMapping.objects.get().mapping["values"] == {"sex": {"q": "F"}}
    assert str(AgencyRecord.objects.get().birth_date) == "2015-04-03"
    assert json.loads(run("import", people, "--agency", "NHS", "--json").stdout)["unchanged"] == 1
    first = ImportRun.objects.order_by("started_at")[0]
    undone = run("undo", first.pk, "--json")
    assert json.loads(undone.stdout) == {"removed": 1, "restored": 0, "kept": 0}
    assert not AgencyRecord.objects.exists()
    twice = run("undo", first.pk)
    assert twice.exit_code == 2
    assert "was undone on" in twice.stderr
    assert run("undo", RememberedMapping.objects.get().pk).exit_code == 2


def test_look_prints_a_mapping_that_can_be_read_again(run: Any, people: Path, tmp_path: Path) -> None:
    done = run("look", people, "--agency", "NHS")
    assert '"Born on" = "birth_date"  # likely: 03/04/2015; 31/02/2015' in done.stdout
    again = tmp_path / "again.toml"
    again.write_text(done.stdout, encoding="utf-8")
    assert run("import", people, "--agency", "NHS", "--mapping", again).exit_code == 0
    assert json.loads(run("look", people, "--agency", "NHS", "--json").stdout)["problem"] == ""
    people.write_text("when,who\n1,2\n", encoding="utf-8")
    problem = run("look", people, "--agency", "NHS")
    assert "no column for the agency's own reference" in problem.stderr


@pytest.mark.parametrize(
    ("content", "agency", "mapping", "sentences"),
    [
        (b"", "NHS", "", ["The file is empty."]),
        (b"%PDF-1.4", "NHS", "", ["This is a PDF, not a table."]),
        (ROWS.encode(), "NOBODY", "", ["There is no agency with the code NOBODY."]),
        (ROWS.encode(), "NHS", 'date_order = "x"\n[columns]\nBorn = "y"', ["“x” is no date order", "“y”, which is no field"]),
        (ROWS.encode(), "NHS", "nonsense", ["not TOML"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_line_by_line_with_exit_code_2(
    run: Any, people: Path, tmp_path: Path, content: bytes, agency: str, mapping: str, sentences: list[str]
) -> None:
    people.write_bytes(content)
    how = tmp_path / "how.toml"
    how.write_text(mapping, encoding="utf-8")
    done = run("import", people, "--agency", agency, "--json", *(("--mapping", how) if mapping else ()))
    assert done.exit_code == 2
    assert done.stdout == ""
    said = done.stderr.strip().splitlines()
    assert len(said) == len(sentences)
    assert all(any(sentence in line for line in said) for sentence in sentences)


def test_progress_is_one_line_on_a_terminal_and_plain_lines_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_terminal, expected in ((True, "\r\x1b[KReading: 9 of 9\n"), (False, "Reading: 9 of 9\n")):
        monkeypatch.setattr(records_commands.sys.stderr, "isatty", lambda answer=is_terminal: answer)
        with records_commands._Progress() as progress:
            for done in range(10):
                progress("Reading", done, 9)
        said = capsys.readouterr().err
        assert said.endswith(expected)
        assert said.count("\n") == (1 if is_terminal else 10)
