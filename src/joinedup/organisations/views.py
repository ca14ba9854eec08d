"""Pages of the partnership: overview, an organisation, a team, a post, and one's own posts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.access.queries import account_with_address
from joinedup.access.roles import Role
from joinedup.core.desk import Desk
from joinedup.core.drafts import declare_form
from joinedup.core.errors import Refused
from joinedup.core.forms import Form
from joinedup.organisations import queries, services
from joinedup.organisations.forms import AppointForm, EndPostForm, ExtendPostForm, end_of, start_of
from joinedup.organisations.permissions import APPOINT_TO_POST, END_POST, EXTEND_POST

# Forms that are kept while somebody types.
POST_END = declare_form(
    "organisations.post_end", "End a post", lambda about: reverse("post_end", kwargs={"post_id": about})
)
POST_EXTEND = declare_form(
    "organisations.post_extend", "Extend a post", lambda about: reverse("post_extend", kwargs={"post_id": about})
)


@login_required
@require_GET
def partnership(request: ViewerRequest) -> HttpResponse:
    """Who the partners are, where they work, and who makes up each team."""
    context = {"page": queries.partnership(request.viewer), "may_appoint": can(request.viewer, APPOINT_TO_POST)}
    return render(request, "organisations/partnership.jinja", context)


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
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def appoint(request: ViewerRequest) -> HttpResponse:
    """Appoint somebody who has an account to a post."""
    viewer = request.viewer
    check(viewer, APPOINT_TO_POST)
    form = AppointForm(request.POST or None)
    form.offer(
        teams=[(str(each.pk), each.name) for each in queries.all_teams(viewer)],
        employers=[(str(each.pk), each.name) for each in queries.open_organisations(viewer)],
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            role = Role(given["role"])
            needs_two = services.needs_two_people(role, viewer)
            give = services.propose_appointment if needs_two else services.appoint_to_post
            made = give(
                account=account_with_address(viewer, given["email"]),
                title=given["title"],
                role=role,
                employer=queries.organisation_with_id(viewer, UUID(given["employer"])),
                team=queries.team_with_id(viewer, UUID(given["team"])) if given["team"] else None,
                is_registered_social_worker=given["is_registered_social_worker"],
                full_time_equivalent=given["full_time_equivalent"],
                starts_at=max(start_of(given["starts_on"]), viewer.at),
                ends_at=end_of(given["last_day"]) if given["last_day"] else None,
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            _show(refusal, form)
        else:
            if needs_two:
                messages.success(request, f"{made.account.name} is proposed. A second person has to agree.")
                return redirect("approvals")
            messages.success(request, f"{made.account.name} is appointed.")
            return redirect("post", post_id=made.pk)
    back = reverse("partnership")
    context = {"form": form, "title": "Appoint somebody to a post", "submit_text": "Appoint", "back_href": back}
    return render(request, "core/question.jinja", context)


@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def post_end(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """End a post now or on a day."""
    held, viewer = queries.post_page(request.viewer, post_id), request.viewer
    check(viewer, END_POST, held)
    desk = Desk(request, POST_END, str(post_id))
    form = EndPostForm(**desk.answers(), initial={"version": held.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ends_at = viewer.at if given["when"] == "now" else end_of(given["last_day"])
        try:
            ended = services.end_post(
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
            desk.done()
            return _done(request, post_id, held.account.name, ended.end_in_words)
    return _ask(request, post_id, form, f"End the post of {held.account.name}", "End post", held.title, desk)


@login_required
@fresh_sign_in_required
@require_http_methods(["GET", "POST"])
def post_extend(request: ViewerRequest, post_id: UUID) -> HttpResponse:
    """Move the end of a post to a later day."""
    held, viewer = queries.post_page(request.viewer, post_id), request.viewer
    check(viewer, EXTEND_POST, held)
    desk = Desk(request, POST_EXTEND, str(post_id))
    form = ExtendPostForm(**desk.answers(), initial={"version": held.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ends_at = end_of(given["last_day"])
        try:
            ended = services.extend_post(
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
            desk.done()
            return _done(request, post_id, held.account.name, ended.end_in_words)
    return _ask(request, post_id, form, f"Extend the post of {held.account.name}", "Extend post", held.title, desk)


@login_required
@require_GET
def my_posts(request: ViewerRequest) -> HttpResponse:
    """What the person stands for, and until when."""
    return render(request, "organisations/my_posts.jinja", {"posts": queries.my_posts(request.viewer)})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _show(refusal: Refused, form: Form) -> None:
    """On these pages a start is asked for as a first day, an end as a last day."""
    field = {"ends_at": "last_day", "starts_at": "starts_on"}.get(refusal.field, refusal.field)
    form.refuse(Refused(refusal.sentence, rule=refusal.rule, field=field))


def _done(request: ViewerRequest, post_id: UUID, name: str, end: str) -> HttpResponse:
    messages.success(request, f"The access of {name} ends: {end}.")
    return redirect("post", post_id=post_id)


def _ask(
    request: ViewerRequest, post_id: UUID, form: Form, title: str, submit: str, caption: str, desk: Desk
) -> HttpResponse:
    back = reverse("post", kwargs={"post_id": post_id})
    context = {"form": form, "title": title, "caption": caption, "submit_text": submit, "desk": desk}
    return render(request, "core/question.jinja", context | {"back_href": back, "cancel_href": back})
