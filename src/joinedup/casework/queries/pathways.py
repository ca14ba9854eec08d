"""The pathway a case is on, as it is here: the shipped ones and those a partnership added, with its own words and clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.casework.assessing import Spec, newest_spec, spec_of
from joinedup.casework.lifecycle import (
    PANEL_REQUEST_LABELS,
    WAITING_REQUESTS,
    AssessmentState,
    PanelRequestState,
    ReviewState,
)
from joinedup.casework.models import (
    Assessment,
    Case,
    CaseMember,
    CasePathway,
    PanelRequest,
    PathwayLoaded,
    Plan,
    Review,
)
from joinedup.casework.pathway_file import pathway_from, shipped
from joinedup.casework.pathways import (
    EARLY_HELP,
    Coming,
    Expected,
    Milestone,
    Pathway,
    StepShown,
    changed_by,
    comings,
    expected_in_team,
    spec_for,
    steps_shown,
)
from joinedup.casework.permissions import ASK_PANEL, CHANGE_PATHWAY
from joinedup.casework.settings import pathway_changes, review_weeks
from joinedup.information_sharing.queries import is_service_agreed

if TYPE_CHECKING:
    from joinedup.casework.queries.frame import CaseFrame


def pathway_version(code: str, number: int) -> Pathway:
    """One version as it was written; what an assessment was made with. No statement for those that are shipped."""
    known = shipped().get((code, number))
    if known is not None:
        return known
    row = PathwayLoaded.objects.filter(code=code, number=number).first()
    return pathway_from(row.terms) if row else shipped()[EARLY_HELP, 1]


def pathway_of(code: str, on: date) -> Pathway:
    """The newest version of a pathway, with the words and clocks the partnership gave it. A case keeps its pathway after it
    was switched off: nothing about it changes but that no other case goes onto it."""
    return changed_by(_newest(code) or shipped()[EARLY_HELP, 1], pathway_changes(on).get(code, {}))


def _newest(code: str) -> Pathway | None:
    own = [pathway for (known, _), pathway in shipped().items() if known == code]
    if own:
        return max(own, key=lambda each: each.version)
    row = PathwayLoaded.objects.filter(code=code).order_by("-number").first()
    return pathway_from(row.terms) if row else None


def pathways_open(on: date) -> list[Pathway]:
    """The pathways a case can be put on today, early help first."""
    changes = pathway_changes(on)
    codes = dict.fromkeys(
        [
            EARLY_HELP,
            *(code for code, _ in shipped()),
            *PathwayLoaded.objects.order_by("code").values_list("code", flat=True),
        ]
    )
    return [pathway_of(code, on) for code in codes if not changes.get(code, {}).get("is_off")]


def weeks_to_review(code: str, on: date) -> int:
    """The most weeks to the next review on a pathway: its own, or as the partnership's setting says."""
    own = pathway_of(code, on).review_weeks
    return review_weeks(on) if own is None else own


def spec_of_assessment(row: Assessment) -> Spec:
    """The spec an assessment was made with, as its pathway asks it."""
    return spec_for(pathway_version(row.pathway, row.pathway_version), spec_of(row.spec_version))


def spec_for_new(case: Case) -> tuple[Pathway, Spec]:
    """What a new assessment in a case is made with."""
    pathway = _newest(case.pathway) or shipped()[EARLY_HELP, 1]
    return pathway, spec_for(pathway, newest_spec())


# --- On the pages of a case.


@dataclass(frozen=True)
class ComingFor:
    """A transition ahead of one child."""

    name: str
    coming: Coming
    is_to_prepare: bool


@dataclass(frozen=True)
class RequestLine:
    """A request to the panel in the case's own page."""

    id: UUID
    reference: str
    child: str
    state: str
    label: str
    due_at: datetime
    is_late: bool


@dataclass(frozen=True)
class PathwayShown:
    """What the first page of a case says of its pathway."""

    pathway: Pathway
    steps: tuple[StepShown, ...]
    coming: tuple[ComingFor, ...]
    expected: tuple[Expected, ...]
    requests: tuple[RequestLine, ...]
    may_change: bool
    may_ask: bool

    @property
    def is_plain(self) -> bool:
        """Nothing to say besides: early help as it always was."""
        return not (self.steps or self.coming or self.expected or self.pathway.panel)


def coming_for(pathway: Pathway, children: Iterable[tuple[str, date | None]], on: date) -> tuple[ComingFor, ...]:
    """The transitions ahead of each child, the nearest first; `children` are names and dates of birth."""
    found = [
        ComingFor(name, each, each.is_to_prepare(on)) for name, born in children for each in comings(pathway, born, on)
    ]
    return tuple(sorted(found, key=lambda each: (each.coming.on, each.name)))


def pathway_shown(viewer: Actor, frame: CaseFrame) -> PathwayShown:
    """The pathway of a case the viewer has been let in to. Nothing is asked of the database for plain early help."""
    on, row, pathway = timezone.localdate(viewer.at), frame.row, frame.pathway
    is_open = row.state != "closed"
    names = {each.person_id: each.name for each in frame.children}
    requests = _requests(viewer, row, names) if pathway.panel else ()
    ids = list(names)
    work = _work(viewer, row) if pathway.steps or pathway.team else _Work()
    born = [(each.name, each.birth_date) for each in frame.children]
    return PathwayShown(
        pathway=pathway,
        steps=steps_shown(pathway, _milestones(viewer, row, ids, requests, work, on)) if pathway.steps else (),
        coming=coming_for(pathway, born, on) if pathway.transitions else (),
        expected=expected_in_team(pathway, set(work.kinds_there)) if pathway.team else (),
        requests=requests,
        may_change=is_open and can(viewer, CHANGE_PATHWAY, row),
        may_ask=is_open and pathway.panel is not None and can(viewer, ASK_PANEL, row),
    )


@dataclass(frozen=True)
class _Work:
    """How far the work has come, and the kinds of organisation that somebody in the team around the child comes from."""

    is_signed: bool = False
    has_plan: bool = False
    is_reviewed: bool = False
    kinds_there: Sequence[str] = ()


def _work(viewer: Actor, row: Case) -> _Work:
    """All of it by one statement."""
    case = OuterRef("pk")
    found = Case.objects.filter(pk=row.pk).values_list(
        Exists(Assessment.objects.filter(case=case).exclude(state=AssessmentState.DRAFT)),
        Exists(Plan.objects.filter(case=case)),
        Exists(Review.objects.filter(plan__case=case, state=ReviewState.DECIDED)),
        ArraySubquery(CaseMember.objects.filter(CaseMember.held_at(viewer.at), case=case).values("post__host__kind")),
    )
    return _Work(*found.get())


def _requests(viewer: Actor, row: Case, names: dict[UUID, str]) -> tuple[RequestLine, ...]:
    found = PanelRequest.objects.visible_to(viewer).filter(case=row).order_by("-asked_at", "-pk")
    return tuple(
        RequestLine(
            each.pk, each.reference, names.get(each.child_id, ""), each.state,
            PANEL_REQUEST_LABELS[PanelRequestState(each.state)], each.due_at,
            each.due_at < viewer.at and PanelRequestState(each.state) in WAITING_REQUESTS,
        )
        for each in found
    )  # fmt: skip


def _milestones(
    viewer: Actor, row: Case, children: list[UUID], requests: tuple[RequestLine, ...], work: _Work, on: date
) -> set[str]:
    """Which milestones the record says are behind them."""
    states = {each.state for each in requests}
    subject = (Case._meta.label_lower, str(row.pk))
    asked = {
        Milestone.LEAD_NAMED: row.lead_professional_id is not None,
        Milestone.AGREED: is_service_agreed(viewer, subject, *children, on=on),
        Milestone.ASSESSMENT_SIGNED: work.is_signed,
        Milestone.PLAN_BEGUN: work.has_plan,
        Milestone.REVIEWED: work.is_reviewed,
        Milestone.PANEL_ASKED: bool(states),
        Milestone.PAPERS_COMPLETE: bool(states - {PanelRequestState.ASKED, PanelRequestState.WITHDRAWN}),
        Milestone.ON_A_LIST: bool(states & {PanelRequestState.LISTED, PanelRequestState.DECIDED, PanelRequestState.DISAGREED}),
        Milestone.PANEL_DECIDED: bool(states & {PanelRequestState.DECIDED, PanelRequestState.DISAGREED}),
    }  # fmt: skip
    return {code.value for code, is_done in asked.items() if is_done}


@dataclass(frozen=True)
class PathwayBefore:
    """A pathway a case was on."""

    name: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    by: str


def pathway_history(viewer: Actor, row: Case) -> tuple[PathwayBefore, ...]:
    """The pathways a case was on, the earliest first, for whoever has been let in to it; one that never changed has been on
    it since it opened."""
    on = timezone.localdate(viewer.at)
    rows = list(CasePathway.objects.filter(case=row).order_by("starts_at", "pk"))
    if not rows:
        return (PathwayBefore(pathway_of(row.pathway, on).name, row.opened_at, row.closed_at, "", ""),)
    names = names_of_accounts(viewer, {each.changed_by for each in rows if each.changed_by})
    return tuple(
        PathwayBefore(
            pathway_of(each.code, on).name, each.starts_at, each.ends_at, each.reason,
            names.get(each.changed_by, "") if each.changed_by else "",
        )
        for each in rows
    )  # fmt: skip
