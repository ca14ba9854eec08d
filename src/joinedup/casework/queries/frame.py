"""What stands around every page of a case: who it is about, who leads and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import LABELS, CaseState
from joinedup.casework.meeting import ReviewClock, review_clock
from joinedup.casework.models import Case
from joinedup.casework.pathways import EARLY_HELP, Pathway
from joinedup.casework.queries.cases import PersonInCase, case_for_change, people_in
from joinedup.casework.queries.duty import DutyHolder, duty_holder, is_in_post
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.queries.social_work import QualifiedLead, qualified_lead


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
    duty: DutyHolder  # whom to turn to now: the lead professional, or whoever holds their duty
    deputy: str
    deputy_phone: str
    review_due_on: date | None
    review: ReviewClock | None
    people: tuple[PersonInCase, ...]
    pathway: Pathway
    qualified_lead: QualifiedLead | None = None  # that a registered social worker is to lead, and none does

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

    @property
    def pathway_name(self) -> str:
        """The pathway's name; empty for early help, which goes without saying."""
        return "" if self.pathway.code == EARLY_HELP else self.pathway.name

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
    in the case: a page that uses this needs no further row for the case itself. Three statements; one more where nobody
    leads."""
    row = case_for_change(viewer, case_id)
    people = people_in([row.pk]).get(row.pk, [])
    audit.record_read(
        viewer, subject=("casework.case", str(row.pk)), people={each.person_id for each in people}, purpose=purpose
    )
    return frame_of(viewer, row, people)


def frame_inside(viewer: Actor, row: Case) -> CaseFrame:
    """The head of a case that another part has read for a page of its own, which audits the read of it."""
    return frame_of(viewer, row, people_in([row.pk]).get(row.pk, []))


def frame_of(viewer: Actor, row: Case, people: Sequence[PersonInCase]) -> CaseFrame:
    """The head of a case that the caller has read, let the viewer in to, and audits."""
    duty = duty_holder(viewer, row)
    deputy = row.deputy if is_in_post(row.deputy, viewer.at) else None
    on = timezone.localdate(viewer.at)
    pathway, state = pathway_of(row.pathway, on), CaseState(row.state)
    waiting = f"Waiting for a {pathway.words.lead_inside}"
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
        state_label=waiting if state == CaseState.WAITING_FOR_LEAD else LABELS[state],
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lead_professional=duty.name if duty.is_lead else "",
        lead_title=duty.title if duty.is_lead else "",
        lead_phone=duty.phone if duty.is_lead else "",
        duty=duty,
        deputy=deputy.account.name if deputy else "",
        deputy_phone=deputy.phone if deputy else "",
        review_due_on=row.review_due_on,
        review=review_clock(row.review_due_on, on) if row.review_due_on else None,
        people=tuple(people),
        pathway=pathway,
        qualified_lead=qualified_lead(row, getattr(row, "social_work_since", None), viewer.at)
        if state != CaseState.CLOSED
        else None,
    )
