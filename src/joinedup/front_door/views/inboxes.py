"""Duty, the statutory inbox, allegations and notices on open cases."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.core.forms import Form
from joinedup.front_door import queries, services
from joinedup.front_door.codes import HandoverStatus
from joinedup.front_door.forms.inboxes import CloseAllegationForm, HandoverForm, NoticeForm, TurnForm
from joinedup.front_door.kept import ALLEGATION, HANDOVER, NOTICE
from joinedup.front_door.permissions import ACCEPT_PAGE, CLOSE_ALLEGATION, SET_DUTY, TAKE_ALLEGATION, UPDATE_HANDOVER
from joinedup.front_door.services import DutyTurn
from joinedup.front_door.views.handed_over import in_words
from joinedup.front_door.views.referral import pressed
from joinedup.front_door.views.shared import attempt, viewer_of
from joinedup.organisations.queries import post_with_id, posts_with_role

_GET_OR_POST = ["GET", "HEAD", "POST"]


# --- Duty.


@login_required
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Red pages that wait for a named person, and who is on duty."""
    viewer = viewer_of(request)
    board = queries.duty_board(viewer)
    may = {"accept": permissions.can(viewer, ACCEPT_PAGE), "set": permissions.can(viewer, SET_DUTY)}
    return render(request, "front_door/duty.jinja", {"board": board, "may": may})


@login_required
@require_POST
def accept(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """I take this red referral on."""
    viewer = viewer_of(request)
    page = queries.page_for_change(viewer, page_id)
    then = reverse("referral", kwargs={"referral_id": page.referral_id})
    return pressed(
        request,
        lambda: services.accept_page(page=page, by=viewer, at=viewer.at),
        "You accepted this. Paging has stopped, and it is yours to decide.",
        then,
    )


@login_required
@require_http_methods(_GET_OR_POST)
def set_duty(request: HttpRequest) -> HttpResponse:
    """Say who is on duty when."""
    viewer = viewer_of(request)
    permissions.check(viewer, SET_DUTY)
    data = request.POST if request.method == "POST" else None
    turns = TurnForm.stack("turns", data, noun="turn", most=14)
    posts = _front_door_posts(viewer)
    for turn in turns:
        cast(TurnForm, turn).offer(posts.items())
    form = Form(data)
    if data is not None and turns.is_valid() and form.is_valid():
        wanted = [_turn(viewer, cast(TurnForm, turn), order) for order, turn in enumerate(turns, start=1)]
        if attempt(form, lambda: services.set_duty(turns=wanted, by=viewer, at=viewer.at)) is not None:
            messages.success(request, "The rota is saved.")
            return redirect("duty")
    has_errors = not turns.is_changing and bool(turns.errors or form.errors)
    return render(request, "front_door/duty_set.jinja", {"turns": turns, "form": form, "page_has_errors": has_errors})


def _turn(viewer: Actor, form: TurnForm, order: int) -> DutyTurn:
    post = post_with_id(viewer, UUID(form.cleaned_data["post"]))
    return DutyTurn(post=post, starts_at=form.starts, ends_at=form.ends, order=order)


def _front_door_posts(viewer: Actor) -> dict[str, str]:
    return {
        str(post.pk): f"{post.account.name}, {post.title}"
        for role in sorted(FRONT_DOOR)
        for post in posts_with_role(viewer, role)
    }


# --- Hand-overs: the statutory inbox of the demonstration.


@login_required
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """What was handed over and is not closed."""
    rows = queries.handovers(viewer_of(request))
    return render(request, "front_door/handovers.jinja", {"rows": rows})


@login_required
@require_http_methods(_GET_OR_POST)
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """What was sent; confirming that it arrived, then saying what became of it."""
    viewer = viewer_of(request)
    record = queries.handover(viewer, handover_id)
    names = ("worker", "statutory_reference", "next_date", "next_date_means")
    initial = {name: getattr(record, name) for name in names} | {"status": _next_status(record.status)}
    desk = Desk(request, HANDOVER, str(handover_id))
    form = HandoverForm(**desk.answers(), initial=initial)
    if request.method == "POST" and form.is_valid():
        target = queries.handover_for_change(viewer, handover_id)
        told = form.cleaned_data | {"status": HandoverStatus(form.cleaned_data["status"])}
        if attempt(form, lambda: services.update_handover(handover=target, **told, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "Saved. The front door and the referral show it.")
            return redirect("handover", handover_id=handover_id)
    may_update = permissions.can(viewer, UPDATE_HANDOVER)
    context = {"record": record, "form": form, "may_update": may_update, "sections": in_words(record.content)}
    return render(request, "front_door/handover.jinja", context | {"desk": desk})


def _next_status(status: str) -> str:
    return HandoverStatus.RECEIVED if status == HandoverStatus.SENT else status


@login_required
@require_POST
def handover_receive(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """We have it."""
    viewer = viewer_of(request)
    target = queries.handover_for_change(viewer, handover_id)
    return pressed(
        request,
        lambda: services.receive_handover(handover=target, by=viewer, at=viewer.at),
        "You confirmed that it arrived.",
        reverse("handover", kwargs={"handover_id": handover_id}),
    )


# --- Allegations: the designated officer's alone.


@login_required
@require_safe
def allegations(request: HttpRequest) -> HttpResponse:
    """The queue, oldest first."""
    return render(request, "front_door/allegations.jinja", {"rows": queries.allegations(viewer_of(request))})


@login_required
@require_http_methods(_GET_OR_POST)
def allegation(request: HttpRequest, allegation_id: UUID) -> HttpResponse:
    """One allegation; closing it with how it ended."""
    viewer = viewer_of(request)
    record = queries.allegation(viewer, allegation_id)
    desk = Desk(request, ALLEGATION, str(allegation_id))
    form = CloseAllegationForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.allegation_for_change(viewer, allegation_id)
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.close_allegation(allegation=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "Closed.")
            return redirect("allegations")
    may = {"take": permissions.can(viewer, TAKE_ALLEGATION), "close": permissions.can(viewer, CLOSE_ALLEGATION)}
    return render(request, "front_door/allegation.jinja", {"record": record, "form": form, "may": may, "desk": desk})


@login_required
@require_POST
def allegation_take(request: HttpRequest, allegation_id: UUID) -> HttpResponse:
    """I look into it."""
    viewer = viewer_of(request)
    target = queries.allegation_for_change(viewer, allegation_id)
    return pressed(
        request,
        lambda: services.take_allegation(allegation=target, by=viewer, at=viewer.at),
        "You are looking into this.",
        reverse("allegation", kwargs={"allegation_id": allegation_id}),
    )


# --- Notices: contacts about open cases.


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Contacts about the viewer's open cases, those waiting first."""
    return render(request, "front_door/notices.jinja", {"rows": queries.notices(viewer_of(request))})


@login_required
@require_http_methods(_GET_OR_POST)
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Take it on in the case, or send it back to the front door."""
    viewer = viewer_of(request)
    row = next((row for row in queries.notices(viewer) if row.id == notice_id), None)
    if row is None:
        raise NotVisible
    desk = Desk(request, NOTICE, str(notice_id))
    form = NoticeForm(**desk.answers(), registered=row.registered, has_lead=row.has_lead)
    if request.method == "POST" and form.is_valid():
        target = queries.notice_for_change(viewer, notice_id)
        clean = form.cleaned_data
        is_back = clean["what"] == "return"

        def answer() -> object:
            if is_back:
                return services.return_to_front_door(notice=target, reason=clean["reason"], by=viewer, at=viewer.at)
            joins = {"yes": True, "no": False}.get(str(clean.get("joins", "")))
            return services.acknowledge_notice(
                notice=target, response=clean["response"], joins=joins, by=viewer, at=viewer.at
            )

        if attempt(form, answer):
            desk.done()
            messages.success(
                request, "Sent back to the front door." if is_back else "Acknowledged. The front door sees it."
            )
            return redirect("notices")
    return render(request, "front_door/notice.jinja", {"row": row, "form": form, "desk": desk})
