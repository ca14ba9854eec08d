"""Help that was given: what, by whom, for whom, from when to when, how much of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.events import INTERVENTION_ENDED, INTERVENTION_GIVEN
from joinedup.casework.models import Case, CasePerson, Intervention, InterventionFor
from joinedup.casework.permissions import END_INTERVENTION, WRITE_NOTE
from joinedup.casework.services.steps import lock, lock_open
from joinedup.chronology.services import record_event


@dataclass(frozen=True)
class HelpGiven:
    """What was delivered. `hours` and `quantity` (of `unit`) as far as they are known; `ends_on` None while it goes on."""

    service: str
    words: str
    delivered_by: str
    starts_on: date
    ends_on: date | None = None
    hours: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""


@service(WRITE_NOTE, on="case")
def record_intervention(
    *, case: Case, given: HelpGiven, people: Collection[UUID], by: Actor, at: datetime
) -> Intervention:
    """Record help that was given to some of the people in the case: one row here, and its hours in the chronology."""
    lock_open(case)
    _check(given, timezone.localdate(at))
    in_case = set(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    if not people or not set(people) <= in_case:
        raise rules.HELP_FOR.refused()
    row = Intervention.objects.create(
        case=case,
        service=given.service.strip()[:120],
        words=given.words.strip()[:500],
        delivered_by=given.delivered_by.strip()[:120],
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        hours=given.hours,
        quantity=given.quantity,
        unit=given.unit.strip()[:40],
        recorded_by=by.account_id,
        recorded_at=at,
    )
    InterventionFor.objects.bulk_create(
        [InterventionFor(intervention=row, person_id=each) for each in dict.fromkeys(people)]
    )
    _chronicle(row, people, given.hours, by, at)
    note(people=set(people), changed=("interventions",), subject=row)
    return row


def _check(given: HelpGiven, today: date) -> None:
    if not (given.service.strip() and given.words.strip() and given.delivered_by.strip()):
        raise rules.HELP_SAID.refused()
    ended = given.ends_on
    if given.starts_on > today or (ended is not None and not given.starts_on <= ended <= today):
        raise rules.HELP_DATES.refused()
    counted = [each for each in (given.hours, given.quantity) if each is not None]
    if any(each <= 0 or each > 100_000 for each in counted) or bool(given.unit.strip()) != (given.quantity is not None):
        raise rules.HELP_COUNTED.refused()


def _chronicle(row: Intervention, people: Collection[UUID], hours: Decimal | None, by: Actor, at: datetime) -> None:
    began = timezone.make_aware(datetime.combine(row.starts_on, datetime.min.time()))
    record_event(
        INTERVENTION_GIVEN,
        source=row,
        by=by,
        at=began,
        people=people,
        family_id=row.case.family_id,
        team_id=row.case.team_id,
        quantity=hours,
        words={"service": row.service, "what": row.words, "by": row.delivered_by},
    )


@service(END_INTERVENTION, on="intervention")
def end_intervention(
    *, intervention: Intervention, ends_on: date, hours: Decimal | None, by: Actor, at: datetime
) -> Intervention:
    """Say when help ended and, where it was not known before, how many hours of it were given."""
    lock(intervention)
    if intervention.ends_on is not None:
        raise rules.HELP_ENDED_ALREADY.refused()
    if not intervention.starts_on <= ends_on <= timezone.localdate(at):
        raise rules.HELP_DATES.refused()
    if hours is not None and not 0 < hours <= 100_000:
        raise rules.HELP_COUNTED.refused()
    more = hours - (intervention.hours or 0) if hours is not None else None
    intervention.ends_on = ends_on
    intervention.hours = hours if hours is not None else intervention.hours
    intervention.save(update_fields=["ends_on", "hours"])
    people = list(intervention.people.values_list("person_id", flat=True))
    record_event(
        INTERVENTION_ENDED,
        source=intervention,
        by=by,
        at=at,
        people=people,
        family_id=intervention.case.family_id,
        team_id=intervention.case.team_id,
        quantity=more,  # what is added to the hours counted when it was recorded
        words={"service": intervention.service},
    )
    note(people=people, changed=("ends_on", "hours"))
    return intervention
