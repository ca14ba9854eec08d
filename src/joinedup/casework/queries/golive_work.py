"""Reading what came over from an old system: comparing a file with what is here, and the files that were sent on the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.casework.golive_work import CONTROLS, Line, Work, WorkExtract, WorkReconciliation, reconcile_work
from joinedup.casework.lifecycle import AssessmentState, PlanState, ReviewState
from joinedup.casework.models import (
    Assessment,
    AssessmentSection,
    Case,
    CaseBroughtOver,
    GoLiveRun,
    Plan,
    PlanAction,
    PlanNeed,
    PlanOutcome,
    Review,
    WorkBroughtOver,
)
from joinedup.casework.permissions import BRING_WORK_OVER, RECONCILE_WORK
from joinedup.core.errors import NotVisible

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_UNKNOWN = "NOT KNOWN"
_PARENTS = {
    Work.NEEDS: (Work.PLANS, "plan"), Work.OUTCOMES: (Work.NEEDS, "need"), Work.ACTIONS: (Work.OUTCOMES, "outcome"),
    Work.REVIEWS: (Work.PLANS, "plan"),
}  # fmt: skip
_STATES = {Work.ACTIONS: "status", Work.REVIEWS: "decision", Work.CONSENTS: "kind", Work.NEEDS: "end_code"}


def work_reconciliation(viewer: Actor, agency: Organisation, extract: WorkExtract) -> WorkReconciliation:
    """A file of one kind beside what is here in open cases; a handful of statements however much there is. Agreements of the
    family are compared with those that came over; those recorded here besides are not counted."""
    check(viewer, RECONCILE_WORK)
    teams = dict(CaseBroughtOver.objects.filter(agency=agency).values_list("reference", "case__team__code"))
    there = _there(agency, extract, teams)
    here = _HERE[extract.kind](agency)
    audit.record_read(
        viewer, subject=(Case._meta.label_lower, ""), people=set(), purpose=f"go-live reconciliation of {extract.kind}",
        search=True,
    )  # fmt: skip
    return reconcile_work(extract.kind, there, here, extract.faults)


def _there(agency: Organisation, extract: WorkExtract, teams: Mapping[str, str]) -> list[Line]:
    """Each record the file claims, under the team of its case as far as it is known."""
    kind = extract.kind
    brought = _teams_of(agency, kind)
    parents = _teams_of(agency, _PARENTS[kind][0]) if kind in _PARENTS else {}
    read = {each.row: each.said for each in extract.rows}
    found: dict[str, Line] = {}
    lines: list[Line] = []
    for number, raw in extract.lines:
        said = read.get(number)
        above = parents.get(raw.get(_PARENTS[kind][1], "")) if kind in _PARENTS else teams.get(raw.get("case", ""))
        team = brought.get(raw["reference"]) or above or _UNKNOWN
        state = _state(kind, said)
        control = Decimal(said[CONTROLS[kind]]) if said and kind in CONTROLS else Decimal(0)
        line = Line(raw["reference"][:60], team.upper(), state, control, number)
        if kind is Work.ASSESSMENTS and line.reference in found:  # its elements add up
            before = found[line.reference]
            found[line.reference] = Line(
                before.reference, before.team, before.state, before.control + control, before.row
            )
        elif kind is Work.ASSESSMENTS:
            found[line.reference] = line
        else:
            lines.append(line)
    return list(found.values()) if kind is Work.ASSESSMENTS else lines


def _state(kind: Work, said: Mapping[str, Any] | None) -> str:
    if said is None:
        return "not readable"
    return (said[_STATES[kind]] or "open") if kind in _STATES else "open"


def _teams_of(agency: Organisation, kind: Work) -> dict[str, str]:
    rows = WorkBroughtOver.objects.filter(agency=agency, kind=kind)
    return dict(rows.values_list("reference", "case__team__code"))


def _references(agency: Organisation, kind: Work) -> dict[UUID, str]:
    rows = WorkBroughtOver.objects.filter(agency=agency, kind=kind)
    return dict(rows.values_list("target_id", "reference"))


def _lines(agency: Organisation, kind: Work, rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    """Rows of (id, team, state, control, case reference, case id)."""
    known = _references(agency, kind)
    return [
        Line(known.get(pk, ""), team.upper(), state or "open", Decimal(control), None, case, str(case_id))
        for pk, team, state, control, case, case_id in rows
    ]


_OPEN = {"case__state__in": ("open", "waiting_for_lead")}


def _plans(agency: Organisation) -> list[Line]:
    rows = Plan.objects.filter(state=PlanState.OPEN, **_OPEN).order_by("pk")
    found = rows.values_list("pk", "case__team__code", "state", "case__reference", "case_id")
    return _lines(agency, Work.PLANS, ((pk, team, state, 0, case, case_id) for pk, team, state, case, case_id in found))


def _of_plan(agency: Organisation, kind: Work, rows: Any, to_plan: str, state: str, control: str) -> list[Line]:
    case = f"{to_plan}__case"
    live = {f"{to_plan}__state": PlanState.OPEN, f"{case}__state__in": ("open", "waiting_for_lead")}
    names = ["pk", f"{case}__team__code", *([state] if state else []), *([control] if control else []),
             f"{case}__reference", f"{case}_id"]  # fmt: skip
    found = rows.filter(**live).order_by("pk").values_list(*names)
    return _lines(agency, kind, (_padded(each, bool(state), bool(control)) for each in found))


def _padded(row: tuple[Any, ...], has_state: bool, has_control: bool) -> tuple[Any, ...]:
    state = row[2] if has_state else "open"
    control = row[2 + has_state] if has_control else 0
    return (*row[:2], state, control, *row[-2:])


def _needs(agency: Organisation) -> list[Line]:
    return _of_plan(agency, Work.NEEDS, PlanNeed.objects.filter(removed_at__isnull=True), "plan", "end_code", "")


def _outcomes(agency: Organisation) -> list[Line]:
    live = PlanOutcome.objects.filter(removed_at__isnull=True, need__removed_at__isnull=True)
    return _of_plan(agency, Work.OUTCOMES, live, "need__plan", "", "target")


def _actions(agency: Organisation) -> list[Line]:
    live = PlanAction.objects.filter(removed_at__isnull=True, outcome__removed_at__isnull=True)
    return _of_plan(agency, Work.ACTIONS, live, "outcome__need__plan", "status", "")


def _reviews(agency: Organisation) -> list[Line]:
    return _of_plan(agency, Work.REVIEWS, Review.objects.filter(state=ReviewState.DECIDED), "plan", "decision", "")


def _consents(agency: Organisation) -> list[Line]:
    rows = WorkBroughtOver.objects.filter(agency=agency, kind=Work.CONSENTS, **_OPEN).order_by("pk")
    found = rows.values_list("target_id", "case__team__code", "target_kind", "case__reference", "case_id")
    kinds = {"helpagreed": "help", "sharingbasis": "sharing", "sharingdeclined": "declined"}
    return _lines(
        agency, Work.CONSENTS,
        ((pk, team, kinds.get(kind.partition(".")[2], kind), 0, case, case_id) for pk, team, kind, case, case_id in found),
    )  # fmt: skip


def _assessments(agency: Organisation) -> list[Line]:
    totals: dict[UUID, int] = defaultdict(int)
    sections = AssessmentSection.objects.filter(assessment__case__state__in=("open", "waiting_for_lead"))
    for assessment_id, answers in sections.values_list("assessment_id", "answers").iterator():
        score = answers.get("score")
        totals[assessment_id] += score if isinstance(score, int) else 0
    rows = Assessment.objects.exclude(state=AssessmentState.DRAFT).filter(**_OPEN).order_by("pk")
    found = rows.values_list("pk", "case__team__code", "case__reference", "case_id")
    return _lines(
        agency, Work.ASSESSMENTS, ((pk, team, "open", totals[pk], case, case_id) for pk, team, case, case_id in found)
    )


_HERE = {
    Work.PLANS: _plans, Work.NEEDS: _needs, Work.OUTCOMES: _outcomes, Work.ACTIONS: _actions, Work.REVIEWS: _reviews,
    Work.CONSENTS: _consents, Work.ASSESSMENTS: _assessments,
}  # fmt: skip


# --- Files that were sent on the page.


@dataclass(frozen=True)
class RunSeen:
    """One file: what was done with it, what came of it, and who signed."""

    row: GoLiveRun
    id: UUID
    agency: str
    kind: str
    what: str
    label: str
    file_name: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    job_id: UUID | None
    counts: Mapping[str, int]
    rejected: tuple[Mapping[str, Any], ...]
    tallies: tuple[Mapping[str, Any], ...]
    differences: tuple[Mapping[str, Any], ...]
    is_even: bool
    signed_name: str
    signed_as: str
    signed_words: str
    signed_by: str
    signed_at: datetime | None

    @property
    def is_compared(self) -> bool:
        """A reconciliation that has ended and can be signed."""
        return self.what == GoLiveRun.What.COMPARE and self.ended_at is not None


def golive_runs(viewer: Actor, *, limit: int = 50) -> tuple[RunSeen, ...]:
    """The files that were sent, the newest first."""
    check(viewer, BRING_WORK_OVER)
    rows = list(GoLiveRun.objects.select_related("agency").order_by("-asked_at", "-pk")[:limit])
    names = names_of_accounts(viewer, {each for row in rows for each in (row.asked_by, row.signed_by) if each})
    return tuple(_run(row, names) for row in rows)


def golive_run(viewer: Actor, run_id: UUID) -> RunSeen:
    """One of them."""
    row = golive_run_for_change(viewer, run_id)
    return _run(row, names_of_accounts(viewer, {each for each in (row.asked_by, row.signed_by) if each}))


def golive_run_for_change(viewer: Actor, run_id: UUID) -> GoLiveRun:
    """The run itself, to hand to a service."""
    check(viewer, BRING_WORK_OVER)
    row = GoLiveRun.objects.select_related("agency").filter(pk=run_id).first()
    if row is None:
        raise NotVisible
    return row


def golive_runs_shown(viewer: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these files that the viewer may see. No read row: only ids are looked at."""
    check(viewer, BRING_WORK_OVER)
    return set(GoLiveRun.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _run(row: GoLiveRun, names: Mapping[UUID, str]) -> RunSeen:
    found = row.found
    return RunSeen(
        row=row, id=row.pk, agency=row.agency.name, kind=row.kind, what=row.what, label=GoLiveRun.What(row.what).label,
        file_name=row.file_name, asked_by=names.get(row.asked_by, "") if row.asked_by else "Joinedup", asked_at=row.asked_at,
        ended_at=row.ended_at, job_id=row.job_id, counts=row.counts, rejected=tuple(found.get("rejected", ())),
        tallies=tuple(found.get("counts", ())), differences=tuple(found.get("differences", ())),
        is_even=not found.get("differences"), signed_name=row.signed_name, signed_as=row.signed_as,
        signed_words=row.signed_words, signed_by=names.get(row.signed_by, "") if row.signed_by else "", signed_at=row.signed_at,
    )  # fmt: skip
