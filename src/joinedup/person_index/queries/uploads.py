"""Files that were sent and wait to be imported: the viewer's own, and how one of them would be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.person_index.agency_file_mapping import mapping_from
from joinedup.person_index.models import AgencyRecord, ImportChange, ImportRun, ImportUpload, Person, RecordLink
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.queries.imports import ImportLine, ImportPreview, import_run, read_ahead

if TYPE_CHECKING:
    from joinedup.core.models import Job


@dataclass(frozen=True)
class UploadLine:
    """A file that waits, as a list shows it."""

    id: UUID
    file_name: str
    agency_name: str
    uploaded_at: datetime
    goes_at: datetime
    job: Job | None

    @property
    def is_under_way(self) -> bool:
        """Whether its import was started and has not ended."""
        return self.job is not None and self.job.state in ("waiting", "running")


def uploads_waiting(viewer: Actor) -> list[UploadLine]:
    """The viewer's own files that are not imported yet, newest first. A file is not kept beyond a day."""
    check(viewer, IMPORT_RECORDS)
    return _waiting(viewer, ImportUpload.Holds.RECORDS)


def _waiting(viewer: Actor, holds: str) -> list[UploadLine]:
    rows = ImportUpload.objects.filter(uploaded_by=viewer.account_id, file__goes_at__gt=viewer.at, holds=holds)
    found = rows.select_related("agency", "file", "job").defer("file__content", "mapping").order_by("-pk")[:20]
    return [
        UploadLine(row.pk, row.file.name, row.agency.name, row.uploaded_at, row.file.goes_at, row.job) for row in found
    ]


def upload(viewer: Actor, upload_id: UUID) -> ImportUpload:
    """One of the viewer's own files, without what is in it."""
    check(viewer, IMPORT_RECORDS)
    return _upload(viewer, upload_id, ImportUpload.Holds.RECORDS)


def _upload(viewer: Actor, upload_id: UUID, holds: str) -> ImportUpload:
    rows = ImportUpload.objects.select_related("agency", "file", "job").defer("file__content").filter(holds=holds)
    found = rows.filter(pk=upload_id, uploaded_by=viewer.account_id, file__goes_at__gt=viewer.at).first()
    if found is None:
        raise NotVisible()
    return found


def look_ahead(viewer: Actor, upload: ImportUpload) -> ImportPreview:
    """How a waiting file begins, and how it would be read. Raises Refused where it is no table (PI-9)."""
    return read_ahead(
        viewer,
        agency_code=upload.agency.code,
        file_name=upload.file.name,
        content=bytes(upload.file.content),
        mapping=mapping_from(upload.mapping) if upload.mapping is not None else None,
    )


@dataclass(frozen=True)
class RunRecord:
    """A record that an import brought or changed. The person it is linked to is named to whoever may see them."""

    id: UUID
    agency_reference: str
    as_of: date | None
    person_id: UUID | None
    person_name: str


@dataclass(frozen=True)
class RunRecords:
    """The records behind one count of an import's receipt; `which` is new or changed."""

    line: ImportLine
    which: str
    rows: list[RunRecord]
    next_after: UUID | None


def records_of_import(
    viewer: Actor, run_id: UUID, *, which: str, after: UUID | None = None, limit: int = 50
) -> RunRecords:
    """What an import brought (`new`) or changed (`changed`), as far as no later import changed it again. Audited."""
    report = import_run(viewer, run_id)
    if which not in ("new", "changed"):
        raise NotVisible()
    if which == "new":
        records = AgencyRecord.objects.filter(first_run=run_id)
    else:
        changed = ImportChange.objects.filter(run_id=run_id, record_id=OuterRef("pk"))
        records = AgencyRecord.objects.filter(Exists(changed), run_id=run_id)
    if after:
        records = records.filter(pk__gt=after)
    found = list(records.only("agency_reference", "as_of").order_by("pk")[: limit + 1])
    shown = found[:limit]
    links = RecordLink.objects.filter(
        record_id__in=[one.pk for one in shown],
        separated_at__isnull=True,
        person__in=Person.objects.visible_to(viewer),
    )
    people = {link.record_id: link.person for link in links.select_related("person")}
    audit.record_read(
        viewer,
        subject=(ImportRun._meta.label_lower, str(run_id)),
        people=[person.pk for person in people.values()],
        purpose="import",
    )
    rows = [
        RunRecord(
            one.pk,
            one.agency_reference,
            one.as_of,
            people[one.pk].pk if one.pk in people else None,
            str(people[one.pk]) if one.pk in people else "",
        )
        for one in shown
    ]
    return RunRecords(report.line, which, rows, shown[-1].pk if len(found) > limit else None)
