"""From a targeted session to help given in a case (UN-22). Called only inside guarded services of this part.

It is done as the program itself: whoever takes the register learns neither that there is a case nor that anything was
written in it (UN-23).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from joinedup.access.actor import system
from joinedup.casework.services import AttendedHelp, give_attended_help, take_back_attended_help
from joinedup.person_index.queries import people_of_records
from joinedup.universal.codes import CAME, PROGRAMME_KINDS
from joinedup.universal.models import Attendance, HelpPosted, Session


def _post_help(session: Session, at: datetime) -> None:
    """One entry of help given for each child who came and whose family's open plan names the programme; taken back where
    the register no longer says that they came, and given again where it does. However often it is called, there is one
    for an attendance. The session is locked by the caller."""
    programme = session.programme
    if not programme.is_targeted:
        return
    by = system(at)
    posted = {row.attendance_id: row for row in HelpPosted.objects.filter(attendance__session=session)}
    rows = {row.pk: row for row in Attendance.objects.filter(session=session)}
    came = {pk: row for pk, row in rows.items() if row.mark in CAME}
    for pk, post in posted.items():
        if pk not in came:
            take_back_attended_help(intervention_id=post.intervention_id, by=by, at=at)
    people = people_of_records(by, [row.record_id for row in came.values()])
    hours = Decimal(str(round(session.hours, 2)))
    for pk, row in came.items():
        if row.record_id not in people:
            continue
        given = AttendedHelp(
            names=(programme.name, programme.service), what=PROGRAMME_KINDS[programme.kind], by=programme.organisation.name,
            on=session.held_on, hours=hours, person_id=people[row.record_id],
            again=posted[pk].intervention_id if pk in posted else None,
        )  # fmt: skip
        intervention = give_attended_help(given=given, by=by, at=at)
        if intervention is not None and pk not in posted:
            HelpPosted.objects.create(attendance=row, intervention=intervention, posted_at=at)
