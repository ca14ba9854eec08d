"""Reading reviews and closings, and families that came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.casework.codes import CLOSURES, DECISIONS, LEAD_NAMED, LEVELS, SUSTAINED, VOICES
from joinedup.casework.lifecycle import PlanState, ReviewState, SentBackState
from joinedup.casework.models import (
    Case,
    CasePerson,
    Closure,
    PlanOutcome,
    ReReferral,
    Review,
    ReviewPlace,
    ReviewVoice,
    SustainedCheck,
)
from joinedup.casework.permissions import (
    CHECK_CHANGE,
    COUNT_RE_REFERRALS,
    DECIDE_REVIEW,
    FIND_OPEN_CASE,
)
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.plans import OUTCOME_KIND
from joinedup.casework.reviewing import months_after, months_between
from joinedup.casework.settings import re_referral_months
from joinedup.core.errors import NotVisible
from joinedup.outcomes.queries import subjects_begun_after, subjects_read_at
from joinedup.person_index.queries import withheld_people

# --- Reviews.


@dataclass(frozen=True)
class VoiceSeen:
    """How a child was heard."""

    name: str
    how: str
    words: str


@dataclass(frozen=True)
class ReviewSeen:
    """A review. `unread` are the outcomes nobody has looked at in it yet."""

    id: UUID
    version: int
    state: str
    held_on: date
    came: tuple[str, ...]
    missed: tuple[str, ...]
    voices: tuple[VoiceSeen, ...]
    decision: str
    decision_label: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    next_review_on: date | None
    unread: frozenset[UUID]
    may_decide: bool
    named_lead: str

    @property
    def named_lead_label(self) -> str:
        """Whether the family could name who leads; empty where it was not asked for yet."""
        return LEAD_NAMED.get(self.named_lead, "")

    @property
    def is_begun(self) -> bool:
        """Still going on."""
        return self.state == ReviewState.BEGUN


def unread_outcomes(viewer: Actor, review: Review) -> list[PlanOutcome]:
    """The outcomes of needs still worked on that a review has not looked at, without those set after its day: there is
    nothing to read of them yet. The caller has been let in to it."""
    live = Q(removed_at__isnull=True, need__removed_at__isnull=True, need__ended_at__isnull=True)
    outcomes = PlanOutcome.objects.filter(live, need__plan_id=review.plan_id).order_by("pk")
    done = subjects_read_at(viewer, OUTCOME_KIND, Review._meta.label_lower, str(review.pk))
    left = [each for each in outcomes if str(each.pk) not in done]
    later = subjects_begun_after(viewer, OUTCOME_KIND, [str(each.pk) for each in left], review.held_on) if left else ()
    return [each for each in left if str(each.pk) not in later]


def reviews_of(viewer: Actor, frame: CaseFrame) -> list[ReviewSeen]:
    """Every review of a case's plans, newest first. The viewer has been let in to the case."""
    rows = Review.objects.filter(plan__case_id=frame.id).select_related("plan__case").order_by("-held_on", "-pk")
    places = Prefetch("places", ReviewPlace.objects.select_related("post__account", "person").order_by("pk"))
    voices = Prefetch("voices", ReviewVoice.objects.select_related("section__person").order_by("pk"))
    found = list(rows.prefetch_related(places, voices))
    names = names_of_accounts(viewer, {row.decided_by for row in found if row.decided_by})
    return [_review(viewer, row, names) for row in found]


def review_of(viewer: Actor, frame: CaseFrame, review_id: UUID) -> ReviewSeen:
    """One review of this case."""
    found = next((each for each in reviews_of(viewer, frame) if each.id == review_id), None)
    if found is None:
        raise NotVisible
    return found


def _review(viewer: Actor, row: Review, names: dict[UUID, str]) -> ReviewSeen:
    who = [(place.post.account.name if place.post else str(place.person), place.came) for place in row.places.all()]
    is_begun = row.state == ReviewState.BEGUN
    return ReviewSeen(
        id=row.pk, version=row.version, state=row.state, held_on=row.held_on,
        came=tuple(name for name, came in who if came), missed=tuple(name for name, came in who if not came),
        voices=tuple(VoiceSeen(str(each.section.person), VOICES[each.how], each.words) for each in row.voices.all()),
        decision=row.decision, decision_label=DECISIONS.get(row.decision, ""), reason=row.reason,
        decided_at=row.decided_at, decided_by=names.get(row.decided_by, "") if row.decided_by else "",
        next_review_on=row.next_review_on,
        unread=frozenset(each.pk for each in unread_outcomes(viewer, row)) if is_begun else frozenset(),
        may_decide=is_begun and can(viewer, DECIDE_REVIEW, row), named_lead=row.named_lead,
    )  # fmt: skip


def review_under_way(viewer: Actor, frame: CaseFrame) -> UUID | None:
    """Which review of a case is going on. One statement; the viewer has been let in to the case."""
    begun = Review.objects.filter(plan__case_id=frame.id, state=ReviewState.BEGUN)
    return begun.values_list("pk", flat=True).first()


def review_for_change(viewer: Actor, case_id: UUID, review_id: UUID) -> Review:
    """A review, to hand to a service."""
    seen = Review.objects.filter(plan__case_id=case_id, plan__case__in=Case.objects.visible_to(viewer))
    found = seen.select_related("plan__case").filter(pk=review_id).first()
    if found is None:
        raise NotVisible
    return found


def why_to_close(viewer: Actor, frame: CaseFrame) -> str:
    """What the newest review of a case's open plan said, where it decided to close: closing does not ask it again. The viewer
    has been let in to the case."""
    decided = Review.objects.filter(plan__case_id=frame.id, plan__state=PlanState.OPEN, state=ReviewState.DECIDED)
    newest = decided.order_by("-decided_at", "-pk").first()
    return newest.reason if newest is not None and newest.decision == "close" else ""


# --- Closing, and coming back.


@dataclass(frozen=True)
class ClosureSeen:
    """Why a case closed, and whether the change has lasted."""

    code: str
    label: str
    words: str
    closed_at: datetime
    check_due_on: date | None
    check_result: str
    check_words: str
    may_check: bool


@dataclass(frozen=True)
class ClosedBefore:
    """A case about somebody that closed within the months that make coming back a re-referral."""

    case_id: UUID
    reference: str
    closed_at: datetime
    months: int
    team: str
    code: str


def closure_of(viewer: Actor, frame: CaseFrame) -> ClosureSeen | None:
    """How a case closed; None while it is open. The viewer has been let in to it."""
    row = Closure.objects.filter(case_id=frame.id).select_related("check_afterwards", "case").first()
    if row is None:
        return None
    afterwards: SustainedCheck | None = getattr(row, "check_afterwards", None)
    return ClosureSeen(
        row.code, CLOSURES[row.code], row.words, row.closed_at, afterwards.due_on if afterwards else None,
        SUSTAINED.get(afterwards.result, "") if afterwards else "", afterwards.words if afterwards else "",
        afterwards is not None and not afterwards.result and can(viewer, CHECK_CHANGE, row),
    )  # fmt: skip


def closure_for_change(viewer: Actor, case_id: UUID) -> Closure:
    """How a case closed, to hand to a service."""
    seen = Closure.objects.filter(
        case_id=case_id, case__in=Case.objects.visible_to(viewer), check_afterwards__isnull=False
    )
    found = seen.select_related("case", "check_afterwards").first()
    if found is None:
        raise NotVisible
    return found


def re_referral_of(viewer: Actor, frame: CaseFrame) -> int | None:
    """After how many months the family came back, where it did. The viewer has been let in to the case."""
    return ReReferral.objects.filter(case_id=frame.id).values_list("months", flat=True).first()


def closed_before(viewer: Actor, person_ids: Iterable[UUID]) -> list[ClosedBefore]:
    """Cases about these people that closed within the months the setting says, newest first, for the front door: a
    referral about them is a re-referral."""
    check(viewer, FIND_OPEN_CASE)
    on = timezone.localdate(viewer.at)
    since = months_after(on, -re_referral_months(on))
    withheld = CasePerson.ever.filter(person_id__in=withheld_people(viewer)).values("case_id")
    about = CasePerson.objects.filter(person_id__in=list(person_ids)).values("case_id")
    rows = Case.objects.filter(pk__in=about, closed_at__date__gte=since)
    rows = rows.exclude(pk__in=withheld).exclude(sent_back__state=SentBackState.TAKEN_BACK)
    return [
        ClosedBefore(
            row.pk, row.reference, row.closed_at, months_between(timezone.localdate(row.closed_at), on), row.team.name,
            row.closure.code if hasattr(row, "closure") else "",
        )
        for row in rows.select_related("team", "closure").order_by("-closed_at", "-pk")
        if row.closed_at
    ]  # fmt: skip


def count_re_referrals(viewer: Actor, *, since: date) -> tuple[int, int]:
    """How many cases opened since a day, and how many of those were of families who came back."""
    check(viewer, COUNT_RE_REFERRALS)
    opened = Case.objects.filter(opened_at__date__gte=since)
    return opened.count(), opened.filter(re_referral__isnull=False).count()


def level_label(level: int) -> str:
    """A level in words."""
    return LEVELS.get(level, f"Level {level}")
