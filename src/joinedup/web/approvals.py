"""What waits for a second person: keys and resets of `access`, powerful posts of `organisations`."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from joinedup.access import services as access
from joinedup.access.approvals import approval_page, proposal
from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.core.errors import Refused
from joinedup.core.forms import Form, Option, RadiosField, TextareaField
from joinedup.organisations.services import approve_appointment


class DecideForm(Form):
    """Yes, or no with a reason."""

    answer = RadiosField(
        label="Do you agree?",
        choices=[Option("yes", "Yes, it happens now"), Option("no", "No")],
        conditional={"no": "reason"},
        error="Select whether you agree",
    )
    reason = TextareaField(label="Why not?", max_length=300, rows=3, error="Say why not")


class WithdrawForm(Form):
    """One's own proposal can only be taken back."""


@login_required
@require_GET
def approvals(request: ViewerRequest) -> HttpResponse:
    """Everything that waits, and what was decided lately."""
    return render(request, "web/approvals.jinja", {"page": approval_page(request.viewer)})


@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def decide(request: ViewerRequest, approval_id: UUID) -> HttpResponse:
    """Agree or say no; one's own proposal can be taken back."""
    asked, viewer = proposal(request.viewer, approval_id), request.viewer
    is_own = asked.proposed_by_id == viewer.account_id
    form: Form = (WithdrawForm if is_own else DecideForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if is_own:
                access.withdraw_proposal(approval=asked, by=viewer, at=viewer.at)
            elif form.cleaned_data["answer"] == "no":
                reason = form.cleaned_data["reason"]
                access.refuse_proposal(approval=asked, reason=reason, by=viewer, at=viewer.at)
            elif asked.kind == "appointment":
                approve_appointment(approval=asked, by=viewer, at=viewer.at)
            else:
                access.approve_proposal(approval=asked, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "It is done, and both people are told.")
            return redirect("approvals")
    context = {"form": form, "asked": asked, "is_own": is_own, "back_href": "/approvals/"}
    words = ("Take back your proposal", "Take it back") if is_own else ("Agree to a proposal", "Save")
    return render(request, "web/approval.jinja", context | {"title": words[0], "submit_text": words[1]})
