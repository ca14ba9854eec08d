"""A file of readings: good rows are recorded in one transaction, every other says why not; the same file again is harmless.
Thousands of rows take as many statements as ten: what they speak of is looked up, locked and written all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.tabular import FOR_AN_IMPORT, MEGABYTE, UnreadableFile, read_table
from joinedup.organisations.queries import clusters, localities
from joinedup.outcomes.codes import EVERYBODY, IMPORTED
from joinedup.outcomes.models import Cohort, PartnershipMeasure, Series, SeriesImport, SeriesReading
from joinedup.outcomes.permissions import IMPORT_READINGS
from joinedup.outcomes.reading_file import Fault, FileRow, Kind, fault, known_titles, plain, read_file
from joinedup.outcomes.rules import FILE_READABLE
from joinedup.outcomes.services.readings import _values
from joinedup.outcomes.services.series import Area, _kind_of

MOST_BYTES = 5 * MEGABYTE
_WHOLE = {"", "all", "whole", "partnership", "thewholepartnership", "wholepartnership"}
_AT_ONCE = 4_000  # rows in one statement


@dataclass
class _Known:
    """What the rows speak of, looked up once for the whole file."""

    measures: Mapping[str, PartnershipMeasure]
    areas: Mapping[str, Area]
    cohorts: Mapping[str, Cohort]


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
    usable, wrong_names = _resolved(read.rows, known)
    rejected: list[Fault] = [*read.rejected, *wrong_names]
    series = _locked_series({each.place for each in usable})
    rejected += _record_all(usable, series, run, counts, by, at)
    rejected.sort(key=lambda each: int(each["row"]))
    counts["rejected"] = len({each["row"] for each in rejected})
    run.counts, run.rejected = counts, rejected
    run.save(update_fields=["counts", "rejected"])
    note(changed=("readings",), words=counts, subject=run)
    return run


def _known(by: Actor) -> _Known:
    areas: dict[str, Area] = dict.fromkeys(_WHOLE)
    for cluster in clusters(by):
        areas[plain(cluster.name)] = areas[plain(cluster.code)] = cluster
    for locality in localities(by):
        areas[plain(locality.name)] = areas[plain(locality.code)] = locality
    cohorts: dict[str, Cohort] = {}
    for each in Cohort.objects.order_by("code"):
        cohorts[plain(each.name)] = cohorts[plain(each.code)] = each
        if each.code == EVERYBODY:
            cohorts[""] = each
    measures = PartnershipMeasure.objects.filter(ends_on__isnull=True)
    return _Known({plain(each.code): each for each in measures}, areas, cohorts)


@dataclass(frozen=True)
class _Place:
    """What a row is about: a measure for a cohort in an area."""

    measure_id: UUID
    cohort_id: UUID
    kind: str
    area_id: UUID | None


@dataclass(frozen=True)
class _Usable:
    """A row whose names are known."""

    row: FileRow
    place: _Place


def _resolved(rows: Iterable[FileRow], known: _Known) -> tuple[list[_Usable], list[Fault]]:
    """The rows whose area and cohort there are, in the order of the file; and the lines of the report for the others."""
    usable: list[_Usable] = []
    wrong: list[Fault] = []
    for row in rows:
        cohort = known.cohorts.get(plain(row.cohort))
        if plain(row.area) not in known.areas:
            wrong.append(fault(row.line, "area", row.area, "There is no locality or cluster of this name."))
        elif cohort is None:
            wrong.append(fault(row.line, "cohort", row.cohort, "There is no cohort of this name."))
        else:
            area = known.areas[plain(row.area)]
            place = _Place(known.measures[row.measure].pk, cohort.pk, _kind_of(area), area.pk if area else None)
            usable.append(_Usable(row, place))
    return usable, wrong


def _place_of(series: Series) -> _Place:
    return _Place(series.measure_id, series.cohort_id, series.area_kind, series.locality_id or series.cluster_id)


def _locked_series(places: set[_Place]) -> dict[_Place, Series]:
    """The series of each place, made where there is none yet, locked in one order: two files that speak of the same series
    wait for each other and never crosswise. Three statements however many."""
    measures = {each.measure_id for each in places}
    there = {_place_of(each) for each in Series.objects.filter(measure__in=measures)}
    missing = sorted(places - there, key=str)
    Series.objects.bulk_create(
        [
            Series(
                measure_id=each.measure_id, cohort_id=each.cohort_id, area_kind=each.kind,
                **({f"{each.kind}_id": each.area_id} if each.area_id else {}),
            )
            for each in missing
        ],
        batch_size=_AT_ONCE, ignore_conflicts=True,  # another file may be making the same ones
    )  # fmt: skip
    locked = Series.objects.select_for_update().filter(measure__in=measures).order_by("pk")
    return {_place_of(each): each for each in locked if _place_of(each) in places}


def _record_all(
    usable: Iterable[_Usable], series: Mapping[_Place, Series], run: SeriesImport, counts: dict[str, int], by: Actor,
    at: datetime,
) -> list[Fault]:  # fmt: skip
    """Write every row that says something new, all at once; returns the lines of the report for those told twice."""
    rows = [(series[each.place], each.row) for each in usable]
    standing = _standing_readings({each.pk for each, _ in rows}, {row.said.ends_on for _, row in rows})
    told: set[tuple[UUID, date]] = set()
    new: list[SeriesReading] = []
    wrong: list[Fault] = []
    for each, row in rows:
        key = (each.pk, row.said.ends_on)
        if key in told:
            day = row.said.ends_on.isoformat()
            wrong.append(fault(row.line, "to", day, "Another row of the file is about the same period."))
            continue
        told.add(key)
        there = standing.get(key)
        said = row.said
        if there is not None and (there.value, there.numerator, there.denominator, there.starts_on) == (
            said.value, said.numerator, said.denominator, said.starts_on,
        ):  # fmt: skip
            counts["known"] += 1
            continue
        counts["recorded" if there is None else "corrected"] += 1
        new.append(
            SeriesReading(
                series=each, way=IMPORTED, run=run, recorded_at=at, recorded_by=by.account_id,
                reason=f"In the file {run.file_name}" if there is not None else "", **_values(said),
            )
        )  # fmt: skip
    SeriesReading.objects.bulk_create(new, batch_size=_AT_ONCE)
    return wrong


def _standing_readings(ids: set[UUID], days: set[date]) -> dict[tuple[UUID, date], SeriesReading]:
    """The reading of each series and period that counts; none where it was taken back."""
    rows = SeriesReading.objects.filter(series__in=ids, ends_on__in=days).order_by("recorded_at", "id")
    newest = {(each.series_id, each.ends_on): each for each in rows}
    return {key: each for key, each in newest.items() if each.value is not None}
