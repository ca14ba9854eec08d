"""The lists that a lead professional and a team manager work from: each a filter of cases, counted and opened alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.lifecycle import ENDED_ACTIONS, MeetingState, PlanState, ReviewState
from joinedup.casework.meeting import SOON, YEAR
from joinedup.casework.models import (
    Case,
    CaseMember,
    CaseQuerySet,
    Meeting,
    MeetingAction,
    Plan,
    PlanAction,
    Review,
)
from joinedup.casework.permissions import READ_CASES
from joinedup.casework.queries.cases import people_in
from joinedup.casework.queries.joining import with_siblings_left_out
from joinedup.casework.queries.meetings import HELD
from joinedup.casework.queries.social_work import wants_social_worker
from joinedup.casework.queries.team import offers_to
from joinedup.casework.settings import review_weeks
from joinedup.core.formats import london
from joinedup.information_sharing.queries import matters_to_decide

_REVIEWS_WITHOUT_CHANGE = 3


def _led(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return rows.open().filter(lead_professional_id__in=viewer.post_ids)


def _is_late(viewer: Actor) -> Q:
    return Q(review_due_on__lt=london(viewer.at).date())


def _overdue(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return rows.open().filter(_is_late(viewer))


def _review_soon(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    on = london(viewer.at).date()
    return rows.open().filter(review_due_on__gte=on, review_due_on__lte=on + SOON)


def _without_lead(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return rows.open().exclude(pk__in=Case.objects.led_at(viewer.at).values("pk"))


def _drifting(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    """As `meeting.is_drifting` says: open for more than a year, or three reviews one after the other that changed nothing;
    reviews of the plan, or, where reviews are only minuted as meetings, those."""
    plans = Review.objects.filter(plan__case=OuterRef("pk"), state=ReviewState.DECIDED).order_by("-decided_at")
    met = Meeting.objects.filter(case=OuterRef("pk"), purpose="review", state__in=HELD).order_by("-starts_at")
    third = slice(_REVIEWS_WITHOUT_CHANGE - 1, _REVIEWS_WITHOUT_CHANGE)
    found = rows.open().annotate(
        third_review=Subquery(plans.values("decided_at")[third]),
        changed_review=Subquery(plans.exclude(decision="continue").values("decided_at")[:1]),
        third_meeting=Subquery(met.values("starts_at")[third]),
        changed_meeting=Subquery(met.exclude(has_changed_the_work=False).values("starts_at")[:1]),
    )
    return found.filter(
        Q(opened_at__lt=viewer.at - YEAR) | _same_since("third_review", "changed_review")
        | _same_since("third_meeting", "changed_meeting")
    )  # fmt: skip


def _same_since(third: str, changed: str) -> Q:
    return Q(**{f"{third}__isnull": False}) & (Q(**{f"{changed}__isnull": True}) | Q(**{f"{changed}__lt": F(third)}))


def _came_back(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return rows.open().filter(re_referral__isnull=False)


def _withdrawn(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return rows.open().filter(pk__in=list(matters_to_decide(viewer, Case._meta.label_lower)))


def _without_plan(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    began = viewer.at - timedelta(weeks=review_weeks(london(viewer.at).date()))
    return rows.open().filter(
        ~Exists(Plan.objects.filter(case=OuterRef("pk"), state=PlanState.OPEN)), opened_at__lt=began
    )


def _wants_social_worker(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
    return wants_social_worker(rows, viewer.at)


def as_id(text: str) -> UUID | None:
    """An id from an address, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class CaseList:
    """A list: its name in an address, its title, the sentence that says what is in it, and the filter."""

    name: str
    title: str
    sentence: str
    narrow: Callable[[CaseQuerySet, Actor], CaseQuerySet]
    is_urgent: bool = False
    query: str = ""  # what its address says, where it was chosen by one


LISTS: dict[str, CaseList] = {
    each.name: each
    for each in (
        CaseList("mine", "Cases you lead", "You are the lead professional of these.", _led),
        CaseList("overdue", "Overdue reviews", "The review was not held by its day.", _overdue, is_urgent=True),
        CaseList("soon", "Reviews due within a week", "The review is due within seven days.", _review_soon),
        CaseList(
            "no-lead", "Without a lead professional",
            "Nobody leads these, or whoever did has left: the team manager holds the duty.", _without_lead, is_urgent=True,
        ),
        CaseList(
            "social-worker", "A social worker is to lead",
            "Statutory social work is open for a child, and no registered social worker leads.", _wants_social_worker,
            is_urgent=True,
        ),
        CaseList(
            "drift", "Drifting",
            "Open for more than a year, or three reviews one after the other that changed nothing.", _drifting,
        ),
        CaseList(
            "siblings", "Brothers and sisters without a plan",
            "The family has a plan, and a child who lives with them is in no open plan.", with_siblings_left_out,
        ),
        CaseList(
            "no-plan", "Without a plan",
            "Open longer than the time to a first review, and the family has no plan.", _without_plan,
        ),
        CaseList(
            "came-back", "Came back",
            "An earlier case about the same children closed within the months that make this a re-referral.", _came_back,
        ),
        CaseList(
            "withdrawn", "Agreement withdrawn, to decide",
            "The family took its agreement back: a manager decides within one working day.", _withdrawn, is_urgent=True,
        ),
    )
}  # fmt: skip


def list_chosen(viewer: Actor, name: str, team: str = "", lead: str = "") -> CaseList | None:
    """The list of a name, as an address says it; narrowed to one team or to the cases one person leads."""
    chosen, team_id, post_id = LISTS.get(name), as_id(team), as_id(lead)
    if chosen is None and not post_id and not team_id:
        return None
    base = chosen or CaseList("", "Open cases", "Cases that are open.", lambda rows, viewer: rows.open())
    query = "&".join(
        part
        for part in (
            f"list={name}" if chosen else "",
            f"team={team}" if team_id else "",
            f"lead={lead}" if post_id else "",
        )
        if part
    )

    def narrow(rows: CaseQuerySet, viewer: Actor) -> CaseQuerySet:
        rows = rows.filter(team_id=team_id) if team_id else rows
        return base.narrow(rows.filter(lead_professional_id=post_id) if post_id else rows, viewer)

    return replace(base, narrow=narrow, query=query)


# --- What is due, for whoever leads or answers for something.


@dataclass(frozen=True)
class DueItem:
    """One thing to do: `kind` is review, meeting, minutes, action, plan (an action of the plan) or offer; `about` and
    `record_id` say where it is done."""

    kind: str
    on: date
    words: str
    case_id: UUID | None
    record_id: UUID
    child: str
    reference: str
    is_overdue: bool


@dataclass(frozen=True)
class ThisWeek:
    """What a lead professional has to do until this day next week, what is overdue first."""

    items: tuple[DueItem, ...]
    cases: int

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(each.is_overdue for each in self.items)


def this_week(viewer: Actor) -> ThisWeek:
    """Reviews of the cases the viewer leads, meetings they are asked to or that want their minutes, what they undertook, and
    offers of a duty: everything due within seven days, or overdue. One audit row names the people of the cases."""
    check(viewer, READ_CASES)
    on = london(viewer.at).date()
    led = list(_led(Case.objects.visible_to(viewer), viewer).order_by("review_due_on", "pk"))
    items = [
        DueItem("review", row.review_due_on, "Review", row.pk, row.pk, "", row.reference, row.review_due_on < on)
        for row in led
        if row.review_due_on is not None and row.review_due_on <= on + SOON
    ]
    items += _meetings_due(viewer, on) + _actions_due(viewer, on) + _of_plans_due(viewer, on)
    children = _children({each.case_id for each in items if each.case_id})
    items += [
        DueItem("offer", london(each.proposed_at).date(), "You are asked to be lead professional", None, each.pk, "",
                each.case.reference, is_overdue=False)
        for each in offers_to(viewer)
    ]  # fmt: skip
    people = {person_id for several, _ in children.values() for person_id in several}
    audit.record_read(viewer, subject=("casework.case", "due"), people=people, purpose="what is due", search=True)
    named = [_named(each, children) for each in items]
    return ThisWeek(tuple(sorted(named, key=lambda each: (not each.is_overdue, each.on, each.reference))), len(led))


@dataclass(frozen=True)
class DueCount:
    """How many things are due, and how many of them are late."""

    n: int
    overdue: int


def count_due(viewer: Actor, offers: int) -> DueCount:
    """How many things `this_week` holds, without naming anybody: for the first page, which has asked for the offers of a
    lead professional's duty already."""
    if not viewer.post_ids:
        return DueCount(0, 0)
    on = london(viewer.at).date()
    led = _led(Case.objects.visible_to(viewer), viewer).filter(review_due_on__lte=on + SOON)
    late = [due < on for due in led.values_list("review_due_on", flat=True) if due is not None]
    late += [
        each.is_overdue for each in _meetings_due(viewer, on) + _actions_due(viewer, on) + _of_plans_due(viewer, on)
    ]
    return DueCount(len(late) + offers, sum(late))


@dataclass(frozen=True)
class DueInTeams:
    """What a manager's first page counts of the cases they see: reviews that were not held by their day, and agreements
    that were withdrawn and on which a manager has still to decide."""

    overdue_reviews: int
    withdrawn: DueCount


def due_in_teams(viewer: Actor) -> DueInTeams:
    """Both at once, in two statements; nobody is named."""
    waiting = matters_to_decide(viewer, Case._meta.label_lower)
    rows = Case.objects.around(viewer).open().filter(_is_late(viewer) | Q(pk__in=list(waiting)))
    found = list(rows.order_by().values_list("pk", "review_due_on"))
    on = london(viewer.at).date()
    dues = [waiting[str(case_id)] for case_id, _ in found if str(case_id) in waiting]
    return DueInTeams(
        sum(due_on is not None and due_on < on for _, due_on in found),
        DueCount(len(dues), sum(due_at < viewer.at for due_at in dues)),
    )


def _meetings_due(viewer: Actor, on: date) -> list[DueItem]:
    """Meetings within seven days that the viewer is asked to, and those of cases they lead whose minutes are not written."""
    seen = Meeting.objects.filter(case__in=Case.objects.visible_to(viewer).open(), state=MeetingState.PLANNED)
    asked = Q(places__post_id__in=viewer.post_ids) | Q(case__lead_professional_id__in=viewer.post_ids)
    rows = seen.filter(asked, starts_at__lt=viewer.at + SOON + timedelta(days=1)).select_related("case").distinct()
    found = []
    for row in rows.order_by("starts_at")[:100]:
        day = london(row.starts_at).date()
        leads = row.case.lead_professional_id in viewer.post_ids
        if row.starts_at > viewer.at and day <= on + SOON:
            found.append(
                DueItem("meeting", day, "Meeting", row.case_id, row.pk, "", row.case.reference, is_overdue=False)
            )
        elif row.starts_at <= viewer.at and leads:
            found.append(
                DueItem("minutes", day, "Minutes to be written", row.case_id, row.pk, "", row.case.reference, day < on)
            )
    return found


def _actions_due(viewer: Actor, on: date) -> list[DueItem]:
    seen = MeetingAction.objects.filter(
        case__in=Case.objects.visible_to(viewer).open(),
        post_id__in=viewer.post_ids,
        state="open",
        due_on__lte=on + SOON,
    )
    return [
        DueItem("action", row.due_on, row.words, row.case_id, row.pk, "", row.case.reference, row.due_on < on)
        for row in seen.select_related("case").order_by("due_on", "pk")[:100]
    ]


def _of_plans_due(viewer: Actor, on: date) -> list[DueItem]:
    """Actions of open plans that are the viewer's."""
    case, need = "outcome__need__plan__case", "outcome__need"
    rows = PlanAction.objects.filter(
        post_id__in=viewer.post_ids, due_on__lte=on + SOON, removed_at__isnull=True, outcome__removed_at__isnull=True,
        **{f"{need}__removed_at__isnull": True, f"{need}__ended_at__isnull": True,
           f"{need}__plan__state": PlanState.OPEN, f"{case}__in": Case.objects.visible_to(viewer).open()},
    ).exclude(status__in=[state.value for state in ENDED_ACTIONS])  # fmt: skip
    return [
        DueItem("plan", row.due_on, row.words, row.outcome.need.plan.case_id, row.pk, "",
                row.outcome.need.plan.case.reference, row.due_on < on)
        for row in rows.select_related(case).order_by("due_on", "pk")[:100]
    ]  # fmt: skip


def _children(case_ids: set[UUID]) -> dict[UUID, tuple[set[UUID], str]]:
    """Everybody's id and the first child's name of each case."""
    found = {}
    for case_id, people in people_in(list(case_ids)).items():
        first = next((each.name for each in people if each.part == "child"), "")
        found[case_id] = ({each.person_id for each in people}, first)
    return found


def _named(item: DueItem, children: dict[UUID, tuple[set[UUID], str]]) -> DueItem:
    if item.case_id is None or item.case_id not in children:
        return item
    return DueItem(
        item.kind, item.on, item.words, item.case_id, item.record_id, children[item.case_id][1], item.reference,
        item.is_overdue,
    )  # fmt: skip


@dataclass(frozen=True)
class OwnCase:
    """A case on the first page, one click away."""

    id: UUID
    child: str
    reference: str
    level: int
    review_due_on: date | None
    is_overdue: bool


def own_cases(viewer: Actor, *, most: int = 10) -> tuple[OwnCase, ...]:
    """The cases the viewer leads, the next review first; where they lead none, those they are in the team around. They are
    named, so one audit row says so."""
    if not can(viewer, READ_CASES) or not viewer.post_ids:
        return ()
    seen = Case.objects.visible_to(viewer).open()
    leads = Q(lead_professional_id__in=viewer.post_ids)
    mine = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post_id__in=viewer.post_ids).values("case_id")
    own = seen.filter(leads | Q(pk__in=mine)).annotate(is_led=ExpressionWrapper(leads, BooleanField()))
    found = list(own.order_by(F("is_led").desc(nulls_last=True), "review_due_on", "pk")[:most])
    if not found:
        return ()
    rows = [row for row in found if row.lead_professional_id in viewer.post_ids] or found
    children = _children({row.pk for row in rows})
    people = {person_id for several, _ in children.values() for person_id in several}
    audit.record_read(viewer, subject=("casework.case", "own"), people=people, purpose="own cases", search=True)
    on = london(viewer.at).date()
    return tuple(
        OwnCase(row.pk, children.get(row.pk, (set(), ""))[1] or row.reference, row.reference, row.level, row.review_due_on,
                row.review_due_on is not None and row.review_due_on < on)
        for row in rows
    )  # fmt: skip
