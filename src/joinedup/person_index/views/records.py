"""Pages on which people decide whose record it is, and record how it is safe to reach somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.core.errors import Refused
from joinedup.person_index import queries, services
from joinedup.person_index.forms.records import LiftForm, LinkForm, SafeContactForm, SeparateForm
from joinedup.person_index.kept import LIFT, LINK, SAFE_CONTACT, SEPARATE
from joinedup.person_index.leading import leads_shown
from joinedup.person_index.permissions import RECORD_SAFE_CONTACT, SEPARATE_RECORD

_DECIDING = "deciding whose record it is"


@login_required
@require_GET
def record_link_choices(request: ViewerRequest, record_id: UUID) -> HttpResponse:
    """Who else a record might be: found by what the record says, nothing has to be typed."""
    question, candidates = queries.link_choices(request.viewer, record_id, purpose=_DECIDING)
    context = {"question": question, "candidates": candidates, "on": request.viewer.at.date()}
    return render(request, "person_index/link_choices.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def record_link(request: ViewerRequest, record_id: UUID, person_id: UUID) -> HttpResponse:
    """A record beside one other person, the reason, and the decision."""
    viewer = request.viewer
    choice = queries.link_in_question(viewer, record_id, person_id, purpose=_DECIDING)
    record = choice.question.record
    desk = Desk(request, LINK, about_of(record_id, person_id))
    form = LinkForm(**desk.answers(), initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.link_record(
                record=record,
                person=choice.target,
                reason=form.cleaned_data["reason"],
                version=_number(form.cleaned_data["version"]),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "The record is linked. It can be separated again at any time.")
            return redirect("person", person_id=person_id)
    back = reverse("record_link_choices", kwargs={"record_id": record_id})
    context = {"choice": choice, "form": form, "title": "Is this the same person?", "submit_text": "Link the record"}
    context["desk"] = desk
    return render(request, "person_index/link_record.jinja", context | {"back_href": back, "cancel_href": back})


@login_required
@require_http_methods(["GET", "POST"])
def record_separate(request: ViewerRequest, record_id: UUID) -> HttpResponse:
    """A record beside the others of its person, the reason, and the decision."""
    viewer = request.viewer
    question = queries.record_in_question(viewer, record_id, purpose=_DECIDING)
    check(viewer, SEPARATE_RECORD)
    desk = Desk(request, SEPARATE, str(record_id))
    form = SeparateForm(**desk.answers(), initial={"version": question.record.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.separate_record(
                record=question.record,
                reason=form.cleaned_data["reason"],
                version=_number(form.cleaned_data["version"]),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(
                request, "The record is separated, and will be kept apart from this person until somebody decides "
                "otherwise."
            )  # fmt: skip
            return redirect("person", person_id=question.person.pk)
    return _ask(
        request,
        "person_index/separate_record.jinja",
        form,
        question.person.pk,
        {
            "question": question,
            "title": "Is this a different person?",
            "submit_text": "Separate the record",
            "desk": desk,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def keep_apart_lift(request: ViewerRequest, keep_apart_id: UUID) -> HttpResponse:
    """Let a record and a person be linked again; it links nothing by itself."""
    viewer = request.viewer
    question = queries.keep_apart_in_question(viewer, keep_apart_id, purpose=_DECIDING)
    desk = Desk(request, LIFT, str(keep_apart_id))
    form = LiftForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            services.lift_keep_apart(
                keep_apart=question.keep_apart, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "They may be linked again. Nothing has been linked by this.")
            return redirect("person", person_id=question.person.person_id)
    return _ask(
        request,
        "person_index/lift_keep_apart.jinja",
        form,
        question.person.person_id,
        {
            "question": question,
            "title": "May they be linked again?",
            "submit_text": "Let them be linked again",
            "desk": desk,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def safe_contact(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """How it is safe to reach somebody, as they said it; the newest answer is in force."""
    viewer = request.viewer
    target = queries.person_for_change(viewer, person_id, purpose="recording safe contact")
    check(viewer, RECORD_SAFE_CONTACT, target)
    way = queries.safe_way(viewer, target.pk)
    desk = Desk(request, SAFE_CONTACT, str(person_id))
    form = SafeContactForm(**desk.answers())
    form.remind(way.advice, is_old=way.is_old)
    if request.method == "POST" and form.is_valid():
        if form.is_not_known:
            desk.done()
            messages.info(request, "Nothing was changed. What was recorded is still marked as old.")
            return redirect("person", person_id=person_id)
        told = {name: form.cleaned_data[name] for name in ("how", "details", "when", "not_through", "source")}
        try:
            services.record_safe_contact(person=target, **told, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "This is now how they are reached, by every letter and message.")
            return redirect("person", person_id=person_id)
    return _ask(
        request,
        "person_index/person_question.jinja",
        form,
        person_id,
        {
            "title": "Safe to contact",
            "caption": str(target),
            "submit_text": "Save",
            "desk": desk,
            "leads": leads_shown(viewer, target.pk),
        },
    )


def _ask(request: ViewerRequest, template: str, form: Any, person_id: UUID, context: dict[str, Any]) -> HttpResponse:
    back = reverse("person", kwargs={"person_id": person_id})
    return render(request, template, context | {"form": form, "back_href": back, "cancel_href": back})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
