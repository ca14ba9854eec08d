"""Who of a family could join its case, who is in it and who has left, and brothers and sisters that no plan names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.codes import LEAVINGS
from joinedup.casework.joining_permissions import JOIN_CASE
from joinedup.casework.lifecycle import CaseState, PlanState
from joinedup.casework.models import Case, CasePerson, CaseQuerySet, Plan, PlanChild, PlanNeed
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.team import team_around
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import organisation_with_id
from joinedup.person_index.queries import children_at_home, members_beside_case

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class Joinable:
    """Somebody of the family who is not in its case. `was_here` where they left it once."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str
    part_in_words: str
    was_here: bool = False


@dataclass(frozen=True)
class LeftCase:
    """Somebody who was in the case: until which day, and why no more."""

    person_id: UUID
    name: str
    left_on: date | None
    why_in_words: str
    words: str


@dataclass(frozen=True)
class WhoSees:
    """What joining changes, for the page that asks whether to: who reads the person's record from then on."""

    people: tuple[str, ...]
    has_plan: bool


def could_join(viewer: Actor, frame: CaseFrame) -> tuple[Joinable, ...]:
    """Everybody of the family in the person index who is not in the case, for the viewer who has been shown the case. Nobody
    who is withheld from them; that there could be such a person is not said either. The read is audited. Two statements."""
    found = _beside(viewer, frame.row)
    audit.record_read(
        viewer, subject=("casework.case", str(frame.id)), people={each.person_id for each in found},
        purpose="who of the family could join the case",
    )  # fmt: skip
    return found


def one_to_join(viewer: Actor, frame: CaseFrame, person_id: UUID) -> Joinable:
    """One of them; anybody else does not exist here."""
    found = next((each for each in could_join(viewer, frame) if each.person_id == person_id), None)
    if found is None:
        raise NotVisible
    return found


def _beside(viewer: Actor, case: Case) -> tuple[Joinable, ...]:
    places = dict(CasePerson.ever.filter(case=case).order_by("pk").values_list("person_id", "left_at"))
    inside = {person_id for person_id, left_at in places.items() if left_at is None}
    found: dict[UUID, Joinable] = {}
    for mate in members_beside_case(viewer, case.family_id):
        if mate.person_id not in inside:
            found[mate.person_id] = Joinable(
                mate.person_id, mate.name, mate.birth_date, mate.part, mate.part_in_words, mate.person_id in places
            )
    return tuple(found.values())


def joinable_in(viewer: Actor, case: Case) -> dict[UUID, Joinable]:
    """The same for the service, which audits by its own row."""
    return {each.person_id: each for each in _beside(viewer, case)}


def have_left(viewer: Actor, frame: CaseFrame) -> tuple[LeftCase, ...]:
    """Who was in the case and is no more, the latest first; the viewer has been shown the case, which nobody sees from whom
    anybody who was ever in it is withheld. Whoever joined again is not among them, nor whoever was put into it in error:
    they were never of this family. One statement, none where the head of the case says nobody left; the read is audited
    where there is anybody."""
    if not getattr(frame.row, "somebody_left", True):
        return ()
    here = {each.person_id for each in frame.people}
    rows = CasePerson.ever.filter(case_id=frame.id, left_at__isnull=False).exclude(left_why="error")
    found = {
        row.person_id: LeftCase(
            row.person_id, str(row.person), row.left_on, LEAVINGS.get(row.left_why, row.left_why), row.left_words
        )
        for row in rows.select_related("person").order_by("left_at", "pk")
        if row.person_id not in here
    }
    if found:
        audit.record_read(
            viewer, subject=("casework.case", str(frame.id)), people=set(found), purpose="who has left the case"
        )
    return tuple(reversed(found.values()))


def who_sees_case(viewer: Actor, frame: CaseFrame) -> WhoSees:
    """Who sees what is recorded about anybody in the case: the team around the child, and who answers for the team."""
    team = team_around(viewer, frame)
    people = tuple(f"{each.name}, {each.title} ({each.organisation})" for each in team.members)
    has_plan = Plan.objects.filter(case_id=frame.id, state=PlanState.OPEN).exists()
    return WhoSees(people, has_plan)


def needs_of_child(viewer: Actor, frame: CaseFrame, person_id: UUID) -> list[tuple[UUID, str]]:
    """The needs of one child in the open plan that are worked on; the viewer has been shown the case."""
    rows = PlanNeed.objects.filter(
        section__person_id=person_id, plan__case_id=frame.id, plan__state=PlanState.OPEN, removed_at__isnull=True,
        ended_at__isnull=True,
    )  # fmt: skip
    return list(rows.order_by("pk").values_list("pk", "words"))


def agency_that_writes(viewer: Actor, frame: CaseFrame) -> Organisation:
    """In whose own records a newborn is written down by the viewer: the organisation they work for, of the case's team where
    they work in it."""
    own, host = viewer.organisation_ids, frame.row.team.host_id
    chosen = host if viewer.is_system or host in own else min(own, default=host)
    return organisation_with_id(viewer, chosen)


# --- Brothers and sisters that no plan names.


def with_siblings_left_out(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    """Open cases whose family has an open plan, and a child who lives in it and is in no open plan, of this family or of
    another; or a child of the case without a section. Whoever is withheld from the viewer neither shows nor counts."""
    sections = PlanChild.objects.filter(ended_at__isnull=True, plan__state=PlanState.OPEN)
    in_case = CasePerson.objects.filter(
        ~Exists(sections.filter(person_id=OuterRef("person_id"))), case=OuterRef("pk"), part="child"
    )
    beside = _left_out(viewer).filter(family_id=OuterRef("family_id"))
    planned = Plan.objects.filter(case=OuterRef("pk"), state=PlanState.OPEN)
    return rows.open().filter(Q(Exists(in_case)) | Q(Exists(beside)), Exists(planned))


def _left_out(viewer: Actor) -> QuerySet:  # type: ignore[type-arg]
    """Children at home who are in no open plan, but for those who left their family's open case with a reason that says why
    they are not in it."""
    sections = PlanChild.objects.filter(
        person_id=OuterRef("owner_id"), ended_at__isnull=True, plan__state=PlanState.OPEN
    )
    left = CasePerson.ever.filter(
        person_id=OuterRef("owner_id"), case__family_id=OuterRef("family_id"), left_at__isnull=False
    )
    left = left.exclude(case__state=CaseState.CLOSED).exclude(left_why="error")
    return children_at_home(viewer).filter(~Exists(sections), ~Exists(left))


@dataclass(frozen=True)
class LeftOut:
    """A child of a family with an open plan who is in no open plan themselves. `may_join` while the viewer may bring them
    into the case; nobody who is in it already."""

    person_id: UUID
    name: str
    may_join: bool


def siblings_left_out(viewer: Actor, case_ids: Collection[UUID]) -> dict[UUID, tuple[LeftOut, ...]]:
    """Who they are, by case, the eldest first, of those of these cases that the viewer sees: the same children that
    `with_siblings_left_out` counts, none who is withheld from the viewer. The read is audited. At most four statements,
    however many cases."""
    planned = Plan.objects.filter(case=OuterRef("pk"), state=PlanState.OPEN)
    cases = list(Case.objects.visible_to(viewer).open().filter(Exists(planned), pk__in=case_ids))
    by_family = {case.family_id: case for case in cases}
    inside = CasePerson.objects.filter(case__in=cases).select_related("person").order_by("person__birth_date", "pk")
    places = {(row.case_id, row.person_id): row for row in inside}
    sections = PlanChild.objects.filter(ended_at__isnull=True, plan__state=PlanState.OPEN)
    planned_for = set(sections.filter(person_id__in=[one for _, one in places]).values_list("person_id", flat=True))
    found: dict[UUID, list[LeftOut]] = {}
    for (case_id, person_id), place in places.items():
        if place.part == "child" and person_id not in planned_for:
            found.setdefault(case_id, []).append(LeftOut(person_id, str(place.person), may_join=False))
    beside = _left_out(viewer).filter(family_id__in=by_family).select_related("person")
    for row in beside.order_by("person__birth_date", "pk"):
        case = by_family[row.family_id]
        if (case.pk, row.owner_id) not in places:
            may_join = can(viewer, JOIN_CASE, case)
            found.setdefault(case.pk, []).append(LeftOut(row.owner_id, str(row.person), may_join))
    audit.record_read(
        viewer, subject=("casework.case", "list"), people={one.person_id for each in found.values() for one in each},
        purpose="brothers and sisters without a plan", search=True,
    )  # fmt: skip
    return {case_id: tuple(each) for case_id, each in found.items()}
