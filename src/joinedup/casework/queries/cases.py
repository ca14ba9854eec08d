"""Reading cases: the one case, the list, whether a family has one open, and how loaded each team is."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.casework.golive import Extract, Here, Reconciliation, reconcile
from joinedup.casework.lifecycle import LABELS, CaseState
from joinedup.casework.models import Case, CaseMember, CasePerson, CaseTransition
from joinedup.casework.permissions import (
    ADD_MEMBER,
    CLOSE_CASE,
    FIND_OPEN_CASE,
    NAME_LEAD_PROFESSIONAL,
    READ_CASES,
    READ_TEAM_LOADS,
    RECONCILE_CASES,
)
from joinedup.chronology.queries import TimelineEntry, timeline
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import posts_with_role
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
class MemberSeen:
    """A place in the team around the child, now or once."""

    id: UUID
    post_id: UUID
    name: str
    title: str
    organisation: str
    phone: str
    part: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class PostChoice:
    """A post somebody could choose on the case page, and how many open cases it leads already."""

    post_id: UUID
    name: str
    title: str
    leads: int


@dataclass(frozen=True)
class CaseChange:
    """One change of state, oldest first."""

    start: str
    end: str
    label: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class CaseRecord:
    """Everything the case page shows. `may` holds the names of the services the viewer may use now."""

    id: UUID
    version: int
    reference: str
    family_id: UUID
    family: str
    team: str
    locality: str
    level: int
    state: str
    state_label: str
    opened_at: datetime
    closed_at: datetime | None
    lead_professional: str
    people: tuple[PersonInCase, ...]
    members: tuple[MemberSeen, ...]
    left: tuple[MemberSeen, ...]
    changes: tuple[CaseChange, ...]
    key_workers: tuple[PostChoice, ...]
    timeline: tuple[TimelineEntry, ...]
    may: frozenset[str]


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


def cases(viewer: Actor, after: str | None = None, *, state: str = "", size: int = 25) -> CasePage:
    """The viewer's cases, newest first: those they are in the team around, and all of the teams they manage."""
    if not can(viewer, READ_CASES):
        raise NotVisible
    mine = Case.objects.visible_to(viewer)
    counts = dict.fromkeys((each.value for each in CaseState), 0)
    counts |= dict(mine.order_by().values_list("state").annotate(Count("pk")))
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
    return CasePage(tuple(_row(case, people.get(case.pk, [])) for case in shown), counts, cursor)


def _row(case: Case, people: list[PersonInCase]) -> CaseRow:
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


def case(viewer: Actor, case_id: UUID, *, purpose: str) -> CaseRecord:
    """One case for its page. The read is audited with its purpose and the people in it."""
    row = case_for_change(viewer, case_id)
    people = people_in([row.pk]).get(row.pk, [])
    members = _members(row)
    record = CaseRecord(
        id=row.pk,
        version=row.version,
        reference=row.reference,
        family_id=row.family_id,
        family=row.family.name,
        team=row.team.name,
        locality=row.locality.name if row.locality else "",
        level=row.level,
        state=row.state,
        state_label=LABELS[CaseState(row.state)],
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lead_professional=row.lead_professional.account.name if row.lead_professional else "",
        people=tuple(people),
        members=tuple(each for each in members if each.left_at is None or each.left_at > viewer.at),
        left=tuple(each for each in members if each.left_at is not None and each.left_at <= viewer.at),
        changes=_changes(viewer, row),
        key_workers=_key_workers(viewer, row),
        timeline=tuple(timeline(viewer, family_id=row.family_id)),
        may=_may(viewer, row),
    )
    audit.record_read(
        viewer, subject=("casework.case", str(row.pk)), people={each.person_id for each in people}, purpose=purpose
    )
    return record


def _members(row: Case) -> list[MemberSeen]:
    found = CaseMember.objects.filter(case=row).select_related("post__account", "post__host")
    return [
        MemberSeen(
            id=member.pk,
            post_id=member.post_id,
            name=member.post.account.name,
            title=member.post.title,
            organisation=member.post.host.name,
            phone=member.post.phone,
            part=member.part,
            joined_at=member.joined_at,
            left_at=member.left_at,
        )
        for member in found.order_by("joined_at", "pk")
    ]


def _changes(viewer: Actor, row: Case) -> tuple[CaseChange, ...]:
    rows = list(CaseTransition.objects.filter(case=row).order_by("at", "pk"))
    names = names_of_accounts(viewer, {each.by for each in rows if each.by})
    return tuple(
        CaseChange(
            each.start,
            each.end,
            LABELS[CaseState(each.end)],
            each.at,
            names.get(each.by, "") if each.by else "Joinedup",
            each.reason,
        )
        for each in rows
    )


def _key_workers(viewer: Actor, row: Case) -> tuple[PostChoice, ...]:
    """Who could be named lead professional, each with their load so that the choice is fair, for whoever may name one."""
    if not can(viewer, NAME_LEAD_PROFESSIONAL, row):
        return ()
    posts = posts_with_role(viewer, Role.KEY_WORKER, team_id=row.team_id)
    led = Case.objects.open().filter(lead_professional__in=[post.pk for post in posts]).order_by()
    leads = dict(led.values_list("lead_professional").annotate(Count("pk")))
    return tuple(PostChoice(post.pk, post.account.name, post.title, leads.get(post.pk, 0)) for post in posts)


def _may(viewer: Actor, row: Case) -> frozenset[str]:
    if row.state == CaseState.CLOSED:
        return frozenset()
    asked = {
        "name_lead_professional": NAME_LEAD_PROFESSIONAL,
        "add_member": ADD_MEMBER,
        "remove_member": ADD_MEMBER,
        "close_case": CLOSE_CASE,
    }
    return frozenset(name for name, permission in asked.items() if can(viewer, permission, row))


def case_for_change(viewer: Actor, case_id: UUID) -> Case:
    """The case itself, to hand to a service."""
    related = ("family", "team", "locality", "lead_professional__account")
    found = Case.objects.visible_to(viewer).select_related(*related).filter(pk=case_id).first()
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
    about = CasePerson.objects.filter(person_id__in=withheld_people(viewer))
    return about.values_list(Cast("case_id", CharField()), flat=True)


def people_seen_through_cases(viewer: Actor) -> QuerySet[CasePerson, UUID] | None:
    """The person ids the ground `casework.team_around_child` opens: everybody in the cases the viewer is in."""
    if not viewer.post_ids or not can(viewer, READ_CASES):
        return None
    return CasePerson.objects.filter(case__in=Case.objects.visible_to(viewer)).values_list("person_id", flat=True)


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
