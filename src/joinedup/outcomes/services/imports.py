"""A file of readings: good rows are recorded in one transaction, every other says why not; the same file again is harmless."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.tabular import FOR_AN_IMPORT, MEGABYTE, UnreadableFile, read_table
from joinedup.organisations.queries import clusters, localities
from joinedup.outcomes.codes import IMPORTED
from joinedup.outcomes.models import Cohort, PartnershipMeasure, Series, SeriesImport, SeriesReading
from joinedup.outcomes.permissions import IMPORT_READINGS
from joinedup.outcomes.reading_file import Fault, FileRow, Kind, fault, known_titles, plain, read_file
from joinedup.outcomes.rules import FILE_READABLE
from joinedup.outcomes.services.readings import _lock, _standing_reading, _values
from joinedup.outcomes.services.series import Area, _make_series, _series_of

MOST_BYTES = 5 * MEGABYTE
_WHOLE = {"", "all", "whole", "partnership", "thewholepartnership", "wholepartnership"}
_EVERYBODY = "ALL"


@dataclass
class _Known:
    """What the rows speak of, looked up once for the whole file."""

    measures: Mapping[str, PartnershipMeasure]
    areas: Mapping[str, Area]
    cohorts: Mapping[str, Cohort]
    told: set[tuple[UUID, date]] = field(default_factory=set)  # what a row of this file said something of already


@service(IMPORT_READINGS)
def import_readings(*, file_name: str, content: bytes, by: Actor, at: datetime) -> SeriesImport:
    """Record every row that can be used. A row that says what is there already is counted as known; one that says
    something else of a period takes its place, openly. Raises Refused (OC-33) where the file as a whole cannot be used."""
    known = _known(by)
    kinds = {
        code: Kind(each.form, each.frequency, bool(each.counter), each.source) for code, each in known.measures.items()
    }
    try:
        table = read_table(content, file_name, most_bytes=MOST_BYTES, score=known_titles, apart=FOR_AN_IMPORT)
        read = read_file(table, kinds, today=timezone.localdate(at), file_name=file_name)
    except UnreadableFile as wrong:
        why = str(wrong)
        raise FILE_READABLE.refused(why=why[:1].lower() + why[1:]) from wrong
    run = SeriesImport(
        file_name=file_name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        imported_at=at,
        imported_by=by.account_id,
    )
    run.save(force_insert=True)
    counts = {"read": read.read, "recorded": 0, "corrected": 0, "known": 0}
    rejected: list[Fault] = list(read.rejected)
    for row in _in_one_order(read.rows):
        counted = _record(row, known, run, by, at)
        if isinstance(counted, dict):
            rejected.append(counted)
        else:
            counts[counted] += 1
    rejected.sort(key=lambda each: int(each["row"]))
    counts["rejected"] = len({each["row"] for each in rejected})
    run.counts, run.rejected = counts, rejected
    run.save(update_fields=["counts", "rejected"])
    note(changed=("readings",), words=counts, subject=run)
    return run


def _in_one_order(rows: Iterable[FileRow]) -> list[FileRow]:
    """So that two files that speak of the same series wait for each other and never crosswise."""
    return sorted(
        rows, key=lambda each: (each.measure, plain(each.area), plain(each.cohort), each.said.ends_on, each.line)
    )


def _known(by: Actor) -> _Known:
    areas: dict[str, Area] = dict.fromkeys(_WHOLE)
    for cluster in clusters(by):
        areas[plain(cluster.name)] = areas[plain(cluster.code)] = cluster
    for locality in localities(by):
        areas[plain(locality.name)] = areas[plain(locality.code)] = locality
    cohorts: dict[str, Cohort] = {}
    for each in Cohort.objects.order_by("code"):
        cohorts[plain(each.name)] = cohorts[plain(each.code)] = each
        if each.code == _EVERYBODY:
            cohorts[""] = each
    measures = PartnershipMeasure.objects.filter(ends_on__isnull=True)
    return _Known({plain(each.code): each for each in measures}, areas, cohorts)


def _record(row: FileRow, known: _Known, run: SeriesImport, by: Actor, at: datetime) -> str | Fault:
    """What became of a row; or the line of the report that says why nothing did."""
    measure = known.measures[row.measure]
    if plain(row.area) not in known.areas:
        return fault(row.line, "area", row.area, "There is no locality or cluster of this name.")
    cohort = known.cohorts.get(plain(row.cohort))
    if cohort is None:
        return fault(row.line, "cohort", row.cohort, "There is no cohort of this name.")
    area = known.areas[plain(row.area)]
    series = _lock(_series_of(measure, cohort, area) or _make_series(measure, cohort, area))
    if (series.pk, row.said.ends_on) in known.told:
        day = row.said.ends_on.isoformat()
        return fault(row.line, "to", day, "Another row of the file is about the same period.")
    known.told.add((series.pk, row.said.ends_on))
    return _write(series, row, run, by, at)


def _write(series: Series, row: FileRow, run: SeriesImport, by: Actor, at: datetime) -> str:
    there = _standing_reading(series, row.said.ends_on)
    if there is not None:
        said = (there.value, there.numerator, there.denominator, there.starts_on)
        if said == (row.said.value, row.said.numerator, row.said.denominator, row.said.starts_on):
            return "known"
    SeriesReading.objects.create(
        series=series, way=IMPORTED, run=run, recorded_at=at, recorded_by=by.account_id,
        reason=f"In the file {run.file_name}" if there is not None else "", **_values(row.said),
    )  # fmt: skip
    return "recorded" if there is None else "corrected"
