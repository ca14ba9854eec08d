"""What agencies sent in as observed: the observations themselves for the agency that made them, imports and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.formats import london
from joinedup.core.tabular import MEGABYTE, ON_A_PAGE, UnreadableFile, read_table, report_csv
from joinedup.organisations.queries import open_organisations
from joinedup.person_index.agency_file import Rejected
from joinedup.person_index.agency_file_mapping import header_digest
from joinedup.person_index.models import (
    ImportUpload,
    Observation,
    ObservationRun,
    RecordLink,
    RememberedMapping,
    withheld_ids,
)
from joinedup.person_index.observing import (
    KINDS,
    NoSuchColumns,
    ObservationRow,
    faults_of_columns,
    guessed_columns,
    in_words,
    known_titles,
    read_observations,
    what_is_missing,
)
from joinedup.person_index.permissions import (
    IMPORT_OBSERVATIONS,
    READ_OBSERVATIONS,
    WITHDRAW_OBSERVATION,
    agencies_led,
)
from joinedup.person_index.queries.imports import agency_of
from joinedup.person_index.queries.uploads import UploadLine, _upload, _waiting

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

UNDO_WITHIN = timedelta(days=1)
PAGE = 50
_LOOKED_AT = 50


def agency_observed_by(viewer: Actor, code: str) -> Organisation:
    """The agency with a code, where the viewer may bring in what it observed: the front door's manager for every agency,
    whoever answers for an agency's records for that one. Refused in a sentence where there is none (PI-14)."""
    agency = agency_of(viewer, code)
    if viewer.is_system or viewer.has_role(Role.FRONT_DOOR_MANAGER) or agency.pk in agencies_led(viewer):
        return agency
    raise NotPermitted(f"You may not bring in what {agency.name} observed. Only its own data lead may.")


def agencies_to_import(viewer: Actor) -> list[tuple[str, str]]:
    """Code and name of the agencies whose observations the viewer may bring in."""
    check(viewer, IMPORT_OBSERVATIONS)
    every = viewer.is_system or viewer.has_role(Role.FRONT_DOOR_MANAGER)
    led = agencies_led(viewer)
    return [(each.code, each.name) for each in open_organisations(viewer) if every or each.pk in led]


# --- The observations, for the agency that made them.


@dataclass(frozen=True)
class ObservationLine:
    """One observation, as its agency may read it."""

    id: UUID
    agency_reference: str
    name: str
    kind: str
    words: str
    happened_on: date
    ended_on: date | None
    value: Decimal | None
    detail: str
    supplied_at: datetime
    agency: str


@dataclass(frozen=True)
class ObservationPage:
    """A page of observations, those sent last first. `next_before` is blank at the end."""

    rows: tuple[ObservationLine, ...]
    next_before: str


def observations_of_own(
    viewer: Actor, *, reference: str = "", kind: str = "", before: UUID | None = None, limit: int = PAGE
) -> ObservationPage:
    """What the viewer's own organisation observed, by its own reference of a person or by kind. Whoever is withheld from
    the viewer is left out. One audited row names everybody shown."""
    check(viewer, READ_OBSERVATIONS)
    rows = Observation.objects.filter(replaced_at__isnull=True, record__agency_id__in=agencies_led(viewer))
    rows = rows.exclude(record_id__in=_hidden(viewer))
    if reference.strip():
        rows = rows.filter(record__agency_reference=reference.strip())
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("record__agency").order_by("-pk")[: limit + 1])
    shown = found[:limit]
    links = RecordLink.objects.filter(record_id__in=[row.record_id for row in shown], separated_at__isnull=True)
    audit.record_read(
        viewer, subject=("person_index.observation", kind or "all"),
        people=sorted(set(links.values_list("person_id", flat=True))), purpose="own organisation’s observations",
        search=True,
    )  # fmt: skip
    return ObservationPage(tuple(_line(row) for row in shown), str(shown[-1].pk) if len(found) > limit else "")


def _hidden(viewer: Actor) -> QuerySet[RecordLink, UUID]:
    live = RecordLink.objects.filter(separated_at__isnull=True, person_id__in=withheld_ids(viewer))
    return live.values_list("record_id", flat=True)


def _line(row: Observation) -> ObservationLine:
    said = in_words(row.kind, row.value)
    return ObservationLine(
        id=row.pk, agency_reference=row.record.agency_reference,
        name=f"{row.record.given_name} {row.record.family_name}".strip() or "Name not known", kind=row.kind,
        words=said[:1].upper() + said[1:], happened_on=row.happened_on, ended_on=row.ended_on, value=row.value,
        detail=row.detail, supplied_at=row.supplied_at, agency=row.record.agency.name,
    )  # fmt: skip


def observation_for_change(viewer: Actor, observation_id: UUID) -> Observation:
    """One observation of the viewer's own organisation that still counts, to hand to a service."""
    check(viewer, READ_OBSERVATIONS)
    rows = Observation.objects.filter(replaced_at__isnull=True, record__agency_id__in=agencies_led(viewer))
    row = rows.exclude(record_id__in=_hidden(viewer)).select_related("record__agency").filter(pk=observation_id).first()
    if row is None or not can(viewer, WITHDRAW_OBSERVATION, row):
        raise NotVisible
    return row


def observation_line(viewer: Actor, observation_id: UUID) -> ObservationLine:
    """One observation as its agency reads it. The read is audited."""
    row = observation_for_change(viewer, observation_id)
    links = RecordLink.objects.filter(record_id=row.record_id, separated_at__isnull=True)
    people = list(links.values_list("person_id", flat=True))
    audit.record_read(
        viewer, subject=("person_index.observation", str(row.pk)), people=people, purpose="own observation"
    )
    return _line(row)


# --- Imports.


@dataclass(frozen=True)
class ObservationRunLine:
    """One import. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates."""

    id: UUID
    agency_code: str
    agency_name: str
    file_name: str
    started_at: datetime
    imported_by: str
    counts: Mapping[str, int]
    undone_at: datetime | None
    undo_until: datetime


@dataclass(frozen=True)
class ObservationReport:
    """One import in full: what was rejected, and what an undo did."""

    line: ObservationRunLine
    run: ObservationRun
    rejected: tuple[Rejected, ...]
    undone: Mapping[str, object]
    undone_by: str
    can_be_undone: bool


def observation_runs(viewer: Actor, *, before: UUID | None = None, limit: int = 25) -> list[ObservationRunLine]:
    """Imports of observations, newest first: every agency's for the front door's manager, else those of one's own."""
    rows = _runs(viewer).select_related("agency").defer("rejected").order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[:limit])
    names = names_of_accounts(viewer, {row.imported_by for row in found if row.imported_by})
    return [_run_line(row, names) for row in found]


def observation_run(viewer: Actor, run_id: UUID) -> ObservationReport:
    """One import with everything it rejected. The read is audited: what was rejected may name people."""
    row = _runs(viewer).select_related("agency").filter(pk=run_id).first()
    if row is None:
        raise NotVisible
    names = names_of_accounts(viewer, {each for each in (row.imported_by, row.undone_by) if each})
    audit.record_read(viewer, subject=(ObservationRun._meta.label_lower, str(row.pk)), people=[], purpose="import")
    return ObservationReport(
        line=_run_line(row, names), run=row, rejected=tuple(Rejected(**each) for each in row.rejected), undone=row.undone,
        undone_by=names.get(row.undone_by, "") if row.undone_by else "",
        can_be_undone=row.undone_at is None and viewer.at <= row.started_at + UNDO_WITHIN,
    )  # fmt: skip


def rejected_observations_csv(viewer: Actor, run_id: UUID) -> str:
    """What an import rejected, as every import reports it. Formula cells are inert."""
    return report_csv(vars(each) for each in observation_run(viewer, run_id).rejected)


def _runs(viewer: Actor) -> QuerySet[ObservationRun]:
    check(viewer, IMPORT_OBSERVATIONS)
    rows = ObservationRun.objects.all()
    if viewer.is_system or viewer.has_role(Role.FRONT_DOOR_MANAGER):
        return rows
    return rows.filter(agency_id__in=agencies_led(viewer))


def _run_line(row: ObservationRun, names: Mapping[UUID, str]) -> ObservationRunLine:
    return ObservationRunLine(
        id=row.pk, agency_code=row.agency.code, agency_name=row.agency.name, file_name=row.file_name,
        started_at=row.started_at, imported_by=names.get(row.imported_by, "") if row.imported_by else "",
        counts=row.counts, undone_at=row.undone_at, undo_until=row.started_at + UNDO_WITHIN,
    )  # fmt: skip


# --- Files that wait.


@dataclass(frozen=True)
class ObservationColumn:
    """A column of a file: its title, what it seems to hold, and its first values."""

    title: str
    field: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ObservationPreview:
    """The beginning of a file as it would be read: `problem` says what is missing before it can be."""

    columns: tuple[ObservationColumn, ...]
    rows: tuple[ObservationRow, ...]
    rejected: tuple[Rejected, ...]
    looked_at: int
    problem: str
    is_remembered: bool


def observation_uploads(viewer: Actor) -> list[UploadLine]:
    """The viewer's own files of observations that are not imported yet, newest first."""
    check(viewer, IMPORT_OBSERVATIONS)
    return _waiting(viewer, ImportUpload.Holds.OBSERVATIONS)


def observation_upload(viewer: Actor, upload_id: UUID) -> ImportUpload:
    """One of the viewer's own files, without what is in it."""
    check(viewer, IMPORT_OBSERVATIONS)
    return _upload(viewer, upload_id, ImportUpload.Holds.OBSERVATIONS)


def look_ahead_at_observations(viewer: Actor, upload: ImportUpload) -> ObservationPreview:
    """How a waiting file begins, and how it would be read. Raises Refused where it is no table (PI-9)."""
    name, content = upload.file.name, bytes(upload.file.content)
    return read_observations_ahead(viewer, upload.agency.code, name, content, upload.mapping)


def read_observations_ahead(
    viewer: Actor, agency_code: str, file_name: str, content: bytes, said: Mapping[str, str] | None = None
) -> ObservationPreview:
    """As above, of a file that is not kept yet. What was said of an earlier file with this header is used, if any."""
    agency = agency_observed_by(viewer, agency_code)
    try:
        table = read_table(
            content, file_name, score=known_titles, most_bytes=settings.IMPORT_MEGABYTES * MEGABYTE, apart=ON_A_PAGE
        )
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule="PI-9", field="file") from None
    kept = remembered_columns(agency.pk, table.header) if said is None else None
    columns = said if said is not None else kept or {}
    first = list(islice(table.rows, _LOOKED_AT))
    held = guessed_columns(table.header, columns)
    seen = tuple(
        ObservationColumn(title, held[place], tuple(dict.fromkeys(cells[place][:60] for _, cells in first if cells[place]))[:3])
        for place, title in enumerate(table.header)
    )  # fmt: skip
    table.rows = iter(first)
    try:
        file = read_observations(table, today=london(viewer.at).date(), columns=columns)
    except NoSuchColumns:
        return ObservationPreview(seen, (), (), len(first), what_is_missing(held), bool(kept))
    return ObservationPreview(seen, tuple(file.rows[:10]), tuple(file.rejected), len(first), "", bool(kept))


def remembered_columns(agency_id: UUID, header: list[str]) -> dict[str, str] | None:
    """What somebody said of the columns of an earlier file of this agency with this header."""
    row = RememberedMapping.objects.filter(agency_id=agency_id, header_digest=observed_digest(header)).first()
    said = row.mapping.get("columns") if row else None
    return said if isinstance(said, dict) and not faults_of_columns(said) else None


def observed_digest(header: list[str]) -> str:
    """A name for a header of observations, apart from the same titles in a file of records."""
    return header_digest(["observations:", *header])
