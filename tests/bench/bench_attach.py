"""How long the model takes over each record of a large import. `./run bench tests/bench/bench_attach.py`; the figures go to
docs/measurements/attach.md.

An index of some agencies' records, then a file of another agency's about the same and other people, placed by the exact
rules as an import does and handed to the model in parts as the background job does.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index.models import RecordLink
from joinedup.person_index.services.attaching import _attach_by_model, _records_waiting
from joinedup.person_index.services.entries import count_names
from joinedup.person_index.services.linking_jobs import PART
from joinedup.person_index.services.records import _store_rows
from joinedup.person_index.tests.factories import make_row
from tests.linkage.generate import make

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
RECORDS = int(os.environ.get("JOINEDUP_BENCH_RECORDS", "40000"))
ASKED = int(os.environ.get("JOINEDUP_BENCH_ASKED", "4000"))
REPORT = Path(os.environ.get("JOINEDUP_BENCH_REPORT", Path(__file__).parents[2] / "docs/measurements/attach.md"))


def _row(number: int, said: dict[str, Any]) -> Any:
    try:
        born = date.fromisoformat(said["dob"][:10]) if said["dob"] else None
    except ValueError:
        born = None
    return make_row(
        agency_reference=f"R{number}", given_name=" ".join(filter(None, (said["forename"], said["middle"]))),
        family_name=said["surname"] or "", birth_date=born, sex=(said["sex"] or "U")[:1], address=said["address1"] or "",
        postcode=(said["postcode"] or "")[:8], nhs_number=(said["nhs_number"] or "").replace(" ", "")[:10],
        upn=(said["upn"] or "")[:13],
    )  # fmt: skip


def _imported(agency: Organisation, rows: list[Any]) -> None:
    _store_rows(agency, rows, run=None, by=system(AT), at=AT)


def test_the_model_over_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    monkeypatch.setattr("joinedup.person_index.services.records.most_at_once", lambda _on: 0)
    make(records=RECORDS, seed=91, profile="mixed", out=tmp_path)
    said = pq.read_table(tmp_path / "records.parquet").to_pylist()
    base, asked = said[:-ASKED], said[-ASKED:]
    first, second = (make_organisation(code=code, name=f"Exampleshire {code}", kind="nhs") for code in ("ONE", "TWO"))
    _imported(first, [_row(number, each) for number, each in enumerate(base)])
    count_names(at=AT)
    _imported(second, [_row(number, each) for number, each in enumerate(asked)])
    links = RecordLink.objects.filter(record__agency=second)
    waiting = _records_waiting(links.values_list("record_id", flat=True))
    counts: Counter[str] = Counter()
    longest = 0.0
    began, busy = time.perf_counter(), time.process_time()
    for start in range(0, len(waiting), PART):
        part = time.perf_counter()
        done, _ = _attach_by_model(waiting[start : start + PART], import_run=None, by=system(AT), at=AT)
        counts.update(vars(done))
        longest = max(longest, time.perf_counter() - part)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    each = 1000 * seconds / max(len(waiting), 1)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(
        "# The model over a large import\n\n"
        f"Measured on {time.strftime('%d %B %Y').lstrip('0')}: {os.cpu_count()} cores ({platform.machine()}), load average"
        f" {os.getloadavg()[0]:.1f}, the tests' PostgreSQL. Written by `./run bench tests/bench/bench_attach.py`.\n\n"
        f"{len(base):,} records in the index, {len(asked):,} of another agency arrive; exact rules leave {len(waiting):,} to"
        " the model.\n\n| records asked about | linked | questions | new people | seconds | ms each | processor ms each, database apart | longest part (s) |"
        " peak MB |\n|---|---|---|---|---|---|---|---|---|\n"
        f"| {len(waiting):,} | {counts['linked']:,} | {counts['proposed']:,} | {counts['apart']:,} | {seconds:.1f} |"
        f" {each:.2f} | {1000 * busy / max(len(waiting), 1):.2f} | {longest:.2f} | {megabytes:,.0f} |\n",
        encoding="utf-8",
    )
