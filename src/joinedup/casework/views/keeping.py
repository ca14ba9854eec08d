"""Pages for whoever answers for how long records are kept: closed cases whose time is over, destroying their words,
and what holds them past their time."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.casework import queries, services
from joinedup.casework.forms.keeping import ConfirmForm, HoldForm, ReviewHoldForm, WhyForm
from joinedup.casework.views.shared import GET_OR_POST, attempt, viewer_of
from joinedup.core.formats import count_noun


@login_required
@require_safe
def kept_words(request: HttpRequest) -> HttpResponse:
    """The closed cases whose words may be destroyed now. No names: a reference, a team and days."""
    return render(request, "casework/kept_words.jinja", {"kept": queries.words_due(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def destroy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Asked twice: first why, with what goes and what stays; then the reference of the case, typed."""
    viewer = viewer_of(request)
    row, preview = queries.words_of_case(viewer, case_id)
    due = preview.due
    form = WhyForm(request.POST if request.method == "POST" else None)
    second = None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        is_confirming = "reference" in request.POST
        second = ConfirmForm(
            request.POST if is_confirming else None, reference=due.reference, initial={"reason": reason}
        )
        if is_confirming and second.is_valid():
            gone = attempt(second, lambda: services.destroy_words(case=row, reason=reason, by=viewer, at=viewer.at))
            if gone is not None:
                messages.success(request, f"The words of {due.reference} are destroyed: {count_noun(gone, 'row')}.")
                return redirect("kept_words")
    told = {"due": due, "preview": preview, "form": second or form, "is_second": second is not None}
    return render(request, "casework/destroy_words.jinja", told)


@login_required
@require_http_methods(GET_OR_POST)
def hold(request: HttpRequest) -> HttpResponse:
    """Keep the words of a case past their time: which case, what for, and when it is looked at again."""
    viewer = viewer_of(request)
    queries.may_hold(viewer)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = queries.case_to_hold(viewer, said["reference"])
        if row is None:
            form.add_error("reference", "There is no case with this reference whose words are still here")
        else:
            facts = {name: said[name] for name in ("kind", "reason", "review_on")}
            if attempt(form, lambda: services.hold_words(case=row, **facts, by=viewer, at=viewer.at)) is not None:
                messages.success(request, f"The words of {row.reference} are held.")
                return redirect("kept_words")
    return render(request, "casework/words_hold.jinja", {"form": form, "held": None})


@login_required
@require_http_methods(GET_OR_POST)
def review(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Look at a hold again: it goes on until another day, or ends."""
    viewer = viewer_of(request)
    row, held = queries.hold_seen(viewer, hold_id)
    form = ReviewHoldForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        until = said["review_on"] if said["goes_on"] == "yes" else None
        facts = {"reason": said["reason"], "review_on": until, "version": int(said["version"] or 0)}
        if attempt(form, lambda: services.review_hold(hold=row, **facts, by=viewer, at=viewer.at)) is not None:
            messages.success(request, f"The hold of {held.reference} {'goes on' if until else 'has ended'}.")
            return redirect("kept_words")
    return render(request, "casework/words_hold.jinja", {"form": form, "held": held})
