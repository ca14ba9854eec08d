"""Pages of the partnership: overview, an organisation, a team, a post, and one's own posts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.core.errors import Refused
from joinedup.core.formats import date_time
from joinedup.organisations import queries, services
from joinedup.organisations.forms import EndPostForm, ExtendPostForm, end_of
from joinedup.organisations.permissions import END_POST, EXTEND_POST


@login_required
@require_GET
def partnership(request: ViewerRequest) -> HttpResponse:
    """Who the partners are, where they work, and who makes up each team."""
    return render(request, "organisations/partnership.jinja", {"page": queries.partnership(request.viewer)})


@login_required
@require_GET
def organisation(request: ViewerRequest, organisation_id: UUID) -> HttpResponse:
    """One partner, with its predecessors and successors."""
    page = queries.organisation_page(request.viewer, organisation_id)
    return render(request, "organisations/organisation.jinja", {"page": page})


@login_required
@require_GET
def team(request: ViewerRequest, team_id: UUID) -> HttpResponse:
    """One team and its posts."""
    page = queries.team_page(request.viewer, team_id)
    return render(request, "organisations/team.jinja", {"page": page})


@login_required
@require_GET
def post(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """One post, and for the administrator what can be done with it."""
    shown, viewer = queries.post_page(request.viewer, post_id), request.viewer
    runs = shown.ends_at is None or shown.ends_at > viewer.at
    context = {
        "post": shown,
        "may_end": runs and can(viewer, END_POST, shown),
        "may_extend": runs and shown.ends_at is not None and can(viewer, EXTEND_POST, shown),
    }
    return render(request, "organisations/post.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def post_end(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """End a post now or on a day."""
    held, viewer = queries.post_page(request.viewer, post_id), request.viewer
    check(viewer, END_POST, held)
    form = EndPostForm(request.POST or None, initial={"version": held.version})
    if form.is_valid():
        given = form.cleaned_data
        ends_at = viewer.at if given["when"] == "now" else end_of(given["last_day"])
        try:
            services.end_post(
                post=held,
                ends_at=ends_at,
                reason=given["reason"],
                version=_number(given["version"]),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            _show(refusal, form)
        else:
            return _done(request, post_id, held.account.name, ends_at)
    return _ask(request, post_id, form, f"End the post of {held.account.name}", "End post", held.title)


@login_required
@require_http_methods(["GET", "POST"])
def post_extend(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """Move the end of a post to a later day."""
    held, viewer = queries.post_page(request.viewer, post_id), request.viewer
    check(viewer, EXTEND_POST, held)
    form = ExtendPostForm(request.POST or None, initial={"version": held.version})
    if form.is_valid():
        given = form.cleaned_data
        ends_at = end_of(given["last_day"])
        try:
            services.extend_post(
                post=held,
                ends_at=ends_at,
                reason=given["reason"],
                version=_number(given["version"]),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            _show(refusal, form)
        else:
            return _done(request, post_id, held.account.name, ends_at)
    return _ask(request, post_id, form, f"Extend the post of {held.account.name}", "Extend post", held.title)


@login_required
@require_GET
def my_posts(request: ViewerRequest) -> HttpResponse:
    """What the person stands for, and until when."""
    return render(request, "organisations/my_posts.jinja", {"posts": queries.my_posts(request.viewer)})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _show(refusal: Refused, form: EndPostForm | ExtendPostForm) -> None:
    """On these pages the end is asked for as a last day."""
    field = "last_day" if refusal.field == "ends_at" else refusal.field
    form.refuse(Refused(refusal.sentence, rule=refusal.rule, field=field))


def _done(request: ViewerRequest, post_id: UUID, name: str, ends_at: datetime) -> HttpResponse:
    messages.success(request, f"The post of {name} ends on {date_time(ends_at)}.")
    return redirect("post", post_id=post_id)


def _ask(
    request: ViewerRequest, post_id: UUID, form: EndPostForm | ExtendPostForm, title: str, submit: str, caption: str
) -> HttpResponse:
    back = reverse("post", kwargs={"post_id": post_id})
    context = {"form": form, "title": title, "caption": caption, "submit_text": submit}
    return render(request, "core/question.jinja", context | {"back_href": back, "cancel_href": back})
