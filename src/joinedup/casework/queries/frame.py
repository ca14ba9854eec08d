"""What stands around every page of a case: who it is about, who leads and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import LABELS, CaseState
from joinedup.casework.models import Case
from joinedup.casework.queries.cases import PersonInCase, case_for_change, people_in


@dataclass(frozen=True)
class CaseFrame:
    """The head of every page of a case. `row` is the case itself, to ask `can` of and to hand to a service; templates
    read the other fields only."""

    row: Case
    id: UUID
    version: int
    reference: str
    family: str
    team: str
    locality: str
    level: int
    state: str
    state_label: str
    opened_at: datetime
    closed_at: datetime | None
    lead_professional: str
    lead_title: str
    lead_phone: str
    people: tuple[PersonInCase, ...]

    @property
    def children(self) -> tuple[PersonInCase, ...]:
        """The children the case is about, the eldest first."""
        return tuple(each for each in self.people if each.part == "child")

    @property
    def adults(self) -> tuple[PersonInCase, ...]:
        """Everybody else in the case."""
        return tuple(each for each in self.people if each.part != "child")

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state != CaseState.CLOSED

    def person(self, person_id: UUID | str) -> PersonInCase | None:
        """One of the people in the case."""
        return next((each for each in self.people if str(each.person_id) == str(person_id)), None)

    def age_of(self, person_id: UUID, on: date) -> int | None:
        """Whole years on a day; None where the date of birth is not known."""
        person = self.person(person_id)
        born = person.birth_date if person else None
        return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def case_frame(viewer: Actor, case_id: UUID, *, purpose: str) -> CaseFrame:
    """The head of a case's page; not visible where the case is not. The read is audited with its purpose and the people
    in the case: a page that uses this needs no further row for the case itself. Three statements."""
    row = case_for_change(viewer, case_id)
    people = people_in([row.pk]).get(row.pk, [])
    lead = row.lead_professional
    audit.record_read(
        viewer, subject=("casework.case", str(row.pk)), people={each.person_id for each in people}, purpose=purpose
    )
    return CaseFrame(
        row=row,
        id=row.pk,
        version=row.version,
        reference=row.reference,
        family=row.family.name,
        team=row.team.name,
        locality=row.locality.name if row.locality else "",
        level=row.level,
        state=row.state,
        state_label=LABELS[CaseState(row.state)],
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lead_professional=lead.account.name if lead else "",
        lead_title=lead.title if lead else "",
        lead_phone=lead.phone if lead else "",
        people=tuple(people),
    )
