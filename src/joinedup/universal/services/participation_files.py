"""A school's or college's file of what its young people do: good rows are recorded, every other says why not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.tabular import FOR_AN_IMPORT, UnreadableFile, read_table
from joinedup.person_index.queries import records_with_reference
from joinedup.universal import files
from joinedup.universal.models import ParticipationImport
from joinedup.universal.permissions import IMPORT_PARTICIPATION
from joinedup.universal.services.participation import Doing, _record

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@service(IMPORT_PARTICIPATION, on="organisation")
def import_participation(
    *, organisation: Organisation, file_name: str, content: bytes, by: Actor, at: datetime
) -> ParticipationImport:
    """Record every row that can be used, of young people in the organisation's own records. Raises Refused (UN-51) where
    the file as a whole cannot be used."""
    try:
        table = read_table(content, file_name, apart=FOR_AN_IMPORT, score=files.known_titles)
        read = files.read_participation(table, today=timezone.localdate(at))
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule="UN-51", field="file") from wrong
    run = ParticipationImport.objects.create(
        organisation=organisation, file_name=file_name[:200], imported_at=at, imported_by=by.account_id
    )
    people = records_with_reference(by, organisation.pk, [row.reference for row in read.rows])
    counts, rejected = {"read": read.read, "recorded": 0, "confirmed": 0}, list(read.rejected)
    # In one order, so that two files that name the same people wait for each other and never crosswise.
    for row in sorted(read.rows, key=lambda each: (str(people.get(each.reference)), each.starts_on, each.line)):
        person = people.get(row.reference)
        if person is None:
            rejected.append(
                files.fault(row.line, "reference", row.reference, "Nobody in your records has this reference.")
            )
            continue
        doing = Doing(person, row.status, row.starts_on, row.reason, row.provider or organisation.name)
        try:
            _, is_new = _record(doing, organisation, by, at, brought_by=run)
        except Refused as refusal:
            rejected.append(files.fault(row.line, refusal.field, "", refusal.sentence))
            continue
        counts["recorded" if is_new else "confirmed"] += 1
    run.counts, run.rejected = counts, sorted(rejected, key=lambda each: int(each["row"]))
    run.save(update_fields=["counts", "rejected"])
    note(changed=("participation",), subject=run)
    return run
