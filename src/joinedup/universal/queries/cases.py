"""Who of a case came to which session, for those who see the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.queries import CaseFrame, case_frame
from joinedup.person_index.queries import records_of
from joinedup.universal.codes import MARKS, Mark
from joinedup.universal.models import Attendance

_MOST = 200


@dataclass(frozen=True)
class CaseAttendance:
    """One line of one register, about somebody in the case."""

    name: str
    programme: str
    organisation: str
    held_on: date
    label: str
    is_targeted: bool


def attendances_of_case(viewer: Actor, case_id: UUID) -> tuple[CaseFrame, list[CaseAttendance]]:
    """What the registers say of the people of a case the viewer sees, the newest first. The case's own read is audited
    with everybody in it; it opens no register."""
    frame = case_frame(viewer, case_id, purpose="sessions attended")
    names = {each.person_id: each.name for each in frame.people}
    records = records_of(viewer, names)
    rows = Attendance.objects.filter(record_id__in=list(records)).listed().not_withheld_from(viewer)
    found = rows.exclude(session__state="cancelled").select_related("session__programme__organisation")
    return frame, [
        CaseAttendance(
            name=names[records[row.record_id]], programme=row.session.programme.name,
            organisation=row.session.programme.organisation.name, held_on=row.session.held_on,
            label=MARKS[Mark(row.mark)], is_targeted=row.session.programme.is_targeted,
        )
        for row in found.order_by("-session__held_on", "-pk")[:_MOST]
    ]  # fmt: skip
