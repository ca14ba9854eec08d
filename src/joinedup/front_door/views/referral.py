"""One referral: its overview, people, triage and history, and which step comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from joinedup.access import permissions
from joinedup.core.asking import pressed
from joinedup.front_door import queries, services
from joinedup.front_door.codes import ANSWER_LABELS, SAFE_WAYS, Answer
from joinedup.front_door.lifecycle import OPEN, State
from joinedup.front_door.permissions import SEARCH_FOR
from joinedup.front_door.queries import ReferralRecord
from joinedup.front_door.views.shared import viewer_of

__all__ = ["pressed"]

# Where each move is made. A move that is only a button goes by POST.
_PAGES = {
    "search_for": "referral_people",
    "identify_person": "referral_people",
    "choose_family": "referral_family",
    "rate_referral": "referral_rating",
    "record_agreement": "referral_agreement",
    "propose_decision": "referral_decision",
    "decide": "referral_decision",
    "confirm_decision": "referral_confirm",
    "send_back_decision": "referral_confirm",
    "allocate_referral": "referral_allocate",
    "hand_over": "referral_hand_over",
    "close_referral": "referral_close",
    "tell_referrer": "referral_reply",
    "pass_to_case": "referral_pass_to_case",
}
# Changes of state that the history tells better as proposals and decisions.
_TOLD_BY_DECISIONS = {State.PROPOSED, State.DECIDED}
_BUTTONS = {"take_referral": "referral_take"}


@dataclass(frozen=True)
class Step:
    """Something to do next: a page to go to, or a button to press."""

    code: str
    label: str
    href: str
    is_button: bool = False


def step_of(record: ReferralRecord, code: str, label: str) -> Step | None:
    """The way to make a move; None for one that has no place of its own."""
    if code == "accept_page" and record.page_waiting_id:
        return Step(code, label, reverse("duty_accept", kwargs={"page_id": record.page_waiting_id}), is_button=True)
    name = _PAGES.get(code) or _BUTTONS.get(code)
    return Step(code, label, reverse(name, kwargs={"referral_id": record.id}), code in _BUTTONS) if name else None


def steps_of(record: ReferralRecord, *, may_identify: bool) -> list[Step]:
    """What this viewer may do now, in the order it makes sense, each place once. What is done already comes last."""
    codes = [(move.code, move.label) for move in record.moves if move.is_allowed]
    unknown = [place for place in record.places if place.part == "child" and place.person_id is None]
    if may_identify and unknown and not record.may("search_for"):
        codes.insert(0, ("identify_person", "Say who everybody is"))
    if record.family_knows != Answer.NOT_ASKED:
        codes.sort(key=lambda code: code[0] == "record_agreement")
    found: dict[str, Step] = {}
    for code, label in codes:
        if step := step_of(record, code, label):
            found.setdefault(step.href, step)
    return list(found.values())


def referral_page(request: HttpRequest, template: str, record: ReferralRecord, **more: Any) -> HttpResponse:
    """Render one of a referral's pages, with its identity, its next step and its sections."""
    may_identify = record.state in OPEN and permissions.can(viewer_of(request), SEARCH_FOR)
    context = {
        "record": record,
        "steps": steps_of(record, may_identify=may_identify),
        "waiting": [move for move in record.moves if not move.is_allowed and move.why_not],
        "may_identify": may_identify,
        "answers": ANSWER_LABELS,
        "safe_ways": SAFE_WAYS,
        "tab": "",
        "leads": queries.leads_of_referral(viewer_of(request), record.id),
        **more,
    }
    return render(request, f"front_door/{template}.jinja", context)


@login_required
@require_safe
def overview(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """What was said, exactly as it came, and what has become of it."""
    record = queries.referral(viewer_of(request), referral_id, purpose="triage")
    registered = queries.registration_of_referral(viewer_of(request), referral_id)
    more = {"registered": registered, "closed_before": queries.closed_before_referral(viewer_of(request), record)}
    return referral_page(request, "referral_overview", record, tab="overview", **more)


@login_required
@require_safe
def people(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Everybody named in the referral, and who they are."""
    viewer = viewer_of(request)
    record = queries.referral(viewer, referral_id, purpose="identify people")
    known = queries.known_now(viewer, [place.person_id for place in record.places if place.person_id])
    return referral_page(request, "referral_people", record, tab="people", known=known)


@login_required
@require_safe
def triage(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The steps of triage and how far they are."""
    record = queries.referral(viewer_of(request), referral_id, purpose="triage")
    moves = {move.code: move for move in record.moves}
    return referral_page(request, "referral_triage", record, tab="triage", moves=moves)


@login_required
@require_safe
def history(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Every change of state, rating and decision, with its author and reason."""
    record = queries.referral(viewer_of(request), referral_id, purpose="history")
    return referral_page(request, "referral_history", record, tab="history", entries=_entries(record))


def _entries(record: ReferralRecord) -> list[dict[str, Any]]:
    """The history of a referral, newest first."""
    entries: list[dict[str, Any]] = [
        {"title": move.label, "at": move.at, "by": move.by, "description": move.reason}
        for move in record.transitions
        if move.end not in _TOLD_BY_DECISIONS
    ]
    entries += [
        {"title": f"Rated {row.label}", "at": row.at, "by": row.by, "description": row.reason} for row in record.ratings
    ]
    for row in record.decisions:
        what = f"{row.outcome_label}, {row.level_label.lower()}"
        entries.append(
            {"title": f"Proposed: {what}", "at": row.proposed_at, "by": row.proposed_by, "description": row.reason}
        )
        if row.sent_back_at:
            entries.append(
                {
                    "title": "Sent back",
                    "at": row.sent_back_at,
                    "by": row.sent_back_by,
                    "description": row.sent_back_reason,
                }
            )
        if row.decided_at:
            entries.append({"title": f"Decided: {what}", "at": row.decided_at, "by": row.decided_by})
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


@login_required
@require_POST
def take(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Start work on it."""
    viewer = viewer_of(request)
    referral = queries.referral_for_change(viewer, referral_id)
    return pressed(
        request,
        lambda: services.take_referral(referral=referral, by=viewer, at=viewer.at),
        "You are working on this referral.",
        reverse("referral_triage", kwargs={"referral_id": referral_id}),
    )
