"""`joinedup linkage lookup`: files in, people out, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RECORDS = """record_id,forename,surname,dob,sex,address1,postcode,nhs_number
a1,Rowan,Testerfield,2015-03-14,M,1 Invented Way,ZZ1 1AA,
a2,Rowan,Testerfield,2015-03-14,M,,ZZ2 2BB,
b1,Robin,Testerfield,2015-03-14,F,1 Invented Way,ZZ1 1AA,
c1,Gale,Lodgerson,1970-01-02,F,9 Gone Road,ZZ9 9ZZ,
"""
CLUSTERS = "record_id,cluster_id\na1,1\na2,1\nb1,2\nc1,3\n"
QUERIES = """query_id,forename,surname,dob,postcode,address1
1,Rowan,Testerfield,2015-03-14,ZZ2 2BB,
2,Robyn,Testerfield,2015-03-14,ZZ1 1AA,1 Invented Way
3,Nobody,Atallthere,1999-09-09,,
4,,,,,
"""


def run(folder: Path, **files: str) -> subprocess.CompletedProcess[str]:
    """Run the command on these files, with a folder of its own for what it makes."""
    given = {"records": RECORDS, "clusters": CLUSTERS, "queries": QUERIES, **files}
    arguments = []
    for name, text in given.items():
        (folder / f"{name}.csv").write_text(text)
        arguments += [f"--{name}", str(folder / f"{name}.csv")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    (folder / "tmp").mkdir(exist_ok=True)
    environment["TMPDIR"] = str(folder / "tmp")
    return subprocess.run(
        [sys.executable, "-m", "joinedup.cli.main", "linkage", "lookup", *arguments, "--results", str(folder / "out.parquet")],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


def test_people_are_looked_up_and_nothing_is_left(tmp_path: Path) -> None:
    import duckdb

    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    rows = duckdb.sql(f"SELECT * FROM '{tmp_path / 'out.parquet'}' ORDER BY query_id, rank")
    assert rows.columns == ["query_id", "rank", "record_id", "probability", "latency_ms"]
    found = {(query, rank): (record, chance) for query, rank, record, chance, _ in rows.fetchall()}
    assert found[1, 1][0] == "a2"  # the record that fits best of the person who does
    assert found[1, 1][1] >= 0.95
    assert found[2, 1][0] == "b1"
    assert found[3, 1] == found[4, 1] == (None, None)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_files_that_do_not_fit_are_refused_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, clusters="record_id,cluster_id\na1,1\n")
    assert done.returncode == 2
    assert "3 records not whose they are" in done.stderr
    assert "Traceback" not in done.stderr
    done = run(tmp_path, queries="forename\nRowan\n")
    assert done.returncode == 2
    assert "has no column query_id" in done.stderr
