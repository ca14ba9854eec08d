"""Pages of steps up and down, of closing, of whether the change has lasted, and of what of all that waits for somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.casework import queries, services
from joinedup.casework.forms.plans import PlanForm
from joinedup.casework.forms.reviews import (
    AnswerForm,
    CheckForm,
    ClosingForm,
    HolderForm,
    SettleForm,
    StepForm,
    WhyForm,
)
from joinedup.casework.permissions import ASK_STEP, CLOSE_CASE
from joinedup.casework.views.plan_forms import Ask, answer, href
from joinedup.casework.views.reviews import team_options
from joinedup.casework.views.shared import GET_OR_POST, attempt, frame_to, question, viewer_of
from joinedup.core import drafts
from joinedup.core.desk import Desk
from joinedup.core.drafts import DraftForm, all_at_once, declare_form
from joinedup.core.errors import NotPermitted
from joinedup.core.forms import Option
from joinedup.organisations.queries import post_with_id, team_with_id

_CASES = all_at_once(queries.cases_shown)
_STEPS = all_at_once(queries.steps_shown)
STEP = declare_form("casework.step", "Step a family up or down", href("case_step", "case_id"), shown=_CASES)
CLOSING = declare_form("casework.close", "Close a case", href("case_close", "case_id"), shown=_CASES)
CHECK = declare_form("casework.check", "Whether a change has lasted", href("case_check", "case_id"), shown=_CASES)


def _kept(name: str, title: str, page: str) -> DraftForm:
    return declare_form(f"casework.step_{name}", title, href(page, "step_id"), shown=_STEPS)


ANSWER = _kept("answer", "Answer a step up or down", "step_answer")
AGAIN = _kept("again", "Ask again for a step", "step_again")
WITHDRAW = _kept("withdraw", "Withdraw a step", "step_withdraw")
SETTLE = _kept("settle", "Settle a disagreement", "step_settle")
HOLDER = _kept("holder", "Who settles a disagreement", "step_holder")


@login_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Steps to answer, reviews due, closings to confirm, and changes to ask about."""
    return render(request, "casework/duties.jinja", {"duties": queries.duties(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def step_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Step a family up or down: a level, a team, why, and send."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, ASK_STEP)
    teams = queries.teams_for_step(viewer, frame)
    likely = next((team for team in teams if team.is_statutory == (frame.level == 3)), teams[0])

    def send(form: StepForm) -> object:
        clean = form.cleaned_data
        return services.ask_step(
            case=frame.row, to_level=int(clean["level"]), to_team=team_with_id(viewer, UUID(clean["team"])),
            reason=clean["reason"], is_immediate=bool(clean.get("is_immediate")), by=viewer, at=viewer.at,
        )  # fmt: skip

    lead = frame.pathway.words.lead_inside
    intro = f"It stays the same plan. Until the other team accepts, the {lead} keeps the duty."
    first = {"team": str(likely.team_id)}
    return answer(request, frame, Ask("Step up or down", STEP, str(case_id),
                                      lambda given: StepForm(**given, level=frame.level, teams=team_options(teams), initial=first),
                                      send, "The step is sent.", back="case_reviews", submit="Send", intro=intro))  # fmt: skip


def _holder(request: HttpRequest) -> str:
    return drafts.holder_of(viewer_of(request).account_id, request.session)


@login_required
@require_POST
def step_abandon(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Abandon a step that was begun and not sent. It was never asked, so nobody hears of it."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, ASK_STEP)
    begun = drafts.newest(_holder(request), STEP.name, str(case_id))
    if begun is None:
        messages.error(request, "There is no step of yours here that is not sent.")
    else:
        drafts.put_aside(_holder(request), begun.pk, at=viewer.at)
    return redirect("case_reviews", case_id=frame.id)


@login_required
@require_POST
def step_take_up(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Undo that: the step is there again as it was typed, and still not sent."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, ASK_STEP)
    aside = drafts.newest_aside(_holder(request), STEP.name, str(case_id), at=viewer.at)
    if aside is None:
        messages.error(request, "What was abandoned more than a day ago is gone. Begin it again.")
        return redirect("case_reviews", case_id=frame.id)
    drafts.take_up(_holder(request), aside.pk, at=viewer.at)
    messages.success(request, "The step is here again. It is not sent yet.")
    return redirect("case_step", case_id=frame.id)


# --- One step, for either team.


@login_required
@require_safe
def step(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """A step: what was asked, what was answered, and what happens next."""
    return render(
        request,
        "casework/step.jinja",
        {"step": queries.step_seen(viewer_of(request), step_id, purpose="step up or down")},
    )


def _ask(
    request: HttpRequest,
    step_id: UUID,
    may: str,
    kept: DraftForm,
    title: str,
    make: Any,
    send: Any,
    said: str,
    **more: Any,
) -> HttpResponse:
    """One question about a step."""
    viewer = viewer_of(request)
    seen = queries.step_seen(viewer, step_id, purpose="step up or down")
    if may not in seen.may:
        raise NotPermitted("You may not do that with this step as it is now.", rule=f"permission:casework.{may}")
    desk = Desk(request, kept, str(step_id))
    form: PlanForm = make(seen, desk.answers())
    if request.method == "POST" and form.is_valid():
        row = queries.step_for_change(viewer, step_id)
        if attempt(form, lambda: send(seen, form, row)) is not None:
            desk.done()
            messages.success(request, said)
            return (
                redirect("step", step_id=step_id) if queries.steps_shown(viewer, {step_id}) else redirect("case_duties")
            )
    words = {"back_href": reverse("step", kwargs={"step_id": step_id}), "back_text": "Back to the step", "desk": desk}
    return render(
        request,
        "casework/step_form.jinja",
        {"step": seen, "form": form, "title": title, "submit_text": "Save", **words, **more},
    )


def _leads(request: HttpRequest, seen: queries.StepSeen) -> list[Option]:
    found = queries.leads_for_step(viewer_of(request), seen)
    return [Option(str(each.post_id), f"{each.name}, {each.title}") for each in found]


@login_required
@require_http_methods(GET_OR_POST)
def step_answer(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The receiving team accepts, with its lead professional, or refuses, with the reason."""
    viewer = viewer_of(request)

    def send(seen: queries.StepSeen, form: AnswerForm, row: Any) -> object:
        clean = form.cleaned_data
        if clean["answer"] == "accept":
            lead = post_with_id(viewer, UUID(clean["lead"]))
            return services.accept_step(step=row, lead=lead, by=viewer, at=viewer.at)
        return services.refuse_step(step=row, reason=clean["reason"], by=viewer, at=viewer.at)

    return _ask(request, step_id, "answer", ANSWER, "Answer this step",
                lambda seen, given: AnswerForm(**given, leads=_leads(request, seen)), send, "Your answer is sent.")  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def step_again(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Answer a refusal and ask again."""
    viewer = viewer_of(request)
    return _ask(request, step_id, "ask_again", AGAIN, "Ask again", lambda seen, given: WhyForm(**given),
                lambda seen, form, row: services.ask_step_again(step=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
                "The team is asked again.")  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def step_withdraw(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Take a step back."""
    viewer = viewer_of(request)
    return _ask(request, step_id, "withdraw", WITHDRAW, "Withdraw this step", lambda seen, given: WhyForm(**given),
                lambda seen, form, row: services.withdraw_step(step=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
                "The step is withdrawn. The family stays where it is.")  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def step_settle(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """What the open step of the disagreement came to."""
    viewer = viewer_of(request)

    def send(seen: queries.StepSeen, form: SettleForm, row: Any) -> object:
        clean = form.cleaned_data
        lead = post_with_id(viewer, UUID(clean["lead"])) if clean["outcome"] == "moves" else None
        number = seen.stage.number if seen.stage else 0
        onwards = clean["outcome"] == "onwards" and clean["holder"]
        said = {"outcome": clean["outcome"], "words": clean["words"]}
        said |= {"lead": lead, "holder": post_with_id(viewer, UUID(clean["holder"])) if onwards else None}
        return services.settle_disagreement(step=row, number=number, **said, by=viewer, at=viewer.at)

    return _ask(request, step_id, "settle", SETTLE, "What came of this step?",
                lambda seen, given: SettleForm(
                    **given, leads=_leads(request, seen), holders=_holders(request, seen, 1),
                    is_last=bool(seen.stage and seen.stage.is_last),
                ), send, "It is written down what came of it.")  # fmt: skip


def _holders(request: HttpRequest, seen: queries.StepSeen, later: int = 0) -> list[Option]:
    """Who may settle the open step of a disagreement, or the one after it."""
    number = (seen.stage.number if seen.stage else 1) + later
    found = queries.settlers_for_step(viewer_of(request), seen, number)
    return [Option(str(post.pk), f"{post.account.name}, {post.title}, {post.host.name}") for post in found]


@login_required
@require_http_methods(GET_OR_POST)
def step_holder(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Name who settles the open step of the disagreement."""
    viewer = viewer_of(request)

    def send(seen: queries.StepSeen, form: HolderForm, row: Any) -> object:
        holder = post_with_id(viewer, UUID(form.cleaned_data["holder"]))
        said = {"number": seen.stage.number if seen.stage else 0, "reason": form.cleaned_data["reason"]}
        return services.name_holder(step=row, holder=holder, **said, by=viewer, at=viewer.at)

    return _ask(request, step_id, "name_holder", HOLDER, "Who settles this disagreement?",
                lambda seen, given: HolderForm(**given, holders=_holders(request, seen)),
                send, "They are told, and so are both teams.")  # fmt: skip


# --- Closing.


@login_required
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Close the case: the reason in its standard code and in words, and what became of every need."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, CLOSE_CASE)
    plan = queries.plan_of(viewer, frame)
    needs = [(need.id, need.words) for need in plan.open_needs] if plan and plan.is_open else []
    desk = Desk(request, CLOSING, str(case_id))
    form = ClosingForm(
        **desk.answers(), needs=needs, reasons=frame.pathway.closing_choices,
        initial={"version": frame.version, "reason": queries.why_to_close(viewer, frame)[:500]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        closed = attempt(
            form,
            lambda: services.close_case(
                case=frame.row, code=clean["code"], reason=clean["reason"], needs=form.ends, version=form.seen_version,
                by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if closed is not None:
            desk.done()
            messages.success(request, "The case is closed.")
            return redirect("case", case_id=case_id)
        frame = queries.case_frame(viewer, case_id, purpose="casework")
    if not form.is_being_changed:
        form.look_again(frame.version)
    unfinished = [each for each in plan.actions if not each.is_ended] if plan and plan.is_open else []
    intro = (
        "Actions that are not done are stopped: " + "; ".join(each.words for each in unfinished) + "."
        if unfinished
        else ""
    )
    return question(
        request, frame, form, "Close this case", submit_text="Close the case", is_warning=True, desk=desk, intro=intro
    )


@login_required
@require_http_methods(GET_OR_POST)
def check(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Some months on: whether what the plan changed has lasted."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="whether the change has lasted")
    closure = queries.closure_of(viewer, frame)
    if closure is None or not closure.may_check:
        raise NotPermitted("There is nothing to check here for you now.", rule="permission:casework.check_change")

    def send(form: CheckForm) -> object:
        row = queries.closure_for_change(viewer, case_id)
        said = {name: form.cleaned_data[name] for name in ("result", "words")}
        return services.check_change(closure=row, **said, by=viewer, at=viewer.at)

    return answer(request, frame, Ask("Has the change lasted?", CHECK, str(case_id), lambda given: CheckForm(**given), send,
                                      "It is written down whether the change has lasted.", back="case_reviews",
                                      intro=f"{closure.label}. {closure.words}"))  # fmt: skip
