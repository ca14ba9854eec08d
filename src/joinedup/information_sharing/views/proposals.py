"""Proposing an indicator a page at a time, and agreeing to it as a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.indicators import (
    AgreeForm,
    ChangeForm,
    ConditionForm,
    DeclineForm,
    GroundForm,
    JoinedForm,
    ReviewForm,
    WeightForm,
    WhenForm,
    WordsForm,
    conditions_from,
    first_conditions,
)
from joinedup.information_sharing.indicators import Joined
from joinedup.information_sharing.kept import INDICATOR, INDICATOR_CHANGE, INDICATOR_DECLINED, INDICATOR_WORDS
from joinedup.information_sharing.permissions import AGREE_INDICATOR, PROPOSE_INDICATOR
from joinedup.information_sharing.services import ProposalChanges
from joinedup.information_sharing.views.shared import GET_OR_POST, attempt, posted, pressed, viewer_of

# The pages in their order; each leads to the next one that is not answered yet, then to the summary.
STEPS = ("words", "conditions", "when", "weight", "ground", "review")


@login_required
@require_http_methods(GET_OR_POST)
def propose(request: HttpRequest) -> HttpResponse:
    """Begin a new indicator: its name and what it says."""
    viewer = viewer_of(request)
    check(viewer, PROPOSE_INDICATOR)
    desk = Desk(request, INDICATOR)
    form = WordsForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        begun = attempt(
            form,
            lambda: services.begin_proposal(name=told["name"], wording=told["wording"], by=viewer, at=viewer.at),
        )
        if begun is not None:
            desk.done()
            return redirect("indicator_step", proposed_id=begun.pk, step="conditions")
    context = {"form": form, "title": "Propose an indicator", "back_href": reverse("indicators"), "desk": desk}
    context["has_agreements"] = bool(queries.agreements_for_indicators(viewer))
    return render(request, "information_sharing/indicator_form.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Begin a change of an indicator; what it says now stays in use until a second person agrees."""
    viewer = viewer_of(request)
    check(viewer, PROPOSE_INDICATOR)
    target = queries.indicator_for_change(viewer, indicator_id)
    desk = Desk(request, INDICATOR_CHANGE, str(indicator_id))
    form = ChangeForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        begun = attempt(form, lambda: services.begin_change(indicator=target, reason=reason, by=viewer, at=viewer.at))
        if begun is not None:
            desk.done()
            return redirect("indicator_proposal", proposed_id=begun.pk)
    back = reverse("indicator", kwargs={"indicator_id": indicator_id})
    context = {
        "form": form,
        "title": f"Change “{target.name}”",
        "caption": target.name,
        "back_href": back,
        "desk": desk,
    }
    return render(request, "core/question.jinja", context)


@login_required
@require_safe
def proposal(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """What was written so far, whom it would speak about today, and what comes next."""
    seen = queries.proposal_seen(viewer_of(request), proposed_id)
    return render(request, "information_sharing/proposal.jinja", {"seen": seen, "missing": _missing(seen)})


def _missing(seen: queries.ProposalSeen) -> str:
    """The first page that is not answered yet; blank when all are."""
    answered = (seen.wording, seen.conditions, seen.window_days, seen.weight, seen.agreement, seen.review_on)
    return next((step for step, said in zip(STEPS, answered, strict=True) if not said), "")


@login_required
@require_http_methods(GET_OR_POST)
def step(request: HttpRequest, proposed_id: UUID, step: str) -> HttpResponse:
    """One page of what is being written."""
    viewer = viewer_of(request)
    check(viewer, PROPOSE_INDICATOR)
    row = queries.proposal_for_change(viewer, proposed_id)
    if step == "conditions":
        return _conditions(request, row)
    make = _FORMS.get(step)
    if make is None:
        raise NotVisible
    desk = Desk(request, INDICATOR_WORDS, str(proposed_id)) if step == "words" else None
    form = make(request, row, desk)
    if request.method == "POST" and form.is_valid():
        call = lambda: services.change_proposal(  # noqa: E731
            proposal=row, changes=form.changes(), by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            if desk is not None:
                desk.done()
            return _onward(request, proposed_id)
    return render(request, "core/question.jinja", _page(row, form, _TITLES[step]) | {"desk": desk})


def _conditions(request: HttpRequest, row: Any) -> HttpResponse:
    """What has to have been observed: one or several, with add another and remove."""
    viewer = viewer_of(request)
    group = ConditionForm.stack(
        "conditions", posted(request), initial=first_conditions(row.sign.conditions), most=6, noun="condition"
    )
    form = JoinedForm(posted(request), initial={"joined": row.joined}, is_being_changed=group.is_changing)
    if request.method == "POST" and form.is_valid() & group.is_valid():
        changes = ProposalChanges(conditions=conditions_from(group.cleaned), joined=Joined(form.cleaned_data["joined"]))
        call = lambda: services.change_proposal(proposal=row, changes=changes, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return _onward(request, row.pk)
    has_errors = not group.is_changing and bool(group.errors or form.errors)
    context = _page(row, form, "What has to have been observed?") | {"group": group, "page_has_errors": has_errors}
    return render(request, "information_sharing/indicator_conditions.jinja", context)


def _page(row: Any, form: Any, title: str) -> dict[str, Any]:
    back = reverse("indicator_proposal", kwargs={"proposed_id": row.pk})
    return {"form": form, "title": title, "caption": row.name, "back_href": back}


def _onward(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """The next page that is not answered yet, or the summary."""
    missing = _missing(queries.proposal_seen(viewer_of(request), proposed_id))
    if missing:
        return redirect("indicator_step", proposed_id=proposed_id, step=missing)
    return redirect("indicator_proposal", proposed_id=proposed_id)


def _words(request: HttpRequest, row: Any, desk: Any) -> WordsForm:
    initial = {"name": row.name, "wording": row.wording}
    return WordsForm(**desk.answers(), is_change=row.indicator_id is not None, initial=initial)


def _when(request: HttpRequest, row: Any, desk: Any) -> WhenForm:
    initial = {"window_days": row.window_days, "minimum_age": row.minimum_age, "maximum_age": row.maximum_age}
    return WhenForm(posted(request), initial=initial)


def _weight(request: HttpRequest, row: Any, desk: Any) -> WeightForm:
    return WeightForm(posted(request), initial={"weight": row.weight})


def _ground(request: HttpRequest, row: Any, desk: Any) -> GroundForm:
    chosen = f"{row.agreement.reference}|{row.basis.code}" if row.agreement and row.basis else ""
    form = GroundForm(posted(request), initial={"ground": chosen})
    form.offer(queries.agreements_for_indicators(viewer_of(request)))
    return form


def _review(request: HttpRequest, row: Any, desk: Any) -> ReviewForm:
    return ReviewForm(posted(request), initial={"review_on": row.review_on})


_FORMS: dict[str, Callable[..., Any]] = {
    "words": _words, "when": _when, "weight": _weight, "ground": _ground, "review": _review,
}  # fmt: skip
_TITLES = {
    "words": "What does it say?", "when": "How far does it look back, and at whom?", "weight": "How much does it say?",
    "ground": "Which agreement and lawful basis cover it?", "review": "When is it looked at again?",
}  # fmt: skip


@login_required
@require_POST
def hand_over(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """Hand what was written to a second person."""
    viewer = viewer_of(request)
    row = queries.proposal_for_change(viewer, proposed_id)
    return pressed(
        request,
        lambda: services.propose_indicator(proposal=row, by=viewer, at=viewer.at),
        "Proposed. Somebody else has to agree before it is used.",
        reverse("indicator_proposal", kwargs={"proposed_id": proposed_id}),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """Take it back."""
    viewer = viewer_of(request)
    row = queries.proposal_for_change(viewer, proposed_id)
    return pressed(
        request,
        lambda: services.withdraw_proposal(proposal=row, by=viewer, at=viewer.at),
        "Withdrawn. Nothing changes.",
        reverse("indicators"),
    )


@login_required
@require_http_methods(GET_OR_POST)
def agree(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """A second person agrees, and says which people did and when: it is in use from now."""
    viewer = viewer_of(request)
    row = queries.proposal_for_change(viewer, proposed_id)
    check(viewer, AGREE_INDICATOR, row)
    form = AgreeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = attempt(
            form,
            lambda: services.agree_indicator(
                proposal=row, agreed_by=told["agreed_by"], agreed_on=told["agreed_on"], by=viewer, at=viewer.at
            ),
        )
        if made is not None:
            messages.success(request, "Agreed. The indicator is in use from now.")
            return redirect("indicator", indicator_id=made.indicator_id)
    seen = queries.proposal_seen(viewer, proposed_id)
    context = _page(row, form, f"Agree to “{row.name}”") | {"seen": seen, "submit_text": "Agree: use it from now"}
    return render(request, "information_sharing/proposal_agree.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def decline(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """A second person declines, with the reason."""
    viewer = viewer_of(request)
    row = queries.proposal_for_change(viewer, proposed_id)
    check(viewer, AGREE_INDICATOR, row)
    desk = Desk(request, INDICATOR_DECLINED, str(proposed_id))
    form = DeclineForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.decline_indicator(proposal=row, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "Declined. Whoever proposed it can read why.")
            return redirect("indicator_proposal", proposed_id=proposed_id)
    context = _page(row, form, "Why do you decline it?") | {"desk": desk, "submit_text": "Decline it"}
    return render(request, "core/question.jinja", context)
