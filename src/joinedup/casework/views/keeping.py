"""Pages for whoever answers for how long records are kept: closed cases whose time is over, and destroying their words."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.casework import queries, services
from joinedup.casework.forms.keeping import ConfirmForm, WhyForm
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
    row, due, years = queries.words_of_case(viewer, case_id)
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
    told = {"due": due, "years": years, "form": second or form, "is_second": second is not None}
    return render(request, "casework/destroy_words.jinja", told)
