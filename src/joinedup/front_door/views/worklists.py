"""The worklists: the referrals somebody has to do something about, soonest clock first."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from joinedup.access.roles import FRONT_DOOR
from joinedup.front_door import queries
from joinedup.front_door.codes import CHANNEL_LABELS
from joinedup.front_door.lifecycle import LABELS
from joinedup.front_door.queries import WorklistFilters, WorklistPage
from joinedup.front_door.queries.worklist import LISTS
from joinedup.front_door.settings import rating_label
from joinedup.front_door.views.shared import viewer_of

_FILTERS = ("rating", "state", "locality", "channel")


@login_required
@require_safe
def worklists(request: HttpRequest) -> HttpResponse:
    """The list somebody wants first: at the front door everything open, elsewhere their own."""
    first = "front_door" if viewer_of(request).has_role(*FRONT_DOOR) else "mine"
    return redirect("worklist", name=first)


@login_required
@require_safe
def worklist(request: HttpRequest, name: str) -> HttpResponse:
    """One list, filtered by codes that live in the address."""
    if name not in LISTS:
        raise Http404
    viewer = viewer_of(request)
    given = {key: request.GET.get(key, "") for key in _FILTERS}
    filters = WorklistFilters.of({"list": name, **given})
    on = timezone.localdate(viewer.at)
    page = queries.worklist(viewer, filters, request.GET.get("after"))
    if name not in page.counts:
        raise Http404
    context = {
        "page": page,
        "which": name,
        "title": LISTS[name],
        "tabs": _tabs(page, name),
        "owed": queries.replies_owed(viewer) if name == "replies_owed" else None,
        "choices": _choices(page, on),
        "chips": _chips(page, name, on),
        "next_href": _address(name, _in_use(page), after=page.next_cursor) if page.next_cursor else "",
        "first_href": _address(name, _in_use(page)) if request.GET.get("after") else "",
    }
    return render(request, "front_door/worklist.jinja", context)


def _in_use(page: WorklistPage) -> dict[str, str]:
    return {key: value for key in _FILTERS if (value := getattr(page.filters, key))}


def _address(which: str, filters: dict[str, str], **more: str) -> str:
    query = urlencode(filters | more)
    return reverse("worklist", kwargs={"name": which}) + (f"?{query}" if query else "")


def _tabs(page: WorklistPage, which: str) -> list[dict[str, object]]:
    """Every list the viewer has, each count leading to what it counts."""
    return [
        {"text": LISTS[key], "href": _address(key, {}), "active": key == which, "count": count}
        for key, count in page.counts.items()
    ]


def _choices(page: WorklistPage, on: date) -> list[dict[str, object]]:
    """The filter questions with their answers: codes only, never a name."""
    ratings = {code: rating_label(code, on) for code in ("red", "amber", "green", "blue")}
    questions = (
        ("rating", "Rating", ratings),
        ("state", "Where it stands", dict(LABELS)),
        ("locality", "Locality", dict(page.localities)),
        ("channel", "How it came in", dict(CHANNEL_LABELS)),
    )
    return [
        {"name": key, "label": label, "options": [(str(code), text) for code, text in options.items()],
         "chosen": getattr(page.filters, key)}
        for key, label, options in questions
    ]  # fmt: skip


def _chips(page: WorklistPage, which: str, on: date) -> list[dict[str, str]]:
    """What is filtered, each with the address without it."""
    used = _in_use(page)
    words = {str(question["name"]): dict(question["options"]) for question in _choices(page, on)}  # type: ignore[call-overload]
    return [
        {"text": words[key].get(value, value), "href": _address(which, {k: v for k, v in used.items() if k != key})}
        for key, value in used.items()
    ]
