"""After the decision: a team and its case, the statutory system, closing, and telling the referrer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.access import permissions
from joinedup.core.desk import Desk
from joinedup.front_door import queries, services
from joinedup.front_door.forms.triage import AllocationForm, ReplyForm, VersionedForm
from joinedup.front_door.kept import ALLOCATION, REPLY
from joinedup.front_door.permissions import CLOSE_REFERRAL, HAND_OVER, PASS_TO_CASE, TELL_REFERRER
from joinedup.front_door.queries import AllocationAdvice, ReferralRecord
from joinedup.front_door.views.referral import referral_page
from joinedup.front_door.views.shared import attempt, posted, viewer_of
from joinedup.organisations.queries import team_with_id

_GET_OR_POST = ["GET", "HEAD", "POST"]


def _overview(referral_id: UUID) -> str:
    return reverse("referral", kwargs={"referral_id": referral_id})


def _record(request: HttpRequest, referral_id: UUID, permission: permissions.Permission) -> ReferralRecord:
    viewer = viewer_of(request)
    record = queries.referral(viewer, referral_id, purpose="triage")
    permissions.check(viewer, permission, record)
    return record


@login_required
@require_http_methods(_GET_OR_POST)
def allocate(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Which team takes the family: the teams beside each other, the advised one chosen; then once more to be sure."""
    viewer = viewer_of(request)
    advice = queries.allocation_advice(viewer, referral_id)
    leads = queries.leads_of_referral(viewer, referral_id)
    desk = Desk(request, ALLOCATION, str(referral_id))
    form = _allocation_form(request, advice, desk)
    if request.method == "POST" and form.is_valid():
        team = next(team for team in advice.teams if str(team.team_id) == form.cleaned_data["team"])
        if request.POST.get("is_sure") != "yes":
            desk.keep()
            context = {"form": form, "advice": advice, "team": team, "desk": desk, "leads": leads}
            return render(request, "front_door/allocate_check.jinja", context)
        referral = queries.referral_for_change(viewer, referral_id)
        case = attempt(
            form,
            lambda: services.allocate_referral(
                referral=referral,
                team=team_with_id(viewer, team.team_id),
                reason=form.cleaned_data["reason"],
                version=form.seen_version,
                by=viewer,
                at=viewer.at,
            ),
        )
        if case is not None:
            desk.done()
            messages.success(request, f"{team.name} has this family now. Case {case.reference} is open.")
            return redirect(_overview(referral_id))
        advice = queries.allocation_advice(viewer, referral_id)
    if not form.is_being_changed:
        form.look_again(advice.version)
    return render(request, "front_door/allocate.jinja", {"form": form, "advice": advice, "desk": desk, "leads": leads})


def _allocation_form(request: HttpRequest, advice: AllocationAdvice, desk: Desk) -> AllocationForm:
    chosen = request.POST.get("team", "")
    advised = str(advice.team_id or "")
    over_cap = {str(team.team_id) for team in advice.teams if team.is_over_cap}
    needs_reason = advice.needs_reason or bool(chosen and (chosen != advised or chosen in over_cap))
    return AllocationForm(
        **desk.answers(),
        teams=[(str(team.team_id), team.name) for team in advice.teams],
        needs_reason=needs_reason,
        initial={"team": advised, "version": advice.version},
    )


@login_required
@require_http_methods(_GET_OR_POST)
def hand_over(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """What is sent to statutory social care, then the receipt."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, HAND_OVER)
    form = VersionedForm(posted(request))
    if request.method == "POST":
        form.is_valid()
        referral = queries.referral_for_change(viewer, referral_id)
        handover = attempt(form, lambda: services.hand_over(referral=referral, by=viewer, at=viewer.at))
        if handover is not None:
            messages.success(request, f"Statutory social care has it. The receipt is {handover.receipt}.")
            return redirect(_overview(referral_id))
    return referral_page(request, "referral_hand_over", record, form=form, tab="triage")


@login_required
@require_http_methods(_GET_OR_POST)
def pass_to_case(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """To the lead professional and manager of the family's open case."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, PASS_TO_CASE)
    form = VersionedForm(posted(request))
    if request.method == "POST":
        form.is_valid()
        referral = queries.referral_for_change(viewer, referral_id)
        if attempt(form, lambda: services.pass_to_case(referral=referral, by=viewer, at=viewer.at)):
            messages.success(request, "The lead professional and their manager have it.")
            return redirect(_overview(referral_id))
    return referral_page(request, "referral_pass_to_case", record, form=form, tab="triage")


@login_required
@require_http_methods(_GET_OR_POST)
def close(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Close what ends with its decision."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, CLOSE_REFERRAL)
    form = VersionedForm(posted(request))
    if request.method == "POST":
        form.is_valid()
        referral = queries.referral_for_change(viewer, referral_id)
        if attempt(form, lambda: services.close_referral(referral=referral, by=viewer, at=viewer.at)):
            messages.success(request, "Closed.")
            return redirect(_overview(referral_id))
    return referral_page(request, "referral_close", record, form=form, tab="triage")


@login_required
@require_http_methods(_GET_OR_POST)
def reply(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Tell the referrer, within its clock and within what this kind of referrer may be told."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, TELL_REFERRER)
    owed = record.reply
    ways = owed.ways if owed else ()
    initial = {"how": ways[0] if ways else "", "text": owed.text if owed else ""}
    desk = Desk(request, REPLY, str(referral_id))
    form = ReplyForm(**desk.answers(), ways=ways, initial=initial)
    if request.method == "POST" and form.is_valid():
        referral = queries.referral_for_change(viewer, referral_id)
        clean = form.cleaned_data
        if clean["how"] == ReplyForm.NOT_TOLD:
            settled = attempt(
                form,
                lambda: services.excuse_reply(referral=referral, reason=clean["why_not"], by=viewer, at=viewer.at),
            )
        else:
            settled = attempt(
                form,
                lambda: services.tell_referrer(
                    referral=referral, how=clean["how"], text=clean["text"], by=viewer, at=viewer.at
                ),
            )
        if settled is not None:
            desk.done()
            messages.success(request, "The referrer is told." if settled.told_at else "Why they are not told is kept.")
            return redirect(_overview(referral_id))
    return referral_page(request, "referral_reply", record, form=form, tab="triage", desk=desk)
