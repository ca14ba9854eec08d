"""Pages of reviews: begin one with who came, go through each outcome, decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.casework import queries, services
from joinedup.casework.forms.reviews import BeginForm, DecideForm, ProgressForm
from joinedup.casework.review_document import review_document
from joinedup.casework.views.plan_forms import Ask, answer, href
from joinedup.casework.views.shared import GET_OR_POST, case_page, viewer_of
from joinedup.core import drafts
from joinedup.core.documents import download
from joinedup.core.drafts import about_of, all_at_once, declare_form
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.core.forms import Option
from joinedup.organisations.queries import team_with_id
from joinedup.outcomes.measuring import plain

_TAB = "case_reviews"
_STEP = "casework.step"  # the kept form of a step that is not sent
_CASES = all_at_once(queries.cases_shown)
BEGIN = declare_form("casework.review_begin", "Begin a review", href("case_review_begin", "case_id"), shown=_CASES)
PROGRESS = declare_form(
    "casework.review_progress", "How far an outcome has come", href("case_review_outcome", "case_id", "outcome_id"),
    shown=_CASES,
)  # fmt: skip
DECIDE = declare_form(
    "casework.review_decide", "Decide a review", href("case_review_decide", "case_id", "review_id"), shown=_CASES
)


@login_required
@require_safe
def reviews(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every review, every step, and how the case closed."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="reviews")
    shown = queries.reviews_of(viewer, frame)
    more = {
        "plan": queries.plan_to_review(viewer, frame, with_outcomes=any(each.is_begun for each in shown)), "reviews": shown,
        "steps": queries.steps_of(viewer, frame), "closure": None if frame.is_open else queries.closure_of(viewer, frame),
        "came_back": queries.re_referral_of(viewer, frame), "may_step": queries.may_ask_step(viewer, frame), "plain": plain,
    }  # fmt: skip
    holder = drafts.holder_of(viewer.account_id, request.session)
    begun = drafts.newest(holder, _STEP, str(case_id)) if more["may_step"] else None
    aside = drafts.newest_aside(holder, _STEP, str(case_id), at=viewer.at) if more["may_step"] and not begun else None
    return case_page(request, "casework/reviews.jinja", frame, tab=_TAB, step_begun=begun, aside=aside, **more)


@login_required
@require_safe
def printed(request: HttpRequest, case_id: UUID, review_id: UUID, form: str) -> HttpResponse:
    """One review as a page that prints, a PDF or a Word file."""
    if form not in {"page", "pdf", "docx"}:
        raise Http404
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="review, printed")
    seen = queries.review_on_paper(viewer, frame, review_id)
    doc = review_document(frame, seen, printed_by=viewer.name, printed_at=viewer.at)
    if form != "page":
        return download(doc, form, f"review-{seen.plan_reference}-{seen.review.held_on.isoformat()}")
    return render(request, "casework/review_print.jinja", {"frame": frame, "doc": doc, "review": seen.review})


def _plan(request: HttpRequest, case_id: UUID) -> tuple[queries.CaseFrame, queries.PlanSeen]:
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="review")
    found = queries.plan_of(viewer, frame)
    if found is None:
        raise NotVisible
    if "review" not in found.may:
        raise NotPermitted("You may not review this plan as it is now.", rule="permission:casework.review_plan")
    return frame, found


@login_required
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin a review: when, who came, and how each child was heard."""
    viewer = viewer_of(request)
    frame, plan = _plan(request, case_id)
    asked = [Option(f"post:{each.post_id}", f"{each.name}, {each.title}") for each in queries.team_now(viewer, frame)]
    asked += [Option(f"person:{each.person_id}", each.name) for each in frame.people]
    children = [(each.id, each.name) for each in plan.sections]
    today = timezone.localdate(viewer.at)

    def send(form: BeginForm) -> object:
        row = queries.plan_for_change(viewer, case_id)
        said: dict[str, Any] = {"attendance": form.attendance, "voices": form.voices}
        said["named_lead"] = form.cleaned_data.get("named_lead") or ""
        return services.begin_review(plan=row, held_on=form.cleaned_data["held_on"], **said, by=viewer, at=viewer.at)

    return answer(request, frame, Ask("Begin the review", BEGIN, str(case_id),
                                      lambda given: BeginForm(**given, today=today, asked=asked, children=children, initial={"held_on": today}),
                                      send, "The review is begun. Say how far each outcome has come.", back=_TAB, submit="Go on to the outcomes"))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def progress(request: HttpRequest, case_id: UUID, outcome_id: UUID) -> HttpResponse:
    """How far one outcome has come, in the review under way."""
    viewer = viewer_of(request)
    frame, plan = _plan(request, case_id)
    review_id = queries.review_under_way(viewer, frame)
    outcome = next((each for each in plan.outcomes if each.id == outcome_id), None)
    if outcome is None:
        raise NotVisible
    if review_id is None:
        return redirect(_TAB, case_id=case_id)
    measure = outcome.course.measure

    def send(form: ProgressForm) -> object:
        row = queries.review_for_change(viewer, case_id, review_id)
        said = {"value": form.cleaned_data["value"], "words": form.cleaned_data.get("words") or ""}
        return services.record_progress(
            plan=row.plan, review=row, outcome_id=outcome_id, **said, by=viewer, at=viewer.at
        )

    intro = (
        f"{measure.name} ({measure.unit}). At the start {plain(outcome.course.value)}, "
        f"last {plain(outcome.course.latest)}, to be {plain(outcome.target)}."
    )
    return answer(request, frame, Ask(outcome.words, PROGRESS, about_of(case_id, outcome_id), lambda given: ProgressForm(**given), send,
                                      "It is written down how far this outcome has come.", back=_TAB, intro=intro))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, case_id: UUID, review_id: UUID) -> HttpResponse:
    """Decide what happens next."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="review")
    review = queries.review_of(viewer, frame, review_id)
    if not review.may_decide:
        raise NotPermitted("You may not decide this review as it is now.", rule="permission:casework.decide_review")
    teams = team_options(queries.teams_for_step(viewer, frame))

    def send(form: DecideForm) -> object:
        row = queries.review_for_change(viewer, case_id, review_id)
        clean, (level, team_id) = form.cleaned_data, form.step
        decision = services.Decision(
            clean["decision"], clean["reason"], clean.get("next_review_on"), level,
            team_with_id(viewer, team_id) if team_id else None,
        )  # fmt: skip
        return services.decide_review(review=row, decision=decision, version=form.seen_version, by=viewer, at=viewer.at)

    return answer(request, frame, Ask("What happens next?", DECIDE, about_of(case_id, review_id),
                                      lambda given: DecideForm(**given, level=frame.level, teams=teams, initial={"version": review.version}),
                                      send, "The review is decided.", back=_TAB, submit="Decide"))  # fmt: skip


def team_options(teams: list[queries.TeamChoice]) -> list[Option]:
    """Teams as choices: which are statutory, and which has the family now."""

    def words(team: queries.TeamChoice) -> str:
        if team.is_own:
            return f"{team.name} (has the family now)"
        return f"{team.name} (statutory, level 4)" if team.is_statutory else team.name

    return [Option(str(team.team_id), words(team)) for team in teams]
