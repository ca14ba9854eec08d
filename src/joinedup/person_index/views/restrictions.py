"""Restricted records for their guardians and information governance, and what staff declare of their own family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.forms import Form
from joinedup.person_index import kept, services
from joinedup.person_index.forms.restrictions import (
    DeclareForForm,
    DeclareForm,
    LookAlikeForm,
    PartyForm,
    ReasonForm,
    RestrictForm,
    ReviewForm,
)
from joinedup.person_index.permissions import CHANGE_RESTRICTION, DECLARE_FOR, IMPOSE_RESTRICTION, READ_AS_GUARDIAN
from joinedup.person_index.queries import SearchQuery, restricted_records

_ASKED = ["GET", "HEAD", "POST"]


def query_of(form: Form) -> SearchQuery:
    """The details of the one person who is meant."""
    told = form.cleaned_data
    return SearchQuery(
        given_name=told.get("given_name") or "",
        family_name=told.get("family_name") or "",
        birth_date=told.get("birth_date"),
        postcode=told.get("postcode") or "",
        nhs_number=told.get("nhs_number") or "",
    )


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Do it; show the sentence of a refusal in the form."""
    try:
        act()
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        form.refuse(refusal)
        return False
    return True


def _ask(request: ViewerRequest, form: Form, title: str, back: str, **more: Any) -> HttpResponse:
    template = more.pop("template", "core/question.jinja")
    context = {"form": form, "title": title, "back_href": back, "cancel_href": back, **more}
    return render(request, template, context)


@login_required
@require_safe
def restrictions(request: ViewerRequest) -> HttpResponse:
    """The rolling review list and the month's figures."""
    viewer = request.viewer
    if not can(viewer, READ_AS_GUARDIAN):
        raise NotVisible
    return render(request, "person_index/restrictions.jinja", {"found": restricted_records.restrictions(viewer)})


@login_required
@fresh_sign_in_required
@require_http_methods(_ASKED)
def restriction_new(request: ViewerRequest) -> HttpResponse:
    """Restrict a record."""
    viewer = request.viewer
    if not can(viewer, IMPOSE_RESTRICTION):
        raise NotVisible
    desk = Desk(request, kept.RESTRICT)
    form = RestrictForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []
        if _done(form, lambda: made.append(_impose(request, form))):
            desk.done()
            messages.success(request, "The record is restricted from this moment. Check that it is the right person.")
            return redirect("restriction", restriction_id=made[0].pk)
    return _ask(
        request, form, "Restrict a record", reverse("restrictions"), submit_text="Restrict the record", desk=desk
    )


def _impose(request: ViewerRequest, form: RestrictForm) -> object:
    viewer = request.viewer
    told = form.cleaned_data
    posts = {
        name: restricted_records.posts_of_addresses(viewer, told[name] or "", field=name)
        for name in ("guardians", "allowed", "excluded")
    }
    return services.impose_restriction(
        query=query_of(form),
        category=told["category"],
        reason=told["reason"],
        guardians=posts["guardians"],
        allowed=posts["allowed"],
        excluded={post.account for post in posts["excluded"]},
        by=viewer,
        at=viewer.at,
    )


@login_required
@require_safe
def restriction(request: ViewerRequest, restriction_id: UUID) -> HttpResponse:
    """One restriction: why, who stands where, what looks like the person."""
    if not can(request.viewer, READ_AS_GUARDIAN):
        raise NotVisible
    record = restricted_records.restriction(request.viewer, restriction_id)
    return render(request, "person_index/restriction.jinja", {"record": record})


def _found(request: ViewerRequest, restriction_id: UUID) -> Any:
    if not can(request.viewer, READ_AS_GUARDIAN):
        raise NotVisible
    return restricted_records.restriction_for_change(request.viewer, restriction_id)


@login_required
@require_POST
def restriction_agree(request: ViewerRequest, restriction_id: UUID) -> HttpResponse:
    """The second person agrees."""
    row = _found(request, restriction_id)
    services.authorise_restriction(restriction=row, by=request.viewer, at=request.viewer.at)
    messages.success(request, "You have agreed. Two people stand behind this restriction now.")
    return redirect("restriction", restriction_id=restriction_id)


def _step(
    request: ViewerRequest,
    restriction_id: UUID,
    form: Form,
    title: str,
    act: Callable[[Any], object],
    done: str,
    desk: Desk | None = None,
) -> HttpResponse:
    """A form on one restriction: checked before it is shown, done when it is right."""
    viewer = request.viewer
    row = _found(request, restriction_id)
    check(viewer, CHANGE_RESTRICTION, row)
    if request.method == "POST" and form.is_valid() and _done(form, lambda: act(row)):
        if desk is not None:
            desk.done()
        messages.success(request, done)
        return redirect("restriction", restriction_id=restriction_id)
    back = reverse("restriction", kwargs={"restriction_id": restriction_id})
    return _ask(request, form, title, back, caption=str(row.person), desk=desk)


@login_required
@require_http_methods(_ASKED)
def restriction_review(request: ViewerRequest, restriction_id: UUID) -> HttpResponse:
    """It is still needed."""
    desk, viewer = Desk(request, kept.REVIEW, str(restriction_id)), request.viewer
    form = ReviewForm(**desk.answers())
    return _step(
        request,
        restriction_id,
        form,
        "Is it still needed?",
        lambda row: services.review_restriction(
            restriction=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at
        ),
        "Kept. The next review is on the page.",
        desk,
    )


@login_required
@fresh_sign_in_required
@require_http_methods(_ASKED)
def restriction_party(request: ViewerRequest, restriction_id: UUID) -> HttpResponse:
    """Name somebody."""
    desk, viewer = Desk(request, kept.PARTY, str(restriction_id)), request.viewer
    form = PartyForm(**desk.answers())

    def name(row: Any) -> None:
        told = form.cleaned_data
        for post in restricted_records.posts_of_addresses(viewer, told["address"], field="address"):
            is_out = told["part"] == "excluded"
            services.name_party(
                restriction=row,
                part=told["part"],
                post=None if is_out else post,
                account=post.account if is_out else None,
                reason=told["reason"],
                by=viewer,
                at=viewer.at,
            )

    return _step(request, restriction_id, form, "Who may see this record", name, "Saved, from this moment.", desk)


@login_required
@fresh_sign_in_required
@require_http_methods(_ASKED)
def restriction_party_remove(request: ViewerRequest, restriction_id: UUID, party_id: UUID) -> HttpResponse:
    """Somebody no longer stands there."""
    desk, viewer = Desk(request, kept.PARTY_OUT, about_of(restriction_id, party_id)), request.viewer
    form = ReasonForm(**desk.answers())
    record = restricted_records.restriction(viewer, restriction_id) if can(viewer, READ_AS_GUARDIAN) else None
    if record is None or party_id not in {party.id for party in record.parties}:
        raise NotVisible
    return _step(
        request,
        restriction_id,
        form,
        "Remove this person",
        lambda row: services.remove_party(
            restriction=row, party_id=party_id, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        ),
        "Removed, from this moment.",
        desk,
    )


@login_required
@fresh_sign_in_required
@require_http_methods(_ASKED)
def restriction_end(request: ViewerRequest, restriction_id: UUID) -> HttpResponse:
    """End it, or propose to."""
    desk, viewer = Desk(request, kept.END, str(restriction_id)), request.viewer
    form = ReasonForm(**desk.answers())
    return _step(
        request,
        restriction_id,
        form,
        "End this restriction",
        lambda row: services.end_restriction(
            restriction=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        ),
        "Saved. Where two people are needed, it protects until the second has ended it.",
        desk,
    )


@login_required
@require_http_methods(_ASKED)
def look_alike(request: ViewerRequest, look_alike_id: UUID) -> HttpResponse:
    """Is this entry the restricted person?"""
    viewer = request.viewer
    if not can(viewer, READ_AS_GUARDIAN):
        raise NotVisible
    row = restricted_records.look_alike_for_change(viewer, look_alike_id)
    desk = Desk(request, kept.LOOK_ALIKE, str(look_alike_id))
    form = LookAlikeForm(**desk.answers())
    told = form.cleaned_data if request.method == "POST" and form.is_valid() else {}
    if told and _done(
        form,
        lambda: services.answer_look_alike(
            look_alike=row, is_same=told["is_same"], reason=told["reason"], by=viewer, at=viewer.at
        ),
    ):
        desk.done()
        messages.success(request, "Answered.")
        return redirect("restriction", restriction_id=row.restriction_id)
    back = reverse("restriction", kwargs={"restriction_id": row.restriction_id})
    title = "Is this entry the restricted person?"
    return _ask(request, form, title, back, row=row, template="person_index/look_alike.jinja", desk=desk)


# --- Staff and their own families.


@login_required
@require_http_methods(_ASKED)
def my_family(request: ViewerRequest) -> HttpResponse:
    """Say who belongs to one's own family. Nothing says whether they are in the index."""
    viewer = request.viewer
    form = DeclareForm(request.POST or None)
    told = form.cleaned_data if form.is_valid() else {}
    if told and _done(form, lambda: services.declare_own_family(**told, by=viewer, at=viewer.at)):
        messages.success(
            request, "Thank you. You are kept from their records, and those of their household, now and later."
        )
        return redirect("my_family")
    return _ask(
        request, form, "Your own family", "", submit_text="Save", template="person_index/my_family.jinja"
    )  # fmt: skip


@login_required
@require_safe
def staff_ties(request: ViewerRequest) -> HttpResponse:
    """Who is kept from whom."""
    if not can(request.viewer, DECLARE_FOR):
        raise NotVisible
    return render(request, "person_index/staff_ties.jinja", {"rows": restricted_records.staff_ties(request.viewer)})


@login_required
@require_http_methods(_ASKED)
def staff_tie_new(request: ViewerRequest) -> HttpResponse:
    """Keep somebody from a record of their own family who has not said so themselves."""
    viewer = request.viewer
    if not can(viewer, DECLARE_FOR):
        raise NotVisible
    form = DeclareForForm(request.POST or None)
    if form.is_valid() and _done(form, lambda: _declare_for(request, form)):
        messages.success(request, "Saved. Whoever fits is in the list.")
        return redirect("staff_ties")
    return _ask(request, form, "A member of staff and their family", reverse("staff_ties"), submit_text="Save")


def _declare_for(request: ViewerRequest, form: DeclareForForm) -> None:
    viewer, told = request.viewer, dict(form.cleaned_data)
    posts = restricted_records.posts_of_addresses(viewer, told.pop("address"), field="address")
    services.declare_family_for(account=posts[0].account, **told, by=viewer, at=viewer.at)


@login_required
@require_http_methods(_ASKED)
def staff_tie_end(request: ViewerRequest, tie_id: UUID) -> HttpResponse:
    """It is somebody else after all."""
    viewer = request.viewer
    if not can(viewer, DECLARE_FOR):
        raise NotVisible
    row = restricted_records.tie_for_change(viewer, tie_id)
    desk = Desk(request, kept.TIE_END, str(tie_id))
    form = ReasonForm(**desk.answers())
    told = form.cleaned_data if request.method == "POST" and form.is_valid() else {}
    if told and _done(form, lambda: services.end_tie(tie=row, reason=told["reason"], by=viewer, at=viewer.at)):
        desk.done()
        messages.success(request, "Ended.")
        return redirect("staff_ties")
    title = f"Is {row.person} not who was declared?"
    return _ask(request, form, title, reverse("staff_ties"), caption=str(row.account), desk=desk)
