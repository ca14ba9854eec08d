"""Sharing with one reader: choose, read it over exactly as they will see it, then share; and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.core.errors import NotPermitted
from joinedup.family_page import queries, services
from joinedup.family_page.forms import ReasonForm, WordsForm
from joinedup.family_page.permissions import RELEASE
from joinedup.family_page.queries import OWN_WORDS, PageSeen, Suggestion
from joinedup.family_page.services import Chosen
from joinedup.family_page.views.shared import GET_OR_POST, attempt, back_to, case_page, done, kept, viewer_of

SHARING = kept("sharing", "Share with a member of the family", "family_page_words", "case_id", "family_page_id")
TAKING_BACK = kept("taking_back", "Take something back", "family_page_take_back", "case_id", "release_id")


def _page_to_share_on(request: HttpRequest, case_id: UUID, page_id: UUID) -> PageSeen:
    viewer = viewer_of(request)
    seen = queries.page_seen(viewer, case_id, page_id)
    check(viewer, RELEASE, seen.page)
    if not seen.guard.is_open:
        raise NotPermitted("This page is closed. Open it first.", rule="FP-6")
    return seen


@login_required
@require_safe
def choose(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """What of the case could be shared with this reader; what concerns them is ticked already."""
    seen = _page_to_share_on(request, case_id, family_page_id)
    return case_page(
        request, "family_page/share.jinja", seen.frame, seen=seen, kinds=queries.KINDS,
        back_href=back_to(case_id, family_page_id), own=OWN_WORDS,
    )  # fmt: skip


def _keys(request: HttpRequest, desk: Desk) -> list[str]:
    """What was chosen: in what was sent, in the address, or in what was kept."""
    data = request.POST if request.method == "POST" else request.GET
    found = data.getlist("item") or (desk.typed.getlist("item") if desk.typed and request.method != "POST" else [])
    return list(dict.fromkeys(found)) or [OWN_WORDS]


def _things(seen: PageSeen, keys: Sequence[str]) -> list[Suggestion | None]:
    """The suggestions with these keys; None is the worker's own words."""
    there = {each.key: each for each in seen.suggestions if not each.is_about_others}
    return [there.get(key) for key in keys if key in there or key == OWN_WORDS] or [None]


def _digest(chosen: Sequence[Chosen]) -> str:
    said = "\n\n".join(f"{each.key}\n{each.title}\n{each.words}" for each in chosen)
    return hashlib.sha256(said.encode()).hexdigest()


@login_required
@require_http_methods(GET_OR_POST)
def words(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """The words, and under them exactly what the reader will see. Only what was looked at is shared."""
    viewer = viewer_of(request)
    seen = _page_to_share_on(request, case_id, family_page_id)
    is_asked_afresh = request.method != "POST" and "item" in request.GET
    desk = Desk(request, SHARING, about_of(case_id, family_page_id), reopen=not is_asked_afresh)
    things = _things(seen, _keys(request, desk))
    form = WordsForm(
        **desk.answers(), things=things, asks_reason=any(each is not None and each.waits_for_young for each in things)
    )
    shown: list[Chosen] = []
    if request.method == "POST" and form.is_valid():
        shown = form.chosen(OWN_WORDS)
        if "send" in request.POST and form.cleaned_data["shown"] == _digest(shown):
            reason = form.cleaned_data.get("reason") or ""
            made = attempt(
                form,
                lambda: services.release_items(page=seen.page, items=shown, reason=reason, by=viewer, at=viewer.at),
            )
            if made is not None:
                desk.done()
                where = {"case_id": case_id, "family_page_id": family_page_id}
                return done(request, "family_page_of", f"{seen.row.name} can read it now.", **where)
    context = {
        "form": form, "desk": desk, "seen": seen, "shown": shown if not form.errors else [], "digest": _digest(shown),
        "keys": [each.key if each else OWN_WORDS for each in things], "back_href": back_to(case_id, family_page_id),
        "is_changed": "send" in request.POST and bool(shown) and not form.errors,
        "faults": {number: seen.guard.faults(each.title, each.words) for number, each in enumerate(shown)},
    }  # fmt: skip
    return case_page(request, "family_page/words.jinja", seen.frame, **context)


@login_required
@require_http_methods(GET_OR_POST)
def take_back(request: HttpRequest, case_id: UUID, release_id: UUID) -> HttpResponse:
    """Take something back, with why."""
    viewer = viewer_of(request)
    release = queries.release_for_change(viewer, case_id, release_id)
    check(viewer, RELEASE, release.page)
    seen = queries.page_seen(viewer, case_id, release.page_id, with_suggestions=False)
    desk = Desk(request, TAKING_BACK, about_of(case_id, release_id))
    form = ReasonForm(**desk.answers(), label="Why is it taken back?", hint="The family does not read this")
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: services.take_back(
                page=seen.page, release=release, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            ),
        )
        if row is not None:
            desk.done()
            where = {"case_id": case_id, "family_page_id": release.page_id}
            return done(request, "family_page_of", f"{seen.row.name} does not see it any more.", **where)
    context = {
        "form": form, "desk": desk, "title": f"Take back “{release.title}”", "submit_text": "Take it back",
        "is_warning": True, "back_href": back_to(case_id, release.page_id), "back_text": "Back to the page",
    }  # fmt: skip
    return case_page(request, "family_page/question.jinja", seen.frame, **context)
