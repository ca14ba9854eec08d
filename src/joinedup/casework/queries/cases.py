"""Reading cases: the list, whether a family has one open, and how loaded each team is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.answering import ANSWER_FOR_TEAM
from joinedup.casework.golive import Extract, Here, Reconciliation, reconcile
from joinedup.casework.lifecycle import LABELS, CaseState
from joinedup.casework.models import Case, CaseAccess, CaseMember, CasePerson, CaseQuerySet
from joinedup.casework.permissions import (
    FIND_OPEN_CASE,
    READ_AUDITS,
    READ_CASES,
    READ_TEAM_LOADS,
    RECONCILE_CASES,
)
from joinedup.casework.queries.social_work import social_work_since
from joinedup.core.errors import NotVisible
from joinedup.person_index.queries import people_by_reference, withheld_people

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. `child` is the first child's name."""

    id: UUID
    reference: str
    family: str
    child: str
    children: int
    level: int
    state: str
    state_label: str
    team: str
    lead_professional: str
    opened_at: datetime
    review_due_on: date | None
    is_review_overdue: bool


@dataclass(frozen=True)
class CasePage:
    """A page of cases and the cursor of the next ("" at the end)."""

    rows: tuple[CaseRow, ...]
    counts: dict[str, int]
    next_cursor: str


@dataclass(frozen=True)
class PersonInCase:
    """Somebody the case is about."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str


@dataclass(frozen=True)
class OpenCase:
    """A family's open case, for the front door: whom to turn to, nothing of the work itself."""

    id: UUID
    reference: str
    family_id: UUID
    team_id: UUID
    team: str
    lead_professional_id: UUID | None
    lead_professional: str
    state: str


def open_case_of(viewer: Actor, family_id: UUID) -> OpenCase | None:
    """The open case of a family, for whoever triages a contact about it."""
    return open_cases_of(viewer, [family_id]).get(family_id)


def open_cases_of(viewer: Actor, family_ids: Iterable[UUID]) -> dict[UUID, OpenCase]:
    """The open cases of several families in one query, by family."""
    return {case.family_id: case for case in _open_cases(viewer, Q(family_id__in=list(family_ids)))}


def open_cases_about(viewer: Actor, person_ids: Iterable[UUID]) -> list[OpenCase]:
    """The open cases that any of these people is part of, or whose family they belong to as a case knows it."""
    about = CasePerson.objects.filter(person_id__in=list(person_ids)).values("case_id")
    return _open_cases(viewer, Q(pk__in=about))


def _open_cases(viewer: Actor, which: Q) -> list[OpenCase]:
    check(viewer, FIND_OPEN_CASE)
    found = Case.objects.open().filter(which).select_related("team", "lead_professional__account")
    return [
        OpenCase(
            id=case.pk,
            reference=case.reference,
            family_id=case.family_id,
            team_id=case.team_id,
            team=case.team.name,
            lead_professional_id=case.lead_professional_id,
            lead_professional=case.lead_professional.account.name if case.lead_professional else "",
            state=case.state,
        )
        for case in found
    ]


def cases_waiting_for_lead(viewer: Actor, team_ids: Iterable[UUID]) -> list[UUID]:
    """The cases of some teams that nobody leads yet, for those teams' worklists."""
    waiting = Case.objects.visible_to(viewer).filter(team_id__in=list(team_ids), state=CaseState.WAITING_FOR_LEAD)
    return list(waiting.values_list("pk", flat=True))


def case_to_join(viewer: Actor, family_id: UUID) -> Case | None:
    """The open case itself, for a service that adds a referral to it."""
    check(viewer, FIND_OPEN_CASE)
    return Case.objects.open().filter(family_id=family_id).select_related("team").first()


def team_loads(viewer: Actor, team_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Open cases of each team in one query; a team without any counts 0."""
    check(viewer, READ_TEAM_LOADS)
    ids = list(team_ids)
    counted = Case.objects.open().filter(team_id__in=ids).values("team_id").annotate(cases=Count("pk"))
    return dict.fromkeys(ids, 0) | {row["team_id"]: row["cases"] for row in counted}


# --- The list.


Narrowing = Callable[[CaseQuerySet, Actor], CaseQuerySet]


def cases(
    viewer: Actor, after: str | None = None, *, state: str = "", size: int = 25, narrow: Narrowing | None = None
) -> CasePage:
    """The viewer's cases, newest first: those they are in the team around, and all of the teams they manage. `narrow` is
    the filter of a list, such as `queries.LISTS` has."""
    if not can(viewer, READ_CASES):
        raise NotVisible
    mine = Case.objects.around(viewer)
    if narrow is not None:
        mine = narrow(mine, viewer)
    counts = dict.fromkeys((each.value for each in CaseState), 0)
    counts |= dict(mine.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    rows = mine.filter(state=state) if state in counts else mine
    place = _read_cursor(after)
    if place is not None:
        opened_at, case_id = place
        rows = rows.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=case_id))
    found = list(
        rows.select_related("family", "team", "lead_professional__account").order_by("-opened_at", "-pk")[: size + 1]
    )
    shown, more = found[:size], found[size:]
    people = people_in([case.pk for case in shown])
    audit.record_read(
        viewer,
        subject=("casework.case", "list"),
        people={each.person_id for several in people.values() for each in several},
        purpose="list of cases",
        search=True,
    )
    cursor = _cursor(shown[-1]) if more else ""
    on = timezone.localdate(viewer.at)
    return CasePage(tuple(_row(case, people.get(case.pk, []), on) for case in shown), counts, cursor)


def _row(case: Case, people: list[PersonInCase], on: date) -> CaseRow:
    children = [each for each in people if each.part == "child"]
    return CaseRow(
        id=case.pk,
        reference=case.reference,
        family=case.family.name,
        child=children[0].name if children else "",
        children=len(children),
        level=case.level,
        state=case.state,
        state_label=LABELS[CaseState(case.state)],
        team=case.team.name,
        lead_professional=case.lead_professional.account.name if case.lead_professional else "",
        opened_at=case.opened_at,
        review_due_on=case.review_due_on,
        is_review_overdue=case.review_due_on is not None and case.review_due_on < on,
    )


def people_in(case_ids: list[UUID]) -> dict[UUID, list[PersonInCase]]:
    """Everybody in several cases, children first, the eldest first; one query."""
    found: dict[UUID, list[PersonInCase]] = {}
    rows = CasePerson.objects.filter(case_id__in=case_ids).select_related("person")
    for row in sorted(rows, key=lambda row: (row.part != "child", row.person.birth_date or date.max, row.pk)):
        seen = PersonInCase(row.person_id, str(row.person), row.person.birth_date, row.part)
        found.setdefault(row.case_id, []).append(seen)
    return found


def _cursor(case: Case) -> str:
    return base64.urlsafe_b64encode(f"{case.opened_at.isoformat()}|{case.pk}".encode()).decode()


def _read_cursor(text: str | None) -> tuple[datetime, UUID] | None:
    """The place a cursor names; a wrong one starts from the top."""
    try:
        opened_at, _, case_id = base64.urlsafe_b64decode((text or "").encode()).decode().partition("|")
        place = datetime.fromisoformat(opened_at), UUID(case_id)
    except ValueError:
        return None
    return place if place[0].tzinfo else None


# --- One case.


def case_for_change(viewer: Actor, case_id: UUID) -> Case:
    """The case itself, to hand to a service."""
    related = ("family", "team", "locality", "lead_professional__account", "deputy__account")
    known = social_work_since("pk", timezone.localdate(viewer.at))
    left = CasePerson.ever.filter(case_id=OuterRef("pk"), left_at__isnull=False)
    rows = Case.objects.visible_to(viewer).annotate(social_work_since=known, somebody_left=Exists(left))
    found = rows.select_related(*related).filter(pk=case_id).first()
    if found is None:
        raise NotVisible
    return found


def cases_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these cases that the viewer may see. No read row: only ids are looked at."""
    return set(Case.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def member_for_change(viewer: Actor, case_id: UUID, member_id: UUID) -> CaseMember:
    """A place in the team around the child, to hand to a service."""
    seen = CaseMember.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id)
    found = seen.select_related("case", "post__account").filter(pk=member_id).first()
    if found is None:
        raise NotVisible
    return found


def messages_hidden_from(viewer: Actor) -> QuerySet[CasePerson, str]:
    """Cases that somebody withheld from the viewer is part of, as messages refer to them."""
    about = CasePerson.ever.filter(person_id__in=withheld_people(viewer))
    return about.values_list(Cast("case_id", CharField()), flat=True)


def people_seen_through_cases(viewer: Actor) -> QuerySet[CasePerson, UUID] | None:
    """The person ids the ground `casework.team_around_child` opens: everybody in the cases the viewer is in. Whoever has left
    one is seen on by those who answer for its team, as a closed case is; not whoever was put into it in error."""
    if not viewer.post_ids or not can(viewer, READ_CASES):
        return None
    teams = [each.team_id for each in viewer.standings if each.role in ANSWER_FOR_TEAM and each.team_id]
    kept = (
        Q(left_at__isnull=True) | (Q(case__team_id__in=teams) & ~Q(left_why="error"))
        if teams
        else Q(left_at__isnull=True)
    )
    return CasePerson.ever.filter(kept, case__in=Case.objects.around(viewer)).values_list("person_id", flat=True)


def people_seen_in_audits(viewer: Actor) -> QuerySet[CasePerson, UUID] | None:
    """The person ids the ground `casework.quality_audit` opens to read: everybody in the cases lent to the viewer."""
    if not viewer.post_ids or not can(viewer, READ_AUDITS):
        return None
    lent = CaseAccess.objects.filter(CaseAccess.held_at(viewer.at), post_id__in=viewer.post_ids)
    seen = Case.objects.visible_to(viewer).filter(pk__in=lent.values("case_id"))
    return CasePerson.objects.filter(case__in=seen).values_list("person_id", flat=True)


def reconciliation(viewer: Actor, agency: Organisation, extract: Extract) -> Reconciliation:
    """The open cases here beside those of an old system's extract; six queries however many there are."""
    check(viewer, RECONCILE_CASES)
    rows = Case.objects.open().select_related("team", "lead_professional__account", "brought_over")
    here, in_cases = (
        [],
        set(CasePerson.objects.filter(case__in=Case.objects.open()).values_list("person_id", flat=True)),
    )
    for row in rows.order_by("reference"):
        brought = getattr(row, "brought_over", None)
        lead = row.lead_professional
        here.append(
            Here(
                case=row.reference,
                legacy_reference=brought.reference if brought and brought.agency_id == agency.pk else "",
                team=row.team.code.upper(),
                level=str(row.level),
                lead=lead.account.email.lower() if lead else "nobody",
                month=f"{timezone.localdate(row.opened_at):%Y-%m}",
            )
        )
    asked = {one for line in extract.lines for one in line.people}
    people = people_by_reference(viewer, agency.pk, asked)
    on = timezone.localdate(viewer.at)
    children = {one: found.person.pk in in_cases for one, found in people.items() if found.is_child_on(on)}
    audit.record_read(
        viewer, subject=(Case._meta.label_lower, ""), people=in_cases, purpose="go-live reconciliation", search=True
    )
    return reconcile(extract, here, known=people.keys(), children_in_cases=children)
