"""Help that was given in a group: a child came to a session that the family's open plan names.

Only the program calls these, from inside the guarded service that takes a register: whoever takes it may not see cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.events import INTERVENTION_GIVEN, INTERVENTION_TAKEN_BACK
from joinedup.casework.lifecycle import PlanState
from joinedup.casework.models import Case, CasePerson, Intervention, InterventionFor, PlanAction
from joinedup.casework.permissions import GIVE_ATTENDED_HELP, TAKE_BACK_ATTENDED_HELP
from joinedup.casework.services.steps import lock
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event


@dataclass(frozen=True)
class AttendedHelp:
    """A child at a session. `names` are what a plan's action may call it; `again` the entry made for it before."""

    names: tuple[str, ...]
    what: str
    by: str
    on: date
    hours: Decimal
    person_id: UUID
    again: UUID | None = None


@service(GIVE_ATTENDED_HELP)
def give_attended_help(*, given: AttendedHelp, by: Actor, at: datetime) -> Intervention | None:
    """One entry of help given in the open case whose open plan names the session; None where there is no such plan. What
    was taken back is given again; what stands already is left as it is."""
    if given.again is not None:
        row = lock(Intervention.objects.select_related("case").get(pk=given.again))
        if row.taken_back_at is not None:
            row.taken_back_at = None
            row.save(update_fields=["taken_back_at"])
            _tell(INTERVENTION_GIVEN, row, given.person_id, by, _noon(row.starts_on))
        return row
    action = _named(given)
    if action is None:
        return None
    case = action.outcome.need.plan.case
    row = Intervention.objects.create(
        case=case, service=action.service[:120], words=f"{given.what}: came", delivered_by=given.by[:120],
        starts_on=given.on, ends_on=given.on, hours=given.hours, quantity=Decimal(1), unit="session",
        recorded_by=by.account_id, recorded_at=at,
    )  # fmt: skip
    InterventionFor.objects.create(intervention=row, person_id=_person_in(case, given.person_id))
    _tell(INTERVENTION_GIVEN, row, given.person_id, by, _noon(given.on))
    return row


@service(TAKE_BACK_ATTENDED_HELP)
def take_back_attended_help(*, intervention_id: UUID, by: Actor, at: datetime) -> Intervention:
    """The register no longer says that they came: the entry counts no more and stays to be read in the chronology."""
    row = lock(Intervention.objects.select_related("case").get(pk=intervention_id))
    if row.taken_back_at is None:
        row.taken_back_at = at
        row.save(update_fields=["taken_back_at"])
        person_id = InterventionFor.objects.filter(intervention=row).values_list("person_id", flat=True)[0]
        _tell(INTERVENTION_TAKEN_BACK, row, person_id, by, at)
    return row


def _named(given: AttendedHelp) -> PlanAction | None:
    """The action of an open plan, of a case the child is in, that calls for it and had not ended by then."""
    called = Q(pk__in=[])
    for name in given.names:
        called |= Q(service__iexact=name) if name.strip() else Q(pk__in=[])
    mine = CasePerson.objects.filter(
        Q(person_id=given.person_id) | Q(person__continued_by_id=given.person_id), case__in=Case.objects.open()
    )
    rows = PlanAction.objects.filter(
        called, Q(ended_on__isnull=True) | Q(ended_on__gte=given.on), removed_at__isnull=True,
        outcome__removed_at__isnull=True, outcome__need__removed_at__isnull=True,
        outcome__need__plan__state=PlanState.OPEN, outcome__need__plan__case__in=mine.values("case_id"),
    )  # fmt: skip
    return rows.select_related("outcome__need__plan__case").order_by("due_on", "pk").first()


def _person_in(case: Case, person_id: UUID) -> UUID:
    """As the case has them: the entry itself, or the one it continues."""
    rows = CasePerson.objects.filter(Q(person_id=person_id) | Q(person__continued_by_id=person_id), case=case)
    return rows.order_by("pk").values_list("person_id", flat=True)[0]


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _tell(kind: EventKind, row: Intervention, person_id: UUID, by: Actor, at: datetime) -> None:
    record_event(
        kind, source=row, by=by, at=at, people=[person_id], family_id=row.case.family_id, team_id=row.case.team_id,
        quantity=row.hours, words={"service": row.service, "what": row.words, "by": row.delivered_by},
    )  # fmt: skip
    note(people=[person_id], changed=("interventions",), subject=row)
