"""The sealed register of adoptions: for those named in a file, after a fresh sign-in, one file at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.core.errors import Refused
from joinedup.core.forms import Form
from joinedup.organisations.queries import posts_of_address
from joinedup.person_index import queries, services
from joinedup.person_index.forms.sealed import AgreeForm, OpenForm, SealForm, WithdrawForm
from joinedup.person_index.permissions import MAKE_SEALED
from joinedup.person_index.queries import SearchQuery


@login_required
@require_GET
def sealed_files(request: ViewerRequest) -> HttpResponse:
    """The files somebody is named in."""
    context = {"files": queries.sealed_files(request.viewer), "may_make": can(request.viewer, MAKE_SEALED)}
    return render(request, "person_index/sealed_files.jinja", context)


@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def sealed_new(request: ViewerRequest) -> HttpResponse:
    """Seal two identities apart."""
    viewer = request.viewer
    check(viewer, MAKE_SEALED)
    form = SealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = [
            posts_of_address(viewer, line.strip()) for line in form.cleaned_data["readers"].splitlines() if line.strip()
        ]
        try:
            services.make_sealed_file(
                before=_query(form, "before"),
                after=_query(form, "after"),
                words=form.cleaned_data["words"],
                readers=[post for posts in found for post in posts],
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The two are sealed apart from now on. A second person named in it has to agree.")
            return redirect("sealed_files")
    return _ask(request, form, "Seal two identities apart", "Seal them apart")


def _query(form: Form, side: str) -> SearchQuery:
    said = {name: form.cleaned_data.get(f"{side}_{name}") for name in ("nhs_number", "given_name", "family_name")}
    return SearchQuery(
        given_name=said["given_name"] or "",
        family_name=said["family_name"] or "",
        birth_date=form.cleaned_data.get(f"{side}_birth_date"),
        nhs_number=said["nhs_number"] or "",
    )


@never_cache
@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def sealed_file(request: ViewerRequest, sealed_id: UUID) -> HttpResponse:
    """Agree to a file, or open it with a reason: what it says is shown once, on the answer to this page."""
    viewer = request.viewer
    file = queries.sealed_file_for_change(viewer, sealed_id)
    is_agreed = file.agreed_at is not None
    form: Form = (OpenForm if is_agreed else AgreeForm)(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if is_agreed:
                reason = form.cleaned_data["reason"]
                opened = services.open_sealed_file(file=file, reason=reason, by=viewer, at=viewer.at)
                return render(request, "person_index/sealed_opened.jinja", {"opened": opened})
            services.agree_sealed_file(file=file, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "You agreed. Those named in the file can open it from now on.")
            return redirect("sealed_files")
    title = "Open a sealed file" if is_agreed else "Agree to a sealed file"
    return _ask(request, form, title, "Open the file" if is_agreed else "Agree")


@never_cache
@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def sealed_withdraw(request: ViewerRequest, sealed_id: UUID) -> HttpResponse:
    """Ask for a file to be withdrawn, or agree where another person named in it has asked."""
    viewer = request.viewer
    file = queries.sealed_file_for_change(viewer, sealed_id)
    is_asked = file.withdrawal_asked_at is not None
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.withdraw_sealed_file(file=file, reason=reason, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = "The file is withdrawn." if is_asked else "You asked. Another person named in the file has to agree."
            messages.success(request, said)
            return redirect("sealed_files")
    title = "Agree to withdraw a sealed file" if is_asked else "Withdraw a sealed file"
    return _ask(request, form, title, "Withdraw the file" if is_asked else "Ask for it to be withdrawn")


def _ask(request: ViewerRequest, form: Form, title: str, submit: str, **more: Any) -> HttpResponse:
    back = reverse("sealed_files")
    context = {"form": form, "title": title, "submit_text": submit, "back_href": back, "cancel_href": back, **more}
    return render(request, "core/question.jinja", context)
