"""The review of possible matches: the queue, one question after the other, and taking the last decision back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.errors import Refused
from joinedup.person_index import queries, services
from joinedup.person_index.forms.review import DecideForm, NarrowForm
from joinedup.person_index.kept import MATCH
from joinedup.person_index.permissions import READ_LINKAGE, READ_PROPOSALS
from joinedup.person_index.queries import Narrowed
from joinedup.person_index.reviewing import KINDS

_PURPOSE = "deciding whether two people are one"
_KEYS_OFF = "review_keys_off"
_SAID = {
    "link": "Linked. It can be separated again at any time.",
    "apart": "Kept apart. No rule and no model will link them.",
    "second": "Somebody else will be asked.",
}


def _narrowed(request: HttpRequest) -> Narrowed:
    said = request.GET
    return Narrowed(
        kind=said.get("kind", ""),
        agency=said.get("agency", "")[:20],
        age=said.get("age", ""),
        order=said.get("order", ""),
        second=said.get("second") == "1",
    )


@login_required
@require_GET
def review_queue(request: ViewerRequest) -> HttpResponse:
    """What waits for a person to decide."""
    narrowed = _narrowed(request)
    found = queries.queue(request.viewer, narrowed, after=request.GET.get("after", ""))
    form = NarrowForm(initial=narrowed.as_query(), agencies=found.agencies)
    query = narrowed.as_query()
    first = queries.next_in_queue(request.viewer, narrowed)
    context = {
        "found": found,
        "form": form,
        "chips": _chips(found, query),
        "query": urlencode(query),
        "may_read_model": can(request.viewer, READ_LINKAGE),
        "start_href": _pair_href(first, query) if first else "",
        "next_href": "?" + urlencode(query | {"after": found.next_after}) if found.next_after else "",
    }
    return render(request, "person_index/review_queue.jinja", context)


def _chips(found: Any, query: dict[str, str]) -> list[dict[str, str]]:
    words = {
        "kind": KINDS,
        "agency": dict(found.agencies),
        "age": queries.AGES,
        "order": {"oldest": "Oldest first"},
        "second": {"1": "Second opinion asked"},
    }
    return [
        {
            "text": words[name].get(code, code),
            "href": "?" + urlencode({other: text for other, text in query.items() if other != name}),
        }
        for name, code in query.items()
    ]


def _pair_href(proposal_id: UUID, query: dict[str, str]) -> str:
    address = reverse("review_pair", kwargs={"proposal_id": proposal_id})
    return f"{address}?{urlencode(query)}" if query else address


def _next(request: ViewerRequest, past: Any = None) -> str:
    query = _narrowed(request).as_query()
    found = queries.next_in_queue(request.viewer, _narrowed(request), past=past)
    if found is not None:
        return _pair_href(found, query)
    return reverse("review_queue") + (f"?{urlencode(query)}" if query else "")


@login_required
@require_http_methods(["GET", "POST"])
def review_pair(request: ViewerRequest, proposal_id: UUID) -> HttpResponse:
    """One question two-up, and the decision. After it the next one comes at once."""
    viewer = request.viewer
    saw = request.GET.get("model") == "1" or request.POST.get("saw") == "1"
    pair = queries.pair_in_question(viewer, proposal_id, purpose=_PURPOSE, ask_model=saw)
    desk = Desk(request, MATCH, str(proposal_id))
    form = DecideForm(
        **desk.answers(),
        is_between_people=pair.is_between_people,
        may_ask=pair.proposal.state == "waiting",
        initial={"version": pair.proposal.version, "saw": "1" if pair.is_shown else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_proposal(
                proposal=pair.proposal,
                outcome=form.cleaned_data["outcome"],
                reason_code=form.reason,
                words=form.cleaned_data["words"],
                saw_score=pair.is_shown,
                version=_number(form.cleaned_data["version"]),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, _SAID[form.cleaned_data["outcome"]])
            return redirect(_next(request, past=pair.proposal))
    query = _narrowed(request).as_query()
    context = {
        "pair": pair,
        "form": form,
        "desk": desk,
        "next_href": _next(request, past=pair.proposal),
        "queue_href": reverse("review_queue") + (f"?{urlencode(query)}" if query else ""),
        "model_href": "?" + urlencode(query | {"model": "1"}),
        "undo_query": urlencode(query),
        "keys_on": not request.session.get(_KEYS_OFF, False),
    }
    return render(request, "person_index/review_pair.jinja", context)


@login_required
@require_POST
def review_undo(request: ViewerRequest) -> HttpResponse:
    """Take one's last decision back, and look at that question again."""
    check(request.viewer, READ_PROPOSALS)
    query = _narrowed(request).as_query()
    try:
        row = services.undo_last_decision(by=request.viewer, at=request.viewer.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(reverse("review_queue") + (f"?{urlencode(query)}" if query else ""))
    messages.success(request, "Your last decision is taken back. Everything is as it was before.")
    return redirect(_pair_href(row.pk, query))


@login_required
@require_POST
def review_keys(request: ViewerRequest) -> HttpResponse:
    """Switch the keys off, or on again, until one signs out."""
    check(request.viewer, READ_PROPOSALS)
    request.session[_KEYS_OFF] = not request.session.get(_KEYS_OFF, False)
    found = request.POST.get("proposal", "")
    href = reverse("review_pair", kwargs={"proposal_id": UUID(found)}) if _is_id(found) else reverse("review_queue")
    query = urlencode(_narrowed(request).as_query())
    return redirect(f"{href}?{query}" if query else href)


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
