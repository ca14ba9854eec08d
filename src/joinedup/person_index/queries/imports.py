"""Imports: a file looked at before it lands, how files of an agency are read, and what each import did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import london
from joinedup.core.tabular import MEGABYTE, ON_A_PAGE, UnreadableFile, report_csv
from joinedup.organisations.queries import organisation_with_code
from joinedup.person_index.agency_file import FirstRows, Rejected, read_first_rows
from joinedup.person_index.agency_file_mapping import ColumnMapping, header_digest, mapping_from
from joinedup.person_index.models import ImportRun, RecordLink, RememberedMapping
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.rules import PI_9, PI_14

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

UNDO_WITHIN = timedelta(days=1)
_QUOTED = re.compile("“[^”]*”")


@dataclass(frozen=True)
class ImportPreview:
    """An agency's file before it lands. `first` holds its header, what each column was guessed to hold, and its first
    rows as they would land with every fault; `first.problem` says what is missing before it can be imported at all.
    `is_remembered` when the mapping is the one kept from an earlier file with this header."""

    agency_code: str
    agency_name: str
    first: FirstRows
    is_remembered: bool

    @property
    def faults(self) -> tuple[Rejected, ...]:
        """Everything that cannot be used in the rows shown."""
        return tuple(fault for row in self.first.rows for fault in row.faults)


@dataclass(frozen=True)
class ImportLine:
    """One import as a list shows it. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates."""

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
class ImportReport:
    """One import in full: what was rejected (by reason, most frequent first, and each value), and what an undo did."""

    line: ImportLine
    run: ImportRun
    rejected: tuple[Rejected, ...]
    reasons: tuple[tuple[str, int], ...]
    undone: Mapping[str, Any]
    undone_by: str
    can_be_undone: bool
    is_own: bool


def agency_of(viewer: Actor, code: str) -> Organisation:
    """The agency with a code; refused in a sentence where there is none (PI-14)."""
    try:
        return organisation_with_code(viewer, code)
    except NotVisible:
        raise Refused(f"There is no agency with the code {code}.", rule=PI_14.code, field="agency") from None


def remembered_mapping(viewer: Actor, agency: Organisation, header: Sequence[str]) -> ColumnMapping | None:
    """How this agency's files with this header are read, if somebody has said so."""
    row = RememberedMapping.objects.filter(agency=agency, header_digest=header_digest(header)).first()
    try:
        return mapping_from(row.mapping) if row else None
    except UnreadableFile:  # kept by an earlier version that knew other fields
        return None


def read_ahead(
    viewer: Actor, *, agency_code: str, file_name: str, content: bytes, mapping: ColumnMapping | None = None
) -> ImportPreview:
    """Look at a file before it is imported: nothing is kept. Without a `mapping` the remembered one is used, if any.

    Raises Refused for an unknown agency (PI-14) or a file that is no table (PI-9).
    """
    check(viewer, IMPORT_RECORDS)
    agency = agency_of(viewer, agency_code)
    kept: list[ColumnMapping] = []

    def remembered(header: Sequence[str]) -> ColumnMapping | None:
        found = remembered_mapping(viewer, agency, header)
        kept.extend([found] if found else [])
        return found

    try:
        first = read_first_rows(
            content,
            today=london(viewer.at).date(),
            allow_synthetic=settings.DEMO,
            file_name=file_name,
            mapping=mapping,
            remembered=remembered,
            most_bytes=settings.IMPORT_MEGABYTES * MEGABYTE,
            apart=ON_A_PAGE,
        )
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule=PI_9.code, field="file") from None
    return ImportPreview(agency.code, agency.name, first, bool(kept))


def import_runs(
    viewer: Actor, *, agency_code: str = "", before: UUID | None = None, limit: int = 25
) -> list[ImportLine]:
    """Imports, newest first, of one agency or all; `before` is the last one of the page before."""
    check(viewer, IMPORT_RECORDS)
    rows = ImportRun.objects.select_related("agency").defer("rejected", "undone").order_by("-started_at", "-pk")
    if agency_code:
        rows = rows.filter(agency__code=agency_code.strip().upper())
    last = ImportRun.objects.filter(pk=before).values_list("started_at", flat=True).first() if before else None
    if last:
        rows = rows.filter(started_at__lte=last).exclude(started_at=last, pk__gte=before)
    found = list(rows[:limit])
    names = names_of_accounts(viewer, {row.imported_by for row in found if row.imported_by})
    return [_line(row, names) for row in found]


def import_run(viewer: Actor, run_id: UUID) -> ImportReport:
    """One import with everything it rejected. The values that were rejected, which may name anybody, are shown to whoever
    sent them; others see the row, the field and the reason. What an undo kept is listed without people withheld from the
    viewer. The read is audited."""
    check(viewer, IMPORT_RECORDS)
    row = ImportRun.objects.select_related("agency").filter(pk=run_id).first()
    if row is None:
        raise NotVisible
    names = names_of_accounts(viewer, {each for each in (row.imported_by, row.undone_by) if each})
    is_own = viewer.is_system or (row.imported_by is not None and row.imported_by == viewer.account_id)
    told = (Rejected(**each) for each in row.rejected)
    rejected = tuple(each if is_own else _without_value(each) for each in told)
    reasons: dict[str, int] = {}
    for each in rejected:
        reason = _QUOTED.sub("“…”", each.reason)
        reasons[reason] = reasons.get(reason, 0) + 1
    audit.record_read(viewer, subject=(ImportRun._meta.label_lower, str(row.pk)), people=[], purpose="import")
    return ImportReport(
        line=_line(row, names),
        run=row,
        rejected=rejected,
        reasons=tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        undone={**row.undone, "kept": kept_shown(viewer, row.agency_id, row.undone.get("kept", []))},
        is_own=is_own,
        undone_by=names.get(row.undone_by, "") if row.undone_by else "",
        can_be_undone=row.undone_at is None and viewer.at <= row.started_at + UNDO_WITHIN,
    )


def _without_value(rejected: Rejected) -> Rejected:
    return replace(rejected, value="", reason=_QUOTED.sub("“…”", rejected.reason))


def kept_shown(viewer: Actor, agency_id: UUID, kept: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """What an undo kept, without the records of people withheld from the viewer: restricted people, their own family."""
    if not kept:
        return []
    links = RecordLink.objects.filter(
        record__agency_id=agency_id,
        record__agency_reference__in=[each["agency_reference"] for each in kept],
        separated_at__isnull=True,
    )
    people = dict(links.values_list("record__agency_reference", "person_id"))
    withheld = withheld_among(viewer, set(people.values()))
    return [each for each in kept if people.get(each["agency_reference"]) not in withheld]


def rejected_as_csv(viewer: Actor, run_id: UUID) -> str:
    """What an import rejected, as the report every import shares: row, field, value, reason. Formula cells are inert."""
    report = import_run(viewer, run_id)
    return report_csv(vars(each) for each in report.rejected)


def _line(row: ImportRun, names: Mapping[UUID, str]) -> ImportLine:
    return ImportLine(
        id=row.pk,
        agency_code=row.agency.code,
        agency_name=row.agency.name,
        file_name=row.file_name,
        started_at=row.started_at,
        imported_by=names.get(row.imported_by, "") if row.imported_by else "",
        counts=row.counts,
        undone_at=row.undone_at,
        undo_until=row.started_at + UNDO_WITHIN,
    )
