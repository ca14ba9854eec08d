"""What is wanting in the records agencies send, and the questions to send back, for that agency's data lead and for
information governance. Restricted people are neither listed nor counted for whoever they are withheld from."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.core.formats import london
from joinedup.core.tabular import inert
from joinedup.organisations.queries import open_organisations
from joinedup.person_index.models import AgencyRecord, ImportRun, Person, QualityFigure, withheld_ids
from joinedup.person_index.permissions import READ_QUALITY, agencies_led
from joinedup.person_index.quality import MEASURES, Measure

_OLD = timedelta(days=730)
MOST_QUESTIONS = 2000
_FROM = """
FROM person_index_agencyrecord r
JOIN person_index_recordlink l ON l.record_id = r.id AND l.separated_at IS NULL
WHERE r.agency_id = %(agency)s AND NOT l.person_id = ANY(%(hidden)s)
"""


@dataclass(frozen=True)
class AgencyLine:
    """An agency whose records are held, with how many."""

    code: str
    name: str
    records: int


@dataclass(frozen=True)
class Figure:
    """One measure: how many records it holds for, of all."""

    measure: Measure
    number: int
    total: int

    @property
    def share(self) -> str:
        """In per cent, with one figure after the point where it is small."""
        if not self.total:
            return "–"
        share = 100 * self.number / self.total
        return f"{share:.1f}%" if 0 < share < 10 else f"{share:.0f}%"


@dataclass(frozen=True)
class Question:
    """What to ask the agency about one of its own records, by its own reference."""

    reference: str
    measure: str
    question: str


@dataclass(frozen=True)
class Trend:
    """One import: its rows, those rejected, and what was wanting in those it brought."""

    at: datetime
    file_name: str
    rows: int
    rejected: int
    counts: dict[str, int]


@dataclass(frozen=True)
class QualityReport:
    """One agency's records."""

    code: str
    name: str
    total: int
    figures: tuple[Figure, ...]
    questions: tuple[Question, ...]
    is_cut: bool
    trend: tuple[Trend, ...]
    on: date


def agencies_with_records(viewer: Actor) -> list[AgencyLine]:
    """The agencies whose report the viewer may read."""
    check(viewer, READ_QUALITY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency_id, count(*) FROM person_index_agencyrecord GROUP BY agency_id")
        held = dict(cursor.fetchall())
    mine = None if _sees_all(viewer) else agencies_led(viewer)
    lines = [
        AgencyLine(row.code, row.name, held[row.pk])
        for row in open_organisations(viewer)
        if row.pk in held and (mine is None or row.pk in mine)
    ]
    return sorted(lines, key=lambda line: line.name)


def _sees_all(viewer: Actor) -> bool:
    return viewer.is_system or viewer.has_role(Role.INFORMATION_GOVERNANCE)


def quality_report(viewer: Actor, code: str) -> QualityReport:
    """One agency's report; 404 for a data lead of another agency. The read is audited."""
    check(viewer, READ_QUALITY)
    agency = next((row for row in open_organisations(viewer) if row.code == code.upper()), None)
    if agency is None or not (_sees_all(viewer) or agency.pk in agencies_led(viewer)):
        raise NotVisible
    on = london(viewer.at).date()
    values = {"agency": agency.pk, "hidden": _hidden(viewer), "old": on - _OLD, "most": MOST_QUESTIONS + 1}
    total, numbers = _numbers(values)
    found, people = _questions(values)
    audit.record_read(
        viewer,
        subject=(AgencyRecord._meta.label_lower, ""),
        people=people,
        purpose=f"data quality of {agency.code}",
        search=True,
    )
    return QualityReport(
        code=agency.code,
        name=agency.name,
        total=total,
        figures=tuple(Figure(each, number, total) for each, number in zip(MEASURES, numbers, strict=True)),
        questions=tuple(found[:MOST_QUESTIONS]),
        is_cut=len(found) > MOST_QUESTIONS,
        trend=_trend(agency.pk),
        on=on,
    )


def _hidden(viewer: Actor) -> list[UUID]:
    if viewer.is_system:
        return []
    return list(Person.objects.filter(pk__in=withheld_ids(viewer)).values_list("pk", flat=True))


def _numbers(values: dict[str, Any]) -> tuple[int, list[int]]:
    counts = ", ".join(f"count(*) FILTER (WHERE {each.sql})" for each in MEASURES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), {counts} {_FROM}", values)
        total, *numbers = cursor.fetchone()
    return total, numbers


def _questions(values: dict[str, Any]) -> tuple[list[Question], set[UUID]]:
    """What to ask, the conflicts first, by the agency's own reference."""
    tests = ", ".join(f"({each.sql})" for each in MEASURES)
    anything = " OR ".join(f"({each.sql})" for each in MEASURES if each.code not in {"no_number", "no_sex"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.agency_reference, l.person_id, {tests} {_FROM} AND ({anything})"
            " ORDER BY r.agency_reference LIMIT %(most)s",
            values,
        )
        rows = cursor.fetchall()
    found = [
        Question(reference, measure.name, measure.question)
        for reference, _, *holds in rows
        for measure, is_so in zip(MEASURES, holds, strict=True)
        if is_so
    ]
    order = [
        each.name for each in sorted(MEASURES, key=lambda each: ("conflicting", "doubtful", "missing").index(each.kind))
    ]
    return sorted(found, key=lambda each: (order.index(each.measure), each.reference)), {row[1] for row in rows}


def _trend(agency_id: UUID) -> tuple[Trend, ...]:
    """The last twelve imports, the newest first."""
    rows = list(QualityFigure.objects.filter(agency_id=agency_id).order_by("-at", "-pk")[:12])
    runs = ImportRun.objects.filter(pk__in=[row.import_run for row in rows], undone_at__isnull=True)
    names = {run.pk: (run.file_name, run.counts) for run in runs.defer("rejected", "undone")}
    return tuple(
        Trend(
            row.at,
            names[row.import_run][0],
            int(names[row.import_run][1].get("read", 0)),
            int(names[row.import_run][1].get("rejected", 0)),
            row.counts,
        )
        for row in rows
        if row.import_run in names
    )


def questions_as_csv(viewer: Actor, code: str) -> str:
    """The questions as a file to send back; cells that a spreadsheet would run are made inert."""
    report = quality_report(viewer, code)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["your reference", "what was found", "question", "your answer"])
    for each in report.questions:
        writer.writerow([inert(each.reference), each.measure, each.question, ""])
    return out.getvalue()
